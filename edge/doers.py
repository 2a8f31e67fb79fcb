"""Who carries out what the hub asks of a kiosk, by the command's name (docs/how-to/add-a-command-over-the-wire.md)."""

from collections.abc import Callable

from edge import agent_log, beacon, card_awaited, probation, renewing, starting_again
from edge.commands import Doer
from edge.identities import Identities
from edge.kiosk import KioskCore
from edge.probation import Probation
from station.remote_settings import SettingsTable


def doers_of(
    kiosk: KioskCore, identities: Identities, trial: Probation, check_settings: Callable[[SettingsTable], None]
) -> dict[str, Doer]:
    """All that this kiosk can do."""
    return {
        beacon.NAME: beacon.Identify(kiosk.beacon),
        card_awaited.NAME: card_awaited.ReadCard(kiosk.card_awaited),
        starting_again.NAME: starting_again.Restart(kiosk.fresh_start),
        agent_log.NAME: agent_log.Collect(kiosk.config.data_dir),
        probation.NAME: probation.Configure(trial, check_settings),
        renewing.RENEW: renewing.Renew(identities),
        renewing.CERTIFICATE: renewing.TakeCertificate(identities),
    }
