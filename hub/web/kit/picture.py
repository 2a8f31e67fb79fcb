"""Pictures as the server draws them: shapes in units of their own, made into SVG by `kit/picture.html`.

They need no script, print, and scale with their text. How a shape looks is the style sheet's work: it has a class.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from unicodedata import east_asian_width

LATIN_EM = 0.6  # the widest of the fonts that we ask for; a Chinese character is one em
WIDE = "WFA"  # Unicode Standard Annex 11; in a Chinese font the ambiguous are wide too


class Rect(NamedTuple):
    """A filled shape; `fill` names a pattern where a colour is not enough."""

    look: str
    x: float
    y: float
    width: float
    height: float
    fill: str = ""


class Stroke(NamedTuple):
    """A straight line."""

    look: str
    x1: float
    y1: float
    x2: float
    y2: float


class Text(NamedTuple):
    """Words; `anchor` is start, middle or end."""

    look: str
    x: float
    y: float
    words: str
    anchor: str = "start"


Shape = Rect | Stroke | Text


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes, drawn in their order."""

    look: str
    width: float
    height: float
    size: float
    """Of its text."""
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Time from left to right."""

    first: datetime
    last: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        """Return where a moment lies; what is outside lies on the edge."""
        share = (at - self.first) / (self.last - self.first)
        return round(self.left + min(1.0, max(0.0, share)) * (self.right - self.left), 1)


class LabelRows:
    """Lines of labels, none of which covers another."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._ends: list[float] = []

    def __len__(self) -> int:
        return len(self._ends)

    def place(self, left: float, right: float) -> int:
        """Return the first line, counted from 0, in which there is room; labels come from left to right."""
        for line, end in enumerate(self._ends):
            if end + self._gap <= left:
                self._ends[line] = right
                return line
        self._ends.append(right)
        return len(self._ends) - 1


def width_of(words: str, size: float) -> float:
    """Return how wide a text is at most."""
    return size * sum(1.0 if _is_wide(sign) else LATIN_EM for sign in words)


def wrapped(phrases: tuple[str, ...], joint: str, most: float, size: float) -> list[str]:
    """Put phrases into lines no wider than that; a phrase that is too long by itself is broken."""
    lines: list[str] = []
    for phrase in phrases:
        longer = f"{lines[-1]}{joint}{phrase}" if lines else phrase
        if lines and width_of(longer, size) <= most:
            lines[-1] = longer
        else:
            lines += _broken(phrase, most, size)
    return lines


def _broken(phrase: str, most: float, size: float) -> list[str]:
    lines = [""]
    for word in _words(phrase):
        if lines[-1] and width_of((lines[-1] + word).rstrip(), size) > most:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def _words(phrase: str) -> list[str]:
    """Split where a line may be broken: behind a blank, around each wide sign."""
    words = [""]
    for sign in phrase:
        if words[-1] and (_is_wide(sign) or words[-1][-1] == " " or _is_wide(words[-1][-1])):
            words.append("")
        words[-1] += sign
    return words


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in WIDE
