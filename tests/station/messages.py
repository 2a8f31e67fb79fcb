"""Every kind of message, as hypothesis makes them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from station.duty import MOST, DutyClass, DutyRule, Limits
from station.hours import Period, Span
from station.names import MAX_SEQ
from station.records import (
    MAX_MS,
    Action,
    ClockSet,
    ClockState,
    Foreign,
    Note,
    Pulse,
    ReaderChange,
    ReaderState,
    Started,
    Tap,
)
from station.stints import End, Standing
from station.wire.messages import (
    Command,
    HubState,
    Journal,
    Kept,
    KioskFigures,
    PersonSeen,
    Presence,
    Reply,
    Settled,
    State,
    Through,
)
from station.wire.told import Duty, Holder, Roster, TermsFrom


def _hex(digits: int):
    return st.text("0123456789abcdef", min_size=digits, max_size=digits)


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}\Z", fullmatch=True)
epochs = sessions = _hex(16)
tokens = _hex(32)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
moments = st.integers(0, 4 * 10**12).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
counts = st.integers(0, MAX_SEQ)
spells_ms = st.integers(0, MAX_MS)
seqs = st.integers(1, MAX_SEQ)
periods = st.builds(Period, moments, moments)
spans = st.integers(0, 1439).flatmap(lambda a: st.builds(Span, st.just(a), st.integers(a + 1, 1440)))
days = st.tuples(spans) | st.just(())

_stamp = {
    "seq": st.just(1),
    "at": moments,
    "clock": st.sampled_from(ClockState),
    "boot": texts,
    "mono_ms": spells_ms,
}
_whole_taps = st.builds(
    Tap, **_stamp, token=tokens, card_kind=texts, reader=texts,
    action=st.sampled_from([Action.ARRIVE, Action.LEAVE, Action.RETURN]), next_token=st.none() | tokens,
)  # fmt: skip
_step_outs = st.builds(
    Tap, **_stamp, token=tokens, card_kind=texts, reader=texts, action=st.just(Action.STEP_OUT), of=seqs
)
records = st.one_of(
    _whole_taps,
    _step_outs,
    st.builds(
        Started, **_stamp, version=texts, before=st.none() | epochs, clean=st.none() | st.booleans(),
        last_alive_at=st.none() | moments, last_alive_mono_ms=st.none() | spells_ms,
    ),
    st.builds(ReaderChange, **_stamp, reader=texts, state=st.sampled_from(ReaderState), reason=texts),
    st.builds(ClockSet, **_stamp, offset_ms=st.integers(-MAX_MS, MAX_MS), source=texts, bound_ms=spells_ms),
    st.builds(Note, **_stamp, text=texts, of=st.none() | seqs),
    st.builds(Pulse, **_stamp),
    st.builds(Foreign, **_stamp, kind=st.just("smell"), body=st.dictionaries(st.sampled_from("xyz"), counts)),
)  # fmt: skip


def _numbered(first: int, made: list):
    from dataclasses import replace

    return tuple(replace(record, seq=first + i) for i, record in enumerate(made))


journals = st.builds(
    lambda session, n, epoch, first, kept, made: Journal(session, n, epoch, first, kept, _numbered(first, made)),
    sessions, counts, epochs, st.integers(1, 10**12), seqs, st.lists(records, min_size=1, max_size=5),
)  # fmt: skip
_people = st.builds(
    PersonSeen, state=st.sampled_from(Standing), since=moments, out_since=st.none() | moments,
    ended_at=st.none() | moments, mark=st.none() | st.sampled_from(End), period=st.none() | periods,
    counts_from=st.none() | moments, claimed=st.booleans(), counted=st.booleans(),
)  # fmt: skip
_limits = st.builds(
    Limits, grace=st.timedeltas(timedelta(0), MOST), longest=st.timedeltas(timedelta(0), MOST)
)  # fmt: skip
others = st.one_of(
    st.builds(Settled, sessions, counts, st.dictionaries(epochs, st.builds(Through, counts, counts, counts)), moments),
    st.builds(
        State, st.booleans(), sessions, counts, texts, st.dictionaries(epochs, st.builds(Kept, seqs, counts)),
        st.sampled_from(ReaderState), st.sampled_from(ClockState), texts, spells_ms, counts, moments, texts, texts,
        figures=st.builds(
            KioskFigures, st.none() | counts, st.none() | st.integers(-40, 120), st.none() | st.booleans(),
            st.none() | moments, counts,
        ),
        next_key=texts,
    ),
    st.builds(
        Presence, moments, counts, counts, counts, st.sampled_from(DutyClass), st.dictionaries(names, _people),
        st.dictionaries(names, st.dictionaries(epochs, counts)),
    ),
    st.builds(
        Duty, counts, texts, st.tuples(*[days] * 7), st.just(DutyRule(1, 3)),
        st.dictionaries(st.dates(), days), st.just("Asia/Shanghai"), _limits,
        st.lists(st.builds(TermsFrom, st.dates(), st.just(DutyRule(2, 2)), _limits), max_size=3).map(tuple),
        st.dictionaries(st.dates(), texts),
    ),
    st.builds(
        Roster, counts, counts, counts,
        st.dictionaries(tokens, st.builds(Holder, names, texts, st.integers(0, 5), st.tuples(texts))), texts,
    ),
    st.builds(HubState, st.booleans(), sessions, texts, moments),
    st.builds(Command, texts, moments, texts, st.dictionaries(texts, texts)),
    st.builds(Reply, texts, st.booleans(), texts, st.booleans(), st.dictionaries(texts, texts)),
)  # fmt: skip
messages = journals | others
