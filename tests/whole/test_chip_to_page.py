"""The main job, from a card on the chip to the number on an open page, and what the kiosk says meanwhile."""

import time
from pathlib import Path
from random import Random

import pytest
from selenium.common.exceptions import TimeoutException

from simulator.chip.cards import AirCard, Ntag213, Phone
from simulator.premises import HOST
from tests.hub.pages.onlooker import Onlooker
from tests.whole.station_at_work import GUARD_S, StationAtWork, station_at_work, until

pytestmark = [pytest.mark.browser, pytest.mark.broker, pytest.mark.timeout(180)]
SCREENSHOT = Path("build/screenshots/chip-to-page.png")


class Wall:
    """The board on the wall, as far as this station is concerned."""

    def __init__(self, onlooker: Onlooker, at_work: StationAtWork) -> None:
        self.onlooker, self.code = onlooker, at_work.station.code

    def shows(self, duty_class: str, count: str) -> None:
        """Wait, a second at most, until the station's row says so."""
        self.onlooker.wait(lambda: self._row() == (duty_class, count), 1, f"{duty_class} {count}, not {self._row()}")

    def _row(self) -> tuple[str, str]:
        (found,) = [row for row in self.onlooker.stations() if row["code"] == self.code]
        count = next(word for word in found["text"].replace(" / ", "/").split() if "/" in word and word[0].isdigit())
        return found["duty"], count


def test_a_card_on_the_reader_changes_the_number_on_the_wall(tmp_path: Path, onlooker: Onlooker) -> None:
    with station_at_work(tmp_path) as at_work:
        onlooker.open(f"http://{HOST}:{at_work.premises.http_port}/?lang=zh")
        wall = Wall(onlooker, at_work)
        wall.shows("vacant", "0/2")
        first, second = at_work.card(0), at_work.card(1)

        at_work.touch(first)
        assert "上岗" in at_work.hears("arrived")
        wall.shows("minimum", "1/2")

        at_work.touch(first)
        at_work.hears("already_recorded")

        at_work.touch(second)
        at_work.hears("arrived")
        wall.shows("met", "2/2")
        onlooker.chrome.save_screenshot(str(_made(SCREENSHOT)))

        time.sleep(GUARD_S)  # the person's own time is real
        at_work.touch(first, for_s=2.6)
        at_work.hears("left")
        at_work.hears("stepped_out")
        wall.shows("met", "1/2")

        time.sleep(GUARD_S)
        at_work.touch(first)
        at_work.hears("returned")
        wall.shows("met", "2/2")

        at_work.touch(Ntag213(bytes.fromhex("04EEEE00000001"), "nobody's"))
        assert "新卡" in at_work.hears("unknown_card")
        wall.shows("met", "2/2")

        at_work.touch(Phone(Random(1)))
        assert "手机" in at_work.hears("refused")

        _nothing_is_lost_without_a_hub(at_work, wall, first)
        _no_beep_where_nothing_is_stored(at_work, wall, second)
        assert at_work.is_silent()


def _nothing_is_lost_without_a_hub(at_work: StationAtWork, wall: Wall, card: AirCard) -> None:
    time.sleep(GUARD_S)
    at_work.stop_hub()
    at_work.touch(card)
    assert "离岗" in at_work.hears("left")

    at_work.start_hub()

    live = "return document.documentElement.dataset.link"
    until(lambda: wall.onlooker.run(live) == "live", "the page live again by itself")
    until(lambda: _is_shown(wall, "minimum", "1/2"), "what happened meanwhile")
    wall.onlooker.complaints()  # a browser calls a hub that is away an error


def _no_beep_where_nothing_is_stored(at_work: StationAtWork, wall: Wall, card: AirCard) -> None:
    with at_work.journal_that_cannot_be_written():
        at_work.touch(card)
        assert "没有记录" in at_work.hears("trouble")

    wall.shows("minimum", "1/2")


def _is_shown(wall: Wall, duty_class: str, count: str) -> bool:
    try:
        wall.shows(duty_class, count)
    except (TimeoutException, ValueError):  # not yet, or the page has no such row yet; the caller goes on waiting
        return False
    return True


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
