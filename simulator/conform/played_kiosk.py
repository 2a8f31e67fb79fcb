"""A kiosk as it is played to a hub: births, records and nonsense, as a check wants it, and what the hub answers.

Its records are notes, so that nobody is put on duty by them. Each check has an epoch of its own.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from simulator.conform.line import HeardMessage, SilenceError
from simulator.conform.rules import Meeting, ProtocolTimes
from station.errors import WireError
from station.names import Epoch, KioskId, Seq, Session
from station.records import AnyRecord, ClockState, Note, ReaderState
from station.wire import topics
from station.wire.codec import decode, decode_hub_state, encode, record_fields
from station.wire.messages import VERSION, Kept, Settled, State

ANSWER_S: Final = 10.0  # a hub that is not done by then does not answer
BOOT: Final = "conform"


@dataclass(frozen=True, slots=True)
class SettledRead:
    """One `settled`, as it came; `fault` says why it cannot be read."""

    heard: HeardMessage
    message: Settled | None
    fault: str = ""


class PlayedKiosk:
    """A kiosk's side towards a hub.

    Attributes:
        answers: everything that the hub said to it, retained messages apart.
        sent_n: of each session, the last n.
        sent: of each epoch, the highest seq that was ever sent.
        session: the one that speaks now.
    """

    def __init__(self, meeting: Meeting, pace: ProtocolTimes, now: Callable[[], datetime], rng: Random) -> None:
        """Connect; nothing is said yet."""
        self.dial, self.station, self.kiosk = meeting
        self.pace = pace
        self.settled_topic = topics.settled(self.station, self.kiosk)
        self.stranger = KioskId(f"conform-{rng.randbytes(4).hex()}")  # no hub knows it
        self.answers: list[SettledRead] = []
        self.to_stranger: list[HeardMessage] = []
        self.sent_n: dict[Session, int] = {}
        self.sent: dict[Epoch, int] = {}
        self._now, self._rng = now, rng
        self.reconnect()
        self.line = self.dial([self.settled_topic, topics.settled(self.station, self.stranger)])

    def begin(self) -> None:
        """Hear the hub's word for the first time.

        Raises:
            SilenceError: no hub answers.
        """
        if self.answer(self.state({self.epoch(): Kept(Seq(1), 0)})) is None:
            raise SilenceError(
                f"no settled on {self.settled_topic} within {ANSWER_S:g} s; "
                "wanted is a hub that runs, and a kiosk that is entered there"
            )

    def end(self) -> None:
        """Say goodbye as a kiosk does; what was said to strangers' names is taken back."""
        self.state({}, online=False)
        self.line.say(topics.state(self.station, self.stranger), b"", retain=True)
        self.line.close()

    def reconnect(self) -> None:
        """Be another session from now on."""
        self.session = Session(self._rng.randbytes(8).hex())
        self.sent_n[self.session] = 0

    def epoch(self) -> Epoch:
        """A run that nobody has heard of."""
        return Epoch(self._rng.randbytes(8).hex())

    def state(self, epochs: dict[Epoch, Kept], *, online: bool = True, kiosk: KioskId | None = None) -> int:
        """Say how it is; tells the n."""
        state = State(
            online=online, session=self.session, n=self._count(), version="conform", epochs=epochs,
            reader=ReaderState.UP, clock=ClockState.SYNCED, boot=BOOT, mono_ms=0, queued=0, at=self._now(),
        )  # fmt: skip
        self.line.say(topics.state(self.station, kiosk or self.kiosk), encode(state), retain=True)
        return state.n

    def notes(self, first: int, last: int, text: str = "conformance check") -> list[dict[str, Any]]:
        """Records with these seqs, as JSON has them."""
        return [record_fields(self._note(seq, text)) for seq in range(first, last + 1)]

    def journal(
        self, epoch: Epoch, records: Sequence[dict[str, Any]], *, first: int, kept_from: int = 1,
        kiosk: KioskId | None = None, spoil: dict[str, Any] | None = None,
    ) -> int:  # fmt: skip
        """Send records, sound or not, in a message that `spoil` changes; tells the n."""
        n = self._count()
        head = {"v": VERSION, "session": self.session, "n": n, "epoch": epoch, "first": first, "kept_from": kept_from}
        body = {**head, "records": list(records), **(spoil or {})}
        self.sent[epoch] = max(self.sent.get(epoch, 0), first + len(records) - 1)
        self.line.say(topics.journal(self.station, kiosk or self.kiosk), json.dumps(body).encode())
        return n

    def answer(self, n: int, within_s: float = ANSWER_S) -> Settled | None:
        """The first `settled` of this session that answers that n; None where none comes."""
        until_s = self.line.now_s() + within_s
        while (heard := self.line.next(until_s)) is not None:
            answer = self._take(heard)
            message = answer.message if answer else None
            if message is not None and message.session == self.session and message.n >= n:
                return message
        return None

    def through(self, epoch: Epoch, n: int) -> int | None:
        """How far the hub says the epoch is settled, in answer to that n; None where it does not say."""
        message = self.answer(n)
        named = message.epochs.get(epoch) if message else None
        return named.through if named else None

    def listen(self, for_s: float) -> None:
        """Take in what comes."""
        self.answer(1 << 63, for_s)

    def retained(self, *wanted: str) -> dict[str, bytes]:
        """What somebody finds on these topics who comes now."""
        found: dict[str, bytes] = {}
        with self.dial(list(wanted)) as late:
            until_s = late.now_s() + self.pace.slack_s
            while len(found) < len(wanted) and (heard := late.next(until_s)) is not None:
                if heard.retained:
                    found[heard.topic] = heard.payload
        return found

    def _count(self) -> int:
        self.sent_n[self.session] += 1
        return self.sent_n[self.session]

    def _note(self, seq: int, text: str) -> AnyRecord:
        return Note(seq=Seq(seq), at=self._now(), clock=ClockState.SYNCED, boot=BOOT, mono_ms=seq, text=f"{text} {seq}")

    def _take(self, heard: HeardMessage) -> SettledRead | None:
        if heard.retained:
            return None
        if heard.topic != self.settled_topic:
            self.to_stranger.append(heard)
            return None
        try:
            answer = SettledRead(heard, decode(heard.payload, Settled))
        except WireError as exc:
            answer = SettledRead(heard, None, str(exc))
        self.answers.append(answer)
        return answer


def is_birth(payload: bytes) -> bool:
    """Whether these bytes say that a hub is there."""
    try:
        return decode_hub_state(payload).online
    except WireError:
        return False
