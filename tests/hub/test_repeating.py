"""A thread of the hub outlives what fails in it, says so once, and rests as long as its work says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from hub.database.transactions import StoreTroubleError
from hub.repeating import Repeating
from tests.patience import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

FOR_EVER_S = 3600.0


class Work:
    """Fails as often as it is told to, then rests for good."""

    def __init__(self) -> None:
        self.failing: list[Exception] = []
        self.done = 0

    def __call__(self) -> float:
        if self.failing:
            raise self.failing.pop()
        self.done += 1
        return FOR_EVER_S


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def repeating(work: Work, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repeating]:
    monkeypatch.setattr("hub.repeating.AGAIN_S", 0.0)
    repeating = Repeating("hub trial", work, "nothing is tried")
    yield repeating
    repeating.stop()
    assert not repeating.thread.is_alive()


@pytest.mark.parametrize("trouble", [StoreTroubleError("the database is away"), KeyError("what nobody thought of")])
def test_it_goes_on_after_what_fails_and_tells_of_it_once(
    repeating: Repeating, work: Work, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    work.failing = [trouble] * 3

    with caplog.at_level(logging.WARNING):
        repeating.start()
        assert eventually(lambda: work.done == 1)

    assert [record.getMessage().partition(":")[0].partition(";")[0] for record in caplog.records] == [
        "nothing is tried"
    ]


def test_who_rests_for_long_ends_at_once(repeating: Repeating, work: Work) -> None:
    repeating.start()
    assert eventually(lambda: work.done == 1)

    repeating.stop()

    assert work.done == 1


def test_one_that_was_never_started_can_be_ended(repeating: Repeating) -> None:
    repeating.stop()

    assert not repeating.thread.is_alive()
