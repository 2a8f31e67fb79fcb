"""Coverage as pictures: days or months as a strip of stacked bars, a year as a heat map, stations as a ranking. Pure.

Each field's figure stands in a table beside it; a field that nothing is known of is hatched, as everywhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hub.coverage.sums import DaySums
from hub.web.coverage.words import percent
from hub.web.kit.picture import Picture, Rect, Shape, Text, width_of

WIDE, NARROW = (1200.0, 15.0), (520.0, 19.0)
LOOKS = (("wide", *WIDE), ("narrow", *NARROW))
STRIP, LABEL = 110.0, 26.0
MOST_RANKED = 12
LEVELS = (0.5, 0.8, 0.95, 0.999)
"""Shares at which a field of a heat map becomes the next shade; below the first it is red."""


class PictureField(NamedTuple):
    """One bar, or one field of a row."""

    label: str
    sums: DaySums | None


def strip_of(fields: Sequence[PictureField]) -> tuple[Picture, ...]:
    """Return a bar for each, as high as its opening time, parted by class from below."""
    most = max((field.sums.opened_ms for field in fields if field.sums), default=0)
    return tuple(_strip(fields, most, *look) for look in LOOKS) if most else ()


def _strip(fields: Sequence[PictureField], most: int, look: str, width: float, size: float) -> Picture:
    shapes: list[Shape] = []
    column = width / max(len(fields), 1)
    every = max(1, round(len(fields) * size * 2.2 / width))
    for n, (label, sums) in enumerate(fields):
        x, base, bar = round(n * column + column * 0.12, 1), STRIP, round(column * 0.76, 1)
        if n % every == 0:
            shapes.append(Text("soft", round((n + 0.5) * column, 1), STRIP + LABEL - 6, label, "middle"))
        if sums is None or not sums.opened_ms:
            shapes.append(Rect("open", x, STRIP - 3, bar, 3))
            continue
        for duty_class, lasted in (
            *(("met", sums.met_ms), ("minimum", sums.minimum_ms)),
            *(("unknown", sums.unknown_ms), ("vacant", sums.vacant_ms)),
        ):
            height = round(lasted / most * (STRIP - 4), 1)
            if height > 0:
                base = round(base - height, 1)
                fill = "p-unknown" if duty_class == "unknown" else ""
                shapes.append(Rect(f"band {duty_class}", x, base, bar, height, fill))
    return Picture(look, width, STRIP + LABEL, size, tuple(shapes))


def heat_of(rows: Sequence[tuple[str, Sequence[PictureField]]]) -> tuple[Picture, ...]:
    """Return rows of fields, each shaded by how much of its opening time was covered."""
    return tuple(_heat(rows, *look) for look in LOOKS) if rows else ()


def _heat(rows: Sequence[tuple[str, Sequence[PictureField]]], look: str, width: float, size: float) -> Picture:
    most = 12 * size
    left = min(most, max(width_of(label, size) for label, _ in rows)) + 12
    columns = max(len(fields) for _, fields in rows)
    cell = (width - left) / columns
    height = round(max(1.25 * size, min(cell, 1.9 * size)), 1)  # labels stand clear of each other
    shapes: list[Shape] = []
    every = max(1, round(columns * size * 1.8 / (width - left)))
    for n, field in enumerate(next(fields for _, fields in rows if len(fields) == columns)):
        if n % every == 0:
            shapes.append(Text("soft", round(left + (n + 0.5) * cell, 1), size, field.label, "middle"))
    for m, (label, fields) in enumerate(rows):
        y = round(size * 1.5 + m * height, 1)
        base = round(y + height / 2 + size * 0.35, 1)
        shapes.append(Text("", round(left - 8, 1), base, fitting(label, most, size), "end"))
        for n, field in enumerate(fields):
            place = (round(left + n * cell + 1, 1), y + 1, round(cell - 2, 1), height - 2)
            shade = _shade(field.sums, place)
            shapes.append(shade)
            if field.sums is not None and field.sums.share is not None and cell > width_of("99.9%", size):
                tone, middle = f"pct {shade.look.split()[-1]}", round(left + (n + 0.5) * cell, 1)
                shapes.append(Text(tone, middle, base, percent(field.sums.share), "middle"))
    return Picture(look, width, round(size * 1.5 + len(rows) * height + 4, 1), size, tuple(shapes))


def fitting(label: str, most: float, size: float) -> str:
    """The label, or as much of it as has room."""
    if width_of(label, size) <= most:
        return label
    while width_of(f"{label}…", size) > most:
        label = label[:-1]
    return f"{label}…"


def _shade(sums: DaySums | None, place: tuple[float, float, float, float]) -> Rect:
    if sums is None or not sums.opened_ms:
        return Rect("heat none", *place)
    if sums.unknown_ms * 2 > sums.opened_ms:
        return Rect("band unknown", *place, "p-unknown")
    share = sums.covered_ms / sums.opened_ms
    return Rect(f"heat level-{sum(share >= level for level in LEVELS)}", *place)


def ranking_of(fields: Sequence[PictureField], words: Sequence[str]) -> tuple[Picture, ...]:
    """Return the first so many as bars from the left, each with its words."""
    shown = list(zip(fields, words, strict=True))[:MOST_RANKED]
    return tuple(_ranking(shown, *look) for look in LOOKS) if shown else ()


def _ranking(shown: Sequence[tuple[PictureField, str]], look: str, width: float, size: float) -> Picture:
    left, right, line = 13 * size, 4 * size, 1.9 * size
    shapes: list[Shape] = []
    for n, (field, word) in enumerate(shown):
        y = n * line
        share = (field.sums.share if field.sums else None) or 0.0
        full = width - left - right
        shapes += [
            Text("", left - 10, round(y + line * 0.68, 1), fitting(field.label, left - 14, size), "end"),
            Rect("open", left, round(y + line * 0.2, 1), round(full, 1), round(line * 0.6, 1)),
            Rect("band met", left, round(y + line * 0.2, 1), round(full * share, 1), round(line * 0.6, 1)),
            *_unknown(field.sums, left + full * share, y + line * 0.2, full, line * 0.6),
            Text("", round(left + full + 8, 1), round(y + line * 0.68, 1), word),
        ]
    return Picture(look, width, round(len(shown) * line + 4, 1), size, tuple(shapes))


def _unknown(sums: DaySums | None, x: float, y: float, full: float, height: float) -> tuple[Rect, ...]:
    """What nobody knows of is no absence: it is told apart from the rest of the bar."""
    if sums is None or not sums.unknown_ms:
        return ()
    width = full * sums.unknown_ms / sums.opened_ms
    return (Rect("band unknown", round(x, 1), round(y, 1), round(width, 1), round(height, 1), "p-unknown"),)
