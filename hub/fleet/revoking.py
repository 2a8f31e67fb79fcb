"""What follows once a kiosk is revoked in the city's tables: certificate, broker, connection. Can be done again.

The serving hub takes nothing of it from the next second on, and takes away what the broker keeps of it; here its
certificates are put on the list, the broker is given list and rights, and the connection that it has is ended.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.certificates.cabinet import Cabinet
from hub.config import HubConfig
from hub.mosquitto.files import look_at_wants, write_files
from hub.mosquitto.visit import BrokerGoneError, visiting
from hub.register.directory import KnownKiosk
from station.names import KioskId
from station.wire import topics


@dataclass(frozen=True, slots=True)
class Enforced:
    """What came of it.

    Attributes:
        is_known: the broker has read that these kiosks are revoked.
        trouble: why not.
    """

    is_known: bool
    trouble: str = ""


def sessions_of(config: HubConfig, kiosks: Iterable[KnownKiosk]) -> dict[KioskId, str]:
    """By which session each is connected, as the broker keeps it; asked before what it keeps is taken away."""
    wanted = {topics.state(kiosk.station, kiosk.id): kiosk.id for kiosk in kiosks}
    if not wanted:
        return {}
    try:
        with visiting(config) as visit:
            kept = visit.kept(*wanted)
    except BrokerGoneError:
        return {}
    return {wanted[topic]: session for topic, payload in kept.items() if (session := _session_in(payload))}


def look_ahead_revoking(config: HubConfig) -> None:
    """Whether the broker could be told of it, before anything is revoked for good. That it is away is no hindrance.

    Raises:
        BrokerFilesError: the hub has no login at the broker, or Mosquitto is not there.
        CertificateError: the broker has no certificate.
    """
    cabinet = Cabinet(config.data_dir)
    if cabinet.is_there and not config.broker.embedded:
        look_at_wants(config, cabinet)


def enforce(
    config: HubConfig, kiosks: Mapping[KioskId, KnownKiosk], sessions: Mapping[KioskId, str], now: datetime
) -> Enforced:
    """Let the broker have no more of those that are revoked.

    Args:
        config: the hub's.
        kiosks: all of the city's.
        sessions: of those whose connections are to end.
        now: when.

    Raises:
        HubError: the list or the broker's files cannot be written.
    """
    cabinet = Cabinet(config.data_dir)
    revoked = [kiosk for kiosk in kiosks.values() if kiosk.is_revoked]
    if not cabinet.is_there:
        return Enforced(
            is_known=False, trouble="there is no CA here: the broker, as it is, takes everybody for anybody"
        )
    serials = [identity.serial_number for kiosk in revoked for identity in cabinet.identities(kiosk.id)]
    cabinet.revoke(serials, now)
    if config.broker.embedded:
        found = "the embedded broker takes everybody on this machine for anybody; Mosquitto in service"
        return Enforced(is_known=False, trouble=f"{found}: docs/install-hub.md")
    written = write_files(config, cabinet, [kiosk.id for kiosk in revoked])
    try:
        with visiting(config) as visit:
            is_known = visit.has_loaded(written.edition)
            visit.take_away(*(topic for kiosk in revoked for topic in topics.kept(kiosk.station, kiosk.id)))
        for kiosk, session in sessions.items():
            with visiting(config, client_id=f"{kiosk}-{session}"):
                pass  # who takes its name takes its connection
    except BrokerGoneError as exc:
        return Enforced(is_known=False, trouble=str(exc))
    wanted = "the broker has not read its files anew; systemctl reload zaigang-broker"
    return Enforced(is_known, "" if is_known else wanted)


def _session_in(payload: bytes) -> str:
    try:
        said = json.loads(payload)["session"]
    except (ValueError, KeyError, TypeError):
        return ""
    return said if isinstance(said, str) else ""
