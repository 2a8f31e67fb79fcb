"""How long somebody waits after failed tries, counted for a name and for an address by themselves.

Nobody is locked out for good: waiting ends, a try while waiting changes nothing, and an hour without one forgets all.
Names that nobody has are counted alike. From where somebody came in before, their name is counted by itself: a
thousand addresses that guess at it elsewhere do not make its owner wait.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import Connection, delete, update
from sqlmodel import col, select

from hub.accounts.secrets import proof_of
from hub.database.account_tables import KnownLine, TryRow
from hub.database.transactions import delete_some, upsert

FREE: Final = {"name": 4, "address": 20}  # tries that cost nothing: whoever mistypes, and an office behind one address
LONGEST_S: Final = {"name": 60.0, "address": 900.0}  # a name's owner must get in beside who guesses at it
FORGET_MS: Final = 3_600_000
KNOWN_MS: Final = 90 * 24 * 3_600_000
"""So long somebody is known to come from an address."""


def wait_s(failures: int, since_s: float, *, free: int, longest_s: float) -> float:
    """How long until the next try, from how many failed, and how long ago the last one did."""
    if failures <= free:
        return 0.0
    return max(0.0, min(longest_s, 2.0 ** min(failures - free, 12)) - max(0.0, since_s))


def waiting_s(connection: Connection, name: str, address: str, now_ms: int) -> float:
    """How long this name or this address has to wait."""
    waits = [0.0]
    for what, proof in _keys(connection, name, address).items():
        row = connection.execute(select(TryRow).where(col(TryRow.proof) == proof)).one_or_none()
        if row is not None and now_ms - row.last_ms < FORGET_MS:
            since_s = (now_ms - row.last_ms) / 1000
            waits.append(wait_s(row.failures, since_s, free=FREE[what], longest_s=LONGEST_S[what]))
    return max(waits)


def count_failure(connection: Connection, name: str, address: str, now_ms: int) -> None:
    """Count a failed try, and forget the old ones."""
    connection.execute(delete(TryRow).where(col(TryRow.last_ms) < now_ms - FORGET_MS))
    keys = list(_keys(connection, name, address).values())
    found = connection.execute(select(col(TryRow.proof), col(TryRow.failures)).where(col(TryRow.proof).in_(keys)))
    before = {proof: failures for proof, failures in found}  # noqa: C416 -- rows, not pairs
    rows = [{"proof": key, "failures": before.get(key, 0) + 1, "last_ms": now_ms} for key in keys]
    upsert(connection, TryRow, rows)


def forgive(connection: Connection, name: str, address: str) -> None:
    """Forget what was tried for a name, whose owner is in now; an address may be many people's, and loses this try."""
    keys = _keys(connection, name, address)
    connection.execute(delete(TryRow).where(col(TryRow.proof).in_([keys["name"], _key("name", name)])))
    counted = (col(TryRow.proof) == keys["address"]) & (col(TryRow.failures) > 0)
    connection.execute(update(TryRow).where(counted).values(failures=col(TryRow.failures) - 1))


def note_known(connection: Connection, names: Iterable[str], address: str, now_ms: int) -> None:
    """Note that the owner of names came in wholly from an address, and forget where nobody came from for long."""
    connection.execute(delete(KnownLine).where(col(KnownLine.last_ms) < now_ms - KNOWN_MS))
    upsert(connection, KnownLine, [{"proof": _known(name, address), "last_ms": now_ms} for name in names])


def forget_tries(connection: Connection, now_ms: int, most: int) -> int:
    """Forget at most so many tries that make nobody wait any more; returns how many."""
    return delete_some(connection, TryRow, col(TryRow.last_ms) < now_ms - FORGET_MS, most)


def forget_known(connection: Connection, now_ms: int, most: int) -> int:
    """Forget at most so many places from where nobody came for long; returns how many."""
    return delete_some(connection, KnownLine, col(KnownLine.last_ms) < now_ms - KNOWN_MS, most)


def _keys(connection: Connection, name: str, address: str) -> dict[str, str]:
    """What tries are counted for: the address, and the name; from where its owner comes the name there by itself."""
    known = _known(name, address)
    is_known = connection.execute(select(col(KnownLine.proof)).where(col(KnownLine.proof) == known)).first() is not None
    return {"name": known if is_known else _key("name", name), "address": _key("address", address)}


def _known(name: str, address: str) -> str:
    return proof_of(f"known {name} {network_of(address)}")


def _key(what: str, key: str) -> str:
    return proof_of(f"{what} {network_of(key) if what == 'address' else key}")


def network_of(address: str) -> str:
    """An address, or of IPv6 the network of one customer, who has 2**64 of them (RFC 6177)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
