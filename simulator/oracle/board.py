"""Holds each row that the live board showed against what the hub could know: its truth, and whom it could hear.

A wall is one station's day: the `rows` told, since when, and since when they say that their class holds (`held_ms`);
`known`, the truth of the taps that were settled by then, `torn` while an earlier one is not and a later one is;
`late_ms`, when something older than a minute became known, or a restore took away what was;
how the `hub` stood; and of each of its `kiosks` how it stood, and when the hub heard it, which lets what it says
gather for `gathers_ms`. A row counts at every moment while a hub ran, but for that of a change.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from simulator.oracle.plain import PlainWall
from simulator.oracle.stretches import Shown, Stretch, common, laid_out, less, narrowed, spelled, united, within

MOMENT_MS: Final = 5_000  # about a change: holding a card takes a while
MOVED_MS: Final = 2_000
ONLINE_MS: Final = 75_000  # heard within, a kiosk is
SILENT_MS: Final = 180_000  # not heard for so long, a kiosk is lost
PROOF_MS: Final = 7 * 60_000  # records at most 6 minutes apart prove that a kiosk watched in between
SETTLING_MS: Final = 60_000  # after a change of how a kiosk stands: wills are late, and so may be what it says
DARK: Final = "dark"
CLOSED: Final = "closed"
SHORT: Final = frozenset({"vacant", "unknown"})
_NOTHING: Final = {"class": CLOSED, "on_duty": 0, "stepped_out": 0, "held_ms": None, "told_ms": None}
_UNHEARD: Final = {"state": "away"}


def rows_are_true(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Each row shows whom the settled taps leave there, and their class; a shortfall may be unknown."""
    for wall in evidence.get("walls", ()):
        rows = _rows(wall)
        for known in _judged(wall):
            for row in rows:
                both = common(known.stretch, row.stretch)
                if both is not None and row.figures["class"] != DARK and not _shows(row, known):
                    yield f"the board, {wall['station']} from {spelled(both)}: {_told(row)}, known is {known.figures}"


