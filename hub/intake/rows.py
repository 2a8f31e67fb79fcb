"""The rows that a journal message's records are stored as.

Taps and pulses of a sound message become rows at once. One that proves unsound leaves its whole message to the codec
in `station.wire`, which is the authority and says what is wrong, so both always agree.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from hub.intake.reading import JournalMessage, SoundPulse, SoundTap
from station.milliseconds import EPOCH_START, ms_of
from station.names import SHAPES, Seq, Token
from station.records import Action, AnyRecord, ClockState, Foreign, Tap, Unreadable
from station.strict import LAST_YEAR
from station.wire.codec import read_record, record_fields, shown

UNREADABLE: Final = "unreadable"
_STAMP: Final = ("seq", "at", "clock", "boot", "mono_ms", "kind")
_NEXT: Final = "next_token"
_STEP_OUT: Final = Action.STEP_OUT.value
_LONGEST_WORD: Final = 64  # longer ones, the codec reads
_match_token = SHAPES[Token][0].match
_END_MS: Final = ms_of(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))


class RecordRow(NamedTuple):
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


def rows_of(message: JournalMessage, run: int, stored_ms: int) -> list[RecordRow]:
    """The message's records as rows of that run."""
    if message.payload:
        try:
            return [
                _tap_row(record, seq, run, stored_ms)
                if record.__class__ is SoundTap
                else _pulse_row(record, seq, run, stored_ms)
                for seq, record in enumerate(message.records, message.first)
            ]
        except (ValueError, TypeError):
            message = message.by_codec()
    return [_row_by_codec(record, seq, run, stored_ms) for seq, record in enumerate(message.records, message.first)]


def _tap_row(tap: SoundTap, seq: int, run: int, stored_ms: int) -> RecordRow:
    token, action, of = tap.token, tap.action, tap.of
    if tap.seq != seq or (of is None) is (action == _STEP_OUT) or not _match_token(token):
        raise ValueError(tap)
    following = tap.next_token
    if following is not None and not _match_token(following):
        raise ValueError(tap)
    return RecordRow(
        run, seq, "tap", _ms_spelled(tap.at), tap.clock, _word(tap.boot), tap.mono_ms,
        token, action, of, _word(tap.card_kind), _word(tap.reader), _body_of_tap(following), stored_ms,
    )  # fmt: skip


def _pulse_row(pulse: SoundPulse, seq: int, run: int, stored_ms: int) -> RecordRow:
    if pulse.seq != seq:
        raise ValueError(pulse)
    return RecordRow(
        run, seq, "pulse", _ms_spelled(pulse.at), pulse.clock, _word(pulse.boot), pulse.mono_ms,
        None, None, None, None, None, None, stored_ms,
    )  # fmt: skip


def _ms_spelled(at: str) -> int:
    """As `ms_of`, of a moment with its offset.

    Raises:
        ValueError: it is none, or none of our times.
        TypeError: it has no offset.
    """
    since = datetime.fromisoformat(at) - EPOCH_START
    ms = since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    if not 0 <= ms < _END_MS:
        raise ValueError(at)
    return ms


@lru_cache(maxsize=8192)
def _word(text: str) -> str:
    """A plain word; each time the same copy, since a flood of rows waits in memory with three of them each.

    Raises:
        ValueError: it is none, or long.
    """
    if len(text) > _LONGEST_WORD or not (text.isascii() and text.isprintable()):
        raise ValueError(text)
    return text


def _row_by_codec(fields: Any, seq: int, run: int, stored_ms: int) -> RecordRow:
    record = fields if isinstance(fields, AnyRecord | Unreadable) else read_record(fields, Seq(seq))
    return row_of(record, run, stored_ms)


def row_of(record: AnyRecord | Unreadable, run: int, stored_ms: int) -> RecordRow:
    """Any record's row."""
    if isinstance(record, Foreign) and record.kind == UNREADABLE:  # else it could pass for what was kept here
        record = Unreadable(record.seq, shown(record_fields(record)), "kind: a word of the hub's own")
    if isinstance(record, Unreadable):
        body = json.dumps({"found": record.found, "reason": record.reason})
        return RecordRow(
            run, record.seq, UNREADABLE, stored_ms, ClockState.UNSET.value, "", 0, None, None, None, None, None,
            body, stored_ms,
        )  # fmt: skip
    row = RecordRow(
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
        body=_body_of_tap(record.next_token),
    )


def _body_of_tap(next_token: str | None) -> str | None:
    return None if next_token is None else f'{{"{_NEXT}":"{next_token}"}}'


def next_token_of(row: RecordRow) -> str | None:
    """The same card's token under the site key that is to come, where a tap says it."""
    return json.loads(row.body)[_NEXT] if row.kind == Tap.KIND and row.body is not None else None


def _body_of(record: AnyRecord) -> str | None:
    fields = {name: value for name, value in record_fields(record).items() if name not in _STAMP}
    is_strange = isinstance(record, Foreign)  # lone surrogates, which no database takes, then stay escapes
    return json.dumps(fields, ensure_ascii=is_strange, separators=(",", ":")) if fields else None
