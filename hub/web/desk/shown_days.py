"""Days of which something else is said than the week says: how a form carries those that it showed.

A day and a fingerprint of what was said of it; whoever changes one day is not held up by a change of another.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import col, select

from hub.database.history_table import ChangeRow
from hub.database.tables import SharedDay, SpecialDay
from hub.register.spelling import read_spans
from hub.rights import Reach
from hub.typed.hours_spelled import spell_hours
from hub.web.desk.desk import Meanwhile
from hub.web.desk.meanwhile import LOOKED_AT, SHOWN, LastChange, last_change, said_of, short_mark
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit
from hub.web.kit.words import _

ON_DAY: Final = _("{day}：")
AS_USUAL: Final = _("照平时")


class SaidDay(NamedTuple):
    """What is said of one day by itself."""

    hours: str
    reason: str

    def words(self, kit: Kit) -> str:
        """As a page says it."""
        return f"{self.hours or kit.gettext(_('休息'))} {self.reason}".strip()


def days_said(connection: Connection, place: Reach) -> dict[date, SaidDay]:
    """The days of which something is said of exactly that station, or of exactly those of a district and kind."""
    rows = (
        select(SpecialDay).where(col(SpecialDay.station) == place.station)
        if place.station
        else select(SharedDay).where(
            col(SharedDay.district) == place.district, col(SharedDay.kind) == place.kind
        )
    )  # fmt: skip
    return {row.day: SaidDay(spell_hours(read_spans(row.spans)), row.reason) for row in connection.execute(rows)}


def spell_shown(days: Mapping[date, Sequence[str]], which: Collection[date] | None = None) -> str:
    """What a form carries of days; of those alone that are asked for."""
    kept = sorted(days if which is None else days.keys() & set(which))
    return " ".join(f"{day}={short_mark('|'.join(days[day]))}" for day in kept)


def days_said_otherwise(form: Form, now: Mapping[date, Sequence[str]], days: Iterable[date]) -> list[date]:
    """Those of these days of which something else is said than when the form was shown."""
    if SHOWN not in form.typed:
        return []
    shown = set(form.text(SHOWN).split())
    now_shown = {day: f"{day}={short_mark('|'.join(said))}" for day, said in now.items()}
    named = {mark.partition("=")[0] for mark in shown}
    return [
        day for day in days
        if (str(day) in named or day in now_shown) and now_shown.get(day) not in shown
    ]  # fmt: skip


def days_meanwhile(form: Form, place: Reach, days: Sequence[date], kit: Kit, field: str) -> Meanwhile:
    """Return what blames a field for the first day that somebody else has changed since the form was shown."""

    def look(connection: Connection) -> dict[str, str]:
        now = days_said(connection, place)
        changed = days_said_otherwise(form, now, days)
        if not changed:
            return {}
        theirs = now[changed[0]].words(kit) if changed[0] in now else kit.gettext(AS_USUAL)
        said = said_of(theirs, kit, _last_of_day(connection, place, changed[0]))
        return {field: kit.gettext(ON_DAY).format(day=changed[0]) + said}

    return look


def _last_of_day(connection: Connection, place: Reach, day: date) -> LastChange | None:
    if place.station:
        return last_change(connection, ["set_special_day"], station=place.station, day=day)
    where = col(ChangeRow.what) == "set_shared_day", col(ChangeRow.day_from) == day
    rows = connection.execute(select(ChangeRow).where(*where).order_by(col(ChangeRow.number).desc()).limit(LOOKED_AT))
    for row in rows:
        told = json.loads(row.after or row.before)
        if (told.get("district", ""), told.get("kind", "")) == (place.district, place.kind):
            return LastChange(row.by, row.at_ms)
    return None
