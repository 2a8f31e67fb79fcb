"""Changing the site key: begun, looked at, finished. Nothing that was stored is written anew by it.

While it is under way kiosks are given the key that is to come, and say each card's token under both, by which the hub
learns what each card is to be called; the old key holds. To finish lets the other hold, and kiosks forget the old one
with the next roster. What a card is called is a fact beside its holdings and losses (`hub.register.card_names`).

KeyChangeError    it cannot be begun or finished now; the text says why
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import col

from hub.certificates.cabinet import Cabinet
from hub.changing.effects import short_token
from hub.database.edition import raise_edition
from hub.database.history_table import ChangeRow
from hub.database.journal_tables import KioskSeen
from hub.database.key_tables import CardName, KeyChange
from hub.database.people_tables import CardRow, Holding
from hub.database.tables import Kiosk
from hub.database.transactions import table_of
from hub.errors import HubError
from hub.register.card_names import KeyState, read_card_names, read_key_state
from hub.saying import say
from hub.site_key import FILE_NAME, let_next_key_hold, make_next_key, read_other_keys, read_site_key
from station.token import fingerprint_of

LASTS: Final = timedelta(days=90)


class KeyChangeError(HubError):
    """The key cannot be changed so."""


@dataclass(frozen=True, slots=True)
class KioskKey:
    """A kiosk in service, and whether it has the key that is wanted."""

    id: str
    station: str
    has_it: bool
    was_heard: bool
    has_certificate: bool


@dataclass(frozen=True, slots=True)
class UnnamedCard:
    """A card that is somebody's, and of which nobody knows what it is called under the newest key."""

    card: str
    person: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """How far a change is.

    Attributes:
        kiosks: those in service.
        named: how many cards that are somebody's have a name under the newest key; `unnamed` are the others.
        doubted: later names of which two things were said.
    """

    state: KeyState
    kiosks: tuple[KioskKey, ...]
    named: int
    unnamed: tuple[UnnamedCard, ...]
    doubted: int

    @property
    def lacking(self) -> list[KioskKey]:
        """The kiosks that have not said that they have it."""
        return [kiosk for kiosk in self.kiosks if not kiosk.has_it]


def view_keys(connection: Connection, cabinet: Cabinet) -> KeyView:
    """How far it is, or how far the last one came."""
    state = read_key_state(connection)
    wanted, since_ms = state.coming or state.mark, state.began_ms
    if since_ms is None and state.mark:
        since_ms = connection.execute(select(col(KeyChange.began_ms)).where(col(KeyChange.mark) == state.mark)).scalar()
    names = read_card_names(connection)
    later = connection.execute(select(col(CardName.token)).where(col(CardName.learned_ms) >= (since_ms or 0))).scalars()
    entered = select(col(CardRow.token))
    if not state.coming:  # what was entered since is entered under the key that holds
        entered = entered.where(col(CardRow.added_ms) < state.finished_ms)
    cards = set(connection.execute(entered).scalars())
    named = {names.first(token) for token in later if token not in names.doubted and token not in cards}
    held = connection.execute(select(col(Holding.token), col(Holding.person)).where(col(Holding.until_ms).is_(None)))
    holders = {token: person for token, person in held if token in cards}
    unnamed = [UnnamedCard(short_token(card), person) for card, person in sorted(holders.items()) if card not in named]
    kiosks = tuple(_kiosks(connection, cabinet, wanted))
    return KeyView(state, kiosks, len(holders) - len(unnamed), tuple(unnamed), len(names.doubted))


def _kiosks(connection: Connection, cabinet: Cabinet, wanted: str) -> Iterable[KioskKey]:
    seen = {row.kiosk: row for row in connection.execute(select(table_of(KioskSeen)))}
    query = select(col(Kiosk.id), col(Kiosk.station)).order_by(col(Kiosk.id))
    in_service = col(Kiosk.revoked_ms).is_(None), col(Kiosk.in_service_to).is_(None)
    for id_, station in connection.execute(query.where(*in_service)):
        row = seen.get(id_)
        has_it = row is not None and wanted in {row.key_mark, row.next_mark}
        yield KioskKey(id_, station, has_it, row is not None, bool(cabinet.good_identities(id_)))


