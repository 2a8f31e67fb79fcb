"""What a hub does with a message: store it, count how far each epoch is stored without a hole, and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model.world import Answer, Asked, Hub, Told

if TYPE_CHECKING:
    from collections.abc import Collection

    from simulator.model.world import Rules


def stored(hub: Hub, asked: Asked, rules: Rules) -> tuple[Hub, bool]:
    """Commit what the message brings; false where a name in it is stored with other content."""
    if not rules.counts_from_message:
        kept = dict(hub.kept)
        for epoch, kept_from in asked.kept:
            kept[epoch] = max(kept_from, kept.get(epoch, 0))
        hub = hub._replace(kept=tuple(sorted(kept.items())))
    if not asked.taps:
        return hub, True
    epoch = asked.kept[0][0]
    held = {(epoch_, seq): tap for epoch_, seq, tap in hub.store}
    brought = list(enumerate(asked.taps, asked.first))
    fresh = [(epoch, seq, tap) for seq, tap in brought if (epoch, seq) not in held]
    is_sound = all(held.get((epoch, seq), tap) == tap for seq, tap in brought)
    return (hub._replace(store=hub.store.union(fresh)) if fresh else hub), is_sound


def answer(hub: Hub, backup: Hub, asked: Asked, day: int) -> Answer:
    """Say of each epoch that is named how far it is stored, and how far the newest backup holds it."""
    names = {(epoch, seq) for epoch, seq, _ in hub.store}
    backed = {(epoch, seq) for epoch, seq, _ in backup.store}
    told = []
    for epoch, named_from in asked.kept:
        kept_from = dict(hub.kept).get(epoch, named_from)
        told.append(Told(epoch, _through(names, epoch, kept_from), _through(backed, epoch, kept_from)))
    return Answer(asked.session, asked.n, tuple(told), day, hub.start)


def started_from(backup: Hub, before: Hub, rules: Rules) -> Hub:
    """The hub that starts on a backup."""
    return backup._replace(start=before.start + 1 if rules.names_hub else 0)


def taps_at(hub: Hub) -> frozenset[int]:
    """The taps that a hub holds."""
    return frozenset(tap for _, _, tap in hub.store)


def _through(names: Collection[tuple[int, int]], epoch: int, kept_from: int) -> int:
    seq = kept_from
    while (epoch, seq) in names:
        seq += 1
    return seq - 1 if seq > kept_from else 0
