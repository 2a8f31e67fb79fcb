"""What is kept for a time is gone after it, in small pieces, and nothing else is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import event, func, insert, select
from sqlmodel import col

from hub.accounts import accounts, limits, passkeys, sessions
from hub.accounts.access_log import log_access, read_access
from hub.clearing import EVERY_S, PIECE, Clearing
from hub.config import KeepConfig
from hub.database.account_tables import (
    AccessRow,
    DoorRow,
    InvitationRow,
    KnownLine,
    PasskeyChallenge,
    SessionRow,
    TryRow,
)
from hub.database.alarm_tables import AlarmRow, ChannelRow, MessageRow
from hub.database.import_tables import ImportedRow, ImportRow
from hub.database.transactions import reading, table_of, writing
from hub.rights import Grant, Role

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import SQLModel

DAY_MS = 86_400_000
NOW_MS = 1_700_000_000_000
HALF_A_YEAR = KeepConfig(access_days=183)


def clearing(engine: Engine, keep: KeepConfig = HALF_A_YEAR, now_ms: int = NOW_MS) -> Clearing:
    return Clearing(engine, keep, lambda: now_ms, lambda: now_ms)


def cleared(engine: Engine, keep: KeepConfig = HALF_A_YEAR) -> int:
    """Take all away that is due, and say how many rows that were."""
    whole = clearing(engine, keep)
    while whole.work() < EVERY_S:
        pass
    return whole.gone


def count(engine: Engine, model: type[SQLModel]) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar_one())


def note(engine: Engine, at_ms: int, times: int = 1) -> None:
    with writing(engine) as connection:
        for n in range(times):
            log_access(connection, "li", "looked_at_person", f"p{n}", "", now_ms=at_ms)


def test_the_log_of_access_is_kept_so_long_and_no_longer(engine: Engine) -> None:
    before_ms = NOW_MS - 183 * DAY_MS
    note(engine, before_ms - 1, 2 * PIECE + 7)
    note(engine, before_ms)
    note(engine, NOW_MS)

    assert cleared(engine) == 2 * PIECE + 7

    with reading(engine) as connection:
        assert [line.at_ms for line in read_access(connection, 9)] == [NOW_MS, before_ms]
    assert cleared(engine) == 0
    assert cleared(engine, KeepConfig(access_days=365)) == 0


def test_it_is_taken_away_a_small_piece_at_a_time(engine: Engine) -> None:
    note(engine, 0, 3 * PIECE)
    pieces: list[int] = []

    @event.listens_for(engine, "after_cursor_execute")
    def see(_connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE FROM access"):
            pieces.append(getattr(cursor, "rowcount", 0))

    @event.listens_for(engine, "commit")
    def end(_connection: object) -> None:
        pieces.append(0)

    cleared(engine)

    deleted = [one for one in pieces if one]
    assert deleted == [PIECE] * 3
    assert all(after == 0 for one, after in pairwise(pieces) if one)


def test_taking_away_holds_no_tap_up(engine: Engine) -> None:
    """Between two pieces somebody else's transaction begins and ends."""
    note(engine, 0, 3 * PIECE)
    beginning = clearing(engine)

    assert 0 < beginning.work() < EVERY_S
    note(engine, NOW_MS)  # would wait for ever within the piece's own transaction

    assert count(engine, AccessRow) == 2 * PIECE + 1


