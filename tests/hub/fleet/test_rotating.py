"""Changing the site key at the hub: what it needs, what it leaves, and that every card stays who it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sqlalchemy import Engine, insert, update

from hub.asking.asked import read_commands as asked_of
from hub.asking.giving_keys import AGAIN, KeyGiving
from hub.certificates.cabinet import Cabinet
from hub.changing.commands import LoseCard
from hub.changing.history import read_history
from hub.changing.proposal import apply
from hub.database.card_names import SaidName, note_names
from hub.database.journal_tables import KioskSeen
from hub.database.tables import Kiosk
from hub.database.transactions import reading, table_of, writing
from hub.fleet.rotating import LASTS, KeyChangeError, begin, finish, view_keys
from hub.register.card_names import TOLD
from hub.register.directory import Directory, roster_cards
from hub.register.reading import read_directory, read_edition
from hub.site_key import FILE_NAME, NEXT_FILE, read_or_make_site_key, read_other_keys, read_site_key
from station.hours import SHANGHAI
from station.key_letter import read_key_letter, unseal
from station.milliseconds import ms_of
from station.names import KioskId, StationCode, Token
from station.token import fingerprint_of
from tests.hub.cities import make_city, token_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 5, 1, tzinfo=UTC)
KIOSK, STATION = KioskId("K-01-1"), StationCode("S-01")
LATER = {person: Token(f"{person:032x}"[::-1]) for person in (1, 2, 3)}


class At:
    """A clock that stands where a test puts it."""

    at = NOW

    def now(self) -> datetime:
        return self.at


class Hall:
    """A hub's database and keys, and what is done to them."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.cabinet, self.clock = engine, Cabinet(folder), At()
        self.folder = folder
        self.private: object = None
        self.giving = KeyGiving(engine, self.cabinet, self.clock)  # type: ignore[arg-type]  # it asks for now alone
        read_or_make_site_key(folder)

    def heard(self, kiosk: str = KIOSK, key: str | None = None, following: str = "") -> None:
        """Let a kiosk have said which keys it has."""
        key = self.mark() if key is None else key
        with writing(self.engine) as connection:
            connection.execute(KioskSeen.__table__.delete())  # type: ignore[attr-defined]
            row = {"kiosk": kiosk, "heard_ms": 0, "online": True, "session": "", "reader": "up", "clock": "synced"}
            marks = {"version": "1", "queued": 0, "key_mark": key, "next_mark": following}
            connection.execute(insert(table_of(KioskSeen)), [row | marks])

    def mark(self, file: str = FILE_NAME) -> str:
        return fingerprint_of(read_site_key(self.folder / file))

    def begin(self) -> str:
        with writing(self.engine) as connection:
            return begin(connection, self.cabinet, by="clerk", why="", now_ms=ms_of(self.clock.at))

    def finish(self, *, anyway: bool = False) -> str:
        with writing(self.engine) as connection:
            now_ms = ms_of(self.clock.at)
            return finish(connection, self.cabinet, by="clerk", why="", now_ms=now_ms, anyway=anyway)

    def say(self, *names: SaidName) -> None:
        with writing(self.engine) as connection:
            note_names(connection, names, ms_of(self.clock.at))

    def say_all(self) -> None:
        self.say(*(SaidName(later, token_of(person), KIOSK) for person, later in LATER.items()))

    def directory(self) -> Directory:
        with reading(self.engine) as connection:
            return read_directory(connection, SHANGHAI)

    def keys_given(self) -> list[str]:
        """Their fingerprints, as the kiosk opens them."""
        assert isinstance(self.private, ec.EllipticCurvePrivateKey)
        found = []
        for spelled in reversed(self.asked()):
            letter = read_key_letter(spelled)
            assert letter is not None
            public = load_der_public_key(letter.ephemeral)
            assert isinstance(public, ec.EllipticCurvePublicKey)
            opened = unseal(letter, self.private.exchange(ec.ECDH(), public), KIOSK)
            found.append("" if opened is None else fingerprint_of(opened))
        return found

    def asked(self) -> list[str]:
        with reading(self.engine) as connection:
            return [each.args["letters"] for each in asked_of(connection, KIOSK)]


@pytest.fixture
def hall(engine: Engine, tmp_path: Path) -> Hall:
    make_city(engine)
    made = Hall(engine, tmp_path / "data")
    made.cabinet.make("a site", NOW)
    made.private = made.cabinet.issue_kiosk(KIOSK, NOW).key
    return made


def test_it_is_begun_once_and_stands_in_the_history(hall: Hall) -> None:
    mark = hall.begin()

    assert mark == hall.mark(NEXT_FILE) != hall.mark()
    with pytest.raises(KeyChangeError, match="under way"):
        hall.begin()
    with reading(hall.engine) as connection:
        assert [(line.what, line.by, line.after) for line in read_history(connection)[0]] == [
            ("rotate_key", "clerk", {"key": mark})
        ]


