"""A station's day as a case that `zaigang-sim replay` plays again (docs/replay.md).

Persons go by their opaque id, cards by names made up for the file: nothing in it tells a card's token or a name. With
the station come the others where its people tapped about that day, for what they did there ends stints here. Of a
correction comes what it changed and when; why, by whom and what is written down where stay behind, for they may name
people.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, or_, select

from hub.exporting.corrections import CorrectionExport
from hub.intake.rows import UNREADABLE, RecordRow
from hub.ledger.queries import LEDGER_TAP, RECORD, RUN, RunName, read_names
from hub.register.directory import Directory
from hub.register.rulebook import Rulebook
from hub.register.spelling import spell_limits
from station.coverage import whole_of
from station.milliseconds import moment_of, ms_of
from station.names import HUB_KIOSK, StationCode, Token
from station.records import ClockSet, Note, ReaderChange, Started, Tap
from station.strict import spell_minutes, spell_moment

BEFORE: Final = timedelta(days=2)  # what a day hangs on
AFTER: Final = timedelta(days=2)
_ONE_DAY: Final = timedelta(days=1)
_TELLING: Final = (Started.KIND, ReaderChange.KIND, ClockSet.KIND, Note.KIND)  # what times and watching hang on
_AT: Final = (
    select(LEDGER_TAP.c.token, RUN.c.station)
    .distinct()
    .join(RUN, RUN.c.id == LEDGER_TAP.c.run)
    .where(LEDGER_TAP.c.at_ms.between(bindparam("since_ms"), bindparam("until_ms")))
)
_OF_RUN: Final = (
    select(RECORD)
    .where(
        RECORD.c.run == bindparam("run"),
        or_(
            RECORD.c.kind.in_(_TELLING),
            RECORD.c.at_ms.between(bindparam("since_ms"), bindparam("until_ms")),
            RECORD.c.stored_ms.between(bindparam("since_ms"), bindparam("until_ms")),
        ),
    )
    .order_by(RECORD.c.seq)
)


class DayExport:
    """Exports days of one city.

    Args:
        connection: a snapshot.
        directory: the city.
        salt: makes the file's names of cards; other ones for each file.
    """

    def __init__(self, connection: Connection, directory: Directory, salt: bytes) -> None:
        self._connection = connection
        self._directory = directory
        self._book = Rulebook(directory)
        self._salt = salt

    def case(self, station: StationCode, day: date) -> dict[str, Any]:
        """The whole case."""
        whole = whole_of(day, self._directory.zone)
        since, until = whole.since - BEFORE, whole.until + AFTER
        stations = self._stations(station, ms_of(since), ms_of(until))
        names = [
            name
            for code in stations
            for name in read_names(self._connection, and_(RUN.c.station == code, RUN.c.kiosk != HUB_KIOSK))
        ]
        records = [entry for name in names for entry in self._records(name, ms_of(since), ms_of(until))]
        records.sort(key=lambda entry: (entry["received_at"], entry["kiosk"], entry["epoch"], entry["record"]["seq"]))
        tokens = {entry["record"]["token"] for entry in records if "token" in entry["record"]}
        for entry in records:
            if "token" in entry["record"]:
                entry["record"]["token"] = self._made_up(entry["record"]["token"])
        days = [day + n * _ONE_DAY for n in range(-BEFORE.days, AFTER.days + 1)]
        cards = {self._made_up(token): self._card(token) for token in sorted(tokens)}
        named = {(entry["kiosk"], entry["epoch"], entry["record"]["seq"]) for entry in records}
        corrections = CorrectionExport(self._connection, named, since, until).corrections(stations)
        persons = {held["person"] for card in cards.values() for held in card["holdings"]}
        persons |= {said["person"] for said in corrections if "person" in said}
        return {
            "name": f"{station} {day}",
            "zone": self._directory.zone.key,
            "stations": {code: self._terms(code, days) for code in stations},
            "kiosks": {
                kiosk.id: {
                    "station": kiosk.station, "in_service_from": kiosk.in_service_from.isoformat(),
                    "in_service_to": kiosk.in_service_to and kiosk.in_service_to.isoformat(),
                }
                for kiosk in self._directory.kiosks.values()
                if kiosk.station in stations
            },
            "cards": cards,
            "untrained": sorted(person for person in persons if not self._is_trained(person, day)),
            "records": records,
            "corrections": corrections,
            "asked": spell_moment(until),
        }  # fmt: skip

    def _stations(self, station: StationCode, since_ms: int, until_ms: int) -> list[StationCode]:
        """That one, and where those who tapped there did so too."""
        tapped = list(self._connection.execute(_AT, {"since_ms": since_ms, "until_ms": until_ms}))
        here = {person for token, code in tapped if code == station for person in self._book.persons(token)}
        others = {code for token, code in tapped if not here.isdisjoint(self._book.persons(token))}
        return [station, *sorted(StationCode(code) for code in others - {station} if self._book.knows(code))]

    def _records(self, name: RunName, since_ms: int, until_ms: int) -> Iterable[dict[str, Any]]:
        asked = {"run": name.id, "since_ms": since_ms, "until_ms": until_ms}
        rows = [RecordRow(*row) for row in self._connection.execute(_OF_RUN, asked)]
        if not any(row.kind not in _TELLING or since_ms <= row.stored_ms <= until_ms for row in rows):
            return
        for row in rows:
            record = fields_of(row)
            if record is not None:
                yield {
                    "kiosk": name.kiosk, "epoch": name.epoch, "received_at": spell_moment(moment_of(row.stored_ms)),
                    "record": record,
                }  # fmt: skip

    def _terms(self, code: StationCode, days: list[date]) -> dict[str, Any]:
        terms = self._directory.stations[code].terms
        first = terms.clause_on(days[0]).terms
        later = [clause for clause in terms.clauses if days[0] < clause.since <= days[-1]]
        return {
            "minimum": first.duty.minimum,
            "target": first.duty.target,
            "limits": json.loads(spell_limits(first.limits)),
            "terms": [
                {
                    "from": clause.since.isoformat(), "minimum": clause.terms.duty.minimum,
                    "target": clause.terms.duty.target, "limits": json.loads(spell_limits(clause.terms.limits)),
                }
                for clause in later
            ],
            "calendar": {
                day.isoformat(): [
                    [spell_minutes(span.opens_min), spell_minutes(span.closes_min)] for span in terms.spans_on(day)
                ]
                for day in days
            },
        }  # fmt: skip

    def _card(self, token: str) -> dict[str, Any]:
        card = self._directory.cards.get(Token(token))
        held = card.holdings if card is not None else ()
        lost = card.losses if card is not None else ()
        return {
            "holdings": [
                {"person": one.person, "from": _spelled(one.from_ms), "until": _spelled(one.until_ms)} for one in held
            ],
            "lost": [{"from": _spelled(one.from_ms), "until": _spelled(one.until_ms)} for one in lost],
        }

    def _is_trained(self, person: str, day: date) -> bool:
        known = next((known for key, known in self._directory.people.items() if key == person), None)
        return known is not None and known.is_trained(day)

    def _made_up(self, token: str) -> str:
        return sha256(self._salt + token.encode()).hexdigest()[:32]


def fields_of(row: RecordRow) -> dict[str, Any] | None:
    """A stored record as it was on the wire; None for one that could not be read, and is no JSON either."""
    body = json.loads(row.body or "{}")
    if row.kind == UNREADABLE:
        try:
            found = json.loads(body["found"])
        except (KeyError, ValueError):
            return None
        return {**found, "seq": row.seq} if isinstance(found, dict) and "token" not in found else None
    stamp = {
        "seq": row.seq, "at": spell_moment(moment_of(row.at_ms)), "clock": row.clock, "boot": row.boot,
        "mono_ms": row.mono_ms, "kind": row.kind,
    }  # fmt: skip
    if row.kind != Tap.KIND:
        return {**stamp, **body}
    of = {} if row.of_seq is None else {"of": row.of_seq}
    return {
        **stamp, "token": row.token, "card_kind": row.card_kind, "reader": row.reader, "action": row.action, **of,
    }  # fmt: skip


def _spelled(ms: int | None) -> str | None:
    return None if ms is None else spell_moment(moment_of(ms))
