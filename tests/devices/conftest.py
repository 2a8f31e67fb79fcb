"""A PN532 as the simulator plays it, and its terminal, for every test that asks for them."""

from contextlib import closing

import pytest

from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort


@pytest.fixture
def chip():
    return Pn532Chip()


@pytest.fixture
def port(chip):
    with closing(PtyPort(chip)) as port:
        yield port
