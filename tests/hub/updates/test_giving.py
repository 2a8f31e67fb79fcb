"""Whom a serving hub asks to update, by what stands in its database: stations that close, and stations that never do."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from hub.asking.asked import read_commands, withdraw
from hub.asking.kinds import UPDATE
from hub.database.command_table import KioskCommand
from hub.database.journal_tables import JournalRecord, KioskSeen, Run
from hub.database.tables import Kiosk, TermsRow
from hub.database.transactions import changing, reading, snapshot, writing
from hub.findings import FindingKind, Findings
from hub.register.reading import read_directory
from hub.register.spelling import spell_week
from hub.updates import giving
from hub.updates.giving import TOLD_BEFORE, Giving, rollout_told, set_halt
from hub.updates.on_their_way import MOST_TRIES, on_their_way
from hub.updates.shelf import UpdateShelf
from station.hours import DAY_MINUTES, SHANGHAI, Span
from station.milliseconds import ms_of
from station.names import KioskId
from tests.hub.cities import make_city
from tests.hub.updates.test_shelf import bundle

NIGHT = datetime(2026, 3, 4, 18, tzinfo=UTC)  # 02:00 in Shanghai
MORNING = datetime(2026, 3, 5, 1, tzinfo=UTC)  # 09:00 there
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
A, B = KioskId("K-01-1"), KioskId("K-01-2")


class Rollout:
    """A hub that offers 1.2.0, at a moment of the test's."""

    def __init__(self, engine, folder):
        self.engine, self.at, self._seconds = engine, NIGHT, 0.0
        shelf = UpdateShelf(folder / "hub")
        shelf.offer(bundle(folder, "1.2.0"), NIGHT - 2 * TOLD_BEFORE)
        with snapshot(engine) as connection:
            self.directory = read_directory(connection, SHANGHAI)
        self.folder = folder / "hub"
        self.findings = Findings(self)
        self._giving = Giving(
            engine, self, folder / "hub", lambda: self.directory, findings=self.findings, seconds=lambda: self._seconds
        )

    def now(self):
        return self.at

    def offer(self, folder, version):
        UpdateShelf(folder / "hub").offer(bundle(folder, version), self.at)

    def hear(self, *kiosks, reader="up", version="1.1.0"):
        """The kiosks say that they are there."""
        with writing(self.engine) as connection:
            for kiosk in kiosks:
                connection.execute(KioskSeen.__table__.delete().where(col(KioskSeen.kiosk) == kiosk))
                connection.execute(
                    insert(KioskSeen), [{"kiosk": kiosk, "heard_ms": ms_of(self.at), "online": True, "session": "0" * 16,
                    "reader": reader, "clock": "synced", "version": version, "queued": 0}],
                )  # fmt: skip

    def step(self, at=None):
        """Go on to that moment; how often each was asked by then."""
        self.at, self._seconds = at or self.at, self._seconds + 60
        self._giving.step()
        with reading(self.engine) as connection:
            return tuple(len(read_commands(connection, kiosk)) for kiosk in (A, B))

    def answer(self, kiosk, outcome, said=""):
        with writing(self.engine) as connection:
            connection.execute(
                update(KioskCommand).where(col(KioskCommand.kiosk) == kiosk),
                {"outcome": outcome, "said": said, "answered_ms": ms_of(self.at)},
            )

    def how_far(self):
        with snapshot(self.engine) as connection:
            kiosks = on_their_way(connection, self.directory, "1.2.0", self.at, lambda _: 3)
        return rollout_told(kiosks, "1.2.0", self.folder)

    def revoke(self, kiosk):
        with writing(self.engine) as connection:
            connection.execute(update(Kiosk).where(col(Kiosk.id) == kiosk), {"revoked_ms": ms_of(self.at)})
            self.directory = read_directory(connection, SHANGHAI)

    def told(self):
        return [each.subject for each in self.findings.open_at("S-01") if each.kind is FindingKind.UPDATE_HOUR]

    def switched_off(self):
        return [each.subject for each in self.findings.open_at("S-01") if each.kind is FindingKind.SWITCHED_OFF]


