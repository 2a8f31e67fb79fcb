"""By which a program says what roster it has read (ETag, If-Match; RFC 9110, 8.8.3 and 13.1.1).

It is looked at in the transaction that would write, as forms are (`hub.web.desk.meanwhile`).
"""

from sqlalchemy import Connection

from hub.errors import HubError
from hub.register.shifts import spell_shift_week, spell_shifts
from hub.web.desk.meanwhile import last_change, short_mark
from hub.web.shifts.reading import StationPlan, read_station_plan
from station.milliseconds import moment_of

OF_ROSTERS = ("plan_week", "set_shift_day")


class OtherRosterError(HubError):
    """It is another than a program has read; `said` tells what was found and wanted, `tag` is the one of now."""

    def __init__(self, said: dict[str, str], tag: str) -> None:
        super().__init__("the roster has changed since it was read")
        self.said = said
        self.tag = tag


def tag_of(plan: StationPlan | None) -> str:
    """Another one for another week, day or reason."""
    if plan is None:
        return ""
    weeks = [f"{since} {spell_shift_week(week)}" for since, week in plan.plan.weeks]
    days = [f"{day} {spell_shifts(said)} {plan.reasons.get(day, '')}" for day, said in sorted(plan.plan.days.items())]
    return f'"{short_mark(chr(10).join([*weeks, *days]))}"'


def expect(connection: Connection, station: str, known: str) -> None:
    """See to it that a station's roster is still the one that a program names; without a name, or by `*`, any is.

    Raises:
        OtherRosterError: it is another.
    """
    tags = {one.strip().removeprefix("W/") for one in known.split(",")} - {""}
    now = tag_of(read_station_plan(connection, station))
    if not tags or tags & {now, "*"}:
        return
    last = last_change(connection, OF_ROSTERS, station=station)
    by = f", changed by {last.by} at {moment_of(last.at_ms):%Y-%m-%dT%H:%M:%SZ}" if last else ""
    said = {"field": "If-Match", "found": known, "wanted": f"{now}, the ETag of the roster as it is now{by}"}
    raise OtherRosterError(said, now)
