"""What the kiosks are told, and how often."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hub.intake.rows import row_of
from hub.intake.runs import KnownRun
from hub.presence.telling import CARDS_A_PART, Telling
from hub.register.directory import Directory
from hub.register.people import Belonging, Held, KnownCard, KnownPerson
from hub.register.terms import StationTerms
from station.duty import DutyRule, Limits, Terms
from station.hours import SHANGHAI
from station.names import Epoch, KioskId, PersonId
from station.records import Action
from station.wire import topics
from station.wire.codec import decode
from station.wire.messages import Duty, Holder, Presence, Roster, TermsFrom
from station.wire.topics import Leaf
from tests.hub.board.town import OTHER, STATION, TERMS, TODAY, Town, at, tap, token_of


class Told:
    """A telling over a town, and all that it published."""

    def __init__(self, town: Town, members: int = 3) -> None:
        self.town = town
        self.said: list[tuple[str, bytes]] = []
        self.is_connected = True
        town.holders.update({token_of(i): Holder(PersonId(f"p{i}")) for i in range(1, members + 1)})
        plain = town.directory()
        persons = [PersonId(f"p{i}") for i in range(1, members + 1)]
        self.directory = Directory(
            3, plain.city, plain.zone, plain.stations, plain.kiosks,
            dict.fromkeys(persons, KnownPerson("", trained_on=TODAY, belongings=(Belonging(STATION, TODAY, None),))),
            {token_of(i): KnownCard((Held(0, None, PersonId(f"p{i}")),)) for i in range(1, members + 1)},
        )  # fmt: skip
        self.telling = Telling(town.clock, town.presences, town.board.duty_class)
        self.telling.publish_by(self._publish)
        self.rules = {code: TERMS.rules(SHANGHAI, since=TODAY, until=TODAY) for code in (STATION, OTHER)}
        self.telling.learn(self.directory, self.rules, TODAY)

    def _publish(self, topic: str, payload: bytes) -> bool:
        if self.is_connected:
            self.said.append((topic, payload))
        return self.is_connected

    def work(self) -> None:
        for _ in range(20):
            self.telling.work()

    def on(self, leaf: Leaf, station: str = STATION) -> list[bytes]:
        kiosk = {STATION: "K-1", OTHER: "K-9"}[station]
        return [payload for topic, payload in self.said if topic == f"{topics.ROOT}/{station}/{kiosk}/{leaf}"]


def test_every_station_is_told_everything_at_the_start():
    told = Told(Town())

    told.work()

    leaves = Counter(topic.rpartition("/")[2] for topic, payload in told.said if payload)
    assert leaves == {"duty": 2, "roster": 2, "presence": 2}
    assert decode(told.on(Leaf.DUTY)[0], Duty).rule == DutyRule(1, 2)


def test_each_kiosk_is_told_under_its_own_branch_until_its_service_ends():
    town = Town(kiosks=("K-1", "K-2"))
    told = Told(town)
    told.work()
    topics_of = {leaf: {topic.split("/")[3] for topic, payload in told.said if topic.endswith(leaf) and payload}
                 for leaf in ("duty", "roster", "presence")}  # fmt: skip
    told.said.clear()

    ended = replace(told.directory, kiosks={
        **told.directory.kiosks, "K-2": replace(told.directory.kiosks[KioskId("K-2")], in_service_to=TODAY),
    })  # fmt: skip
    told.telling.learn(ended, told.rules, TODAY)
    told.work()

    assert topics_of == {leaf: {"K-1", "K-2", "K-9"} for leaf in ("duty", "roster", "presence")}
    assert {payload for topic, payload in told.said if "/K-2/" in topic} == {b""}
    assert len([topic for topic, _ in told.said if "/K-2/" in topic]) == 3


def test_what_a_broker_kept_under_the_station_is_taken_away_once_it_can_be():
    told = Told(Town())
    told.is_connected = False
    told.work()
    told.is_connected = True
    told.work()
    told.work()

    cleared = Counter(topic for topic, payload in told.said if not payload)
    assert cleared == dict.fromkeys([*topics.of_old(STATION), *topics.of_old(OTHER)], 1)


def test_duty_tells_what_holds_and_what_is_to_come():
    stricter = Terms(DutyRule(2, 3), Limits(budget=timedelta(minutes=10)))
    january = date(2027, 1, 1)
    terms = StationTerms((*TERMS.clauses, replace(TERMS.clauses[0], since=january, terms=stricter)))
    town = Town()
    told = Told(town)
    stations = {**told.directory.stations, STATION: replace(told.directory.stations[STATION], terms=terms)}

    told.telling.learn(replace(told.directory, stations=stations), told.rules, TODAY)
    told.work()

    duty = decode(told.on(Leaf.DUTY)[-1], Duty)
    assert (duty.rule, duty.terms) == (DutyRule(1, 2), (TermsFrom(january, stricter.duty, stricter.limits),))
    assert duty.rules().terms_on(january) == stricter
    assert duty.rules().terms_on(january - timedelta(days=1)) == Terms()


def test_presence_tells_after_midnight_of_who_was_there_lately():
    town = Town()
    town.go("17:45")
    town.tap(1, "14:30")
    town.tap(2, "14:30")
    town.tap(2, "16:00", Action.LEAVE)
    told = Told(town)

    def seen(moment: str) -> set[str]:
        town._now = at("00:00") + timedelta(days=1, hours=int(moment[:2]), minutes=int(moment[3:]))
        told.telling.touch([STATION])
        told.telling._told_s.clear()
        told.work()
        return set(decode(told.on(Leaf.PRESENCE)[-1], Presence).people)

    assert seen("03:59") == {"p1", "p2"}
    assert seen("04:01") == {"p1"}
    assert seen("05:31") == set()


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
    presences = Town().presences
    run = KnownRun(1, KioskId("K-1"), Epoch("e" * 16), STATION)
    rows = [row_of(tap(seq, at("08:10"), Action.ARRIVE, person=seq), run.id, 0) for seq in (1, 2)]
    presences.take(run, rows, through=2)

    presences.fold(until_s=0.0)  # time for one person only
    halfway = presences.folded(STATION)
    presences.fold()

    assert (halfway, presences.folded(STATION)) == ({}, {"K-1": {"e" * 16: 2}})


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

    assert decode(told.on(Leaf.DUTY)[0], Duty).version == 3_000_000 + TODAY.toordinal()


def test_a_roster_in_parts_is_told_again_to_a_kiosk_that_comes_late_for_the_broker_keeps_one_part():
    told = Told(Town(), members=CARDS_A_PART + 1)
    told.work()
    told.said.clear()

    told.telling.greet(STATION)
    told.telling.greet(OTHER)
    told.work()

    assert [decode(payload, Roster).part for payload in told.on(Leaf.ROSTER)] == [1, 2]
    assert told.on(Leaf.ROSTER, OTHER) == []
