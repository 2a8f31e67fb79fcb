"""What a kiosk's terminal says, in another language: the tool is `station.saying`, the words are `edge.chinese`."""

from devices.errors import UnusableError
from edge.chinese import SENTENCES
from station.chinese import STATION_SENTENCES
from station.saying import Said, say, teller

here = teller({**STATION_SENTENCES, **SENTENCES})
"""A sentence in the terminal's language."""


def of_device(exc: UnusableError) -> Said:
    """What a device's room says: it knows facts, and no languages."""
    facts = {name: of_device(fact) if isinstance(fact, UnusableError) else fact for name, fact in exc.facts.items()}
    return say(exc.template if facts else exc.template.replace("{", "{{").replace("}", "}}"), **facts)
