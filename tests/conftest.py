"""What holds for all tests."""

import gc
import logging
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.patience import eventually

# A machine that does other work too makes any deadline a coin toss; pytest's own timeout catches what hangs. What is
# checked must be the same each time: new examples are looked for on purpose, with `--hypothesis-profile explore`.
settings.register_profile(
    "zaigang", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("zaigang"), derandomize=False, print_blob=True)
settings.load_profile("zaigang")

OURS = ("button", "hub ", "link ", "reader ")  # an agent's threads and a hub's, all of which end with it
POOLS = ("hub backup reader", "hub channel")  # these wait for others, and for them nobody waits
LONG = ("tests/simulator/", "tests/whole/", "tests/deploy/", "tests/hub/whole/")


def pytest_configure(config: pytest.Config) -> None:
    """Let programs that tests start meet signals as in service: what runs beside a shell was told to ignore some.

    What is ignored is inherited; a handler is not.
    """
    config.args.sort(key=files_before_folders)
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, lambda *_: None)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def files_before_folders(named: str) -> list[tuple[bool, str]]:
    """In which order what the command line names is collected: a folder's own files before those of folders within.

    pytest 9.1 makes all folders within a folder anew for each file of it that is named by itself, and what a conftest
    gives is given to the folder that was made first: to a file named after that, it would be `fixture not found`.
    """
    *folders, last = Path(named.partition("::")[0]).parts
    return [*((True, folder) for folder in folders), (not last.endswith(".py"), last)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the rooms of long tests, else two workers wait in the end while the third has one of a minute."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage among what tests made alone: ten thousand tests and all modules are there until the end.

    And seldom, as a hub in service does: each that a test starts is many objects and few cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


@pytest.fixture(autouse=True)
def nothing_is_silenced() -> Iterator[None]:
    """A test that left the log switched off would let those after it hear nothing of theirs."""
    yield
    left = logging.root.manager.disable
    logging.disable(logging.NOTSET)
    assert left == logging.NOTSET, "the log was left switched off"


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """A thread that a test left behind would work on beside those after it, on files and ports that are no more its.

    What a fixture of wider scope started was there before the test.
    """
    before = set(threading.enumerate())

    def left() -> list[str]:
        found = set(threading.enumerate()) - before
        names = (each.name for each in found if each.name.startswith(OURS))
        return sorted(name for name in names if not name.startswith(POOLS))

    yield
    assert eventually(lambda: not left()), f"threads were left running: {', '.join(left())}"
