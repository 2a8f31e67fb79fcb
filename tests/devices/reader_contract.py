"""What every `CardReader` must do, whatever reads behind it. Inherit, and give the `rig`."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from devices.errors import ReaderLostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from devices.reader import CardReader

NUMBER = bytes.fromhex("04A1B2C3D4E580")
OTHER_NUMBER = bytes.fromhex("04A1B2C3D4E581")
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Rig:
    """A reader with the hands that hold cards to it; `gone_s` is how long silence means that the card was taken."""

    reader: CardReader
    put: Callable[[bytes], None]
    take: Callable[[], None]
    lose: Callable[[], None]
    gone_s: float = 0.0


class ReaderContract:
    TECHNOLOGY = "iso14443a"
    NUMBER = NUMBER
    OTHER_NUMBER = OTHER_NUMBER

    @pytest.fixture
    def rig(self) -> Rig:
        raise NotImplementedError

    def test_an_empty_field_is_no_card_and_no_error(self, rig):
        assert rig.reader.poll(0) is None

    def test_a_card_is_read_with_its_whole_number(self, rig):
        rig.put(self.NUMBER)

        card = rig.reader.poll(PATIENCE_S)

        assert card is not None
        assert (card.technology, card.number) == (self.TECHNOLOGY, self.NUMBER)

    def test_a_poll_of_no_time_sees_a_card_that_is_there(self, rig):
        rig.put(self.NUMBER)

        card = rig.reader.poll(0)

        assert card is not None

    def test_a_card_that_stays_is_read_again(self, rig):
        rig.put(self.NUMBER)

        cards = [rig.reader.poll(PATIENCE_S) for _ in range(3)]

        assert [card.number for card in cards if card] == [self.NUMBER] * 3

    def test_a_card_that_stays_is_not_read_in_a_busy_loop(self, rig):
        rig.put(self.NUMBER)
        rig.reader.poll(PATIENCE_S)
        began_s = time.monotonic()

        for _ in range(4):
            rig.reader.poll(PATIENCE_S)

        assert time.monotonic() - began_s > 4 * 0.03

    def test_a_card_ends_the_wait_for_it(self, rig):
        hand = threading.Timer(0.1, rig.put, [self.NUMBER])
        hand.start()
        began_s = time.monotonic()

        card = rig.reader.poll(PATIENCE_S)

        hand.join()
        assert card is not None
        assert time.monotonic() - began_s < PATIENCE_S / 2

    def test_an_empty_poll_takes_its_time_and_no_more(self, rig):
        began_s = time.monotonic()

        card = rig.reader.poll(0.2)

        assert card is None
        assert 0.19 < time.monotonic() - began_s < PATIENCE_S / 2

    def test_a_card_taken_away_is_no_longer_read(self, rig):
        rig.put(self.NUMBER)
        rig.reader.poll(PATIENCE_S)

        rig.take()
        taken_s = time.monotonic()
        while time.monotonic() - taken_s < 2 * rig.gone_s:  # the last it heard may have been a moment later
            rig.reader.poll(rig.gone_s / 4)

        assert rig.reader.poll(0) is None

    def test_another_card_is_read_as_another(self, rig):
        rig.put(self.NUMBER)
        first = rig.reader.poll(PATIENCE_S)

        rig.put(self.OTHER_NUMBER)
        second = rig.reader.poll(PATIENCE_S)

        assert [card.number for card in (first, second) if card] == [self.NUMBER, self.OTHER_NUMBER]

    def test_a_lost_reader_says_so_at_every_poll(self, rig):
        rig.lose()

        with pytest.raises(ReaderLostError):
            rig.reader.poll(0)
        with pytest.raises(ReaderLostError):
            rig.reader.poll(0)

    def test_a_reader_has_a_name(self, rig):
        assert rig.reader.name

    def test_closing_twice_does_no_harm(self, rig):
        rig.reader.close()
        rig.reader.close()
