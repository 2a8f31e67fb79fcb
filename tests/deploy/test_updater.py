"""A version that has proved itself is watched until its ten minutes are over."""

from collections.abc import Callable

import pytest

from deploy.kiosk.updater import __main__ as updater

WELL = {"version": "2", "journal": True, "reader": True, "settled": True}


class Watched:
    """A kiosk's ten minutes, told second by second."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.said: Callable[[float], dict[str, object]] = lambda now_s: WELL
        self.ends: Callable[[float], int] = lambda now_s: 7  # of earlier days

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    made = Watched()
    monkeypatch.setattr(updater, "time", made)
    monkeypatch.setattr(updater, "how_it_is", lambda: made.said(made.now_s))
    monkeypatch.setattr(updater, "ends_of_agent", lambda: made.ends(made.now_s))
    return made


def test_one_that_goes_on_is_kept_when_its_ten_minutes_are_over(watched: Watched) -> None:
    watched.said = lambda now_s: WELL | {"settled": now_s < 200}  # the hub is away: nothing of the version's

    assert updater.why_not_any_more("2", updater.WATCHED_S) == ""
    assert watched.now_s == updater.WATCHED_S


@pytest.mark.parametrize("what", ["reader", "journal"])
def test_one_that_ceases_to_work_in_the_eighth_minute_is_not(watched: Watched, what: str) -> None:
    watched.said = lambda now_s: WELL | {what: now_s < 480}

    assert updater.why_not_any_more("2", updater.WATCHED_S) == f"{updater.REASONS[what]} any more"


def test_a_reader_that_was_away_for_a_moment_is_none_of_it(watched: Watched) -> None:
    watched.said = lambda now_s: WELL | {"reader": not 590 < now_s < 620}

    assert updater.why_not_any_more("2", updater.WATCHED_S) == ""


def test_an_agent_that_ends_again_and_again_is_not_kept(watched: Watched) -> None:
    watched.ends = lambda now_s: 7 + int(now_s > 300) * int(now_s // 60)

    assert updater.why_not_any_more("2", updater.WATCHED_S) == "its agent ended more than 3 times"


def test_an_agent_that_was_asked_to_begin_anew_is(watched: Watched) -> None:
    watched.ends = lambda now_s: 7 + (now_s > 595)
    watched.said = lambda now_s: {} if 595 < now_s < 605 else WELL

    assert updater.why_not_any_more("2", updater.WATCHED_S) == ""


def test_an_agent_that_never_comes_back_is_not_kept(watched: Watched) -> None:
    watched.said = lambda now_s: WELL if now_s < 480 else {}

    assert updater.why_not_any_more("2", updater.WATCHED_S)
