"""Hundreds of people at one station in a day: kiosks go on being told, those of other stations above all."""

from datetime import timedelta

from hub.intake.rows import row_of
from hub.presence.fitting import TOGETHER, encode_presence
from station.duty import DutyClass
from station.names import Epoch, KioskId
from station.records import Action
from station.stints import End, Standing
from station.wire.codec import decode, encode
from station.wire.messages import MAX_MESSAGE_BYTES, PersonSeen, Presence
from station.wire.topics import Leaf
from tests.hub.board.test_telling import Told
from tests.hub.board.town import OTHER, STATION, Town, at, tap, token_of

A_PERSON_BYTES = 170  # at most, with a token for a name
CROWD = 1100  # cards that are nobody's; or one person with a card emulator


def left(minute: float, *, counted: bool = False) -> PersonSeen:
    ended_at = at("08:20") + timedelta(minutes=minute)
    return PersonSeen(Standing.OFF, at("08:10"), ended_at=ended_at, mark=End.LEAVE, counted=counted)


def there(minute: float, *, counted: bool = False) -> PersonSeen:
    return PersonSeen(Standing.ON, at("08:10") + timedelta(minutes=minute), counted=counted)


def told(people: dict[str, PersonSeen], folded: dict[KioskId, dict[Epoch, int]] | None = None) -> Presence:
    presence = Presence(at("12:00"), 1, 0, len(people), DutyClass.MET, people, folded or {})
    payload = encode_presence(presence)
    assert len(payload) <= MAX_MESSAGE_BYTES
    return decode(payload, Presence)


def test_a_crowd_at_one_station_silences_nobody():
    town = Town()
    town.go("09:00")
    run = town.run("K-1", Epoch("e" * 16))
    taps = [
        tap(2 * person + leaves - 1, at("08:20" if leaves else "08:10"), action, person=100 + person)
        for person in range(1, CROWD + 1)
        for leaves, action in enumerate((Action.ARRIVE, Action.LEAVE))
    ]
    town.take(run, [row_of(one, run.id, 0) for one in taps])
    town.tap(1, "08:50")
    town.tap(2, "08:50", kiosk="K-9")
    telling = Told(town)

    telling.work()

    assert list(decode(telling.on(Leaf.PRESENCE, OTHER)[-1], Presence).people) == ["p2"]
    crowd = decode(telling.on(Leaf.PRESENCE, STATION)[-1], Presence)
    assert crowd.people["p1"].state is Standing.ON
    assert (crowd.on_duty, crowd.folded[run.kiosk][run.epoch]) == (1, 2 * CROWD)


def test_whoever_left_first_is_left_out_first():
    people = {token_of(CROWD - i): left(i / 10) for i in range(CROWD)}

    shown = told(people).people

    assert CROWD // 2 < len(shown) < CROWD
    assert set(shown) == {token_of(CROWD - i) for i in range(CROWD - len(shown), CROWD)}


def test_who_is_there_stays_and_volunteers_before_cards_that_are_nobodys():
    people = {token_of(i): there(i / 10) for i in range(2 * CROWD)}
    people |= {"p1": there(0, counted=True), "p2": left(0, counted=True), "p3": left(100, counted=True)}

    shown = told(people)

    assert "p1" in shown.people
    assert {"p2", "p3", token_of(0)}.isdisjoint(shown.people)
    assert shown.unknown_cards == len(people)


def test_volunteers_who_left_stay_before_cards_that_are_nobodys_and_left():
    people = {token_of(i): left(100 + i / 10) for i in range(CROWD)} | {"p2": left(0, counted=True)}

    assert "p2" in told(people).people


def test_a_kiosk_that_started_thousands_of_times_is_told_of_its_latest_runs():
    kiosk, runs = KioskId("K-1"), {Epoch(f"{i:016x}"): i for i in range(1, 8000)}

    shown = told({"p1": there(0, counted=True)}, {kiosk: runs, KioskId("K-2"): {Epoch("f" * 16): 1}})

    assert "p1" in shown.people
    assert list(shown.folded[kiosk].items()) == list(runs.items())[-len(shown.folded[kiosk]) :]
    assert len(shown.folded[kiosk]) > 1000


def test_whatever_is_told_beside_a_crowd_as_much_of_it_as_fits_is_told():
    people = {token_of(i): left(i / 10) for i in range(CROWD)}
    kiosk, runs = KioskId("K-1"), {Epoch(f"{i:016x}"): i for i in range(1, 1001)}

    for count in (
        1000,
        *range(150),
    ):  # a run a step, and so every length up to that of people who are left out together
        shown = told(people, {kiosk: dict(list(runs.items())[:count])})
        assert len(encode(shown)) > MAX_MESSAGE_BYTES - TOGETHER * A_PERSON_BYTES
        assert len(shown.folded.get(kiosk, {})) == count


def test_what_fits_is_told_whole():
    people = {token_of(i): left(i) for i in range(300)}

    assert told(people).people == people
