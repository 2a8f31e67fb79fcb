"""What the kiosks are told, and how often."""

from collections import Counter

from sqlalchemy import Engine
from sqlmodel import Session as Tables

from hub.database.people_tables import CardRow, Holding, Membership, Volunteer
from hub.database.transactions import snapshot
from hub.intake.rows import row_of
from hub.ledger.following import MOST_ROWS
from hub.presence.telling import CARDS_A_PART
from hub.register.reading import read_directory
from station.duty import DutyRule
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from station.names import Epoch, KioskId, StationCode
from station.records import Action
from station.wire import topics
from station.wire.codec import decode
from station.wire.messages import Presence
from station.wire.told import Duty, Roster
from station.wire.topics import Leaf
from tests.hub.board.town import OTHER, STATION, TODAY, Town, at, tap, token_of
from tests.hub.cities import raise_edition


class Told:
    """The telling of a town with so many members of its first station, and all that it published."""

    def __init__(self, town: Town, members: int = 3) -> None:
        self.town = town
        self.said: list[tuple[str, bytes]] = []
        enter_members(town.engine, members)
        with snapshot(town.engine) as connection:
            town.core.learn(read_directory(connection, SHANGHAI))
        town.fold()
        self.telling = town.city.telling
        self.telling.publish_by(self._publish)

    def _publish(self, topic: str, payload: bytes) -> bool:
        self.said.append((topic, payload))
        return True

    def work(self) -> None:
        for _ in range(20):
            self.telling.work()

    def on(self, leaf: Leaf, station: StationCode = STATION) -> list[bytes]:
        """What the first kiosk there was told."""
        kiosk = KioskId("K-1" if station == STATION else "K-9")
        return [payload for topic, payload in self.said if topic == topics.told(station, kiosk)[leaf]]


def enter_members(engine: Engine, members: int) -> None:
    """Persons 1 to so many belong to the first station; the town has nine."""
    persons = range(1, members + 1)
    with Tables(engine) as tables:
        for i in persons[9:]:
            tables.add(Volunteer(person=f"p{i}", number=f"N{i}", full_name="样本人", trained_on=TODAY))
            tables.add(CardRow(token=token_of(i), technology="iso14443a", added_ms=0))
        tables.flush()
        tables.add_all(Holding(token=token_of(i), from_ms=0, person=f"p{i}") for i in persons[9:])
        tables.add_all(Membership(station=STATION, person=f"p{i}", from_day=TODAY) for i in persons)
        tables.commit()
    raise_edition(engine)


def test_every_station_is_told_everything_at_the_start():
    told = Told(Town())

    told.work()

    assert Counter(topic.rpartition("/")[2] for topic, payload in told.said if payload) == {
        "duty": 2, "roster": 2, "presence": 2,
    }  # fmt: skip
    assert decode(told.on(Leaf.DUTY)[0], Duty).rule == DutyRule(1, 2)


def test_presence_has_everybody_of_today_by_opaque_id_or_token():
    town = Town()
    town.go("09:00")
    town.tap(1, "08:10")
    town.tap(2, "08:20")
    town.tap(2, "08:40", Action.LEAVE)
    town.tap(77, "08:50")
    told = Told(town)

    told.work()

    presence = decode(told.on(Leaf.PRESENCE)[-1], Presence)
    assert {key: (seen.state, seen.counted) for key, seen in presence.people.items()} == {
        "p1": ("on", True), "p2": ("off", True), token_of(77): ("on", False),
    }  # fmt: skip
    assert (presence.on_duty, presence.unknown_cards, presence.folded) == (1, 1, {"K-1": {f"{1:016x}": 4}})


def test_presence_claims_no_record_that_is_not_folded_yet():
    town = Town()
    run = town.run("K-1", Epoch("e" * 16))
    many = range(1, MOST_ROWS + 11)
    stored = town.store(
        run, [row_of(tap(seq, at("08:10"), Action.ARRIVE, person=seq), run.id, ms_of(at("09:00"))) for seq in many]
    )
    before = town.city.recent.folded(STATION)

    town.core.ledger.touch([stored.run.id])
    town.core.fold()
    halfway = town.city.recent.folded(STATION)
    town.fold()

    assert (before, halfway) == ({}, {"K-1": {"e" * 16: MOST_ROWS}})
    assert town.city.recent.folded(STATION) == {"K-1": {"e" * 16: many[-1]}}


def test_presence_claims_no_record_behind_one_that_is_missing():
    town = Town()
    run = town.run("K-1", Epoch("e" * 16))
    for seq in (1, 2, 4):
        town.take(run, [row_of(tap(seq, at("08:10"), Action.ARRIVE, person=seq), run.id, ms_of(at("09:00")))])

    assert town.city.recent.folded(STATION) == {"K-1": {"e" * 16: 2}}


def test_presence_claims_nothing_of_a_run_whose_first_record_is_missing_nor_after_a_restart():
    town = Town()
    run = town.run("K-1", Epoch("e" * 16))
    town.take(run, [row_of(tap(2, at("08:10"), Action.ARRIVE, person=1), run.id, ms_of(at("09:00")))])
    live = town.city.recent.folded(STATION)

    town.start()

    assert town.city.recent.folded(STATION) == live == {"K-1": {"e" * 16: 0}}


def test_a_visitor_gets_into_the_roster_of_the_station():
    town = Town()
    told = Told(town)
    told.work()
    before = decode(told.on(Leaf.ROSTER, OTHER)[-1], Roster).cards
    town.go("09:00")

    town.tap(1, "08:50", kiosk="K-9")
    told.telling.touch([OTHER])
    told.work()

    assert before == {}
    assert list(decode(told.on(Leaf.ROSTER, OTHER)[-1], Roster).cards) == [token_of(1)]


def test_a_large_roster_comes_in_numbered_parts():
    told = Told(Town(), members=CARDS_A_PART + 1)

    told.work()

    parts = [decode(payload, Roster) for payload in told.on(Leaf.ROSTER)]
    assert [(part.part, part.parts, len(part.cards)) for part in parts] == [(1, 2, CARDS_A_PART), (2, 2, 1)]


def test_a_station_where_much_happens_is_told_of_once_in_a_while():
    town = Town()
    told = Told(town)
    told.work()
    before = len(told.on(Leaf.PRESENCE))

    for _ in range(50):
        told.telling.touch([STATION])
        told.telling.work()

    assert len(told.on(Leaf.PRESENCE)) - before <= 1


def test_versions_rise_with_the_day():
    town = Town()
    told = Told(town)
    told.work()

    assert decode(told.on(Leaf.DUTY)[0], Duty).version == 2_000_000 + TODAY.toordinal()


def test_a_roster_in_parts_is_told_again_to_a_kiosk_that_comes_late_for_the_broker_keeps_one_part():
    told = Told(Town(), members=CARDS_A_PART + 1)
    told.work()
    told.said.clear()

    told.telling.greet(STATION)
    told.telling.greet(OTHER)
    told.work()

    assert [decode(payload, Roster).part for payload in told.on(Leaf.ROSTER)] == [1, 2]
    assert told.on(Leaf.ROSTER, OTHER) == []
