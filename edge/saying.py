"""What a kiosk's terminal says, in another language: the tool is `station.saying`, the words are `edge.chinese`."""

from devices.errors import UnusableError
from edge.chinese import SENTENCES
from station.chinese import STATION_SENTENCES
from station.saying import Said, say, tell, teller

_ALL = {**STATION_SENTENCES, **SENTENCES}
here = teller(_ALL)
"""A sentence in the terminal's language."""


def in_language(text: str, *, is_chinese: bool) -> str:
    """A sentence in the language that somebody asked for."""
    return tell(text, _ALL, is_chinese=is_chinese)


def of_device(exc: UnusableError) -> Said:
    """What a device's room says: it knows facts, and no languages."""
    facts = {name: of_device(fact) if isinstance(fact, UnusableError) else fact for name, fact in exc.facts.items()}
    return say(exc.template if facts else exc.template.replace("{", "{{").replace("}", "}}"), **facts)
