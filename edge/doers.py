"""Who carries out what the hub asks of a kiosk, by the command's name (docs/how-to/add-a-command-over-the-wire.md)."""

from collections.abc import Mapping

from edge import agent_log, beacon, card_awaited, renewing, starting_again, taking_key
from edge.commands import Doer
from edge.identities import Identities
from edge.kiosk import KioskCore


def doers_of(kiosk: KioskCore, identities: Identities, others: Mapping[str, Doer]) -> dict[str, Doer]:
    """All that this kiosk can do; `others` are those that somebody tends, by their names."""
    return {
        **others,
        beacon.NAME: beacon.Identify(kiosk.beacon),
        card_awaited.NAME: card_awaited.ReadCard(kiosk.card_awaited),
        starting_again.NAME: starting_again.Restart(kiosk.fresh_start),
        agent_log.NAME: agent_log.Collect(kiosk.config.data_dir),
        renewing.RENEW: renewing.Renew(identities),
        renewing.CERTIFICATE: renewing.TakeCertificate(identities),
        taking_key.NAME: taking_key.TakeKey(kiosk.site_keys, identities, kiosk.config.kiosk),
    }
