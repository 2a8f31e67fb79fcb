"""A correction as it was typed into its form, read into the commands that it means."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hub.changing import corrections as asked
from hub.changing.corrections import Amending
from hub.web.amending.reading import is_sound
from hub.web.amending.words import NO_TIME, NO_WHAT, WHAT_WORDS, WHY_WORDS
from hub.web.desk.reading import Typed
from station.names import Epoch, KioskId, RecordName, Seq

FIELDS = {"at": "time", "until": "time", "of": "what", "person": "person", "why": "more"}
"""A form's fields by the commands'."""
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])\Z")
_NAME = re.compile(r"([A-Za-z0-9_.-]{1,32})/([0-9a-f]{16})/([1-9][0-9]{0,17})\Z")


@dataclass(frozen=True, slots=True)
class About:
    """What a correction is about: a tap or an amendment by name, or none; whose tap one would be that is added."""

    station: str
    day: date
    zone: ZoneInfo
    of: RecordName | None = None
    person: str = ""


def record_named(text: str) -> RecordName | None:
    """A record's name in an address; None where it is none."""
    found = _NAME.match(text)
    return None if found is None else RecordName(KioskId(found[1]), Epoch(found[2]), Seq(int(found[3])))


def read_correction(typed: Typed, about: About) -> Amending | None:
    """The command; None where something is wrong, which then stands beside its field."""
    what, asked_by, evidence = typed.form.text("what"), typed.note("asked_by"), typed.note("evidence")
    if what not in WHAT_WORDS or (about.of is None and what not in {"arrive", "leave"}):
        typed.wrong["what"] = typed.kit.gettext(NO_WHAT)
        return None
    at = _moment(typed, about, is_needed=what not in {"confirm", "void", "back"})
    if typed.wrong:
        return None
    if what in {"arrive", "leave"}:
        assert at is not None
        return asked.AddTap(about.station, about.person, what, at, evidence, asked_by)
    assert about.of is not None
    if what == "confirm":
        return asked.ConfirmTap(about.station, about.of, at, asked_by)
    if what == "retime":
        assert at is not None
        return asked.RetimeTap(about.station, about.of, at, asked_by)
    return asked.VoidTap(about.station, about.of, asked_by)


def typed_reason(typed: Typed) -> str:
    """Why: what was chosen, and what was written beside it."""
    chosen = typed.form.text("why")
    picked = typed.kit.gettext(chosen) if chosen in WHY_WORDS else ""
    return "：".join(part for part in (picked, typed.note("more")) if part)


def _moment(typed: Typed, about: About, *, is_needed: bool) -> datetime | None:
    text = typed.form.text("time")
    if not text and not is_needed:
        return None
    found, day = _TIME.match(text), typed.day("day") or about.day
    if found is None or not is_sound(day):
        typed.wrong["time"] = typed.kit.gettext(NO_TIME)
        return None
    return datetime.combine(day, time(int(found[1]), int(found[2])), about.zone).astimezone(UTC)
