"""From the bytes of a journal message to the rows that are stored, in the way of every message.

The codec in `station.wire` is the authority. Here stands a short cut for what nearly every message is: sound, and
taps or pulses. Whatever the short cut does not know at once is read by the codec, so both always agree.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from station.errors import WireError
from station.names import MAX_SEQ, SHAPES, Epoch, Seq, Session, Token
from station.records import Action, AnyRecord, ClockState, Foreign, Pulse, Tap, Unreadable
from station.wire.codec import decode_journal, read_record, record_fields
from station.wire.messages import MAX_MESSAGE_BYTES, MAX_RECORDS, VERSION

UNREADABLE: Final = "unreadable"
_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_STAMP: Final = ("seq", "at", "clock", "boot", "mono_ms", "kind")
_ACTIONS: Final = {action.value: action.value for action in Action}  # by word, the one copy that all rows share
_CLOCKS: Final = {state.value: state.value for state in ClockState}
_LONGEST_WORD: Final = 64  # longer ones, the codec reads
_scan: Final = json.JSONDecoder().raw_decode  # what json.loads comes to, without its questions
_match_token = SHAPES[Token][0].match
_match_session = SHAPES[Session][0].match
_match_epoch = SHAPES[Epoch][0].match
_YEARS: Final = range(1900, 9000)  # outside, the codec decides


class Row(NamedTuple):
    """One record as it is stored: the columns of `journal_tables.JournalRecord`, in their order."""

    run: int
    seq: int
    kind: str
    at_ms: int
    clock: str
    boot: str
    mono_ms: int
    token: str | None
    action: str | None
    of_seq: int | None
    card_kind: str | None
    reader: str | None
    body: str | None
    stored_ms: int


class JournalMessage(NamedTuple):
    """A journal message whose records are still plain JSON, or, from the codec, records."""

    session: Session
    n: int
    epoch: Epoch
    first: int
    kept_from: int
    records: list[Any]

    @property
    def last(self) -> int:
        """The seq of the last record."""
        return self.first + len(self.records) - 1


def ms_of(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - _EPOCH_START) // _MILLISECOND


def moment_of(ms: int) -> datetime:
    """The moment of so many milliseconds since 1970."""
    return _EPOCH_START + timedelta(milliseconds=ms)


def read_journal(payload: bytes) -> JournalMessage:
    """The journal message of these bytes.

    Raises:
        WireError: they are none.
    """
    return _read_sound(payload) or _read_by_codec(payload)


def rows_of(message: JournalMessage, run: int, stored_ms: int) -> list[tuple[Any, ...]]:
    """The message's records as rows of that run; plain tuples in the order of `Row`."""
    return [
        _tap_row(fields, seq, run, stored_ms)
        or _pulse_row(fields, seq, run, stored_ms)
        or _row_by_codec(fields, seq, run, stored_ms)
        for seq, fields in enumerate(message.records, message.first)
    ]


