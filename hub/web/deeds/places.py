"""Deeds of stations: 资料, 停开, 特殊日 and 节假日."""

from datetime import date
from typing import Final

from hub.typed.hours_spelled import spell_hours
from hub.web.api.answers import Answer
from hub.web.deeds.deed import FormDeed, FormShown, maybe, number, text, was

STATION: Final = "/city/stations/{code}/{act}"
WHY: Final = maybe("why; needed where it changes what is past")
HOURS: Final = "as 08:00-11:30; empty for closed"
OF_DAYS: Final = {
    "what": text("days for days with hours of their own, usual to take such back, week for a station's week"),
    "station": maybe("its code; left out, it is said of many"), "district": maybe("a district's code"),
    "kind": maybe("of host"), "first": maybe("the first day; of a week the day from which on it holds"),
    "last": maybe("the last day"), "hours": maybe(HOURS), "reason": maybe("as the public is told"), "why": WHY,
    "holidays": maybe("of a week: keep or ignore"), "template": maybe("of a week: 1 for that of its kind"),
}  # fmt: skip


class DayEffectAnswer(Answer):
    """A coming day that would be open otherwise, and where."""

    day: date
    before: str
    after: str
    stations: list[str]


class EffectAnswer(Answer):
    """What would follow; nothing is written."""

    stations: list[str]
    coming: list[DayEffectAnswer]
    later: int
    """How many days change after those."""


class HolidayAnswer(Answer):
    """A day of a notice."""

    day: date
    sort: str
    name: str


class NoticeAnswer(Answer):
    """A notice of holidays as it was read; nothing is written."""

    year: int
    number: str
    days: list[HolidayAnswer]


def _tell_effect(shown: FormShown) -> Answer:
    effect = shown["effect"]
    coming = [
        DayEffectAnswer(
            day=one.day, before=spell_hours(one.before), after=spell_hours(one.after), stations=list(one.stations)
        )
        for one in shown["coming"]
    ]
    stations = sorted(effect.stations) if effect else []
    return EffectAnswer(stations=stations, coming=coming, later=shown["later"])


def _tell_notice(shown: FormShown) -> Answer:
    notice = shown["notice"]
    days = [HolidayAnswer(day=one.day, sort=one.sort.value, name=one.name) for one in notice.days]
    return NoticeAnswer(year=notice.year, number=notice.number, days=days)


OF_PLACES: Final = (
    FormDeed(
        STATION, "Change what a station is called and who leads it.",
        {
            "name": text("in full"), "short_name": text("as boards show it"),
            "authority": text("who oversees it, where that is not its kind's"), "lead": text("who leads it"),
            "deputy": text("who does while they are away"),
        } | was("name", "short_name", "authority", "lead", "deputy"),
        act="enter",
    ),
    FormDeed(
        STATION, "Change a station's week and how many must be there.",
        {
            "hours": maybe("its week"), "minimum": number("at least"), "target": number("as the norm"),
            "since": maybe("from which day on"), "why-terms": WHY,
        } | was("hours", "minimum", "target"),
        act="terms",
    ),
    FormDeed(
        STATION, "Say a day's hours of one station.",
        {"day": text("which"), "day-hours": text(HOURS), "reason": text("as the public is told"), "why": WHY},
        act="special",
    ),
    FormDeed(STATION, "Take a day's own hours back.", {"usual-day": text("which day")}, act="usual"),
    FormDeed(
        STATION, "Take a station out of service.", {"on": maybe("from which day on; tomorrow where it is left out")},
        act="close",
    ),
    FormDeed(STATION, "Take a station into service again.", act="reopen"),
    FormDeed(
        "/city/stations/{code}/telephones", "Keep the numbers of a station and its lead; an empty one takes it away.",
        {"lead_telephone": text("the lead's"), "telephone": text("the station's")}
        | was("lead_telephone", "telephone"),
    ),
    FormDeed(
        "/stations/{code}/closing", "Close a station for a day or some hours that are still to come.",
        {
            "day": text("which"), "since": maybe("from when on, as 14:00"), "until": maybe("until when"),
            "reason": text("as the public is told"),
        },
    ),
    FormDeed("/stations/{code}/closing/{day}/reopen", "Take a closure back."),
    FormDeed(
        "/calendar/{act}", "Say what other days or another week would change.", OF_DAYS, act="look",
        answer=EffectAnswer, tells=_tell_effect,
    ),
    FormDeed("/calendar/{act}", "Say other days, or another week.", OF_DAYS, act="save"),
    FormDeed(
        "/calendar/holidays/{act}", "Read a year's notice of holidays.", {"notice": text("as it is published")},
        act="look", answer=NoticeAnswer, tells=_tell_notice,
    ),
    FormDeed(
        "/calendar/holidays/{act}", "Enter a year's notice of holidays.",
        {"notice": text("as it is published"), "why": WHY}, act="enter",
    ),
    FormDeed(
        "/calendar/holidays/{act}", "Say of one day whether it is a holiday.",
        {
            "day": text("which"), "sort": text("off, work or usual"), "name": maybe("the holiday's"), "why": WHY,
        },
        act="day",
    ),
)  # fmt: skip
