"""The agent's own program, asked by the hub's own command: to start again, and to work by other settings on probation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.children import Child
from tests.whole.town_in_trouble import PATIENCE_S, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.whole.post import Post
    from tests.whole.town_in_trouble import Town

pytestmark = [pytest.mark.broker, pytest.mark.xdist_group("town"), pytest.mark.timeout(600)]
AGAIN = "starting again, as the hub asks"


def ask(town: Town, post: Post, *words: str) -> None:
    """Type it at the hub's machine."""
    verb, *more = words
    command = ["hub", "kiosk", verb, post.kiosk, *more, "--config", str(town.premises.hub_file)]
    with Child(f"kiosk {verb}", command, town._environ, town.premises.folder / f"{post.kiosk}-{verb}.log") as child:
        child.wait(PATIENCE_S)


def times_begun_anew(post: Post) -> int:
    return post.log.read_text(encoding="utf-8").count(AGAIN)


def test_it_starts_again_in_place_and_records_as_before(town: Town, post_at: Callable[[int], Post]) -> None:
    post = post_at(19)
    town.stands(post, "online")
    pid = post.pid

    ask(town, post, "restart")

    until(lambda: times_begun_anew(post) == 1, "a fresh start")
    town.stands(post, "online")
    assert post.pid == pid
    assert post.hold(town.card(post.station, 0))[0] == "arrived"


def test_it_holds_settings_that_work_and_a_power_cut_takes_those_back_by_which_it_is_blind(
    town: Town, post_at: Callable[[int], Post]
) -> None:
    post = post_at(20)
    town.stands(post, "online")

    ask(town, post, "config", "--set", "limits.guard_s=6")

    until(lambda: town.kiosk(post.kiosk)["config"] == 1, "settings that are held")
    assert json.loads((post.data_dir / "settings-held.json").read_text())["version"] == 1
    ask(town, post, "config", "--set", 'readers=[{name="door",url="pn532:/dev/ttyUSB7"}]')
    town.stands(post, "blind")
    post.kill()
    post.start()

    town.stands(post, "online")
    assert town.kiosk(post.kiosk)["config"] == 1
    assert not (post.data_dir / "settings-trial.json").exists()
