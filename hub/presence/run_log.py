"""What the hub remembers of one run of a kiosk's agent: when its records were made, and what they say of its readers.

Records come in any order, each once. Where the clock was right only the ends of a stretch are kept; what is in doubt
is kept record by record, and `kiosk_log` says when it was. What people did, `persons` keeps.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hub.intake.rows import Row as Record
from hub.intake.said import Begun, begun_of, mark_of, reader_of
from hub.presence.pieces import Doubtful, Moment, Piece, Row, Sure
from station.names import Epoch, KioskId, StationCode
from station.records import ClockSet, ClockState, ReaderChange, Started
from station.truetime import AHEAD_MS
from station.watching import APART_MS, RunWatch

_SYNCED: Final = ClockState.SYNCED.value
_TELLING: Final = frozenset({ReaderChange.KIND, Started.KIND, ClockSet.KIND})


class RunLog:
    """One run.

    Attributes:
        pieces: in order of seq, none overlapping another.
        begun: what its `started` says of the run before it.
        is_plain: every record was made when it says so.
    """

    __slots__ = ("begun", "epoch", "is_plain", "kiosk", "pieces", "readers", "station")

    def __init__(self, kiosk: KioskId, epoch: Epoch, station: StationCode) -> None:
        self.kiosk, self.epoch, self.station = kiosk, epoch, station
        self.pieces: list[Piece] = []
        self.readers: dict[str, str] = {}  # as they were before the first piece, where that is remembered
        self.begun: Begun | None = None
        self.is_plain = True

    def take(self, rows: Sequence[Row]) -> bool:
        """Take new records, in order of seq; false where the last stretch only went on by a clock that was right."""
        piece = self.pieces[-1] if self.pieces else None
        is_news = False
        for row in rows:
            seq, at_ms = row[1], row[3]
            if (
                isinstance(piece, Sure)
                and seq == piece.last_seq + 1
                and row[4] == _SYNCED
                and row[2] not in _TELLING
                and piece.last_ms <= at_ms <= row[13] + AHEAD_MS
                and piece.last_mono_ms <= row[6]
                and piece.boot == row[5]
            ):
                if at_ms - piece.last_ms > APART_MS:
                    piece.pauses.append((piece.last_ms, at_ms))
                piece.last_seq, piece.last_ms, piece.last_mono_ms = seq, at_ms, row[6]
            else:
                piece = self._add(row)
                is_news = True
        if is_news:
            sure = [piece for piece in self.pieces if isinstance(piece, Sure)]
            is_rising = all(one.last_ms <= other.first_ms for one, other in pairwise(sure))
            self.is_plain = is_rising and len(sure) == len(self.pieces)
        return is_news

    def moment(self, seq: int, at_ms: int) -> Moment:
        """When a record was made that says `at_ms`."""
        if self.is_plain:
            return Moment(at_ms, is_uncertain=False)
        index = bisect_right(self.pieces, seq, key=lambda piece: piece.first_seq) - 1
        if index < 0 or seq > self.pieces[index].last_seq:  # so old that it is forgotten
            return Moment(at_ms, is_uncertain=True)
        return self.pieces[index].moment(seq, at_ms)

    def watch(self, recalled: str) -> RunWatch:
        """When it watched; `recalled` is how its readers were where its records no longer tell."""
        watch = RunWatch()
        if self.readers:
            for reader, state in self.readers.items():
                watch.reader_is(reader, state)
        elif self.pieces[0].first_seq > 1:
            watch.reader_is("", recalled)
        for piece in self.pieces:
            watch.take(piece.first_seq, piece.begins_ms)
            if piece.said is not None:
                watch.reader_is(*piece.said)
            watch.take_on(piece.first_seq, piece.last_seq, piece.spans())
        return watch

    def forget_before(self, ms: int) -> None:
        """Forget what is older, but for the last stretch of a clock that was right: what is in doubt hangs on it."""
        kept = [piece for piece in self.pieces if piece.ends_ms >= ms] or self.pieces[-1:]
        gone = self.pieces[: -len(kept)]
        for piece in gone:
            self._keep_in_mind(piece)
        if isinstance(kept[0], Doubtful):
            if kept[0].forget_before(ms):
                self._keep_in_mind(kept[0])
            kept = [*[piece for piece in gone if isinstance(piece, Sure)][-1:], *kept]
        self.pieces = kept

    def _keep_in_mind(self, piece: Piece) -> None:
        """What it said of a reader holds for all that follow."""
        if piece.said is not None:
            self.readers[piece.said.reader] = piece.said.state
            piece.said = None

    def _add(self, row: Row) -> Piece:
        """Take one record that does not simply go on, or has something to tell."""
        seq = row[1]
        index = bisect_right(self.pieces, seq, key=lambda piece: piece.first_seq)
        before = self.pieces[index - 1] if index else None
        if before is not None and seq <= before.last_seq:
            return before
        record = Record(*row)
        said, mark = reader_of(record), mark_of(record, self.epoch)
        self.begun = begun_of(record) or self.begun
        if mark.is_known:
            piece: Piece = Sure(seq, seq, mark.boot, mark.at_ms, mark.at_ms, mark.mono_ms, mark.mono_ms, said)
        else:
            if (
                isinstance(before, Doubtful)
                and said is None
                and seq == before.last_seq + 1
                and (before.boot, before.clock) == (mark.boot, mark.clock)
            ):
                before.add(mark)
                if before.forget_most():
                    self._keep_in_mind(before)
                return before
            piece = Doubtful(seq, mark.boot, mark.clock, said)
            piece.add(mark)
        self.pieces.insert(index, piece)
        return piece