def silence_is_unknown(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No row says vacant where no kiosk would have seen somebody come."""
    for wall in evidence.get("walls", ()):
        unseen = _unseen(wall)
        for row in _rows(wall):
            for lie in within([row.stretch], unseen) if row.figures["class"] == "vacant" else ():
                yield f"the board, {wall['station']} from {spelled(lie)}: vacant, though no kiosk was heard to watch"


def silent_kiosks_are_shown(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Each row of an open station says so where one kiosk is silent or blind, and none where all are heard."""
    for wall in evidence.get("walls", ()):
        told_ms = wall["heartbeat_ms"]  # a journal may be heard of a kiosk before the state that tells of its reader
        seen, silent_ones = watched_well(wall, told_ms), _one_unseen(wall, told_ms)
        for row in _rows(wall):
            if row.figures["class"] in {DARK, CLOSED}:
                continue
            is_said = row.figures["class"] == "unknown" or row.figures.get("is_silent", False)
            for lie in within([row.stretch], seen if is_said else silent_ones):
                said = "a kiosk silent, though all were heard" if is_said else "no kiosk silent, though one was"
                yield f"the board, {wall['station']} from {spelled(lie)}: {said}"


def watched_shortfalls_are_vacant(evidence: Mapping[str, Any]) -> Iterator[str]:
    """No row says unknown where every kiosk would have been seen by, and was heard."""
    for wall in evidence.get("walls", ()):
        seen = watched_well(wall)
        for row in _rows(wall):
            for lie in within([row.stretch], seen) if row.figures["class"] == "unknown" else ():
                yield f"the board, {wall['station']} from {spelled(lie)}: unknown, though its kiosks were heard"


def since_holds(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Since when a class holds stays while it does, unless something older became known; it is never ahead."""
    for wall in evidence.get("walls", ()):
        rows = [row for row in _rows(wall) if row.figures["class"] != DARK]
        for row in rows:
            if (row.figures["held_ms"] or 0) > row.figures["told_ms"]:
                yield f"the board, {wall['station']} from {spelled(row.stretch)}: its since lies ahead"
        calm = narrowed(_standing_well(wall), PROOF_MS)
        for before, row in pairwise(rows) if wall["sure"] else ():
            if _moves_since(before, row) and not _may_move(before, row, wall["late_ms"], calm):
                yield (
                    f"the board, {wall['station']} from {spelled(row.stretch)}: {row.figures['class']} holds on, and "
                    f"its since moves by {(row.figures['held_ms'] or 0) - (before.figures['held_ms'] or 0)} ms"
                )


def _moves_since(before: Shown, row: Shown) -> bool:
    was, now = before.figures, row.figures
    moved_ms = abs((was["held_ms"] or 0) - (now["held_ms"] or 0))  # by a little where a clock is found to be off
    return bool(was["class"] == now["class"] != CLOSED and moved_ms > MOVED_MS)


def _may_move(before: Shown, row: Shown, late_ms: Iterable[int], calm: Iterable[Stretch]) -> bool:
    """Whether something older became known: a tap, or how a kiosk watched, which it tells when it comes back."""
    if any(before.stretch.since_ms <= at_ms <= row.stretch.since_ms for at_ms in late_ms):
        return True
    return row.figures["class"] in SHORT and not any(
        one.since_ms <= row.stretch.since_ms < one.until_ms for one in calm
    )


def shown_ms(wall: PlainWall) -> int:
    """For how long rows of a day are held against what is known."""
    lit = [row.stretch for row in _rows(wall) if row.figures["class"] != DARK]
    of_open = [known.stretch for known in _judged(wall) if known.figures["class"] != CLOSED]
    return sum(both.until_ms - both.since_ms for both in within(of_open, lit))


def _shows(row: Shown, known: Shown) -> bool:
    wanted, shown = known.figures, row.figures
    if wanted["class"] == CLOSED:
        return bool(shown["class"] == CLOSED)
    classes = {"vacant", "unknown"} if wanted["class"] == "vacant" else {wanted["class"]}
    return shown["class"] in classes and all(shown[name] == wanted[name] for name in ("on_duty", "stepped_out"))


def _judged(wall: PlainWall) -> Iterator[Shown]:
    """What was known, but for the moments of change."""
    for known in laid_out(wall["known"], wall["since_ms"], wall["until_ms"], _NOTHING) if wall["sure"] else ():
        torn = standing(wall["torn"], wall, "torn")
        for stretch in narrowed([known.stretch], MOMENT_MS, MOMENT_MS):
            for whole in less(stretch, torn):
                yield Shown(whole, known.figures)


def _rows(wall: PlainWall) -> list[Shown]:
    return [*laid_out(wall["rows"], wall["since_ms"], wall["until_ms"], {**_NOTHING, "class": DARK})]


def _unseen(wall: PlainWall) -> list[Stretch]:
    """While a kiosk was lost, or each silent for too long, or blind, and long enough to have said so.

    One that lets what it says gather says it as much later.
    """
    found = [Stretch(wall["since_ms"], wall["until_ms"])]
    hub = narrowed(standing(wall["hub"], wall, "up"), SETTLING_MS)
    for kiosk in wall["kiosks"]:
        blind = narrowed(_blind(kiosk, wall), wall["gathers_ms"])
        found = within(found, [*silent(kiosk, wall, SILENT_MS), *within(blind, hub)])
    return found + _lost(wall)


def _lost(wall: PlainWall) -> list[Stretch]:
    """While any of its kiosks was."""
    hub = narrowed(lit(wall), SILENT_MS + MOMENT_MS)  # nobody is lost before
    return [one for kiosk in wall["kiosks"] for one in within(silent(kiosk, wall, SILENT_MS), hub)]


def _one_unseen(wall: PlainWall, told_ms: int) -> list[Stretch]:
    """While any of its kiosks was lost, or blind for long enough to have said so, and heard."""
    hub = narrowed(standing(wall["hub"], wall, "up"), SETTLING_MS)
    blind = [within(narrowed(_blind(kiosk, wall), told_ms), heard_lately(kiosk)) for kiosk in wall["kiosks"]]
    return _lost(wall) + [one for some in blind for one in within(some, hub)]


def watched_well(wall: PlainWall, told_ms: int = 0) -> list[Stretch]:
    """While each kiosk stood well, on a good line, `told_ms` and a while for it to say so, and was heard lately.

    One that lets what it says gather may have been heard just before its reader was back, and says so that much later.
    """
    found = narrowed(_standing_well(wall), SETTLING_MS + max(told_ms, wall["gathers_ms"]))
    for kiosk in wall["kiosks"]:
        found = within(found, heard_lately(kiosk))
    return found


def _standing_well(wall: PlainWall) -> list[Stretch]:
    found = standing(wall["hub"], wall, "up")
    for kiosk in wall["kiosks"]:
        found = within(found, standing(kiosk["stood"], wall, "up"))
    return found


def lit(wall: PlainWall) -> list[Stretch]:
    """While a hub ran."""
    return [*less(Stretch(wall["since_ms"], wall["until_ms"]), standing(wall["hub"], wall, "down"))]


def heard_lately(kiosk: Mapping[str, Any]) -> list[Stretch]:
    """While the hub had heard it within the time that makes it online."""
    return united([Stretch(at_ms + MOMENT_MS, at_ms + ONLINE_MS) for at_ms in kiosk["heard"]])


def silent(kiosk: Mapping[str, Any], wall: PlainWall, for_ms: int) -> list[Stretch]:
    """While it had not been heard for so long."""
    heard = [Stretch(at_ms, at_ms + for_ms + MOMENT_MS) for at_ms in kiosk["heard"]]
    return [*less(Stretch(wall["since_ms"], wall["until_ms"]), heard)]


def _blind(kiosk: Mapping[str, Any], wall: PlainWall) -> list[Stretch]:
    """From when the blind kiosk was first heard, and a moment for it to say so."""
    return narrowed(standing(kiosk["stood"], wall, "blind"), SETTLING_MS)


def standing(steps: Any, wall: PlainWall, state: str) -> list[Stretch]:
    """While something stood so."""
    return [
        one.stretch
        for one in laid_out(steps, wall["since_ms"], wall["until_ms"], _UNHEARD)
        if one.figures["state"] == state
    ]


def _told(row: Shown) -> dict[str, Any]:
    return {name: row.figures[name] for name in ("class", "on_duty", "stepped_out")}
