"""`update`: the agent wishes by a file while its station is at rest, and says what the updater found."""

import json
from dataclasses import replace

import pytest

from edge.commands import Commands
from edge.order_book import OrderBook
from edge.updating import NAME, OPEN, RESULT, WISH, UpdateWish
from edge.wellness import FILE, Wellness
from station.hours import DAY_MINUTES, Span
from station.wire.messages import Command
from tests.edge.rig import THURSDAY, Bench, duty


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.tell(duty())
    made.kiosk.tend()
    yield made
    made.close()


class Asked:
    def __init__(self, bench: Bench) -> None:
        self.doer = UpdateWish(bench.path, bench.kiosk.known_calendar, bench.kiosk.known_now)
        self.commands = Commands({NAME: self.doer}, OrderBook(bench.path))
        self.bench = bench

    def ask(self, **more):
        command = Command("u-1", THURSDAY.replace(year=2027), NAME, {"version": "1.2.0", **more})
        self.commands.obey(command, self.bench.kiosk.health().stamp)
        (reply,) = self.commands.replies()
        return reply


def test_in_opening_hours_nothing_is_wished_for(bench):
    bench.hands.go_to("09:00")

    reply = Asked(bench).ask()

    assert (reply.ok, reply.text) == (False, OPEN)
    assert not (bench.path / WISH).exists()


def test_in_opening_hours_it_is_wished_for_where_a_person_wants_it_now(bench):
    bench.hands.go_to("09:00")

    assert Asked(bench).ask(open="yes").more


def test_at_a_station_that_never_closes_the_hubs_moment_is_the_kiosks(bench):
    bench.tell(replace(duty(version=2), weekly=((Span(0, DAY_MINUTES),),) * 7))
    bench.kiosk.tend()
    bench.hands.go_to("09:00")

    assert Asked(bench).ask().more


@pytest.mark.parametrize(("ok", "text"), [(True, ""), (False, "the reader does not answer; 1.1.0 is back at work")])
def test_at_rest_it_is_wished_for_and_what_came_of_it_is_said_by_whichever_version_is_at_work_then(bench, ok, text):
    bench.hands.go_to("20:00")
    assert Asked(bench).ask().more
    assert json.loads((bench.path / WISH).read_bytes()) == {"version": "1.2.0"}

    after = Asked(bench)  # another agent, with the same book
    (bench.path / RESULT).write_text(json.dumps({"version": "1.2.0", "ok": ok, "text": text}))
    after.doer.tend()

    (reply,) = after.commands.replies()
    assert (reply.ok, reply.more, reply.text) == (ok, False, text if ok else f"failed: {text}")
    assert not (bench.path / RESULT).exists()


def test_a_version_proves_itself_by_a_file_that_says_what_works(bench):
    wellness = Wellness(bench.path, "1.2.0")
    wellness.keep(bench.kiosk.health(), is_stored=True, is_settled=False)
    assert json.loads((bench.path / FILE).read_bytes())["settled"] is False

    wellness.keep(bench.kiosk.health(), is_stored=True, is_settled=True)

    assert json.loads((bench.path / FILE).read_bytes()) == {
        "version": "1.2.0", "journal": True, "reader": True, "settled": True,
    }  # fmt: skip
