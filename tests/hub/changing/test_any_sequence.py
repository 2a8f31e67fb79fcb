"""Whatever is asked, in whatever order: facts never overlap, and the register says what the accepted commands say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from hub.changing import commands as asked
from hub.database.people_tables import Holding, Loss, Membership
from hub.database.tables import Kiosk, Station
from station.hours import Span
from tests.hub.changing.office import NOW, TODAY, Office
from tests.hub.cities import WEEK, token_of

if TYPE_CHECKING:
    from hub.changing.commands import CityCommand

PEOPLE = ("p1", "p2", "p9")
TOKENS = (token_of(1), token_of(99))  # p1's since always; nobody's
DAYS = st.integers(-5, 15).map(lambda n: TODAY + timedelta(days=n))
MOMENTS = st.none() | st.integers(-120, 360).map(lambda hours: NOW + timedelta(hours=hours))
WEEKS = st.sampled_from([((Span(480, 690),),) * 7, ((Span(0, 1440),),) * 7, WEEK])
S_01, K_01 = "S-01", "K-01-1"
TOKEN, PERSON = st.sampled_from(TOKENS), st.sampled_from(PEOPLE)

OF_ONE_CARD = st.one_of(
    st.builds(asked.AssignCard, st.just(TOKENS[0]), PERSON, MOMENTS),
    st.builds(asked.LoseCard, st.just(TOKENS[0]), MOMENTS),
    st.builds(asked.FindCard, st.just(TOKENS[0]), MOMENTS),
)
OF_CARDS = st.one_of(
    st.builds(asked.AssignCard, TOKEN, PERSON, MOMENTS),
    st.builds(asked.ReturnCard, TOKEN, MOMENTS),
    st.builds(asked.LoseCard, TOKEN, MOMENTS),
    st.builds(asked.FindCard, TOKEN, MOMENTS),
    st.builds(asked.LeavePerson, PERSON, st.none() | DAYS),
    st.builds(asked.ReturnPerson, PERSON),
    st.builds(asked.SetMemberships, PERSON, st.frozensets(st.sampled_from(["S-01", "S-02"])), st.none() | DAYS),
)
SET_TERMS = st.builds(
    asked.SetTerms, st.just(S_01), st.none() | DAYS, st.none() | WEEKS, st.none() | st.integers(0, 3),
    st.none() | st.integers(1, 3),
)  # fmt: skip
SET_SPECIAL_DAY = st.builds(asked.SetSpecialDay, st.just(S_01), DAYS, st.sampled_from([None, (), (Span(60, 120),)]))
OF_STATIONS = st.one_of(
    SET_TERMS,
    SET_SPECIAL_DAY,
    st.builds(asked.CloseStation, st.just(S_01), st.none() | DAYS),
    st.builds(asked.ReopenStation, st.just(S_01)),
    st.builds(asked.EnterKiosk, st.just(K_01), st.just(S_01), st.just(None), st.none() | DAYS),
    st.builds(asked.RetireKiosk, st.just(K_01), st.none() | DAYS),
    st.builds(asked.KeepKiosk, st.just(K_01)),
    st.builds(asked.RevokeKiosk, st.just(K_01), MOMENTS),
)  # fmt: skip
OF_AN_END = st.one_of(  # a station is closed once its kiosk is out of service
    st.builds(asked.RetireKiosk, st.just(K_01), st.none() | DAYS),
    st.builds(asked.KeepKiosk, st.just(K_01)),
    st.builds(asked.CloseStation, st.just(S_01), st.none() | DAYS),
    st.builds(asked.ReopenStation, st.just(S_01)),
)
STEPS = st.one_of(  # few things at a time, so that commands meet
    st.lists(st.tuples(commands, st.integers(0, 40)), min_size=2, max_size=12)
    for commands in (OF_ONE_CARD, OF_CARDS, OF_STATIONS, OF_AN_END, SET_TERMS | SET_SPECIAL_DAY, OF_CARDS | OF_STATIONS)
)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking runs a database for minutes
FIRST, LAST = TODAY - timedelta(days=10), TODAY + timedelta(days=30)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
AN_END = ((asked.RetireKiosk(K_01, None), 1), (asked.CloseStation(S_01, TODAY + timedelta(days=3)), 5))


class Told:
    """The accepted commands, taken at their word: what each says holds from its moment on."""

    def __init__(self) -> None:
        self.holders: dict[str, list[tuple[datetime, str | None]]] = {token: [] for token in TOKENS}
        self.holders[TOKENS[0]].append((datetime.min.replace(tzinfo=NOW.tzinfo), "p1"))
        self.lost: dict[str, list[tuple[datetime, bool]]] = {token: [] for token in TOKENS}
        self.left: dict[str, date] = {}
        self.terms: dict[str, dict[date, Any]] = {
            "week": dict.fromkeys(ALL_DAYS, WEEK), "minimum": dict.fromkeys(ALL_DAYS, 1),
            "target": dict.fromkeys(ALL_DAYS, 2),
        }  # fmt: skip
        self.special: dict[date, Any] = {}
        self.closed_on: date | None = None

    def holder(self, token: str, moment: datetime) -> str | None:
        return next((who for since, who in reversed(self.holders[token]) if since <= moment), None)

    def hold(self, token: str, since: datetime, who: str | None) -> None:
        """From then on, whatever was said of later."""
        self.holders[token] = [held for held in self.holders[token] if held[0] < since] + [(since, who)]

    def is_lost(self, token: str, moment: datetime) -> bool:
        return next((lost for since, lost in reversed(self.lost[token]) if since <= moment), False)

    def take(self, command: CityCommand, now: datetime) -> None:
        self.take_of_cards(command, now)
        self.take_of_stations(command, now)

    def take_of_cards(self, command: CityCommand, now: datetime) -> None:
        match command:
            case asked.AssignCard(token, person, since):
                begins = since or (now if self.holders[token] else datetime.min.replace(tzinfo=NOW.tzinfo))
                self.hold(token, begins, person)
                if person in self.left:
                    self.hold(token, midnight(self.left[person]), None)
            case asked.ReturnCard(token, moment):
                self.hold(token, moment or now, None)
            case asked.LoseCard(token, since):
                self.lost[token].append((since or now, True))
            case asked.FindCard(token, moment):
                self.lost[token].append((moment or now, False))
            case asked.LeavePerson(person, on):
                self.left[person] = on or local_day(now)
                ends = now if on is None else midnight(on)
                for token in TOKENS:
                    if self.holder(token, ends) == person:
                        later = [held for held in self.holders[token] if held[0] > ends and held[1] is not None]
                        self.hold(token, ends, None)
                        self.holders[token] += later
            case asked.ReturnPerson(person):
                self.left.pop(person, None)

    def take_of_stations(self, command: CityCommand, now: datetime) -> None:
        match command:
            case asked.SetTerms(_, since, week, minimum, target):
                for name, value in (("week", week), ("minimum", minimum), ("target", target)):
                    if value is not None:
                        self.set(name, since or local_day(now), value)
            case asked.SetSpecialDay(_, day, spans):
                self.special[day] = spans
            case asked.CloseStation(_, on):
                self.closed_on = on or min(self.closed_on or date.max, local_day(now) + timedelta(days=1))
            case asked.ReopenStation():
                self.closed_on = None

    def set(self, name: str, since: date, value: object) -> None:
        """Each thing holds until the next day on which it was said to change."""
        days = self.terms[name]
        was = days[since]
        for day in (day for day in ALL_DAYS if day >= since):
            if days[day] != was:
                break
            days[day] = value

    def spans(self, day: date) -> Any:
        if self.closed_on is not None and day >= self.closed_on:
            return ()
        special = self.special.get(day)
        return self.terms["week"][day][day.weekday()] if special is None else special


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=NOW.tzinfo) - timedelta(hours=8)


def local_day(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()


def assert_no_overlap(facts: list[tuple[Any, Any]]) -> None:
    for begins, until in facts:
        assert until is None or begins < until
    for (_, until), (begins, _) in pairwise(sorted(facts, key=lambda fact: fact[0])):
        assert until is not None
        assert until <= begins


def run_steps(office: Office, steps: list[tuple[CityCommand, int]]) -> Told:
    told = Told()
    office.give(
        asked.EnterPerson("p9", "N9", "样本人"), asked.EnterCard(TOKENS[1], "iso14443a"), asked.RetireKiosk("K-02-1")
    )
    for command, hours in steps:
        office.now += timedelta(hours=hours)
        outcome = office.give(command, why="it was so")
        if outcome.changes:
            told.take(command, office.now)
    return told


@settings(max_examples=60, deadline=None, phases=UNSHRUNK)
@given(steps=STEPS)
def test_facts_never_overlap_and_none_contradicts_another(steps: list[tuple[CityCommand, int]]) -> None:
    office = Office()

    run_steps(office, steps)

    for model in (Holding, Loss):
        for token in TOKENS:
            facts = [(row["from_ms"], row["until_ms"]) for row in office.rows(model) if row["token"] == token]
            assert_no_overlap(facts)
    for person in PEOPLE:
        for station in ("S-01", "S-02"):
            mine = [row for row in office.rows(Membership) if (row["person"], row["station"]) == (person, station)]
            assert_no_overlap([(row["from_day"], row["until_day"]) for row in mine])
    closed = {row["code"]: row["closed_on"] for row in office.rows(Station)}
    for kiosk in office.rows(Kiosk):
        begins, ends, end = kiosk["in_service_from"], kiosk["in_service_to"], closed[kiosk["station"]]
        assert ends is None or begins < ends
        assert end is None or (ends is not None and ends <= end)
        if kiosk["revoked_ms"] is not None:
            last = max(local_day(datetime.fromtimestamp(kiosk["revoked_ms"] / 1000, UTC)), begins)
            assert ends is not None
            assert ends <= last + timedelta(days=1)


@settings(max_examples=80, deadline=None, phases=UNSHRUNK)
@given(steps=STEPS, hours=st.lists(st.integers(-200, 500), min_size=1, max_size=20))
@example(steps=[*AN_END], hours=[0, 100])
@example(steps=[*AN_END, (asked.ReopenStation(S_01), 30)], hours=[0, 100])
def test_the_register_says_what_the_accepted_commands_say(
    steps: list[tuple[CityCommand, int]], hours: list[int]
) -> None:
    office = Office()

    told = run_steps(office, steps)

    book = office.book()
    for moment in (NOW + timedelta(hours=hour) for hour in hours):
        for token in TOKENS:
            holder = None if told.is_lost(token, moment) else told.holder(token, moment)
            identity = book.identity(token, int(moment.timestamp() * 1000))
            assert identity == ((token, False) if holder is None else (holder, True))
    rules = book.rules("S-01", FIRST, LAST)
    for day in ALL_DAYS:
        assert rules.calendar.days.get(day, rules.calendar.weekly[day.weekday()]) == told.spans(day)
        duty = rules.terms_on(day).duty
        assert (duty.minimum, duty.target) == (told.terms["minimum"][day], told.terms["target"][day])


@settings(max_examples=40, deadline=None, phases=UNSHRUNK)
@given(steps=STEPS)
def test_a_preview_tells_what_would_be_and_writes_nothing(steps: list[tuple[CityCommand, int]]) -> None:
    office = Office()
    run_steps(office, steps[:-1])
    before = office.everything()
    commands = [command for command, _ in steps[-1:]]

    told = office.preview(*commands, why="it was so")

    assert office.everything() == before
    assert office.give(*commands, why="it was so") == told
