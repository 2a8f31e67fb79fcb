"""What a hub does with a message: store it, count how far each epoch is stored without a hole, and answer."""

from collections.abc import Collection

from simulator.model.world import EpochTold, ModelHub, ModelRules, ReportInFlight, SettledInFlight


def stored(hub: ModelHub, asked: ReportInFlight, day: int, rules: ModelRules) -> tuple[ModelHub, bool]:
    """Commit what the message brings; false where a name in it is stored with other content."""
    if not rules.counts_from_message:
        kept = dict(hub.kept)
        for epoch, kept_from in asked.kept:
            kept[epoch] = max(kept_from, kept.get(epoch, 0))
        hub = hub._replace(kept=tuple(sorted(kept.items())))
    if not asked.taps:
        return hub, True
    epoch = asked.kept[0][0]
    held = {(epoch_, seq): tap for epoch_, seq, tap, _ in hub.store}
    brought = list(enumerate(asked.taps, asked.first))
    since = day if rules.ages_from_storing else 0
    fresh = [(epoch, seq, tap, since) for seq, tap in brought if (epoch, seq) not in held]
    is_sound = all(held.get((epoch, seq), tap) == tap for seq, tap in brought)
    return (hub._replace(store=hub.store.union(fresh)) if fresh else hub), is_sound


def answer(hub: ModelHub, backup: ModelHub, asked: ReportInFlight, day: int, keep: int) -> SettledInFlight:
    """Say of each epoch that is named how far it is stored, how far in the newest backup, and how far long enough."""
    names = {(epoch, seq) for epoch, seq, *_ in hub.store}
    backed = {(epoch, seq) for epoch, seq, *_ in backup.store}
    aged = {(epoch, seq) for epoch, seq, _, since in hub.store if max(since, hub.since) <= day - keep}
    told = []
    for epoch, named_from in asked.kept:
        kept_from = dict(hub.kept).get(epoch, named_from)
        told.append(EpochTold(epoch, *(_through(held, epoch, kept_from) for held in (names, backed, aged))))
    return SettledInFlight(asked.session, asked.n, tuple(told))


def holds(hub: ModelHub, answer: SettledInFlight) -> bool:
    """Whether that hub has on its disk what the answer ends at."""
    held = {(epoch, seq) for epoch, seq, *_ in hub.store}
    return all((told.epoch, told.through) in held for told in answer.told if told.through)


def started_from(backup: ModelHub, day: int, rules: ModelRules) -> ModelHub:
    """The hub that starts on a backup."""
    return backup._replace(since=day) if rules.restoring_ages_anew else backup


def taps_at(hub: ModelHub) -> frozenset[int]:
    """The taps that a hub holds."""
    return frozenset(tap for _, _, tap, _ in hub.store)


def _through(names: Collection[tuple[int, int]], epoch: int, kept_from: int) -> int:
    seq = kept_from
    while (epoch, seq) in names:
        seq += 1
    return seq - 1 if seq > kept_from else 0
