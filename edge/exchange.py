"""What one connection has said and heard: how far each run is settled in it, and which records are to go next. Pure.

Nothing is carried from one session into the next. At most one journal message is unsettled in flight.
"""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Final, NamedTuple

from station import names
from station.names import Epoch
from station.wire.messages import Kept, Settled, Through

FIRST_RETRY_S: Final = 10.0
LONGEST_RETRY_S: Final = 300.0
SPREAD_S: Final = 5.0  # after the hub's birth, so that a city of kiosks does not speak at once
REST_SHARE: Final = 10.0  # of the time until the answer came: who catches up leaves the hub to others for as long
LONGEST_REST_S: Final = 0.08  # nothing on a slow line, where the message itself takes seconds; a month rests for 19 s
MOST_RECORDS: Final = 100  # in a message, of the 200 that may be: others' taps wait while the hub stores it
CATCHES_UP_BYTES: Final = 8 * 1024  # a message of now is a record or two
MOST_ASKED: Final = 16  # messages of which it is remembered when they went
MAX_EPOCHS: Final = 200  # named in one state message; the rest follow when these are settled
_ONE_BY_ONE_AFTER: Final = 2  # sendings in vain: perhaps one record spoils the message


class Flight(NamedTuple):
    """A journal message of which not every record is settled yet.

    Attributes:
        sent_s: when it was said.
        pause_s: how long the hub has to answer it, once it has come to the broker.
        due_s: when it is given up.
        is_there: whether it has come to the broker.
    """

    epoch: Epoch
    last: int
    size_bytes: int
    sent_s: float
    pause_s: float
    due_s: float
    is_there: bool = False


class Due(NamedTuple):
    """Records that are to go next: those of `epoch` that follow `after`, at most `limit`."""

    epoch: Epoch
    kept: Kept
    after: int
    limit: int


