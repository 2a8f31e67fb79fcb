"""What the model is made of: one kiosk's cards, the line, the hub with its backups; and what may happen to them.

Everything is a tuple, so that a state can be remembered. A tap is a number, given in the order of tapping, and
every tap counted in `ModelState.taps` was beeped. A day is a day of the hub's clock. What the model leaves out is in
README.md.
"""

from dataclasses import dataclass
from typing import NamedTuple

DEAD = 0  # the session of a connection that is no more; a living one is its card's place + 1


@dataclass(frozen=True, slots=True)
class WorldExtent:
    """How much may happen in a world, in all.

    Attributes:
        taps, starts, cuts: of the agents: `starts` counts the first; a cut is a power cut or a kill.
        reconnects: new connections of a running agent.
        up, down: messages that the broker holds at once, each way.
        batch: records in a journal message.
        days, keep: how long it all lasts, and how long settled records are kept.
        backups, restores: of the hub; `only_newest` may be restored, or any younger than `keep` days.
        images, swaps: card images taken; images written to the card in use, or to a second one that runs beside it.
        losses: cards destroyed.
        fills: times that a card is full.
        copies: hubs restored beside the old one.
    """

    taps: int = 2
    starts: int = 1
    cuts: int = 0
    reconnects: int = 0
    up: int = 1
    down: int = 1
    batch: int = 2
    days: int = 0
    keep: int = 1
    backups: int = 0
    restores: int = 0
    only_newest: bool = False
    images: int = 0
    swaps: int = 0
    losses: int = 0
    fills: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class ModelRules:
    """The protocol's rules that a control breaks, one at a time.

    Attributes:
        commits_before_beep, commits_before_settled: a promise follows the disk.
        own_session_only, no_lower_n: which `settled` is obeyed (Settling 2).
        new_epoch_at_start: else a run goes on with the last epoch of its card.
        keeps_names: else a start gives unsettled records new names.
        keeps_until_settled: else what the broker acknowledged is forgotten.
        asks_in_turn: each state names one settled epoch too, another each time.
        ages_from_storing: the hub counts a record's days from when it stored it, else from the first day on.
        restoring_ages_anew: a hub that was put back counts all days from then on.
        counts_from_message: `through` is counted from the `kept_from` of the message that is answered.
    """

    commits_before_beep: bool = True
    commits_before_settled: bool = True
    own_session_only: bool = True
    no_lower_n: bool = True
    new_epoch_at_start: bool = True
    keeps_names: bool = True
    keeps_until_settled: bool = True
    asks_in_turn: bool = True
    ages_from_storing: bool = True
    restoring_ages_anew: bool = True
    counts_from_message: bool = True


class ModelShelf(NamedTuple):
    """One epoch in a journal: its taps from `kept_from` on."""

    epoch: int
    kept_from: int
    taps: tuple[int, ...]

    @property
    def last(self) -> int:
        """The highest seq on the shelf."""
        return self.kept_from + len(self.taps) - 1


class EpochTold(NamedTuple):
    """What a `settled` says of one epoch."""

    epoch: int
    through: int
    backed: int
    aged: int


class ModelCard(NamedTuple):
    """A card with its journal, and the agent that runs on it: the last shelf is the running epoch.

    Attributes:
        n, obeyed: of this session; the order alone counts.
        told: what was obeyed in this session, by epoch.
    """

    is_on: bool
    shelves: tuple[ModelShelf, ...] = ()
    n: int = 0
    obeyed: int = 0
    told: tuple[EpochTold, ...] = ()


class ReportInFlight(NamedTuple):
    """A `state` on its way, or one `journal`: then with the taps from `first` on, of the one epoch named."""

    session: int
    n: int
    kept: tuple[tuple[int, int], ...]  # epoch, kept_from
    first: int = 0
    taps: tuple[int, ...] = ()


class SettledInFlight(NamedTuple):
    """A `settled` on its way."""

    session: int
    n: int
    told: tuple[EpochTold, ...]


class ModelHub(NamedTuple):
    """A hub.

    Attributes:
        store: epoch, seq and tap of each record, and the day that its age counts from.
        knows_kiosk: else it neither stores nor answers.
        kept: the highest kept_from heard, by epoch, where a control wants it.
        since: the day on which it was put back.
    """

    store: frozenset[tuple[int, int, int, int]]
    knows_kiosk: bool = True
    kept: tuple[tuple[int, int], ...] = ()
    since: int = 0


class Backup(NamedTuple):
    """What a hub held on a day."""

    day: int
    hub: ModelHub


class Remaining(NamedTuple):
    """What may still happen; see `WorldExtent`."""

    starts: int
    cuts: int
    reconnects: int
    backups: int
    restores: int
    images: int
    swaps: int
    losses: int
    fills: int
    copies: int


class ModelState(NamedTuple):
    """One state of the world.

    Attributes:
        cards: those that are in kiosks.
        images: journals as they were once copied.
        up, down: what the broker holds, each message once; it may be delivered any number of times, or never.
        hubs: the last is the one that counts; an earlier one has not heard of it yet.
        epochs: how many were given.
        excused: taps whose card was destroyed or overwritten.
        wrong: a rule seen broken on the way here, or nothing.
    """

    cards: tuple[ModelCard, ...]
    hubs: tuple[ModelHub, ...]
    left: Remaining
    images: tuple[tuple[ModelShelf, ...], ...] = ()
    up: tuple[ReportInFlight, ...] = ()
    down: tuple[SettledInFlight, ...] = ()
    backups: tuple[Backup, ...] = ()
    day: int = 0
    taps: int = 0
    epochs: int = 0
    excused: frozenset[int] = frozenset()
    wrong: str = ""


def first_state(bounds: WorldExtent) -> ModelState:
    """A hub that knows the kiosk, a backup from before that, and a kiosk with an empty card, not started."""
    nothing = ModelHub(frozenset(), knows_kiosk=False)
    left = Remaining(
        starts=bounds.starts,
        cuts=bounds.cuts,
        reconnects=bounds.reconnects,
        backups=bounds.backups,
        restores=bounds.restores,
        images=bounds.images,
        swaps=bounds.swaps,
        losses=bounds.losses,
        fills=bounds.fills,
        copies=bounds.copies,
    )
    return ModelState(
        cards=(ModelCard(is_on=False),),
        hubs=(nothing._replace(knows_kiosk=True),),
        left=left,
        backups=(Backup(0, nothing),),
    )
