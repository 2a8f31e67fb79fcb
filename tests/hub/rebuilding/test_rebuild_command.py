"""`zaigang-hub rebuild` as an operator meets it in a terminal."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.__main__ import main
from hub.database.dialect import place_of
from hub.database.journal_tables import Quarantine
from hub.database.sole_hub import sole_hub
from hub.database.transactions import table_of
from hub.findings import FindingKind
from hub.intake.aside import Aside, put_aside
from hub.ledger.queries import RECORD, RUN
from hub.verbs import rebuild as command
from station.milliseconds import ms_of
from station.names import Seq, Session
from station.records import Action, Unreadable
from station.settings import EXIT_CONFIG
from station.wire import topics
from station.wire.codec import encode, record_fields
from station.wire.messages import Journal
from tests.hub.cities import make_city, raise_edition, token_of
from tests.hub.coverage.bench import CoverageBench
from tests.hub.ledger.bench import LedgerBench, store_through
from tests.hub.ledger.stories import BEGAN, Written, a_working_day
from tests.hub.ledger.test_keeping import a_morning, tap_at
from tests.standing_clock import set_clock


@pytest.fixture
def hub(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerBench:
    """A hub that has served: its database, with a morning in it."""
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAIGANG_HUB_DATABASE", engine.url.render_as_string())
    make_city(engine, ("S-01", "S-02"))
    bench = LedgerBench(engine)
    story = a_morning()
    tap_at(story, "10:45", Action.ARRIVE, person=99)
    bench.take(story.written)
    return bench


def spoil(hub: LedgerBench, statement: str) -> None:
    """Somebody writes into the ledger."""
    with hub.engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount == 1


def test_a_sound_ledger_is_told_with_how_much_was_compared(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["rebuild", "--check"])

    assert status == 0
    told = "the ledger is as the records say: 3 stints and 0 stretches of watching, from 6 records\n"
    assert capsys.readouterr().out == told


def test_a_row_that_somebody_changed_is_told_with_place_day_and_opaque_person(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(hub, "UPDATE stint SET ended_ms = ended_ms + 60000 WHERE person = 'p1'")

    status = main(["rebuild", "--check"])

    assert status == 1
    line, *_, last = capsys.readouterr().out.splitlines()  # rows of the board may differ as well
    assert line == (
        "S-01 2026-03-05 p1: stint: ended: the ledger has 2026-03-05 10:31:00.000, "
        "the records say 2026-03-05 10:30:00.000"
    )
    assert "among 3 stints" in last


@pytest.mark.parametrize(
    ("statement", "said", "is_mended"),
    [
        ("UPDATE stint SET \"end\" = 'nonsense' WHERE person = 'p1'", "'nonsense' is not a valid End", True),
        ("UPDATE stint SET outs = 'nonsense' WHERE person = 'p1'", "Expecting value", True),
        (
            "UPDATE record SET action = 'nonsense' WHERE seq = (SELECT min(seq) FROM record WHERE kind = 'tap')",
            "'nonsense' is not a valid Action",
            False,
        ),
    ],
)
def test_a_row_that_no_hub_wrote_is_told_in_a_sentence(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str], statement: str, said: str, *, is_mended: bool
) -> None:
    spoil(hub, statement)

    assert main(["rebuild", "--check"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("a row of the database says what no hub writes: ")
    assert said in told
    assert told.count("\n") == 1
    assert (main(["rebuild"]) == 0) is is_mended


def test_a_row_that_is_gone_or_too_many_is_told_without_a_token(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(hub, f"DELETE FROM stint WHERE person = '{token_of(99)}'")
    spoil(hub, f"UPDATE ledger_tap SET token = '{token_of(98)}' WHERE seq = 3")
    spoil(hub, f"UPDATE ledger_card SET held = '' WHERE token = '{token_of(1)}'")

    status = main(["rebuild", "--check"])

    told = capsys.readouterr().out
    assert status == 1
    assert "S-01 2026-03-05 an unknown card: the records alone have a stint, began 2026-03-05 10:45" in told
    assert "S-01 2026-03-05 an unknown card: tap: token: the ledger has somebody else" in told
    assert "a volunteer's card: card: held: the ledger has somebody else" in told
    assert told.splitlines()[-1].startswith("3 differences")
    assert not any(token_of(person) in told for person in (1, 98, 99))


def test_a_check_writes_nothing(hub: LedgerBench, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(hub, "DELETE FROM stint WHERE person = 'p1'")
    before = hub.everything()

    main(["rebuild", "--check"])

    assert hub.everything() == before


def test_a_rebuild_mends_the_ledger(hub: LedgerBench, capsys: pytest.CaptureFixture[str]) -> None:
    before = hub.everything()
    spoil(hub, "DELETE FROM stint WHERE person = 'p1'")

    status = main(["rebuild"])

    assert status == 0
    assert capsys.readouterr().out.startswith("the ledger is made anew: 3 stints")
    assert hub.everything() == before
    assert main(["rebuild", "--check"]) == 0


def test_a_ledger_that_is_rebuilt_is_kept_on(hub: LedgerBench) -> None:
    main(["rebuild"])
    story = a_morning()
    tap_at(story, "11:00", Action.ARRIVE)
    hub.restart()

    hub.take(story.written[5:6])
    hub.ledger.catch_up()

    assert not hub.ledger.has_more
    assert hub.differences() == []


def test_a_record_that_an_older_version_could_not_read_becomes_what_it_is(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    story = a_morning()
    tap_at(story, "10:45", Action.ARRIVE, person=99)
    tap_at(story, "11:00", Action.LEAVE, person=2)
    leave = story.written[-1]
    readable = Unreadable(leave.record.seq, json.dumps(record_fields(leave.record)), "an older version's reason")
    nonsense = Unreadable(Seq(leave.record.seq + 1), "[[[", "no object")
    hub.take([replace(leave, record=readable), replace(leave, record=nonsense)])
    unread = hub.stints()[1]

    status = main(["rebuild"])

    assert status == 0
    assert "could not be read when they came, and can be now: 1\n" in capsys.readouterr().out
    assert unread == ("p2", "09:00", "11:30", "assumed")
    assert hub.stints()[1] == ("p2", "09:00", "11:00", "leave")
    assert main(["rebuild", "--check"]) == 0


def test_a_message_that_an_older_version_could_not_read_gives_the_records_that_are_missing(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    story = a_morning()
    tap_at(story, "10:45", Action.ARRIVE, person=99)
    tap_at(story, "11:00", Action.LEAVE, person=2)
    *_, again, leave = story.written
    store_through(hub, "K-01-1", again.record.seq)
    put_messages_aside(hub, journal_of(again, leave), "[[[")

    status = main(["rebuild"])

    assert status == 0
    assert "could not be read when they came, and can be now: 1\n" in capsys.readouterr().out
    assert hub.stints()[1] == ("p2", "09:00", "11:00", "leave")
    assert [run["through"] for run in hub.rows(RUN)] == [leave.record.seq]
    assert [row["found"] for row in hub.rows(table_of(Quarantine))] == ["[[["]
    assert main(["rebuild", "--check"]) == 0


def test_a_message_of_a_run_that_nothing_else_is_stored_of_is_stored_once(hub: LedgerBench) -> None:
    story = a_working_day("K-02-1", "S-02")
    put_messages_aside(hub, journal_of(*story.written))

    main(["rebuild"])
    main(["rebuild"])

    assert sorted(row["through"] for row in hub.rows(RUN)) == [0, 2]
    assert len(hub.rows(RECORD)) == 6 + len(story.written)


def journal_of(*written: Written) -> tuple[str, bytes]:
    """The topic and bytes of a journal message."""
    first = written[0]
    message = Journal(
        session=Session("5" * 16), n=1, epoch=first.epoch, first=first.record.seq, kept_from=Seq(1),
        records=tuple(one.record for one in written),
    )  # fmt: skip
    return topics.journal(first.station, first.kiosk), encode(message)


def put_messages_aside(hub: LedgerBench, journal: tuple[str, bytes], *others: str) -> None:
    """As an older version did that could not read them."""
    topic, payload = journal
    aside = [
        Aside(why=FindingKind.UNREADABLE, topic=topic, reason="an older version's", found=found, digest=found)
        for found in (payload.decode(), *others)
    ]
    with hub.engine.begin() as connection:
        put_aside(connection, aside, ms_of(BEGAN) + 86_400_000)


def test_a_hub_that_serves_must_be_stopped_before_a_rebuild(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(hub, "DELETE FROM stint WHERE person = 'p1'")
    before = hub.everything()

    with sole_hub(hub.engine):
        status = main(["rebuild"])

    assert status == 1
    assert "serves" in capsys.readouterr().err
    assert hub.everything() == before


def test_records_that_the_ledger_has_not_come_to_are_not_compared(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    story = a_morning()
    tap_at(story, "10:45", Action.ARRIVE, person=99)
    tap_at(story, "11:00", Action.LEAVE, person=2)
    hub.store(story.written[-1:])

    status = main(["rebuild", "--check"])

    told = capsys.readouterr()
    assert status == 0
    assert "from 6 records" in told.out
    assert told.err == "runs with newer records, which the ledger has not come to yet: 1\n"


def test_an_import_that_is_not_followed_yet_is_waited_for_and_told(
    hub: LedgerBench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(command.time, "sleep", waited.append)
    monkeypatch.setattr(command.time, "monotonic", lambda: 20.0 * len(waited))
    raise_edition(hub.engine)

    with sole_hub(hub.engine):
        status = main(["rebuild", "--check"])

    assert (status, len(waited)) == (1, 2)
    assert "does not follow the latest import yet" in capsys.readouterr().err


def test_what_no_hub_will_come_to_is_not_waited_for(hub: LedgerBench, capsys: pytest.CaptureFixture[str]) -> None:
    raise_edition(hub.engine)

    status = main(["rebuild", "--check"])

    assert status == 1
    assert f"and none serves {place_of(hub.engine)} now: start it" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["rebuild", "--check"], ["rebuild"]])
def test_an_interrupt_ends_it_without_a_traceback(
    words: list[str], hub: LedgerBench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "check", interrupt)
    monkeypatch.setattr(command, "rebuild", interrupt)

    assert main(words) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_no_database_is_a_fault_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZAIGANG_HUB_DATA_DIR", str(tmp_path / "elsewhere"))

    status = main(["rebuild", "--check"])

    assert status == EXIT_CONFIG
    assert "there is no database at" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()


def test_the_console_command_checks_and_ends_its_help_with_an_example(hub: LedgerBench, tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("zaigang-hub")
    environ = {"ZAIGANG_HUB_DATABASE": hub.engine.url.render_as_string(), "PATH": ""}

    checked = subprocess.run([script, "rebuild", "--check"], env=environ, capture_output=True, text=True, check=False)
    helped = subprocess.run([script, "rebuild", "--help"], env=environ, capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert helped.stdout.rstrip().splitlines()[-1] == "  zaigang-hub rebuild --check --config /etc/zaigang/hub.toml"


def test_rows_of_the_board_at_moments_of_any_day_are_compared(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(hub, "UPDATE stint SET counts_from_ms = NULL WHERE person = 'p1'")

    status = main(["rebuild", "--check"])

    told = capsys.readouterr().out
    assert status == 1
    assert ": board: the ledger has " in told


def test_coverage_that_somebody_wrote_into_is_told_with_its_day(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, "2026-03-06T10:00+08:00")
    CoverageBench(hub, "2026-03-06 10:00").catch_up()
    assert main(["rebuild", "--check"]) == 0
    capsys.readouterr()

    spoil(hub, "UPDATE coverage_day SET met_ms = met_ms + 1 WHERE station = 'S-01' AND day = '2026-03-05'")

    assert main(["rebuild", "--check"]) == 1
    assert "S-01 2026-03-05 coverage: met_ms: kept " in capsys.readouterr().out


def test_a_ledger_made_anew_lets_every_day_be_reckoned_again(hub: LedgerBench) -> None:
    bench = CoverageBench(hub, "2026-03-06 10:00")
    bench.catch_up()
    spoil(hub, "UPDATE coverage_day SET met_ms = met_ms + 1 WHERE station = 'S-01' AND day = '2026-03-05'")

    assert main(["rebuild"]) == 0

    bench.restart()
    bench.catch_up()
    assert bench.differences() == []


KEPT_BESIDE = pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE ledger_station SET terms = '1 {}' WHERE station = 'S-02'"], "S-02: it is not noted by which terms"),
        (["DELETE FROM ledger_station WHERE station = 'S-01'"], "S-01: it is not noted by which terms it is folded"),
        (["DELETE FROM coverage_day"], "S-01 2026-03-05 coverage: nothing is kept of this day"),
        (
            ["DELETE FROM coverage_day", "DELETE FROM coverage_month", "DELETE FROM coverage_gap"],
            "S-01 2026-03-06 coverage: nothing is kept of this day",
        ),
        (
            ["UPDATE coverage_gap SET day = '2026-02-27'"],
            "S-01 2026-02-27 coverage: gaps are kept of a day that is not",
        ),
        (
            ["UPDATE coverage_month SET station = 'S-99'"],
            "S-99 coverage: days are kept of a station that is not entered",
        ),
    ],
)


@KEPT_BESIDE
def test_what_is_kept_beside_the_rows_is_looked_at_too(
    hub: LedgerBench,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    statements: list[str],
    said: str,
) -> None:
    set_clock(monkeypatch, "2026-03-06T10:00+08:00")
    CoverageBench(hub, "2026-03-06 10:00").catch_up()
    assert main(["rebuild", "--check"]) == 0
    capsys.readouterr()

    with hub.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)

    assert main(["rebuild", "--check"]) == 1
    assert any(line.startswith(said) for line in capsys.readouterr().out.splitlines())


@KEPT_BESIDE
def test_what_differs_beside_the_rows_is_told_in_chinese_where_the_terminal_is(
    hub: LedgerBench,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    statements: list[str],
    said: str,
) -> None:
    del said  # in English
    set_clock(monkeypatch, "2026-03-06T10:00+08:00")
    CoverageBench(hub, "2026-03-06 10:00").catch_up()
    with hub.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)

    assert chinese_of(capsys, monkeypatch) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stint SET ended_ms = ended_ms + 60000 WHERE person = 'p1'", "DELETE FROM stint WHERE person = 'p1'",
        f"UPDATE ledger_tap SET token = '{token_of(98)}' WHERE seq = 3",
        f"UPDATE ledger_card SET held = '' WHERE token = '{token_of(1)}'",
        "UPDATE ledger_run SET last_seq = last_seq - 1", "UPDATE stint SET person = 'p7' WHERE person = 'p1'",
    ],
)  # fmt: skip
def test_a_row_that_differs_is_told_in_chinese_where_the_terminal_is(
    hub: LedgerBench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    spoil(hub, statement)

    assert chinese_of(capsys, monkeypatch) == []


def chinese_of(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines of a check at a Chinese terminal that have English in them; there are some lines at all."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["rebuild", "--check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1
    return [
        line for line in lines if re.search(r"\b(the|ledger|records?|have|has|kept|made|coverage|is|since)\b", line)
    ]