def test_without_a_ca_there_is_nothing_to_seal_to(hall: Hall) -> None:
    (hall.folder / "ca" / "ca.crt").unlink()

    with pytest.raises(KeyChangeError, match="CA"):
        hall.begin()
    assert not (hall.folder / NEXT_FILE).exists()


def test_a_kiosk_is_asked_until_it_says_that_it_has_it(hall: Hall) -> None:
    hall.heard()
    hall.giving.look()
    before = hall.asked()
    mark = hall.begin()
    hall.giving.look()
    hall.giving.look()
    once = hall.asked()
    hall.clock.at += AGAIN + timedelta(minutes=1)
    hall.giving.look()
    twice = hall.asked()
    hall.heard(following=mark)
    hall.clock.at += AGAIN + timedelta(minutes=1)
    hall.giving.look()

    assert [len(asked) for asked in (before, once, twice, hall.asked())] == [0, 1, 2, 2]
    assert read_site_key(hall.folder / NEXT_FILE).hex() not in str(once)


@pytest.mark.parametrize("how", ["foreign", "revoked", "no certificate", "away"])
def test_who_may_not_have_it_is_asked_nothing(hall: Hall, how: str) -> None:
    hall.heard(key="f" * 16 if how == "foreign" else None)
    hall.begin()
    with writing(hall.engine) as connection:
        if how == "revoked":
            connection.execute(update(table_of(Kiosk)), {"revoked_ms": 1})
        if how == "away":
            connection.execute(update(table_of(KioskSeen)), {"online": False})
    if how == "no certificate":
        hall.cabinet.revoke([each.serial_number for each in hall.cabinet.identities(KIOSK)], NOW)
    hall.giving.look()

    assert hall.asked() == []


def test_it_is_finished_once_all_have_it_and_every_card_was_seen(hall: Hall) -> None:
    old, mark = hall.mark(), hall.begin()
    with pytest.raises(KeyChangeError, match="no new key yet: K-01-1"):
        hall.finish()
    hall.heard(following=mark)
    with pytest.raises(KeyChangeError, match="3 cards were not tapped"):
        hall.finish()
    hall.say_all()
    hall.finish()

    assert hall.mark() == mark
    assert [fingerprint_of(key) for key in read_other_keys(hall.folder).retired] == [old]
    assert not (hall.folder / NEXT_FILE).exists()
    with reading(hall.engine) as connection:
        view = view_keys(connection, hall.cabinet)
    assert (view.named, view.unnamed, view.state.mark, view.state.coming) == (3, (), mark, "")
    with pytest.raises(KeyChangeError, match="no change"):
        hall.finish()


def test_after_90_days_it_is_finished_and_who_is_left_is_told(hall: Hall) -> None:
    hall.heard(following=hall.begin())
    hall.say(SaidName(LATER[1], token_of(1), KIOSK))
    hall.clock.at += LASTS
    hall.finish()

    with reading(hall.engine) as connection:
        view = view_keys(connection, hall.cabinet)
    assert [card.person for card in view.unnamed] == ["p2", "p3"]


def test_holdings_and_losses_are_the_same_under_both_names(hall: Hall) -> None:
    with writing(hall.engine) as connection:
        apply(connection, [LoseCard(token_of(2))], by="clerk", at=NOW, zone=SHANGHAI)
    hall.heard(following=hall.begin())
    hall.say_all()
    ahead = hall.directory().cards
    hall.finish()
    cards = hall.directory().cards

    assert LATER[1] not in ahead
    assert all(cards[LATER[person]] == cards[Token(token_of(person))] for person in LATER)
    assert cards[LATER[2]].is_lost(ms_of(NOW) + 1)


def test_a_command_that_names_a_card_by_its_new_name_is_about_that_card(hall: Hall) -> None:
    hall.heard(following=hall.begin())
    hall.say_all()
    hall.finish()
    with writing(hall.engine) as connection:
        done = apply(connection, [LoseCard(LATER[1])], by="clerk", at=NOW, zone=SHANGHAI)

    assert [command.token for command, _ in done.changes] == [token_of(1)]  # type: ignore[union-attr]


def test_kiosks_are_told_both_names_for_a_week_and_then_the_new_one(hall: Hall) -> None:
    hall.heard(following=hall.begin())
    hall.say(*(SaidName(LATER[person], token_of(person), KIOSK) for person in (1, 2)))
    before = roster_cards(hall.directory(), STATION, frozenset(), NOW)
    hall.finish(anyway=True)
    directory = hall.directory()
    week = [roster_cards(directory, STATION, frozenset(), NOW + wait) for wait in (timedelta(), TOLD)]

    olds, news = {token_of(person) for person in LATER}, {LATER[1], LATER[2]}
    assert [set(cards) for cards in (before, *week)] == [olds, olds | news, news | {token_of(3)}]
    assert directory.key == hall.mark()