def test_what_lets_nobody_in_any_more_is_gone_within_the_hour(engine: Engine) -> None:
    grant = Grant(Role.SCREEN)
    with writing(engine) as connection:
        accounts.invite(connection, "li", [Grant(Role.CITY)], by="root", now_ms=NOW_MS - 4 * DAY_MS)
        accounts.invite(connection, "wang", [Grant(Role.CITY)], by="root", now_ms=NOW_MS)
        li, wang = (accounts.account_named(connection, name, NOW_MS) for name in ("li", "wang"))
        assert li is not None
        assert wang is not None
        for account, is_whole, at_ms in (
            (li, False, NOW_MS - 11 * 60_000), (wang, True, NOW_MS - 3_600_000), (wang, False, NOW_MS - 60_000),
        ):  # fmt: skip
            sessions.begin_session(connection, account.id, is_whole=is_whole, browser="", address="", now_ms=at_ms)
        sessions.open_door(connection, "old", grant, by="root", now_ms=0, until_ms=NOW_MS - 200 * DAY_MS)
        sessions.open_door(connection, "shut lately", grant, by="root", now_ms=0, until_ms=NOW_MS - 1)
        sessions.open_door(connection, "open", grant, by="root", now_ms=0)
        for at_ms, name in ((NOW_MS - 2 * 3_600_000, "li"), (NOW_MS, "wang")):
            limits.count_failure(connection, name, f"192.0.2.{len(name)}", at_ms)
        connection.execute(insert(KnownLine).values(proof="old", last_ms=NOW_MS - 91 * DAY_MS))
        connection.execute(insert(KnownLine).values(proof="new", last_ms=NOW_MS))
        passkeys.new_challenge(connection, "old", "192.0.2.1", NOW_MS - DAY_MS)
    with writing(engine) as connection:
        connection.execute(insert(TryRow).values(proof="long ago", failures=3, last_ms=NOW_MS - 2 * 3_600_000))

    assert cleared(engine) > 0

    left = {model: count(engine, model) for model in (
        SessionRow, InvitationRow, DoorRow, TryRow, KnownLine, PasskeyChallenge,
    )}  # fmt: skip
    assert left == {SessionRow: 2, InvitationRow: 1, DoorRow: 2, TryRow: 2, KnownLine: 1, PasskeyChallenge: 0}


def test_names_that_an_import_brought_are_not_kept_to_undo_it_for_ever(engine: Engine) -> None:
    def imported(at_ms: int, rows: int) -> None:
        with writing(engine) as connection:
            made = connection.execute(insert(ImportRow).values(at_ms=at_ms, by="li", files="", forms=""))
            number = made.inserted_primary_key[0]  # type: ignore[index]  # it has one
            row = {"import_number": number, "edition": 1, "table": "volunteer", "before": "", "after": "{}"}
            connection.execute(insert(ImportedRow), [{**row, "place": place} for place in range(rows)])

    imported(NOW_MS - 8 * DAY_MS, PIECE + 3)
    imported(NOW_MS - 6 * DAY_MS, 2)

    assert cleared(engine) == PIECE + 3

    assert count(engine, ImportRow) == 2  # that there were two is no secret
    assert count(engine, ImportedRow) == 2


def test_what_channels_were_told_is_kept_so_long_and_no_longer(engine: Engine) -> None:
    before_ms = NOW_MS - 183 * DAY_MS
    alarm = {
        "station": "S-01", "matter": "duty", "lack": "vacant", "level": 1, "since_ms": 0, "raised_ms": 0, "on_duty": 0,
        "wanted": 1, "over_ms": 1, "ending": "met",
    }  # fmt: skip

    def told(made_ms: int, due_ms: int | None = None, times: int = 1) -> None:
        with writing(engine) as connection:
            rows = [
                {"alarm": 1, "channel": "leads", "what": "raised", "on_duty": 0, "wanted": 1, "made_ms": made_ms,
                 "due_ms": due_ms, "answer": ""}
            ]  # fmt: skip
            connection.execute(insert(MessageRow), rows * times)

    with writing(engine) as connection:
        connection.execute(insert(ChannelRow).values(name="leads", sort="wecom", address="x", by="li", made_ms=0))
        connection.execute(insert(AlarmRow).values(**alarm))
    told(before_ms - 1, due_ms=NOW_MS)
    told(before_ms - 1, times=2 * PIECE + 7)
    told(before_ms)
    told(NOW_MS)

    gone = sum(cleared(engine) for _ in range(3))

    assert gone == 2 * PIECE + 7
    with reading(engine) as connection:
        left = connection.execute(select(col(MessageRow.made_ms)).order_by(col(MessageRow.number))).scalars().all()
    assert left == [before_ms - 1, before_ms, NOW_MS], "what is on its way is kept, however old"
    assert count(engine, AlarmRow) == 1
    assert cleared(engine, KeepConfig(access_days=365)) == 0
