"""Bytes to messages and back. Any bytes are a message or a `WireError`.

A message that is sound but for some of its records keeps those as `Unreadable` under their seq: one bad record
never blocks the ones behind it. Unknown fields are passed over, unknown kinds of record kept.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from cattrs import override
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from station.errors import WireError
from station.names import Epoch, Seq, Session
from station.records import KNOWN, AnyRecord, Foreign, Record, Unreadable
from station.strict import faults, make_converter
from station.wire.messages import (
    MAX_MESSAGE_BYTES,
    MAX_RECORDS,
    VERSION,
    Command,
    HubState,
    Journal,
    Message,
    Presence,
    Reply,
    Settled,
    State,
)
from station.wire.told import Duty, Roster, TermsFrom
from station.wire.topics import Leaf

M = TypeVar("M")
KINDS: Final[dict[Leaf, type[Any]]] = {
    Leaf.JOURNAL: Journal,
    Leaf.SETTLED: Settled,
    Leaf.STATE: State,
    Leaf.PRESENCE: Presence,
    Leaf.DUTY: Duty,
    Leaf.ROSTER: Roster,
    Leaf.COMMAND: Command,
    Leaf.REPLY: Reply,
}
_FROM: Final = override(rename="from")
_QUIET: Final = override(omit_if_default=True)
_fast = make_converter(forbid_extra_keys=False, detailed=False)
_exact = make_converter(forbid_extra_keys=False, detailed=True)
for _converter in (_fast, _exact):  # `from` is no name for a field
    _converter.register_structure_hook(TermsFrom, make_dict_structure_fn(TermsFrom, _converter, since=_FROM))
    _converter.register_unstructure_hook(
        TermsFrom, make_dict_unstructure_fn(TermsFrom, _converter, since=_FROM, limits=_QUIET)
    )
# Bound once: the hub reads a journal message for every tap of the city.
_READ: Final[dict[str, Callable[[Any, Any], Any]]] = {
    kind: _fast.get_structure_hook(record) for kind, record in KNOWN.items()
}
_FIELDS: Final[dict[type[Record], Callable[[Any], dict[str, Any]]]] = {
    record: _fast.get_unstructure_hook(record) for record in KNOWN.values()
}
_seq, _whole = _fast.get_structure_hook(Seq), _fast.get_structure_hook(int)
_session, _epoch = _fast.get_structure_hook(Session), _fast.get_structure_hook(Epoch)
_COMMON: Final = ("seq", "at", "clock", "boot", "mono_ms", "kind")
# What JSON looks like here, in a message as in a kiosk's journal; made once, since every record passes through it.
spell: Final[Callable[[Any], str]] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# What a strict reading raises: of json, of the hooks, of a missing key, of a value of the wrong build.
_UNSOUND: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def encode(message: Message) -> bytes:
    """A message's bytes.

    Raises:
        WireError: it would be longer than `MAX_MESSAGE_BYTES`, or a record of it is `Unreadable`.
    """
    if isinstance(message, Journal):
        body = {
            "session": message.session,
            "n": message.n,
            "epoch": message.epoch,
            "first": message.first,
            "kept_from": message.kept_from,
            "records": [_fields_of(record) for record in message.records],
        }
    else:
        body = _fast.unstructure(message)
    payload = spell({"v": VERSION, **body}).encode()
    if len(payload) > MAX_MESSAGE_BYTES:
        raise WireError(f"a {type(message).__name__} of {len(payload)} bytes; at most {MAX_MESSAGE_BYTES} are wanted")
    return payload


def _fields_of(record: AnyRecord | Unreadable) -> dict[str, Any]:
    if isinstance(record, Unreadable):  # left out, it would give its name to the record behind it
        raise WireError(f"record {record.seq} cannot be read, so it cannot be sent: {record.reason}")
    return record_fields(record)


def record_fields(record: AnyRecord) -> dict[str, Any]:
    """A record as JSON has it: flat, its kind beside its fields."""
    if isinstance(record, Foreign):
        stamp = _fast.unstructure(replace(record, body={}))  # what nobody knows goes as it came, however deep
        return {**{name: value for name, value in stamp.items() if name != "body"}, **record.body}
    fields: dict[str, Any] = _FIELDS[record.__class__](record)
    fields["kind"] = record.KIND
    return fields


def read_record(fields: Any, seq: Seq) -> AnyRecord | Unreadable:
    """The record that stands at `seq`, or what stood in its place."""
    try:
        if fields["seq"] != seq:
            return Unreadable(seq, shown(fields), f"seq: {fields['seq']!r:.40}; wanted is {seq}, by its place")
        read = _READ.get(fields["kind"])
        if read is None:
            return _read_foreign(fields)
        return read(fields, None)  # type: ignore[no-any-return]  # _READ makes the members of AnyRecord
    except _UNSOUND as exc:
        return Unreadable(seq, shown(fields), _why(fields, exc))


def decode_journal(payload: bytes) -> Journal:
    """The journal message of these bytes.

    Raises:
        WireError: it cannot be read as a whole; single bad records are `Unreadable` instead.
    """
    body = _read_object(payload)
    try:
        first = _seq(body["first"], None)
        records = body["records"]
        if not isinstance(records, list) or not 1 <= len(records) <= MAX_RECORDS:
            raise WireError(f"records: wanted is a list of 1 to {MAX_RECORDS}")
        return Journal(
            session=_session(body["session"], None),
            n=_whole(body["n"], None),
            epoch=_epoch(body["epoch"], None),
            first=first,
            kept_from=_seq(body["kept_from"], None),
            records=tuple([read_record(fields, Seq(first + i)) for i, fields in enumerate(records)]),
        )
    except _UNSOUND as exc:
        raise WireError(f"a journal message: {faults(exc)}") from exc


def decode(payload: bytes, kind: type[M]) -> M:
    """The message of that kind that these bytes are.

    Raises:
        WireError: they are none.
    """
    if kind is Journal:
        return decode_journal(payload)  # type: ignore[return-value]  # M is Journal here
    body = _read_object(payload)
    try:
        return _fast.structure(body, kind)
    except _UNSOUND as exc:
        raise WireError(f"a message {kind.__name__}: {_why_not(body, kind, exc)}") from exc


def decode_leaf(payload: bytes, leaf: Leaf) -> Message:
    """The message that a topic's last level promises."""
    message: Message = decode(payload, KINDS[leaf])
    return message