def test_a_name_that_comes_late_is_read_at_once(hall: Hall) -> None:
    def edition() -> int:
        with reading(hall.engine) as connection:
            return read_edition(connection)

    hall.heard(following=hall.begin())
    begun = edition()
    hall.say(SaidName(LATER[1], token_of(1), KIOSK))
    under_way = edition()
    hall.finish(anyway=True)
    finished = edition()
    hall.say(SaidName(LATER[2], token_of(2), KIOSK), SaidName(LATER[1], token_of(1), "K-01-2"))
    late = edition()
    hall.say(SaidName(LATER[2], token_of(2), KIOSK))

    assert (under_way - begun, finished - under_way, late - finished, edition() - late) == (0, 1, 1, 0)
    assert LATER[2] in hall.directory().cards


def test_what_only_a_stolen_kiosk_said_is_not_believed(hall: Hall) -> None:
    hall.heard(following=hall.begin())
    hall.say(SaidName(LATER[1], token_of(1), "K-01-9"), SaidName(LATER[2], token_of(2), KIOSK))
    with writing(hall.engine) as connection:
        row = {"id": "K-01-9", "station": STATION, "in_service_from": NOW.date(), "revoked_ms": 1, "entrance": ""}
        connection.execute(insert(table_of(Kiosk)), [row])
    hall.finish(anyway=True)

    assert LATER.items() & {(2, LATER[2])}
    assert [LATER[person] in hall.directory().cards for person in (1, 2)] == [False, True]


def test_finishing_that_broke_off_is_done_again(hall: Hall) -> None:
    hall.heard(following=hall.begin())
    with hall.engine.connect() as connection:
        finish(connection, hall.cabinet, by="clerk", why="", now_ms=ms_of(NOW), anyway=True)
        connection.rollback()
    mark = hall.mark()
    hall.finish(anyway=True)

    assert hall.mark() == mark == hall.directory().key
    assert len(read_other_keys(hall.folder).retired) == 1


def test_a_kiosk_that_was_away_gets_it_afterwards(hall: Hall) -> None:
    old = hall.mark()
    hall.begin()
    hall.finish(anyway=True)
    hall.heard(key=old)
    hall.giving.look()

    assert len(hall.asked()) == 1


def test_a_second_change_follows_the_first(hall: Hall) -> None:
    again = {person: Token(later.replace("0", "9")) for person, later in LATER.items()}
    hall.heard(following=hall.begin())
    hall.say_all()
    hall.finish()
    hall.clock.at += timedelta(days=400)
    hall.heard(following=hall.begin())
    hall.say(*(SaidName(again[person], later, KIOSK) for person, later in LATER.items()))
    hall.finish()
    cards = hall.directory().cards

    assert all(cards[again[person]] == cards[LATER[person]] == cards[Token(token_of(person))] for person in LATER)
    assert len(read_other_keys(hall.folder).retired) == 2


def test_a_kiosk_that_was_away_for_a_change_gets_the_key_that_holds_before_the_next(hall: Hall) -> None:
    """Who was entered since has no name under its own key, and none under the next one yet."""
    first = hall.mark()
    second = hall.begin()
    hall.finish(anyway=True)
    hall.clock.at += timedelta(days=200)
    third = hall.begin()
    given = []
    for key, following in ((first, ""), (first, second), (second, third)):
        hall.clock.at += AGAIN + timedelta(minutes=1)
        hall.heard(key=key, following=following)
        hall.giving.look()
        given.append(len(hall.asked()))

    assert given == [1, 2, 2]
    assert hall.keys_given() == [second, third]


def test_an_old_kiosk_puts_nobody_in_doubt_who_was_entered_after_its_time(hall: Hall) -> None:
    """A kiosk from an image of before the first change taps a card that was entered under the second key."""
    hall.begin()
    hall.finish(anyway=True)
    hall.heard(following=hall.begin())
    hall.say(SaidName("c" * 32, token_of(1), KIOSK), SaidName("a" * 32, "b" * 32, KIOSK))
    hall.say(SaidName("c" * 32, "0" * 32, "K-01-9"), SaidName(token_of(1), "0" * 32, "K-01-9"))
    under_way = hall.directory().cards
    hall.finish(anyway=True)
    cards = hall.directory().cards

    assert under_way[Token("0" * 32)] == under_way[Token(token_of(1))]
    assert Token("c" * 32) not in under_way
    assert cards[Token("c" * 32)] == cards[Token("0" * 32)] == cards[Token(token_of(1))]


def test_a_key_that_was_made_and_not_begun_is_given_to_nobody(hall: Hall) -> None:
    """Killed before the commit: it is begun again, with the same key, and only then kiosks have it."""
    hall.heard()
    with hall.engine.connect() as connection:
        mark = begin(connection, hall.cabinet, by="clerk", why="", now_ms=ms_of(NOW))
        connection.rollback()
    hall.giving.look()
    before = hall.asked()
    again = hall.begin()
    hall.giving.look()

    assert (before, again, len(hall.asked())) == ([], mark, 1)
