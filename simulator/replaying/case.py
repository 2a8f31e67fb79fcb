"""A case: some days of some stations as plain JSON, entered into a hub's tables and read as messages.

What the file may say is checked here; a fault names where it stands, what was found and what is wanted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from hub.database.people_tables import CardRow, Holding, Loss, Membership, Volunteer
from hub.database.tables import City, District, Edition, Kiosk, SpecialDay, Station, TermsRow
from hub.register.spelling import spell_limits, spell_spans, spell_week
from hub.register.terms import ALWAYS
from simulator.arguments import why_unread
from simulator.replaying.shape import A_CASE, CaseError, check_shape, is_number, otherwise
from simulator.replaying.spelled import day_of, maybe_day, read_moment, read_ms, read_name, spans_said, zone_of
from station.duty import DutyRule, Limits
from station.hours import WEEK
from station.names import MAX_SEQ, Epoch, KioskId, PersonId, StationCode, Token
from station.saying import say

_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WANTED: Final = say("wanted is a case as zaigang-hub export-day writes one")


@dataclass(frozen=True, slots=True)
class Received:
    """One record as it came: who sent it, when the hub received it, and what it was, plain JSON."""

    kiosk: KioskId
    epoch: Epoch
    at: datetime
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """All that a file says.

    Attributes:
        kiosks: the station of each.
        days: those that are asked about, by station.
        asked: up to when everything is known.
        ask: at which moments the board is looked at.
    """

    body: dict[str, Any]
    zone: ZoneInfo
    kiosks: dict[KioskId, StationCode]
    days: dict[StationCode, list[date]]
    received: list[Received]
    asked: datetime
    ask: list[datetime]

    def enter(self, engine: Engine) -> None:
        """Put the stations, kiosks, people and cards into a hub's empty tables."""
        with Session(engine) as session:
            for rows in self.rows():
                session.add_all(rows)
                session.flush()
            session.commit()

    def rows(self) -> Iterator[list[SQLModel]]:
        """What stands in the tables, in the order of the references."""
        stations, people = self.body["stations"], self._people()
        yield [City(name="replayed"), Edition(number=1), District(code="D-1", name="replayed")]
        yield [
            Station(code=code, name=code, short_name=code, district="D-1", kind="community", created_on=ALWAYS)
            for code in stations
        ]
        yield [row for code, said in stations.items() for row in _terms(code, said)]
        yield [
            SpecialDay(station=code, day=day, spans=spell_spans(spans_said(f"stations.{code}.calendar.{day}", spans)))
            for code, said in stations.items()
            for day, spans in self._hours(code, said)
        ]
        for kiosk, said in self.body["kiosks"].items():
            since, until = said.get("in_service_from"), said.get("in_service_to")
            if since is not None and until is not None and until <= since:
                raise CaseError(
                    say(
                        "kiosks.{kiosk}: in service from {since} to {until}; wanted is an end after the beginning",
                        kiosk=kiosk, since=since, until=until,
                    )
                )  # fmt: skip
        yield [
            Kiosk(
                id=kiosk, station=said["station"],
                in_service_from=maybe_day(said.get("in_service_from"), f"kiosks.{kiosk}.in_service_from") or ALWAYS,
                in_service_to=maybe_day(said.get("in_service_to"), f"kiosks.{kiosk}.in_service_to"),
            )
            for kiosk, said in self.body["kiosks"].items()
        ]  # fmt: skip
        untrained = set(self.body.get("untrained", ()))
        yield [
            Volunteer(
                person=person, number=person, full_name="重演", trained_on=None if person in untrained else ALWAYS
            )
            for person in people
        ]
        yield [Membership(station=code, person=person, from_day=ALWAYS) for code in stations for person in people]
        yield [CardRow(token=token, technology="iso14443a", added_ms=0) for token in self.body["cards"]]
        yield [row for token, said in self.body["cards"].items() for row in _held(token, said)]

    def _hours(self, code: str, said: dict[str, Any]) -> list[tuple[date, Any]]:
        return [(day_of(day, f"stations.{code}.calendar"), spans) for day, spans in said["calendar"].items()]

    def _people(self) -> list[str]:
        held = [held.get("person") for said in self.body["cards"].values() for held in said.get("holdings", ())]
        own = [said["person"] for said in self.body["cards"].values() if said.get("person")]
        added = [
            read_name(said["person"], PersonId, f"corrections[{number}].person")
            for number, said in enumerate(self.body.get("corrections", ()))
            if said.get("person")
        ]
        return sorted({*filter(None, held), *own, *added})