def decode_hub_state(payload: bytes) -> HubState:
    """The hub's birth or will."""
    return decode(payload, HubState)


def _read_object(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_MESSAGE_BYTES:
        raise WireError(f"{len(payload)} bytes; at most {MAX_MESSAGE_BYTES} are wanted")
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError) as exc:
        raise WireError(f"no JSON: {exc!s:.100}; begins {payload[:40]!r}") from exc
    if not isinstance(body, dict) or body.get("v") != VERSION:
        found = body.get("v") if isinstance(body, dict) else type(body).__name__
        raise WireError(f"v: {found!r:.40}; wanted is an object with v {VERSION}")
    return body


def _read_foreign(fields: dict[str, Any]) -> Foreign:
    stamp = _fast.structure(fields, Record)
    body = {name: value for name, value in fields.items() if name not in _COMMON}
    kind = _fast.structure(fields["kind"], str)
    return Foreign(
        seq=stamp.seq, at=stamp.at, clock=stamp.clock, boot=stamp.boot, mono_ms=stamp.mono_ms, kind=kind, body=body
    )


def shown(fields: Any) -> str:
    """What was found, storable whatever it is; ASCII, so that lone surrogates stay escapes."""
    return json.dumps(fields)


def _why(fields: Any, exc: Exception) -> str:
    kind = KNOWN.get(fields["kind"]) if isinstance(fields, dict) and isinstance(fields.get("kind"), str) else None
    if kind is None:
        return faults(exc) if isinstance(fields, dict) else f"{fields!r:.60}; wanted is an object"
    return _why_not(fields, kind, exc)


def _why_not(body: Any, kind: type[Any], exc: Exception) -> str:
    """Read again with the converter that says where; only failures pay for it."""
    try:
        _exact.structure(body, kind)
    except Exception as found:  # noqa: BLE001 -- an ExceptionGroup of whatever the hooks raised; it becomes text
        return faults(found)
    return faults(exc)