def _read_sound(payload: bytes) -> JournalMessage | None:
    """The message if it is sound on the face of it."""
    if len(payload) > MAX_MESSAGE_BYTES:
        return None
    try:
        text = payload.decode()
        body, end = _scan(text)
        session, n, epoch = body["session"], body["n"], body["epoch"]
        first, kept_from, records = body["first"], body["kept_from"], body["records"]
        sound = (
            end == len(text)
            and body["v"] == VERSION
            and n.__class__ is first.__class__ is kept_from.__class__ is int
            and 0 <= n <= MAX_SEQ
            and 1 <= first < MAX_SEQ - MAX_RECORDS
            and 1 <= kept_from <= MAX_SEQ
            and records.__class__ is list
            and 1 <= len(records) <= MAX_RECORDS
            and _match_session(session)
            and _match_epoch(epoch)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return JournalMessage(session, n, epoch, first, kept_from, records) if sound else None


def _read_by_codec(payload: bytes) -> JournalMessage:
    journal = decode_journal(payload)
    if journal.first > MAX_SEQ - MAX_RECORDS:
        raise WireError(f"first: {journal.first}; no kiosk lives so long")
    return JournalMessage(
        journal.session, journal.n, journal.epoch, journal.first, journal.kept_from, list(journal.records)
    )


def _tap_row(fields: Any, seq: int, run: int, stored_ms: int) -> tuple[Any, ...] | None:
    """The row of a sound tap; None for anything else."""
    try:
        if fields["kind"] != Tap.KIND:
            return None
        action, of, token = _ACTIONS[fields["action"]], fields.get("of"), fields["token"]
        boot, card_kind, reader = _word(fields["boot"]), _word(fields["card_kind"]), _word(fields["reader"])
        mono_ms, clock = fields["mono_ms"], _CLOCKS[fields["clock"]]
        at = datetime.fromisoformat(fields["at"])
        sound = (
            fields["seq"] == seq
            and fields["seq"].__class__ is mono_ms.__class__ is int
            and -MAX_SEQ <= mono_ms <= MAX_SEQ
            and at.tzinfo is not None
            and at.year in _YEARS
            and (of is None) is (action != "step_out")
            and (of is None or (of.__class__ is int and 1 <= of <= MAX_SEQ))
            and _match_token(token)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not sound:
        return None
    return (
        run, seq, "tap", ms_of(at), clock, boot, mono_ms, token, action, of, card_kind, reader, None, stored_ms,
    )  # fmt: skip


def _pulse_row(fields: Any, seq: int, run: int, stored_ms: int) -> tuple[Any, ...] | None:
    """The row of a sound pulse, of which a calm kiosk makes a hundred a day; None for anything else."""
    try:
        if fields["kind"] != Pulse.KIND:
            return None
        boot, mono_ms, clock = fields["boot"], fields["mono_ms"], fields["clock"]
        at = datetime.fromisoformat(fields["at"])
        sound = (
            fields["seq"] == seq
            and fields["seq"].__class__ is mono_ms.__class__ is int
            and -MAX_SEQ <= mono_ms <= MAX_SEQ
            and at.tzinfo is not None
            and at.year in _YEARS
            and clock in _CLOCKS
            and boot.isprintable()
            and boot.isascii()
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return (
        (run, seq, "pulse", ms_of(at), clock, boot, mono_ms, None, None, None, None, None, None, stored_ms)
        if sound
        else None
    )


@lru_cache(maxsize=8192)
def _word(text: str) -> str:
    """A plain word; each time the same copy, since a flood of rows waits in memory with three of them each.

    Raises:
        ValueError: it is none, or long.
    """
    if len(text) > _LONGEST_WORD or not (text.isascii() and text.isprintable()):
        raise ValueError(text)
    return text


def _row_by_codec(fields: Any, seq: int, run: int, stored_ms: int) -> tuple[Any, ...]:
    record = fields if isinstance(fields, AnyRecord | Unreadable) else read_record(fields, Seq(seq))
    return row_of(record, run, stored_ms)


def row_of(record: AnyRecord | Unreadable, run: int, stored_ms: int) -> Row:
    """Any record's row."""
    if isinstance(record, Unreadable):
        body = json.dumps({"found": record.found, "reason": record.reason})
        return Row(
            run, record.seq, UNREADABLE, stored_ms, ClockState.UNSET.value, "", 0, None, None, None, None, None,
            body, stored_ms,
        )  # fmt: skip
    row = Row(
        run=run,
        seq=record.seq,
        kind=record.kind if isinstance(record, Foreign) else record.KIND,
        at_ms=ms_of(record.at),
        clock=record.clock.value,
        boot=record.boot,
        mono_ms=record.mono_ms,
        token=None,
        action=None,
        of_seq=None,
        card_kind=None,
        reader=None,
        body=None,
        stored_ms=stored_ms,
    )
    if not isinstance(record, Tap):
        return row._replace(body=_body_of(record))
    return row._replace(
        token=record.token,
        action=record.action.value,
        of_seq=record.of,
        card_kind=record.card_kind,
        reader=record.reader,
    )


def _body_of(record: AnyRecord) -> str | None:
    fields = {name: value for name, value in record_fields(record).items() if name not in _STAMP}
    is_strange = isinstance(record, Foreign)  # lone surrogates, which no database takes, then stay escapes
    return json.dumps(fields, ensure_ascii=is_strange, separators=(",", ":")) if fields else None


def taps_of(rows: Iterable[tuple[Any, ...]]) -> list[Row]:
    """The taps among these rows."""
    return [Row(*row) for row in rows if row[2] == Tap.KIND]
