"""Long work lets others have their turn, and loses nothing of what it goes through."""

import time

import pytest

from hub.giving_way import PIECE_S, REST, giving_way


class Worked:
    """The processor's time of a thread, and how long it slept."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.rests: list[float] = []


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Worked:
    found = Worked()
    monkeypatch.setattr(time, "thread_time", lambda: found.now_s)
    monkeypatch.setattr(time, "sleep", found.rests.append)
    return found


def test_it_rests_after_each_piece_in_proportion(worked: Worked) -> None:
    seen = []

    for one in giving_way(range(10)):
        seen.append(one)
        worked.now_s += PIECE_S / 2

    assert seen == list(range(10))
    assert worked.rests == pytest.approx([PIECE_S * REST] * 5)


def test_what_is_soon_done_rests_never(worked: Worked) -> None:
    assert list(giving_way(range(1000))) == list(range(1000))
    assert worked.rests == []
