"""What of the city somebody sees: the same for pages, streams, counts and the API."""

from collections.abc import Iterable
from dataclasses import replace

from hub.accounts.asker import Who
from hub.findings import Finding
from hub.presence.board_view import BoardRow, BoardView, StationDay
from hub.rights import WHOLE_CITY, Reach, Right
from hub.web.gate.scope import EVERYWHERE, Scope


def thing_of(row: BoardRow) -> Reach:
    """A station as grants speak of it."""
    return Reach(row.district_code, row.kind, row.code)


def scope_for(who: Who, *, district: str = "", kind: str = "", station: str = "") -> Scope:
    """Which stations somebody looks at: what they chose, of those that they may see."""
    within = who.reaches(Right.OBSERVE)
    return Scope(
        district, kind, station, EVERYWHERE if WHOLE_CITY in within else within,
        has_leads=who.may_somewhere(Right.FOLLOW_UP),
    )  # fmt: skip


def day_for(who: Who, day: StationDay) -> StationDay:
    """A station's day as somebody may see it: whom to call is for who follows up."""
    thing = thing_of(day.row)
    if who.may(Right.FOLLOW_UP, thing):
        return day
    return replace(day, row=replace(day.row, lead="") if who.may(Right.NAMES, thing) else day.row.nameless())


def view_for(who: Who, view: BoardView, right: Right = Right.OBSERVE) -> BoardView:
    """The board as far as somebody may see it."""
    if WHOLE_CITY in who.reaches(right):
        return view
    return replace(view, rows=tuple(row for row in view.rows if who.may(right, thing_of(row))))


def row_for(who: Who, view: BoardView, code: str, right: Right = Right.OBSERVE) -> BoardRow | None:
    """The station with a code; None where there is none, or not for them: nobody learns which of the two."""
    return next((row for row in view.rows if row.code == code and who.may(right, thing_of(row))), None)


def findings_for(who: Who, view: BoardView, findings: Iterable[Finding]) -> list[Finding]:
    """What was found at stations that somebody follows up; what is of no station is the whole city's."""
    if WHOLE_CITY in who.reaches(Right.FOLLOW_UP):
        return list(findings)
    codes = {row.code for row in view_for(who, view, Right.FOLLOW_UP).rows}
    return [one for one in findings if one.station in codes]