def read_case(file: Path) -> Case:
    """The case that a file is.

    Raises:
        CaseError: it is none.
    """
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as exc:
        why = say("it is no JSON from line {line}, column {column} on", line=exc.lineno, column=exc.colno)
        raise CaseError(say("{why}; {wanted}", why=why, wanted=_WANTED)) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise CaseError(say("{why}; {wanted}", why=why_unread(exc), wanted=_WANTED)) from exc
    except (ValueError, RecursionError) as exc:
        why = say("it is nested too deeply, or has a number that is too long")
        raise CaseError(say("{why}; {wanted}", why=why, wanted=_WANTED)) from exc
    try:
        check_shape(body)
        return _case(body)
    except ValueError as exc:
        raise CaseError(say("{why}; {wanted}", why=exc, wanted=A_CASE)) from exc


def _case(body: dict[str, Any]) -> Case:
    kiosks = {
        KioskId(read_name(kiosk, KioskId, "kiosks")): StationCode(
            read_name(said["station"], StationCode, f"kiosks.{kiosk}")
        )
        for kiosk, said in body["kiosks"].items()
    }
    for token in body["cards"]:
        read_name(token, Token, "cards")
    unknown = set(kiosks.values()) - set(body["stations"])
    if unknown:
        raise CaseError(
            say("kiosks: station {station!r} is not among the stations; wanted is one of them", station=min(unknown))
        )
    received = [_received(entry, number, kiosks) for number, entry in enumerate(body["records"])]
    days = {
        StationCode(read_name(code, StationCode, "stations")): sorted(
            day_of(day, f"stations.{code}.calendar") for day in said["calendar"]
        )
        for code, said in body["stations"].items()
    }
    last = max([entry.at for entry in received], default=_EPOCH_START)
    asked = read_moment(body["asked"], "asked") if body.get("asked") else last
    ask = sorted(read_moment(at, "ask") for at in body.get("ask") or ())
    case = Case(body, zone_of(body.get("zone", "Asia/Shanghai")), kiosks, days, received, asked, ask)
    for _ in case.rows():  # what stands in them is wrong now, and not when it is played
        pass
    return case


def _received(entry: dict[str, Any], number: int, kiosks: dict[KioskId, StationCode]) -> Received:
    where = f"records[{number}]"
    if entry["kiosk"] not in kiosks:
        raise CaseError(
            say(
                "{where}.kiosk: {kiosk!r} is not among the kiosks; wanted is one of them",
                where=where, kiosk=entry["kiosk"],
            )
        )  # fmt: skip
    record = entry["record"]
    if not isinstance(record, dict) or type(record.get("seq")) is not int or not 1 <= record["seq"] <= MAX_SEQ:
        raise CaseError(
            say(
                "{where}.record: {found}; wanted is a record with its seq, as on the wire",
                where=where, found=f"{record!r:.60}",
            )
        )  # fmt: skip
    try:
        json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as exc:
        raise CaseError(
            say(
                "{where}.record: a number or a character that JSON does not have; wanted is a record as on the wire",
                where=where,
            )
        ) from exc
    return Received(
        KioskId(entry["kiosk"]), Epoch(read_name(entry["epoch"], Epoch, where)),
        read_moment(entry["received_at"], where), record,
    )  # fmt: skip


def _terms(code: str, said: dict[str, Any]) -> Iterator[TermsRow]:
    """What holds since always, and what else from a day on; each says what is otherwise than before."""
    known: dict[str, Any] = {name: said[name] for name in ("minimum", "target", "limits") if name in said}
    yield _terms_row(code, ALWAYS, known)
    begun = set[date]()
    for later in sorted(said.get("terms", ()), key=lambda terms: str(terms["from"])):
        since = day_of(later["from"], where := f"stations.{code}.terms")
        if since in begun:
            raise CaseError(
                say("{where}: {since} stands there twice; wanted is one from each day", where=where, since=since)
            )
        begun.add(since)
        known = {**known, **{name: value for name, value in later.items() if name != "from"}}
        yield _terms_row(code, since, known)


