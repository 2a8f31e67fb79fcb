"""What the broker is told once something of a kiosk is void; it stands in no way of what was written down."""

import asyncio
from collections.abc import Mapping
from typing import Any

from hub.errors import HubError
from hub.fleet.revoking import enforce, sessions_of
from hub.register.directory import KnownKiosk
from hub.register.reading import read_directory
from hub.web.desk.desk import Desk
from station.errors import ConfigError
from station.names import KioskId, StationCode


def known(row: Any) -> KnownKiosk:
    """A row as the fleet's rules take it."""
    return KnownKiosk(
        KioskId(row.id), StationCode(row.station), row.entrance, row.in_service_from, row.in_service_to, row.revoked_ms
    )


async def sessions_before(desk: Desk, kiosk: KnownKiosk) -> Mapping[KioskId, str]:
    """By which it is connected now; none where there is no broker."""
    if desk.claims is None:
        return {}
    try:
        return await asyncio.to_thread(sessions_of, desk.claims.config, [kiosk])
    except ConfigError:
        return {}


async def end_connections(desk: Desk, sessions: Mapping[KioskId, str]) -> str:
    """Let the broker have no more of who was known by what is void now; why it does not know yet."""
    claims = desk.claims
    if claims is None:
        return ""
    kiosks = (await desk.read(lambda connection: read_directory(connection, desk.zone))).kiosks
    try:
        return (await asyncio.to_thread(enforce, claims.config, kiosks, sessions, desk.clock.now())).trouble
    except (HubError, ConfigError) as exc:
        return str(exc.args[0])