def open_round_the_clock(engine):
    with engine.begin() as connection:
        connection.execute(update(TermsRow).values(week=spell_week(((Span(0, DAY_MINUTES),),) * 7)))


@pytest.fixture
def rollout(engine, tmp_path):
    make_city(engine, kiosks_each=2)
    return Rollout(engine, tmp_path)


@pytest.fixture
def never_closes(engine, tmp_path):
    make_city(engine, kiosks_each=2)
    open_round_the_clock(engine)
    return Rollout(engine, tmp_path)


def test_one_of_a_station_is_asked_while_it_is_closed_and_none_while_it_is_open(rollout):
    rollout.hear(A, B)
    assert rollout.step(MORNING) == (0, 0)

    rollout.at = NIGHT
    rollout.hear(A, B)
    assert sum(rollout.step()) == 1
    assert sum(rollout.step()) == 1
    assert rollout.told() == []


def test_a_kiosk_that_began_and_died_stops_the_city_until_it_is_back_and_then_it_is_asked_again(rollout):
    rollout.hear(A)
    assert rollout.step() == (1, 0)
    rollout.answer(A, "begun")
    rollout.at += 5 * HOUR - MINUTE
    rollout.hear(B)
    assert rollout.step() == (1, 0)

    rollout.hear(A)

    assert sum(rollout.step()) == 2


def test_the_other_of_a_station_waits_until_the_first_has_said_that_the_version_proved_itself(rollout):
    """A new version says which it is as soon as it runs, and may go back minutes later."""
    rollout.hear(A)
    assert rollout.step() == (1, 0)
    rollout.answer(A, "begun")
    rollout.hear(A, version="1.2.0")
    rollout.hear(B)
    assert rollout.step() == (1, 0)

    rollout.answer(A, "done")

    assert rollout.step() == (1, 1)


@pytest.mark.parametrize("outcome", ["", "begun"])
def test_another_version_is_given_to_nobody_whose_sibling_is_still_at_the_one_before(rollout, tmp_path, outcome):
    rollout.hear(A)
    assert rollout.step() == (1, 0)
    rollout.answer(A, outcome)
    rollout.offer(tmp_path, "1.3.0")
    rollout.hear(A, B)

    assert rollout.step() == (1, 0)

    rollout.answer(A, "begun")
    rollout.hear(A, version="1.2.0")
    rollout.hear(B)
    assert sum(rollout.step()) == 2


def test_a_sibling_that_went_back_to_the_version_before_holds_up_nobody_of_the_next(rollout, tmp_path):
    rollout.hear(A)
    rollout.step()
    rollout.answer(A, "refused", "failed: its reader stayed away")
    rollout.offer(tmp_path, "1.3.0")
    rollout.hear(B)

    assert rollout.step() == (1, 1)


def test_a_kiosk_that_is_switched_off_with_the_lights_is_named_until_it_is_left_on(rollout):
    rollout.hear(B, version="1.2.0")
    rollout.hear(A)
    rollout.step(NIGHT + 3 * HOUR)  # away
    assert rollout.switched_off() == []
    rollout.at = MORNING
    rollout.hear(A)
    rollout.step()
    assert rollout.switched_off() == [A]

    rollout.at = NIGHT + 24 * HOUR
    rollout.hear(A)
    assert rollout.step() == (1, 0)

    rollout.step()
    assert rollout.switched_off() == []


def test_a_kiosk_that_was_away_while_its_station_was_open_is_not_named(rollout):
    rollout.step(MORNING)
    rollout.hear(A)
    rollout.step(MORNING + HOUR)

    rollout.hear(A)
    rollout.step()

    assert rollout.switched_off() == []