def _terms_row(code: str, since: date, said: dict[str, Any]) -> TermsRow:
    try:
        duty = DutyRule(said.get("minimum", 1), said.get("target", 2))
        limits = _limits(code, said.get("limits") or {})
    except ValueError as exc:
        raise CaseError(say("{where}: {why}", where=f"stations.{code}", why=exc)) from exc
    return TermsRow(
        station=code, from_day=since, week=spell_week(((),) * WEEK), minimum=duty.minimum, target=duty.target,
        limits=spell_limits(limits),
    )  # fmt: skip


def _limits(code: str, said: dict[str, Any]) -> Limits:
    """Limits by their names, in seconds; `_min` and `_h` behind a name are minutes and hours."""
    found = {}
    for name, value in said.items():
        bare, unit = next(
            ((name.removesuffix(end), unit) for end, unit in _UNITS if name.endswith(end)), (name, timedelta(seconds=1))
        )
        if bare not in Limits.__dataclass_fields__ or not is_number(value):
            wanted = say("a number of seconds for one of {names}", names=[*Limits.__dataclass_fields__])
            raise CaseError(otherwise(f"stations.{code}.limits.{name:.40}", value, wanted))
        found[bare] = value * unit
    return Limits(**found)


_UNITS: Final = (("_min", timedelta(minutes=1)), ("_s", timedelta(seconds=1)), ("_h", timedelta(hours=1)))


def _held(token: str, said: dict[str, Any]) -> Iterator[SQLModel]:
    where = f"cards.{token}"
    if "holdings" in said:
        held = [one for one in said["holdings"] if one.get("person")]
        for one, (since, until) in zip(held, _stretches(held, f"{where}.holdings"), strict=True):
            person = read_name(one["person"], PersonId, f"{where}.holdings")
            yield Holding(token=token, from_ms=since, until_ms=until, person=person)
    elif said.get("person"):
        yield Holding(token=token, from_ms=0, person=read_name(said["person"], PersonId, f"{where}.person"))
    lost = list(said.get("lost", ()))
    if said.get("lost_at") or said.get("revoked"):
        lost.append({"from": said.get("lost_at")})
    for since, until in _stretches(lost, f"{where}.lost"):
        yield Loss(token=token, from_ms=since, until_ms=until)


def _stretches(said: list[dict[str, Any]], where: str) -> list[tuple[int, int | None]]:
    """From when until when each holds, as the hub keeps such facts: none overlaps another."""
    found = [(read_ms(one.get("from"), where) or 0, read_ms(one.get("until"), where)) for one in said]
    until: int | None = 0
    for since, ends in sorted(found, key=lambda one: one[0]):
        if until is None or since < until or (ends is not None and ends < since):
            raise CaseError(
                say(
                    "{where}: two of them overlap, or one ends before it begins; wanted are stretches apart",
                    where=where,
                )
            )
        until = ends
    return found


def messages(case: Case) -> Iterator[tuple[Received, bytes]]:
    """Each record as the message that brought it, in the order of receipt."""
    session = {kiosk: f"{number:016x}" for number, kiosk in enumerate(case.kiosks, 1)}
    kept_from = {
        name: min(entry.record["seq"] for entry in group)
        for name, group in groupby(
            sorted(case.received, key=lambda e: (e.kiosk, e.epoch)), key=lambda e: (e.kiosk, e.epoch)
        )
    }
    for n, entry in enumerate(case.received, 1):
        body = {
            "v": 1, "session": session[entry.kiosk], "n": n, "epoch": entry.epoch, "first": entry.record["seq"],
            "kept_from": kept_from[entry.kiosk, entry.epoch], "records": [entry.record],
        }  # fmt: skip
        yield entry, json.dumps(body, ensure_ascii=False).encode()