def begin(connection: Connection, cabinet: Cabinet, *, by: str, why: str, now_ms: int) -> str:
    """Make the next key, from now on given to every kiosk; its fingerprint. Begun once, it is begun again as it was.

    Raises:
        KeyChangeError: one is under way, or there is no CA by which a kiosk could be given a key.
    """
    if read_key_state(connection).coming:
        raise KeyChangeError(say("a change of the key is under way; zaigang-hub key status shows how far it is"))
    if not cabinet.is_there:
        raise KeyChangeError(
            say("there is no CA here, and a key goes to a kiosk only sealed to its certificate: zaigang-hub ca init")
        )
    mark = fingerprint_of(make_next_key(cabinet.folder.parent))
    connection.execute(insert(KeyChange), [{"mark": mark, "began_ms": now_ms, "finished_ms": None}])
    _note(connection, "rotate_key", mark, by=by, why=why, now_ms=now_ms)
    return mark


def finish(connection: Connection, cabinet: Cabinet, *, by: str, why: str, now_ms: int, anyway: bool) -> str:
    """Let the next key hold; its fingerprint. Done over again where it was interrupted.

    Raises:
        KeyChangeError: none is under way, its key is not here, or, unless `anyway`, it is too early.
    """
    view = view_keys(connection, cabinet)
    if not view.state.coming or view.state.began_ms is None:
        raise KeyChangeError(say("no change of the key is under way; zaigang-hub key rotate begins one"))
    data_dir, mark = cabinet.folder.parent, view.state.coming
    if not _is_here(cabinet, mark):
        raise KeyChangeError(say("the key that was to come is not here; put site-next.key back from a backup"))
    early = too_early(view, now_ms)
    if early and not anyway:
        raise KeyChangeError(say("too early: {why}; --anyway does it all the same", why=early))
    _forget_revoked(connection, view.state.began_ms)
    connection.execute(update(KeyChange).where(col(KeyChange.mark) == mark), {"finished_ms": now_ms})
    _note(connection, "finish_key", mark, by=by, why=why, now_ms=now_ms)
    let_next_key_hold(data_dir)
    return mark


def too_early(view: KeyView, now_ms: int) -> list[str]:
    """What speaks against finishing now; a kiosk that is only planned does not: it is set up with the key of then."""
    reasons: list[str] = []
    names = [kiosk.id for kiosk in view.lacking if kiosk.has_certificate or kiosk.was_heard]
    if names:
        reasons.append(say("kiosks have no new key yet: {names}", names=names))
    is_over = view.state.began_ms is not None and now_ms - view.state.began_ms >= LASTS // timedelta(milliseconds=1)
    if view.unnamed and not is_over:
        count = len(view.unnamed)
        reasons.append(
            say("{count} {count:card was|cards were} not tapped since, and 90 days are not over", count=count)
        )
    return reasons


def _is_here(cabinet: Cabinet, mark: str) -> bool:
    """As the next one, or in its place already, where the commit did not follow."""
    data_dir = cabinet.folder.parent
    coming = read_other_keys(data_dir).coming
    return mark == fingerprint_of(coming if coming is not None else read_site_key(data_dir / FILE_NAME))


def _forget_revoked(connection: Connection, since_ms: int) -> None:
    """What only kiosks said that are revoked by now is not believed: whoever stole one may have said it."""
    revoked = set(connection.execute(select(col(Kiosk.id)).where(col(Kiosk.revoked_ms).is_not(None))).scalars())
    if revoked:
        of_them = col(CardName.said_by).in_(revoked), col(CardName.learned_ms) >= since_ms
        connection.execute(delete(CardName).where(*of_them))


def _note(connection: Connection, what: str, mark: str, *, by: str, why: str, now_ms: int) -> None:
    """A line of history, and the city to be read anew."""
    line = {
        "at_ms": now_ms, "by": by, "what": what, "why": why, "edition": raise_edition(connection), "station": "",
        "kiosk": "", "person": "", "token": "", "day_from": None, "before": "", "after": json.dumps({"key": mark}),
    }  # fmt: skip
    connection.execute(insert(ChangeRow), [line])