def test_one_that_says_not_now_is_left_alone_for_a_while(rollout):
    rollout.hear(A)
    rollout.step()
    rollout.answer(A, "refused", "open")
    assert rollout.step() == (1, 0)

    rollout.at += 20 * MINUTE
    rollout.hear(A)

    assert rollout.step() == (2, 0)


@pytest.mark.parametrize("said", ["refused", "done"])
def test_one_that_had_it_at_work_and_not_for_long_is_asked_again_until_it_has_done_so_all_night(rollout, said):
    """Done was asked for again every ten seconds, where a hub put back from a backup offered what it had offered."""
    for times in range(1, MOST_TRIES + 1):
        rollout.hear(A)
        rollout.hear(B, version="1.2.0")
        assert rollout.step() == (times, 0)
        rollout.answer(A, said, "not now: the hub was out of reach all the while; 1.1.0 is back at work")
        assert rollout.step() == (times, 0)
        rollout.at += 20 * MINUTE

    rollout.hear(A)
    assert rollout.step() == (MOST_TRIES, 0)
    assert rollout.how_far()["failed"] == 1  # a person must look


def test_one_that_cannot_fetch_it_is_asked_more_seldom_and_named_and_stops_nobody(rollout):
    """Two kiosks behind a firewall would have stopped a city of thousands."""
    for times in range(1, MOST_TRIES + 1):
        rollout.hear(A)
        assert rollout.step() == (times, 0)
        rollout.answer(A, "refused", "not now: nothing can be fetched: the line broke")
        rollout.at += 20 * MINUTE
    rollout.hear(A, B)

    assert rollout.step() == (MOST_TRIES, 1)

    assert (rollout.how_far()["stuck"], rollout.how_far()["stopped"]) == ([A], "")
    rollout.hear(B, version="1.2.0")
    rollout.answer(B, "done")
    rollout.at = NIGHT + 24 * HOUR
    rollout.hear(A, B)
    assert rollout.step() == (MOST_TRIES + 1, 1)


class Fleet(Rollout):
    """Ten kiosks at ten stations."""

    kiosks = tuple(KioskId(f"K-{n:02}-1") for n in range(1, 11))

    def step(self, at=None):
        """Who is asked, and has not answered."""
        super().step(at)
        return {row.kiosk for row in self.rows() if row.outcome == "" and row.expires_ms > ms_of(self.at)}

    def rows(self):
        with reading(self.engine) as connection:
            return connection.execute(select(KioskCommand.__table__).order_by(col(KioskCommand.asked_ms))).all()


@pytest.fixture
def fleet(engine, tmp_path):
    make_city(engine, [f"S-{n:02}" for n in range(1, 11)])
    return Fleet(engine, tmp_path)


def first_asked(fleet):
    fleet.hear(*fleet.kiosks)
    (first,) = fleet.step()
    return first


def test_of_ten_kiosks_one_is_first_and_where_it_goes_back_no_other_is_asked(fleet):
    first = first_asked(fleet)
    fleet.answer(first, "refused", "failed: the reader does not answer; 1.1.0 is back at work")
    fleet.at += HOUR
    fleet.hear(*fleet.kiosks)

    assert fleet.step() == set()
    assert fleet.how_far()["stopped"] == f"1.2.0 failed at {first}"


def test_of_ten_kiosks_one_that_is_switched_off_before_it_hears_of_it_makes_way_for_the_next(fleet):
    first = first_asked(fleet)
    others = [each for each in fleet.kiosks if each != first]
    for _ in range(13):  # two hours, and what was asked has expired
        fleet.at += 10 * MINUTE
        fleet.hear(*others)
        fleet.step()

    (second,) = fleet.step()
    assert second != first
    assert fleet.how_far()["stopped"] == ""


def test_of_ten_kiosks_one_that_begins_and_never_answers_stops_them_and_a_late_answer_lets_them_go_on(fleet):
    first = first_asked(fleet)
    fleet.answer(first, "begun")
    fleet.at += 4 * HOUR + 10 * MINUTE
    fleet.hear(*(each for each in fleet.kiosks if each != first))
    assert fleet.step() == set()
    assert fleet.how_far()["stopped"] == f"1.2.0 was begun at {first}, and nothing is heard of it"

    fleet.answer(first, "done")
    fleet.hear(first, version="1.2.0")

    assert fleet.step() == set(fleet.kiosks) - {first}


