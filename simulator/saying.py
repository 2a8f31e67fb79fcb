"""What the simulator's terminal says, in another language: the tool is `station.saying`, the words are `chinese`."""

import os

from hub.chinese import SENTENCES as OF_HUB
from simulator.chinese import SENTENCES
from station.chinese import STATION_SENTENCES
from station.saying import is_chinese, teller

here = teller({**STATION_SENTENCES, **OF_HUB, **SENTENCES})  # the hub refuses what a case corrects
"""A sentence in the terminal's language."""


def page_here(address: str) -> str:
    """The address of a page that is to speak the terminal's language, whatever the browser's is."""
    return f"{address}?lang={'zh' if is_chinese(os.environ) else 'en'}"
