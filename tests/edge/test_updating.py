"""`update`: the agent wishes by a file while its station is at rest, and says what the updater found."""

import json
from dataclasses import replace

import pytest

from edge.commands import Commands
from edge.order_book import OrderBook
from edge.updating import NAME, OPEN, RESULT, WISH, UpdateWish
from edge.wellness import FILE, LASTS_S, Wellness
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

    def ask(self, id_="u-1", **more):
        command = Command(id_, THURSDAY.replace(year=2027), NAME, {"version": "1.2.0", **more})
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
    assert json.loads((bench.path / WISH).read_bytes()) == {"version": "1.2.0", "order": "u-1"}

    after = Asked(bench)  # another agent, with the same book
    (bench.path / RESULT).write_text(json.dumps({"version": "1.2.0", "ok": ok, "text": text}))
    after.doer.tend()

    (reply,) = after.commands.replies()
    assert (reply.ok, reply.more, reply.text) == (ok, False, text if ok else f"failed: {text}")
    assert not (bench.path / RESULT).exists()


def say(bench, doer, **result):
    (bench.path / RESULT).write_text(json.dumps(result))
    doer.tend()


def test_what_came_of_one_is_no_answer_to_the_next_that_was_ordered_meanwhile(bench):
    bench.hands.go_to("20:00")
    asked = Asked(bench)
    asked.ask("u-1")
    asked.ask("u-2", version="1.3.0")

    say(bench, asked.doer, version="1.2.0", ok=False, text="the reader does not answer", order="u-1")
    assert [(each.id, each.text) for each in asked.commands.replies()] == [
        ("u-1", "failed: the reader does not answer")
    ]

    say(bench, asked.doer, version="1.3.0", ok=True, text="", order="u-2")
    assert [(each.id, each.ok) for each in asked.commands.replies()] == [("u-2", True)]


def test_one_that_another_has_overtaken_does_not_stay_under_way_for_ever(bench):
    bench.hands.go_to("20:00")
    asked = Asked(bench)
    asked.ask("u-1")
    asked.ask("u-2")  # its wish lies where the first one's lay

    say(bench, asked.doer, version="1.2.0", ok=True, text="", order="u-2")

    assert [(each.id, each.ok) for each in asked.commands.replies()] == [("u-1", False), ("u-2", True)]


def test_a_result_that_nobody_here_ordered_answers_nobody(bench):
    bench.hands.go_to("20:00")
    asked = Asked(bench)
    asked.ask()

    say(bench, asked.doer, version="1.1.5", ok=True, text="", order="")  # from a stick

    assert asked.commands.replies() == []


def test_what_the_version_is_not_to_blame_for_is_said_otherwise(bench):
    bench.hands.go_to("20:00")
    asked = Asked(bench)
    asked.ask()

    say(bench, asked.doer, version="1.1.0", ok=False, text="nothing can be fetched: no", order="u-1", not_now=True)

    assert [each.text for each in asked.commands.replies()] == ["not now: nothing can be fetched: no"]


@pytest.fixture
def wellness(bench):
    (bench.path / FILE).write_text('{"version": "1.1.0"}')
    return Wellness(bench.path, "1.2.0")


def well(bench) -> dict[str, object]:
    return json.loads((bench.path / FILE).read_bytes())


def test_a_version_proves_itself_by_a_file_that_says_what_works(bench, wellness):
    assert not (bench.path / FILE).exists()  # what another run has said is nothing of this one
    wellness.keep(bench.kiosk.health(), 0.0, is_stored=True, is_settled=False)
    assert well(bench)["settled"] is False

    wellness.keep(bench.kiosk.health(), 1.0, is_stored=True, is_settled=True)

    assert well(bench) == {"version": "1.2.0", "journal": True, "reader": True, "settled": True}


def test_what_ceases_to_work_is_said_for_a_quarter_of_an_hour_and_then_spares_the_card(bench, wellness):
    wellness.keep(bench.kiosk.health(), 0.0, is_stored=True, is_settled=True)
    wellness.keep(bench.kiosk.health(), LASTS_S, is_stored=False, is_settled=True)
    assert well(bench)["journal"] is False

    wellness.keep(bench.kiosk.health(), LASTS_S + 1, is_stored=True, is_settled=True)

    assert well(bench)["journal"] is False


def test_a_version_that_was_never_well_may_prove_itself_later_than_that(bench, wellness):
    wellness.keep(bench.kiosk.health(), 0.0, is_stored=True, is_settled=False)

    wellness.keep(bench.kiosk.health(), LASTS_S + 1, is_stored=True, is_settled=True)

    assert well(bench)["settled"] is True