def test_a_kiosk_that_is_revoked_in_the_middle_of_it_holds_up_nobody(fleet):
    first = first_asked(fleet)
    fleet.answer(first, "begun")
    fleet.revoke(first)
    fleet.at += MINUTE

    (second,) = fleet.step()

    assert second != first


def test_what_was_asked_and_is_not_begun_is_withdrawn_by_a_halt(fleet):
    """Who was away took it up to two hours after somebody had halted it."""
    first_asked(fleet)

    with writing(fleet.engine) as connection:
        withdraw(connection, UPDATE, fleet.at)

    fleet.at += MINUTE
    assert {row.expires_ms <= ms_of(fleet.at) for row in fleet.rows()} == {True}


def test_one_whose_reader_is_away_waits_for_it_since_no_version_could_prove_itself_there(rollout):
    rollout.hear(A, reader="down")
    assert rollout.step() == (0, 0)

    rollout.hear(A)

    assert rollout.step() == (1, 0)


def test_where_a_station_never_closes_one_is_asked_while_the_other_serves(never_closes):
    never_closes.hear(A, B)

    assert sum(never_closes.step()) == 1
    assert never_closes.told() == []


@pytest.mark.parametrize("reader", ["down", "absent"])
def test_where_the_other_does_not_serve_the_only_one_waits_for_the_quietest_hour_and_the_lead_is_told(
    never_closes, reader
):
    never_closes.at = MORNING
    never_closes.hear(A)
    if reader == "down":
        never_closes.hear(B, reader="down", version="1.2.0")
    assert never_closes.step() == (0, 0)
    assert never_closes.told() == [A]

    quiet = MORNING + 18 * HOUR  # 03:00
    for moment in (quiet - MINUTE, quiet):
        never_closes.at = moment
        never_closes.hear(A)
        asked = never_closes.step()
        assert asked == ((1, 0) if moment == quiet else (0, 0))
    never_closes.step()
    assert never_closes.told() == []


def test_told_too_late_it_waits_for_the_next_night(never_closes):
    never_closes.at = NIGHT + HOUR
    never_closes.hear(A)

    assert never_closes.step() == (0, 0)
    assert never_closes.told() == [A]


def test_the_quietest_hour_is_that_in_which_the_fewest_tapped(never_closes, engine):
    with engine.begin() as connection:
        run = {"id": 7, "kiosk": A, "epoch": "e" * 16, "station": "S-01", "last_at_ms": ms_of(MORNING)}
        connection.execute(insert(Run), [run])
        midnight = MORNING - 9 * HOUR
        hours = [hour for hour in range(24) if hour != 14]
        connection.execute(
            insert(JournalRecord),
            [{"run": 7, "seq": seq, "kind": "tap", "at_ms": ms_of(midnight + hour * HOUR), "clock": "synced",
              "boot": "b", "mono_ms": 0, "stored_ms": 0} for seq, hour in enumerate(hours)],
        )  # fmt: skip
    never_closes.at = MORNING - 12 * HOUR
    never_closes.hear(A)
    never_closes.step()

    for hour, times in ((3, 0), (14, 1)):
        never_closes.at = midnight + hour * HOUR
        never_closes.hear(A)
        assert never_closes.step() == (times, 0)


def test_a_halt_while_it_is_being_found_out_whom_to_ask_asks_nobody(rollout, monkeypatch):
    """Whoever halts withdraws what was asked before, and would not have seen this."""
    rollout.hear(A)

    def late(engine):
        set_halt(rollout.folder, "it flickers")
        return changing(engine)

    monkeypatch.setattr(giving, "changing", late)

    assert rollout.step() == (0, 0)
