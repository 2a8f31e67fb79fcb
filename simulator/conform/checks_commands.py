"""What an agent does when asked: obeys `identify`, answers each, refuses what is late or unknown, does nothing twice.

That it really does nothing twice a check cannot see; that it answers the same, it can.
"""

from datetime import timedelta
from typing import Final

from simulator.conform.played_hub import PlayedHub
from simulator.conform.rules import KEPT, Judgement, Rule, broken, kept_unless, not_seen
from station.errors import WireError
from station.records import ClockState
from station.wire.codec import decode, encode
from station.wire.messages import Command, Reply
from station.wire.topics import Address, Leaf

OBEYED: Final = "identify"
UNKNOWN: Final = "conform-none"
LASTS: Final = timedelta(minutes=2)
ENDS_S: Final = 10.0  # of itself `identify` takes so long at most


def ask(hub: PlayedHub, name: str, *, lasts: timedelta = LASTS, times: int = 1) -> list[Reply | str]:
    """Ask it of the agent; the last word, each time, or why there was none."""
    command = Command(hub.name(), hub.now() + lasts, name)
    topics = {leaf: Address(hub.station, hub.kiosk, leaf).topic for leaf in (Leaf.COMMAND, Leaf.REPLY)}
    words: list[Reply | str] = []
    with hub.dial([topics[Leaf.REPLY]]) as line:
        for _ in range(times):
            until_s = line.say(topics[Leaf.COMMAND], encode(command)) + ENDS_S + hub.pace.slack_s
            word: Reply | str = f"no reply to {name} within {ENDS_S + hub.pace.slack_s:g} s"
            while (heard := line.next(until_s)) is not None:
                try:
                    reply = decode(heard.payload, Reply)
                except WireError as exc:
                    word = f"a reply that cannot be read: {exc}"
                    break
                if reply.id == command.id:
                    word = "its last word is missing: more is true" if reply.more else reply
                    if not reply.more:
                        break
            words.append(word)
            if isinstance(word, str):
                break
    return words


def is_answered(hub: PlayedHub) -> Judgement:
    """A command that every agent knows has an end, and that is said."""
    (word,) = ask(hub, OBEYED)
    if isinstance(word, str):
        return broken(word)
    return kept_unless("" if word.ok or word.text else "it was refused without saying why")


def answers_again(hub: PlayedHub) -> Judgement:
    """What comes again is answered as before."""
    first, *again = ask(hub, OBEYED, times=2)
    if isinstance(first, str):
        return not_seen(first)
    if isinstance(again[0], str):
        return broken(f"the same command again: {again[0]}")
    return kept_unless("" if again[0] == first else "the same command again was answered otherwise")


def refuses_unknown(hub: PlayedHub) -> Judgement:
    """What it cannot do it says."""
    (word,) = ask(hub, UNKNOWN)
    if isinstance(word, str):
        return broken(word)
    return kept_unless("a command that nobody knows is said to be done" if word.ok else "")


def refuses_expired(hub: PlayedHub) -> Judgement:
    """An agent that knows the time begins nothing too late."""
    state = next(said.state for said in reversed(hub.said) if said.state is not None)
    if state.clock is not ClockState.SYNCED:
        return not_seen("its clock is not synced: it cannot tell")
    (word,) = ask(hub, OBEYED, lasts=-timedelta(hours=1))
    if isinstance(word, str):
        return broken(word)
    return broken("a command that expired an hour ago is said to be done") if word.ok else KEPT


COMMAND_RULES: Final[tuple[Rule[PlayedHub], ...]] = (
    Rule("command", "without more, that was the last word; ok false: text says why", is_answered),
    Rule("command-again", "what comes again is answered with the latest reply", answers_again),
    Rule("command-unknown", "ok false: unknown command", refuses_unknown),
    Rule("command-expired", "ok false: expired, by a kiosk whose clock is synced", refuses_expired),
)
