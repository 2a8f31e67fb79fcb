"""The main job, from a card on the chip to the number on an open page, and what the kiosk says meanwhile."""

import time
from pathlib import Path
from random import Random

import pytest

from simulator.chip.air import AirCard
from simulator.chip.cards import Ntag213, Phone
from simulator.premises import HOST
from tests.hub.pages.onlooker import Onlooker
from tests.whole.station_at_work import AFTER_GUARD_S, StationAtWork, station_at_work, until

pytestmark = [pytest.mark.browser, pytest.mark.broker, pytest.mark.timeout(600)]
A_SECOND = 1.0
SCREENSHOT = Path("build/screenshots/chip-to-page.png")


class Wall:
    """The board on the wall, as far as this station is concerned."""

    def __init__(self, onlooker: Onlooker, at_work: StationAtWork) -> None:
        self.onlooker, self.code = onlooker, at_work.station.code
        self.took_s: list[float] = []
        self._shown: tuple[str, str] | None = None

    def shows(self, duty_class: str, count: str) -> None:
        """Wait until the station's row says so; how long, is kept where it said something else before."""
        wanted, before, began_s = (duty_class, count), self._shown, time.monotonic()
        self.onlooker.wait(lambda: self._row() == wanted, what=f"{wanted}, not {self._row()}")
        self._shown = wanted
        if before not in {None, wanted}:
            self.took_s.append(time.monotonic() - began_s)

    def _row(self) -> tuple[str, str]:
        found = next((row for row in self.onlooker.stations() if row["code"] == self.code), None)
        if found is None:
            return "", ""
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
        at_work.touch(first)
        at_work.hears("already_recorded")
        wall.shows("minimum", "1/2")

        at_work.touch(second)
        at_work.hears("arrived")
        wall.shows("met", "2/2")
        onlooker.chrome.save_screenshot(str(_made(SCREENSHOT)))

        time.sleep(AFTER_GUARD_S)  # the person's own time is real
        with at_work.held(first):
            at_work.hears("left")
            at_work.hears("stepped_out")
        wall.shows("met", "1/2")

        time.sleep(AFTER_GUARD_S)
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
        assert min(wall.took_s) < A_SECOND, "seen within a second, whatever else the machine did most of the time"


def _nothing_is_lost_without_a_hub(at_work: StationAtWork, wall: Wall, card: AirCard) -> None:
    time.sleep(AFTER_GUARD_S)
    at_work.stop_hub()
    at_work.touch(card)
    assert "离岗" in at_work.hears("left")

    at_work.start_hub()

    live = "return document.documentElement.dataset.link"
    until(lambda: wall.onlooker.run(live) == "live", "the page live again by itself")
    wall.shows("minimum", "1/2")


def _no_beep_where_nothing_is_stored(at_work: StationAtWork, wall: Wall, card: AirCard) -> None:
    with at_work.journal_that_cannot_be_written():
        at_work.touch(card)
        assert "没有记录" in at_work.hears("trouble")

    wall.shows("minimum", "1/2")


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
