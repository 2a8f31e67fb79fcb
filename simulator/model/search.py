"""All states of a small world, breadth first, or long random walks through a larger one.

Breadth first finds the shortest way to harm; a walk that failed is told by its seed.
"""

from collections import deque
from dataclasses import dataclass
from random import Random

from simulator.model.moves import Deed, moves, spelled
from simulator.model.properties import broken, stuck
from simulator.model.world import ModelRules, ModelState, WorldExtent, first_state


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule broken, and the moves that lead there."""

    rule: str
    trace: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((f"{self.rule}, after:", *(f"  {at}. {move}" for at, move in enumerate(self.trace, 1))))


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search has seen."""

    states: int
    finding: BrokenRule | None


class TooManyStatesError(Exception):
    """The world is larger than it was meant to be."""


def search(bounds: WorldExtent, rules: ModelRules, *, most: int = 500_000) -> Searched:
    """Visit every state of a world, until a rule is broken.

    Raises:
        TooManyStatesError: there are more than `most`.
    """
    start = first_state(bounds)
    came_from: dict[ModelState, tuple[ModelState, Deed] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        rule = broken(state)
        if not rule and not state.up and not state.down:  # from every other state some way leads to one like this
            rule = stuck(state, bounds, rules)
        if rule:
            return Searched(len(came_from), BrokenRule(rule, _trace(came_from, state)))
        for move, after in moves(state, bounds, rules):
            if after not in came_from:
                came_from[after] = (state, move)
                waiting.append(after)
        if len(came_from) > most:
            raise TooManyStatesError(f"more than {most} states in {bounds}")
    return Searched(len(came_from), None)


def walk(bounds: WorldExtent, rules: ModelRules, rng: Random, steps: int) -> BrokenRule | None:
    """One random way through a world, up to `steps` moves long."""
    state, trace = first_state(bounds), []
    for _ in range(steps):
        open_moves = list(moves(state, bounds, rules))
        if not open_moves:
            break
        move, state = rng.choice(open_moves)
        trace.append(spelled(move))
        rule = broken(state)
        if rule:
            return BrokenRule(rule, tuple(trace))
    rule = stuck(state, bounds, rules)
    return BrokenRule(rule, tuple(trace)) if rule else None


def _trace(came_from: dict[ModelState, tuple[ModelState, Deed] | None], state: ModelState) -> tuple[str, ...]:
    trace = []
    step = came_from[state]
    while step is not None:
        state, move = step
        trace.append(move)
        step = came_from[state]
    return tuple(map(spelled, reversed(trace)))
