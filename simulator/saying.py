"""What the simulator's terminal says, in another language: the tool is `station.saying`, the words are `chinese`."""

from simulator.chinese import SENTENCES
from station.chinese import STATION_SENTENCES
from station.saying import teller

here = teller({**STATION_SENTENCES, **SENTENCES})
"""A sentence in the terminal's language."""
