"""The outbox over kill -9: nothing is lost, and nothing repeated but what was on its way, under the same id."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlmodel import col, select

from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.web_hook import new_secret
from hub.database.alarm_tables import MessageRow
from hub.database.transactions import reading, writing
from hub.rights import WHOLE_CITY
from simulator.robot_server import RobotServer, robot_server
from station.clock import read_clock
from station.milliseconds import ms_of
from tests.hub.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

MANY, MOST_KILLS = 60, 8


def post(engine: Engine, url: str, count: int) -> None:
    """So many messages for one web hook."""
    now_ms = ms_of(read_clock({}).now())
    row = {"channel": "hook", "what": "raised", "on_duty": 0, "wanted": 1, "made_ms": now_ms, "due_ms": now_ms}
    with writing(engine) as connection:
        told = SoundAddress(Sort.WEB_HOOK, url, new_secret(), ())
        Actor(connection, "clerk", 0).enter_channel("hook", told, WHOLE_CITY, tells_short=False)
        connection.execute(insert(MessageRow), [row] * count)


@contextmanager
def postman(engine: Engine) -> Iterator[None]:
    """One that runs until it is killed."""
    url = engine.url.render_as_string(hide_password=False)
    one = subprocess.Popen([sys.executable, "-m", "tests.hub.alarms.killed_postman", url])
    try:
        yield
    finally:
        one.kill()
        one.wait()


def ids(server: RobotServer) -> list[str]:
    return [asked.headers["webhook-id"] for asked in server.asked]


def is_all_sent(engine: Engine) -> bool:
    with reading(engine) as connection:
        unsent = select(MessageRow).where(col(MessageRow.sent_ms).is_(None))
        return connection.execute(unsent).first() is None


def wait_for_more(engine: Engine, server: RobotServer, count: int) -> None:
    until(lambda: len(server.asked) >= count or is_all_sent(engine))


def test_who_is_killed_between_an_answer_and_its_note_sends_that_once_more_under_its_id(engine: Engine) -> None:
    with robot_server("late") as server:
        post(engine, server.url, 1)
        with postman(engine):
            until(lambda: server.asked)
        server.answers[:] = [(204, "")]
        with postman(engine):
            until(lambda: is_all_sent(engine))

    assert ids(server) == ["msg_1", "msg_1"]


def test_no_message_is_lost_or_repeated_by_a_postman_that_is_killed_again_and_again(engine: Engine) -> None:
    kills = 0
    with robot_server((204, "")) as server:
        post(engine, server.url, MANY)
        while kills < MOST_KILLS and not is_all_sent(engine):
            seen = len(server.asked)
            with postman(engine):
                wait_for_more(engine, server, seen + MANY // 4)
            kills += 1

    times = Counter(ids(server))
    assert times.keys() == {f"msg_{number}" for number in range(1, MANY + 1)}
    assert times.total() - MANY <= kills  # of a channel one message is on its way at a time
    assert 2 <= kills < MOST_KILLS
