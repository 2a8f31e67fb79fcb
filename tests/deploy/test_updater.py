"""A version proves itself, and is watched until its ten minutes are over; whatever comes of it, the hub hears so."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.installing.commands import NotDone
from deploy.installing.files import link
from deploy.kiosk.installer import machine
from deploy.kiosk.updater import __main__ as updater
from deploy.kiosk.updater import between, judging, offers
from hub.fleet.kiosk_words import in_chinese
from tests.deploy.on_trial import WELL, Watched, at_work, on_trial, told, wish


def test_one_that_goes_on_is_kept_when_its_ten_minutes_are_over(watched: Watched) -> None:
    watched.said = lambda now_s: WELL | {"settled": now_s < 200}  # the hub is away: nothing of the version's

    assert judging.why_not_any_more("2", judging.WATCHED_S) == ""
    assert watched.now_s == judging.WATCHED_S


@pytest.mark.parametrize("what", ["reader", "journal"])
def test_one_that_ceases_to_work_in_the_eighth_minute_is_not(watched: Watched, what: str) -> None:
    watched.said = lambda now_s: WELL | {what: now_s < 480}

    assert judging.why_not_any_more("2", judging.WATCHED_S) == f"{judging.REASONS[what]} any more"


def test_a_reader_that_was_away_for_a_moment_is_none_of_it(watched: Watched) -> None:
    watched.said = lambda now_s: WELL | {"reader": not 590 < now_s < 620}

    assert judging.why_not_any_more("2", judging.WATCHED_S) == ""


def test_an_agent_that_ends_again_and_again_is_not_kept(watched: Watched) -> None:
    watched.ends = lambda now_s: 7 + int(now_s > 300) * int(now_s // 60)

    assert judging.why_not_any_more("2", judging.WATCHED_S) == "its agent ended more than 3 times"


def test_an_agent_that_was_asked_to_begin_anew_is(watched: Watched) -> None:
    watched.ends = lambda now_s: 7 + (now_s > 595)
    watched.said = lambda now_s: {} if 595 < now_s < 605 else WELL

    assert judging.why_not_any_more("2", judging.WATCHED_S) == ""


def test_an_agent_that_never_comes_back_is_not_kept(watched: Watched) -> None:
    watched.said = lambda now_s: WELL if now_s < 480 else {}

    assert judging.why_not_any_more("2", judging.WATCHED_S)


def test_what_was_wished_for_while_another_is_on_trial_is_not_answered_by_that_ones_end(
    place: Path, watched: Watched
) -> None:
    on_trial(place)
    wish(place, "u-2")
    watched.said = lambda now_s: WELL | {"version": "2.0.0", "reader": False}

    assert updater._update_and_tell(None)

    assert (told(place)["order"], told(place)["ok"], at_work(place)) == ("u-1", False, "1.0.0")
    assert json.loads((place / "data/wish").read_bytes())["order"] == "u-2"  # its turn is next


def test_an_updater_that_is_ended_before_the_trial_is_on_disk_goes_about_the_wish_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> Path:
        raise SystemExit  # as power does: nothing of what follows is done

    wish(place)
    monkeypatch.setattr(updater, "fetch", end)
    for _ in range(updater.MOST_TRIES):
        with pytest.raises(SystemExit):
            updater._update_and_tell(None)
        assert (place / "data/wish").exists()

    assert updater._update_and_tell(None)

    assert not (place / "data/wish").exists()
    assert told(place)["text"] == "the updater was ended in the middle of it, 3 times"


@pytest.mark.parametrize("fault", [NotDone("no"), OSError(28, "No space left"), KeyError("bundle"), RecursionError()])
def test_whatever_ends_the_updater_the_hub_hears_of_it_and_it_is_not_begun_anew_at_once(
    place: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_: object) -> Path:
        raise fault

    wish(place)
    monkeypatch.setattr(updater, "fetch", fail)

    assert updater._update_and_tell(None)

    assert not (place / "data/wish").exists()
    assert (told(place)["ok"], told(place)["not_now"], told(place)["order"]) == (False, False, "u-1")


def test_a_line_that_does_not_give_it_is_not_the_versions_fault(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Path:
        raise between.NotNow("nothing can be fetched: it broke")

    wish(place)
    monkeypatch.setattr(updater, "fetch", fail)

    assert updater._update_and_tell(None)

    assert told(place)["not_now"]


@pytest.mark.parametrize("is_in_reach", [True, False])
def test_a_hub_that_was_out_of_reach_all_the_while_is_not_the_versions_fault(
    place: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch, *, is_in_reach: bool
) -> None:
    on_trial(place)
    watched.said = lambda now_s: WELL | {"version": "2.0.0", "settled": False}
    monkeypatch.setattr(judging, "is_hub_in_reach", lambda: is_in_reach)

    assert updater._update_and_tell(None)

    assert (told(place)["not_now"], at_work(place)) == (not is_in_reach, "1.0.0")
    wanted = "the hub does not settle" if is_in_reach else "the hub was out of reach all the while"
    assert told(place)["text"] == f"{wanted}; 1.0.0 is back at work"


def test_an_agent_that_runs_and_says_nothing_is_not_one_that_does_not_start(place: Path, watched: Watched) -> None:
    on_trial(place)
    watched.said = lambda now_s: {}

    assert updater._update_and_tell(None)

    assert str(told(place)["text"]).startswith("its agent runs, and says nothing of how it is")


def test_a_disk_that_takes_nothing_during_the_trial_does_not_keep_a_kiosk_from_going_back(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its agent was started anew every few seconds, by the new version, as long as the disk was full."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    on_trial(place)
    link(place / "current", place / "slots/2.0.0")
    for whose, name in ((updater, "put"), (updater, "tell"), (machine, "put_system")):
        monkeypatch.setattr(whose, name, full)

    assert updater._update_and_tell(None)

    assert at_work(place) == "1.0.0"
    assert not (place / "setup/trial.json").exists()
    assert not (place / "slots/2.0.0").exists()  # there is room again


def test_a_trial_that_an_updater_before_began_is_gone_on_with(place: Path) -> None:
    old = {"version": "2.0.0", "was": "1.0.0", "wants_hub": True, "starts": 1, "back": ""}
    (place / "setup/trial.json").write_text(json.dumps(old))

    assert updater._update_and_tell(None) == 0

    assert told(place)["ok"]
    assert "order" not in told(place)  # its agent takes that for all


def test_a_link_in_the_agents_directory_leads_root_nowhere(place: Path) -> None:
    """Who holds the agent alone must not come to hold the machine."""
    theirs = place / "shadow"
    theirs.write_text("root's")
    for name in ("result", ".result.part"):
        (place / "data" / name).symlink_to(theirs)

    between.tell(between.UpdateResult("u-1", "2.0.0", "", ok=True))

    assert theirs.read_text() == "root's"
    assert told(place)["ok"]
    assert not (place / "data/result").is_symlink()


@pytest.mark.parametrize(("locale", "good", "bad", "none", "older"), [
    ("zh_CN.UTF-8", "2.0.0 版已开始工作", "2.0.0 版没有通过：读卡器没有回答；已退回 1.0.0 版",
     "文件夹 {} 里没有更新；应为 zaigang-hub update copy 写出的 zaigang-update 文件夹", "已装 3.0.0 版，2.0.0 版更旧"),
    ("C.UTF-8", "version 2.0.0 is at work",
     "version 2.0.0 did not prove itself: the reader does not answer; 1.0.0 is back at work",
     "{} holds no update; wanted is the folder zaigang-update that zaigang-hub update copy wrote",
     "3.0.0 is installed, and 2.0.0 is older"),
])  # fmt: skip
def test_what_comes_of_a_stick_is_told_in_the_terminals_language_and_to_the_hub_in_english(
    offered: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    *, locale: str, good: str, bad: str, none: str, older: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("LC_ALL", locale)
    stick = offered / "stick"

    assert updater._update_and_tell(stick) == 0
    link(offered / "current", offered / "slots/1.0.0")
    link(offered / "proven", offered / "slots/1.0.0")
    watched.said = lambda now_s: WELL | {"version": "2.0.0", "reader": False}
    assert updater._update_and_tell(stick) == 1
    assert str(told(offered)["text"]) == "the reader does not answer; 1.0.0 is back at work"
    (offered / "slots/3.0.0").mkdir()
    link(offered / "current", offered / "slots/3.0.0")
    assert updater._update_and_tell(stick) == 1
    monkeypatch.setattr(updater, "fetch", offers.fetch)
    assert updater._update_and_tell(stick) == 1

    out, err = capsys.readouterr()
    assert out.splitlines() == [f"zaigang: {good}", f"zaigang: {bad}"]
    assert err.splitlines() == [f"zaigang: {older}", f"zaigang: {none.format(stick)}"]


def test_all_that_an_updater_says_is_known_in_chinese() -> None:
    whys = [*judging.REASONS.values(), *(f"{judging.REASONS[each]} any more" for each in ("reader", "journal"))]
    whys += [judging.NO_START, judging.SILENT, judging.NO_LINE, "its agent ended more than 3 times"]
    whys += [updater.UNREADABLE, updater.NO_UPDATER, f"2.0.0: {updater.NO_UPDATER}"]
    whys += ["the updater was ended in the middle of it, 3 times", "the disk takes nothing: it is full"]

    for why in whys:
        said = in_chinese(f"failed: {why}; 1.0.0 is back at work")
        assert not re.search("[a-z]{3}", said.replace("it is full", "")), said


@pytest.mark.parametrize("what", ["pipe", "endless", "large", "folder", "no JSON", "a list", "deep"])
@pytest.mark.parametrize("name", ["wish", "well"])
def test_whatever_the_agent_lays_in_its_directory_root_waits_for_nothing_and_begins_no_update_for_ever(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str, what: str
) -> None:
    path = place / "data" / name
    monkeypatch.setattr(between, "WELL", place / "data/well")
    if what == "pipe":
        os.mkfifo(path)
    elif what == "endless":
        path.symlink_to("/dev/zero")
    elif what == "folder":
        (path / "more").mkdir(parents=True)
    else:
        said = {"large": b"{}" + b" " * between.MOST_BYTES, "no JSON": b"x", "a list": b"[]", "deep": b"[" * 60_000}
        path.write_bytes(said[what])

    if name == "well":
        assert between.how_it_is() == {}
    else:
        assert (between.wished_by(), between.wished_version()) == (None, "")
        between.forget_wish(None)
        assert not os.path.lexists(path)


def test_a_wish_that_comes_while_another_is_seen_to_has_its_turn_next(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was forgotten with the first, and stood as under way at the hub for four hours."""

    def fail(*_: object) -> Path:
        wish(place, "u-2")
        raise between.NotNow("nothing can be fetched: it broke")

    wish(place)
    monkeypatch.setattr(updater, "fetch", fail)

    assert updater._update_and_tell(None)

    assert told(place)["order"] == "u-1"
    assert json.loads((place / "data/wish").read_bytes())["order"] == "u-2"


@pytest.mark.parametrize(("offered", "asked"), [("2.0.0", "1.5.0"), ("2.0.0", "3.0.0")])
def test_another_version_than_was_asked_for_is_taken_by_no_kiosk(
    place: Path, monkeypatch: pytest.MonkeyPatch, offered: str, asked: str
) -> None:
    """Twenty kiosks that were asked for the one before took the next, which none had tried."""
    (place / "data/wish").write_text(json.dumps({"version": asked, "order": "u-1"}))
    (place / "offered/zaigang-kiosk-2.0.0.tar").touch()
    monkeypatch.setattr(updater, "fetch", lambda folder, kept: kept / "zaigang-kiosk-2.0.0.tar")
    bundle = SimpleNamespace(version=offered, by_known_signer=lambda: True)
    monkeypatch.setattr(updater, "Bundle", lambda path, what: bundle)

    assert updater._update_and_tell(None)

    assert (told(place)["not_now"], at_work(place)) == (True, "1.0.0")
    assert told(place)["text"] == f"2.0.0 is offered meanwhile, and {asked} was asked for"
