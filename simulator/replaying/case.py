"""A case: some days of some stations as plain JSON, entered into a hub's tables and read as messages.

What the file may say is checked here; a fault names where it stands, what was found and what is wanted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session, SQLModel

from hub.database.people_tables import CardRow, Holding, Loss, Membership, Volunteer
from hub.database.tables import City, District, Edition, Kiosk, SpecialDay, Station, TermsRow
from hub.register.spelling import spell_limits, spell_spans, spell_week
from hub.register.terms import ALWAYS
from simulator.arguments import why_unread
from station.duty import DutyRule, Limits
from station.hours import WEEK, Span
from station.names import SHAPES, Epoch, KioskId, PersonId, StationCode, Token
from station.strict import make_converter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

_MOMENT: Final = make_converter(forbid_extra_keys=True, detailed=True)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WANTED: Final = "wanted is a case as zaigang-hub export-day writes one"


class CaseError(Exception):
    """The file is no case; the text says where, what was found and what is wanted."""


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
            SpecialDay(station=code, day=day, spans=spell_spans(_spans(f"{code} {day}", spans)))
            for code, said in stations.items()
            for day, spans in self._hours(code, said)
        ]
        yield [
            Kiosk(
                id=kiosk, station=said["station"], in_service_from=_day(said.get("in_service_from")) or ALWAYS,
                in_service_to=_day(said.get("in_service_to")),
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
        return [(_must(_day(day), f"stations.{code}.calendar"), spans) for day, spans in said["calendar"].items()]

    def _people(self) -> list[str]:
        held = [held["person"] for said in self.body["cards"].values() for held in said.get("holdings", ())]
        own = [said["person"] for said in self.body["cards"].values() if said.get("person")]
        added = [
            _name(said["person"], PersonId, f"corrections[{number}].person")
            for number, said in enumerate(self.body.get("corrections", ()))
            if said.get("person")
        ]
        return sorted({*held, *own, *added})


def read_case(file: Path) -> Case:
    """The case that a file is.

    Raises:
        CaseError: it is none.
    """
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as exc:
        raise CaseError(
            f"{file}: it is no JSON ({exc}); wanted is a case as zaigang-hub export-day writes one"
        ) from exc
    except (OSError, ValueError) as exc:
        raise CaseError(f"{file}: {why_unread(exc)}; {_WANTED}") from exc
    try:
        return _case(body)
    except CaseError as exc:
        raise CaseError(f"{file}: {exc}") from exc
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        said = f"{exc.args[0]!r} is missing" if isinstance(exc, KeyError) else str(exc)
        raise CaseError(f"{file}: {said}; wanted is a case, as docs/replay.md has it") from exc


def _case(body: dict[str, Any]) -> Case:
    kiosks = {
        KioskId(_name(kiosk, KioskId, "kiosks")): StationCode(_name(said["station"], StationCode, f"kiosks.{kiosk}"))
        for kiosk, said in body["kiosks"].items()
    }
    for token in body["cards"]:
        _name(token, Token, "cards")
    unknown = set(kiosks.values()) - set(body["stations"])
    if unknown:
        raise CaseError(f"kiosks: station {min(unknown)!r} is not among the stations")
    received = [_received(entry, number, kiosks) for number, entry in enumerate(body["records"])]
    days = {
        StationCode(_name(code, StationCode, "stations")): sorted(_must(_day(day), code) for day in said["calendar"])
        for code, said in body["stations"].items()
    }
    last = max([entry.at for entry in received], default=_EPOCH_START)
    asked = _moment(body["asked"], "asked") if body.get("asked") else last
    ask = sorted(_moment(at, "ask") for at in body.get("ask") or ())
    case = Case(body, _zone(body.get("zone", "Asia/Shanghai")), kiosks, days, received, asked, ask)
    for _ in case.rows():  # what stands in them is wrong now, and not when it is played
        pass
    return case


def _received(entry: dict[str, Any], number: int, kiosks: dict[KioskId, StationCode]) -> Received:
    where = f"records[{number}]"
    if entry["kiosk"] not in kiosks:
        raise CaseError(f"{where}.kiosk: {entry['kiosk']!r} is not among the kiosks")
    if not isinstance(entry["record"], dict) or type(entry["record"].get("seq")) is not int:
        raise CaseError(f"{where}.record: wanted is a record with its seq, as on the wire")
    return Received(
        KioskId(entry["kiosk"]), Epoch(_name(entry["epoch"], Epoch, where)), _moment(entry["received_at"], where),
        entry["record"],
    )  # fmt: skip


def _terms(code: str, said: dict[str, Any]) -> Iterator[TermsRow]:
    """What holds since always, and what else from a day on; each says what is otherwise than before."""
    known: dict[str, Any] = {name: said[name] for name in ("minimum", "target", "limits") if name in said}
    yield _terms_row(code, ALWAYS, known)
    for later in sorted(said.get("terms", ()), key=lambda terms: str(terms["from"])):
        known = {**known, **{name: value for name, value in later.items() if name != "from"}}
        yield _terms_row(code, _must(_day(later["from"]), f"stations.{code}.terms"), known)


def _terms_row(code: str, since: date, said: dict[str, Any]) -> TermsRow:
    duty = DutyRule(said.get("minimum", 1), said.get("target", 2))
    limits = _limits(code, said.get("limits") or {})
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
        if bare not in Limits.__dataclass_fields__ or isinstance(value, bool) or not isinstance(value, int | float):
            raise CaseError(
                f"stations.{code}.limits.{name}: {value!r}; wanted is a number of seconds for one of "
                f"{', '.join(Limits.__dataclass_fields__)}"
            )
        found[bare] = value * unit
    return Limits(**found)


_UNITS: Final = (("_min", timedelta(minutes=1)), ("_s", timedelta(seconds=1)), ("_h", timedelta(hours=1)))


def _held(token: str, said: dict[str, Any]) -> Iterator[SQLModel]:
    if "holdings" in said:
        for held in said["holdings"]:
            if held.get("person"):
                yield Holding(
                    token=token, from_ms=_ms(held.get("from")) or 0, until_ms=_ms(held.get("until")),
                    person=_name(held["person"], PersonId, f"cards.{token[:6]}"),
                )  # fmt: skip
    elif said.get("person"):
        yield Holding(token=token, from_ms=0, person=_name(said["person"], PersonId, f"cards.{token[:6]}"))
    for lost in said.get("lost", ()):
        yield Loss(token=token, from_ms=_ms(lost.get("from")) or 0, until_ms=_ms(lost.get("until")))
    if said.get("lost_at") or said.get("revoked"):
        yield Loss(token=token, from_ms=_ms(said.get("lost_at")) or 0)


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


def _name(value: Any, kind: object, where: str) -> str:
    pattern, wanted = SHAPES[kind]
    if not isinstance(value, str) or pattern.match(value) is None:
        raise CaseError(f"{where}: {value!r:.60}; wanted is {wanted}")
    return value


def _spans(where: str, spans: Any) -> tuple[Span, ...]:
    try:
        return tuple(sorted(_MOMENT.structure(spans, tuple[Span, ...])))
    except Exception as exc:
        raise CaseError(f"{where}: {spans!r:.60}; wanted is a list of [from, to] as 08:00, up to 24:00") from exc


def _moment(value: Any, where: str) -> datetime:
    try:
        return _MOMENT.structure(value, datetime)
    except ValueError as exc:
        raise CaseError(f"{where}: {exc}") from exc


def _ms(value: Any) -> int | None:
    """A moment, a day (its beginning in UTC) or None."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) == len("2026-03-05"):
        value = datetime.combine(_must(_day(value), "cards"), time(), UTC).isoformat()
    return (_moment(value, "cards") - _EPOCH_START) // _MILLISECOND


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise CaseError(f"{value!r:.60}; wanted is a day, as 2026-03-05") from exc


def _must(day: date | None, where: str) -> date:
    if day is None:
        raise CaseError(f"{where}: wanted is a day, as 2026-03-05")
    return day


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, TypeError, ValueError) as exc:
        raise CaseError(f"zone: {name!r:.60}; wanted is a zone like Asia/Shanghai") from exc