@dataclass(slots=True)
class Exchange:
    """One connection.

    Attributes:
        state_due_s: when the next state message is to go.
        n: of the last state or journal that was sent.
        obeyed_n: of the last `settled` that was obeyed; 0 before any.
        through: how far each epoch is settled, where the hub has spoken of it.
        flight: the journal message in flight.
        in_vain: journal messages since the last progress.
        single: up to this record they go one by one.
        ready_s: no journal message before.
        hears_hub: whether anything came on the hub's own topic.
        turn: which settled epoch a state message names beside those that are not.
        sent_s: when the last messages went, by their n.
        named: the last seq of each epoch that was said in it.
    """

    id: names.Session
    state_due_s: float
    n: int = 0
    obeyed_n: int = 0
    through: dict[Epoch, int] = field(default_factory=dict)
    flight: Flight | None = None
    in_vain: int = 0
    single: tuple[Epoch, int] | None = None
    ready_s: float = float("-inf")
    hears_hub: bool = False
    turn: int = 0
    sent_s: dict[int, float] = field(default_factory=dict)
    named: dict[Epoch, int] = field(default_factory=dict)

    def count(self, now_s: float) -> int:
        """The n of a message that goes now."""
        self.n += 1
        self.sent_s = {n: at_s for n, at_s in self.sent_s.items() if n > self.n - MOST_ASKED}
        self.sent_s[self.n] = now_s
        return self.n

    def asked_s(self, told: Settled) -> float | None:
        """When the message was sent that this answers; None where it has been answered before."""
        return self.sent_s.pop(told.n, None)

    def obeys(self, told: Settled) -> bool:
        """Whether this is the hub's word on this very session, and no older than the last obeyed."""
        return told.session == self.id and self.obeyed_n <= told.n <= self.n

    def bounded(self, told: Settled) -> Settled:
        """What of it can be true: nobody holds what this session has not spoken of yet."""
        epochs = {
            epoch: Through(*(min(seq, self.named[epoch]) for seq in (each.through, each.backed, each.aged)))
            for epoch, each in told.epochs.items()
            if epoch in self.named
        }
        return replace(told, epochs=epochs)

    def obey(self, told: Settled, kept: dict[Epoch, Kept], now_s: float, rng: Random) -> None:
        """Believe how far each epoch is settled, whether that rises or falls."""
        self.obeyed_n = told.n
        rises: set[Epoch] = set()
        has_fallen = False
        for epoch in kept.keys() & told.epochs.keys():
            through, before = min(told.epochs[epoch].through, kept[epoch].last), self.through.get(epoch)
            self.through[epoch] = through
            if before is None or through > before:
                rises.add(epoch)
            has_fallen |= before is not None and through < before
        if has_fallen:  # another hub, or the same from a backup: begin again, but not all kiosks at once
            self.flight, self.in_vain = None, 0
            self.ready_s = now_s + rng.uniform(0, SPREAD_S)
        elif self.flight is not None and self.flight.epoch in rises:
            if self.flight.size_bytes >= CATCHES_UP_BYTES:
                self.ready_s = now_s + min((now_s - self.flight.sent_s) * REST_SHARE, LONGEST_REST_S)
            self.flight, self.in_vain = None, 0

    def hear_birth(self, now_s: float, rng: Random) -> None:
        """The hub has begun anew, perhaps from a backup: what it said before counts no more, and all is named again."""
        self.through.clear()
        spread_s = rng.uniform(0, SPREAD_S)
        self.state_due_s = min(self.state_due_s, now_s + spread_s)
        self.in_vain = 0
        if self.flight is not None:
            due_s = min(self.flight.due_s, now_s + spread_s)
            self.flight = self.flight._replace(due_s=due_s, pause_s=min(self.flight.pause_s, spread_s))

    def take_off(self, epoch: Epoch, last: int, size_bytes: int, now_s: float, rng: Random) -> None:
        """A journal message was sent; it is given up after a pause that grows with each one in vain."""
        self.named[epoch] = max(last, self.named.get(epoch, 0))
        pause_s = min(FIRST_RETRY_S * 2.0**self.in_vain, LONGEST_RETRY_S) * rng.uniform(0.5, 1.5)
        self.flight = Flight(epoch, last, size_bytes, now_s, pause_s, now_s + pause_s)

    def hold(self, now_s: float) -> None:
        """Something is on its way to the broker: where it is the journal message, the hub's time has not begun."""
        if self.flight is not None and not self.flight.is_there:
            self.flight = self.flight._replace(due_s=max(self.flight.due_s, now_s + self.flight.pause_s))

    def land(self) -> Flight | None:
        """Everything that was said has come to the broker; gives the journal message that has come just now."""
        if self.flight is None or self.flight.is_there:
            return None
        self.flight = self.flight._replace(is_there=True)
        return self.flight

    def give_up_late(self, now_s: float) -> None:
        """Where the hub did not answer in time, the next sending begins again at the first unsettled record."""
        flight = self.flight
        if flight is None or now_s < flight.due_s:
            return
        self.flight = None
        self.in_vain += 1
        if self.in_vain >= _ONE_BY_ONE_AFTER and self.single is None:
            self.single = flight.epoch, flight.last

    def is_waiting(self, now_s: float) -> bool:
        """Whether no journal message may go yet, whatever there is to send."""
        return self.flight is not None or now_s < self.ready_s

    def due(self, kept: dict[Epoch, Kept], now_s: float) -> Due | None:
        """What to send next: of the oldest epoch that is not settled, as far as the hub has spoken of it."""
        if self.is_waiting(now_s):
            return None
        for epoch, each in kept.items():
            if epoch in self.through and self.unsettled(epoch, each):
                after = max(self.through[epoch], each.kept_from - 1)
                return Due(epoch, each, after, self._limit(epoch, after))
        return None

    def deadline_s(self, now_s: float) -> float:
        """When something is due, if nothing is heard and no record added before."""
        if self.flight is not None:
            return min(self.state_due_s, self.flight.due_s)
        return min(self.state_due_s, self.ready_s) if self.ready_s > now_s else self.state_due_s

    def name(self, kept: dict[Epoch, Kept]) -> dict[Epoch, Kept]:
        """What the next state message names.

        The running epoch, the older ones of which not everything is settled in this session, and in turn one of the
        settled ones: a hub put back from a backup learns from it that it lacks them.
        """
        *older, running = kept
        wanting = [epoch for epoch in older if self.unsettled(epoch, kept[epoch])][:MAX_EPOCHS]
        settled = [epoch for epoch in older if not self.unsettled(epoch, kept[epoch]) and epoch in self.through]
        self.turn += 1
        in_turn = [settled[self.turn % len(settled)]] if settled else []
        said = {epoch: kept[epoch] for epoch in kept if epoch in {*wanting, *in_turn, running}}
        self.named |= {epoch: each.last for epoch, each in said.items()}
        return said

    def unsettled(self, epoch: Epoch, kept: Kept) -> int:
        """How many records of the epoch are not settled in this session."""
        return max(0, kept.last - max(self.through.get(epoch, 0), kept.kept_from - 1))

    def _limit(self, epoch: Epoch, after: int) -> int:
        if self.single is not None and (self.single[0] != epoch or after >= self.single[1]):
            self.single = None
        return MOST_RECORDS if self.single is None else 1
