"""What waits at stations: alarms, findings, kiosks that are silent while they should not be."""

from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Row
from sqlmodel import col, select

from hub.alarms.acting import Actor
from hub.alarms.book import alarm_of
from hub.alarms.members import count_members
from hub.alarms.places import CITY, district_of, is_group
from hub.alarms.words import lack_word
from hub.database.alarm_tables import AlarmRow
from hub.findings import Finding, FindingKind, Findings
from hub.presence.liveness import KioskStatus
from hub.rights import WHOLE_CITY, Reach, Right
from hub.web.inbox import words
from hub.web.inbox.finding_words import FINDING_WORDS
from hub.web.inbox.inbox import SNOOZE
from hub.web.inbox.waiting import NOWHERE, CitySeen, InboxAct, InboxLink, ToDo
from station.milliseconds import moment_of, ms_of

SILENT: Final = frozenset({KioskStatus.LOST, KioskStatus.BLIND})


class AlarmSource:
    """Stations that lack somebody, as long as they do and nobody closed it."""

    kind = "alarm"
    word = words.ALARMS

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:
        """Each that runs; told to be put off until when."""
        where = col(AlarmRow.over_ms).is_(None) & col(AlarmRow.closed_ms).is_(None)
        found, silent = [], count_members(connection)
        for row in connection.execute(select(AlarmRow).where(where)):
            alarm = alarm_of(row)
            place, name = _where(row.station, seen)
            is_put_off = alarm.snoozed_until is not None and alarm.snoozed_until > seen.now
            found.append(
                ToDo(
                    kind=self.kind, subject=str(row.number), place=place, station=name, since=moment_of(row.since_ms),
                    anew_at=moment_of(row.since_ms),
                    what=words.TOGETHER if is_group(row.station) else lack_word(alarm.lack, row.on_duty),
                    todo=_asked(row.station) or words.LEVEL_WORDS[alarm.level],
                    said=_said(row, silent.get(row.number, 0)),
                    due=alarm.snoozed_until if is_put_off else None, acts=words.ALARM_ACTS,
                    links=(*call_of(place), InboxLink(f"/alarms/{row.number}", words.SEE_STORY, Right.FOLLOW_UP)),
                    has_owner=alarm.is_acknowledged,
                )
            )  # fmt: skip
        return found

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Whoever looks after it, or speaks to who is there, keeps it from being told further."""
        actor, number = Actor(connection, by, now_ms), int(one.subject)
        if act is InboxAct.CLOSED:
            actor.close(number, note)
        elif act is InboxAct.SNOOZED:
            actor.snooze(number, ms_of(moment_of(now_ms) + SNOOZE), note)
        else:
            actor.acknowledge(number, note)


class FindingSource:
    """What the hub found, as long as it is so."""

    kind = "finding"
    word = words.FINDINGS

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:  # noqa: ARG002  they are in memory
        """Each that is not over."""
        return [self._waiting(one, seen) for one in self._findings.all() if one.ended_at is None]

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:  # noqa: ARG002
        """Closing ends it; found again, it is back."""
        if act is InboxAct.CLOSED:
            kind, _, subject = one.subject.partition(" ")
            self._findings.end(FindingKind(kind), subject)

    def _waiting(self, one: Finding, seen: CitySeen) -> ToDo:
        place, name = seen.place(one.station) or (NOWHERE, one.station) if one.station else (WHOLE_CITY, "")
        is_of_kiosks = one.kind in words.OF_KIOSKS
        return ToDo(
            kind=self.kind, subject=f"{one.kind} {one.subject}", place=place, station=name, since=one.first_at,
            anew_at=one.last_at,
            what=FINDING_WORDS[one.kind].what, todo=FINDING_WORDS[one.kind].todo,
            detail=f"{one.subject}: {one.text}" + (f" ({one.times}×)" if one.times > 1 else ""),
            seen_by=(Right.FOLLOW_UP, Right.KIOSKS) if is_of_kiosks else (Right.FOLLOW_UP,),
            done_by=(Right.HANDLE, Right.KIOSKS) if is_of_kiosks else (Right.HANDLE,),
            links=_links(one),
        )  # fmt: skip


class KioskSource:
    """Kiosks that are not heard, or whose reader sees nothing, while their station is open."""

    kind = "kiosk"
    word = words.KIOSKS

    def waiting(self, connection: Connection, seen: CitySeen) -> list[ToDo]:  # noqa: ARG002  they are in memory
        """Each by itself; closing it is good until it is heard again."""
        found = []
        for one in seen.kiosks:
            row, at = seen.rows.get(one.kiosk.station), one.heard.at
            if one.status not in SILENT or row is None or not row.is_open:
                continue
            place, is_blind = Reach(row.district_code, row.kind, row.code), one.status is KioskStatus.BLIND
            found.append(
                ToDo(
                    kind=self.kind, subject=f"{one.kiosk.id} {'' if at is None or is_blind else ms_of(at)}",
                    place=place, station=row.name, since=at or seen.now,
                    what=words.BLIND if is_blind else words.NEVER_HEARD if at is None else words.SILENT,
                    todo=words.LOOK_AT_READER if is_blind else words.LOOK_AT_POWER,
                    said={"kiosk": one.kiosk.id, "entrance": one.kiosk.entrance},
                    seen_by=(Right.FOLLOW_UP, Right.KIOSKS), done_by=(Right.HANDLE, Right.KIOSKS),
                    links=(*call_of(place), InboxLink("/kiosks", words.SEE_KIOSKS, Right.KIOSKS)),
                )
            )  # fmt: skip
        return found

    def act(self, connection: Connection, one: ToDo, act: InboxAct, *, by: str, now_ms: int, note: str) -> None:
        """Nothing: it is heard again by itself."""


def _where(place: str, seen: CitySeen) -> tuple[Reach, str]:
    """As grants speak of it, and its name."""
    if is_group(place):
        code = district_of(place)
        return Reach(code), next((row.district for row in seen.rows.values() if row.district_code == code), code)
    return (WHOLE_CITY, "") if place == CITY else seen.place(place) or (NOWHERE, "")


def _asked(place: str) -> str:
    if is_group(place):
        return words.LINE_OR_POWER
    return words.WHOLE_CITY if place == CITY else ""


def _said(row: Row[Any], silent: int) -> dict[str, str]:
    if is_group(row.station):
        return {"n": str(silent)}
    return {"there": str(row.on_duty), "wanted": str(row.wanted)} if row.wanted else {}


def call_of(place: Reach) -> tuple[InboxLink, ...]:
    """Where it stands whom to call about a station."""
    if place == NOWHERE or not place.station:
        return ()
    return (InboxLink(f"/stations/{quote(place.station)}/call", words.CALL, Right.HANDLE),)


def _links(one: Finding) -> tuple[InboxLink, ...]:
    if one.kind is FindingKind.UNKNOWN_KIOSK:
        return (InboxLink(f"/kiosks?kiosk={quote(one.subject)}", words.ENTER_KIOSK, Right.KIOSKS),)
    if one.kind in words.OF_KIOSKS:
        return (InboxLink("/kiosks", words.SEE_KIOSKS, Right.KIOSKS),)
    if one.kind is FindingKind.HOLIDAYS:
        return (InboxLink("/calendar/holidays", words.PASTE_HOLIDAYS, Right.PLACES),)
    if one.kind is FindingKind.GAP and one.station:
        address = f"/stations/{quote(one.station)}?date={one.first_at.date()}"
        return (InboxLink(address, words.SEE_DAY, Right.OBSERVE),)
    return ()
