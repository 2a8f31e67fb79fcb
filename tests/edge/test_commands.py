"""What the hub asks of a kiosk is done once, whatever comes twice, late or spoilt, and whatever becomes of the power."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.commands import Commands, Doer
from edge.order_book import FILE, REMEMBERED, OrderBook
from edge.timekeeping import Stamp
from station.errors import WireError
from station.records import ClockState
from station.wire.messages import Command, Reply

NOW = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(at=NOW, clock=ClockState.SYNCED):
    return Stamp(at, clock, "boot-1", 1000)


def command(id_="c-1", name="count", **args):
    return Command(id_, NOW + timedelta(minutes=5), name, args)


class Counting(Doer):
    """Counts how often it was begun, and ends when it is told to, or at once."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.orders = []
        self._at_once = at_once

    def begin(self, order) -> None:
        self.orders.append(order)
        if self._at_once:
            order.done("counted", number=str(len(self.orders)))


class Failing(Doer):
    def begin(self, order) -> None:
        raise RuntimeError("a fault of ours")


def obey(commands, *asked, at=None):
    for each in asked:
        commands.obey(each, at or stamp())
    return commands.replies()


def test_what_is_asked_is_done_and_answered_with_what_was_found(tmp_path):
    doer = Counting()

    replies = obey(Commands({"count": doer}, OrderBook(tmp_path)), command(way="left"))

    assert replies == [Reply("c-1", ok=True, text="counted", found={"number": "1"})]
    assert doer.orders[0].args == {"way": "left"}


def test_a_repeated_command_is_answered_again_and_not_done_again(tmp_path):
    doer = Counting()
    commands = Commands({"count": doer}, OrderBook(tmp_path))

    first = obey(commands, command())

    assert obey(commands, command()) == obey(commands, command()) == first
    assert len(doer.orders) == 1


def test_nor_is_it_done_again_after_a_restart_of_the_agent(tmp_path):
    first = obey(Commands({"count": Counting()}, OrderBook(tmp_path)), command())

    doer = Counting()
    commands = Commands({"count": doer}, OrderBook(tmp_path))

    assert obey(commands, command()) == first
    assert not doer.orders


def test_one_that_the_power_cut_off_is_not_begun_again_and_says_so(tmp_path):
    obey(Commands({"count": Counting(at_once=False)}, OrderBook(tmp_path)), command())

    doer = Counting()
    commands = Commands({"count": doer}, OrderBook(tmp_path))

    assert commands.replies() == [Reply("c-1", ok=False, text="interrupted")]
    assert not doer.orders


def test_one_that_this_version_does_not_know_any_more_ends_as_interrupted(tmp_path):
    obey(Commands({"count": Counting(at_once=False)}, OrderBook(tmp_path)), command())

    assert Commands({}, OrderBook(tmp_path)).replies() == [Reply("c-1", ok=False, text="interrupted")]


def test_one_that_takes_its_time_is_under_way_and_ends_once(tmp_path):
    doer = Counting(at_once=False)
    commands = Commands({"count": doer}, OrderBook(tmp_path))

    assert obey(commands, command()) == [Reply("c-1", ok=True, more=True)]
    doer.orders[0].done("late")
    doer.orders[0].refuse("too late to say no")

    assert commands.has_replies
    assert commands.replies() == [Reply("c-1", ok=True, text="late")]
    assert obey(commands, command()) == [Reply("c-1", ok=True, text="late")]


def test_an_expired_one_has_no_effect(tmp_path):
    doer = Counting()
    late = stamp(NOW + timedelta(minutes=6))

    assert obey(Commands({"count": doer}, OrderBook(tmp_path)), command(), at=late) == [
        Reply("c-1", ok=False, text="expired")
    ]
    assert not doer.orders


def test_a_clock_that_nobody_trusts_calls_nothing_expired(tmp_path):
    ahead = stamp(NOW + timedelta(days=900), ClockState.UNSET)

    assert obey(Commands({"count": Counting()}, OrderBook(tmp_path)), command(), at=ahead)[0].ok


def test_an_unknown_one_and_one_that_fails_are_answered(tmp_path):
    commands = Commands({"fail": Failing()}, OrderBook(tmp_path))

    assert obey(commands, command(name="dance")) == [Reply("c-1", ok=False, text="unknown command dance")]
    assert obey(commands, command("c-2", name="fail")) == [Reply("c-2", ok=False, text="failed; see the kiosk's log")]


@pytest.mark.parametrize("id_", ["", "a b", "x" * 33, "../../etc"])
def test_one_without_a_name_is_no_command(tmp_path, id_):
    with pytest.raises(WireError):
        obey(Commands({"count": Counting()}, OrderBook(tmp_path)), command(id_))


def test_what_cannot_be_written_down_is_not_begun_and_may_be_asked_again(tmp_path):
    doer = Counting()
    folder = tmp_path / "gone"
    commands = Commands({"count": doer}, OrderBook(folder))

    assert obey(commands, command()) == [Reply("c-1", ok=False, text="the disk takes nothing")]
    assert not doer.orders

    folder.mkdir()
    assert obey(commands, command())[0].ok


def test_a_kiosk_that_can_store_nothing_does_nothing():
    assert obey(Commands({"count": Counting()}), command()) == [
        Reply("c-1", ok=False, text="nothing can be stored here now")
    ]


def test_the_latest_are_remembered_and_the_file_stays_small(tmp_path):
    commands = Commands({"count": Counting()}, OrderBook(tmp_path))
    obey(commands, *(command(f"c-{number}") for number in range(3 * REMEMBERED)))

    book = OrderBook(tmp_path)

    assert book.find("c-0") is None
    assert book.find(f"c-{3 * REMEMBERED - 1}") is not None
    assert (tmp_path / FILE).stat().st_size < 64 * 1024
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@given(st.binary(max_size=60) | st.sampled_from([b"[]", b"{}", b'[{"command":{}}]', b"[1]"]))
def test_a_spoilt_file_is_an_empty_one(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("spoilt")
    (folder / FILE).write_bytes(content)

    assert not OrderBook(folder).unended()


@given(st.lists(st.sampled_from(["c-1", "c-2", "restart", "end"]), max_size=12))
def test_in_any_order_with_restarts_nothing_is_begun_twice(tmp_path_factory, steps):
    folder, begun = tmp_path_factory.mktemp("orders"), []
    doer = Counting(at_once=False)
    commands = Commands({"count": doer}, OrderBook(folder))
    for step in steps:
        if step == "restart":
            begun += [order.id for order in doer.orders]
            doer = Counting(at_once=False)
            commands = Commands({"count": doer}, OrderBook(folder))
        elif step == "end":
            for order in doer.orders:
                order.done()
        else:
            obey(commands, command(step))
    begun += [order.id for order in doer.orders]

    assert len(begun) == len(set(begun))
