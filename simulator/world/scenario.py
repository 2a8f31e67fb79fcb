"""What is to be played, as a TOML file declares it: places, days, and which faults how often.

Everything else follows from the seed. A file that cannot be played is a `ScenarioError`.
"""

import tomllib
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from simulator.arguments import why_unread
from simulator.opening import ZONE


class ScenarioError(Exception):
    """The file cannot be played; the text says where and what is wanted."""


class FaultKind(StrEnum):
    """What can go wrong."""

    DROP = "drop"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    CUT = "cut"
    LINE = "line"
    """Of all kiosks of one district, within a minute and a half."""
    FORGET = "forget"
    KILL = "kill"
    POWER = "power"
    STILL = "still"
    HUB_KILL = "hub_kill"
    HUB_RESTORE = "hub_restore"
    HUB_POWER = "hub_power"
    HUB_FULL = "hub_full"
    HUB_TWIN = "hub_twin"
    CLOCK_STEP = "clock_step"
    CLOCK_LOST = "clock_lost"
    UNPLUG = "unplug"
    DISK_FULL = "disk_full"
    CARD_LOST = "card_lost"
    CARD_GIVEN = "card_given"
    TERMS = "terms"
    AMEND = "amend"
    ASK = "ask"
    REKEY = "rekey"
    EXCHANGE = "exchange"
    IMAGE = "image"


OF_THE_CITY = frozenset({FaultKind.CARD_LOST, FaultKind.CARD_GIVEN, FaultKind.TERMS, FaultKind.AMEND})
OF_THE_HUB = OF_THE_CITY | {
    FaultKind.REKEY,
    FaultKind.FORGET,
    FaultKind.LINE,
    FaultKind.HUB_KILL,
    FaultKind.HUB_RESTORE,
    FaultKind.HUB_POWER,
    FaultKind.HUB_FULL,
    FaultKind.HUB_TWIN,
}
OF_THE_LINE = frozenset({FaultKind.DROP, FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.DELAY})


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a fault comes.

    Attributes:
        per_day: of one kiosk, or of the hub; chance where it is below 1.
        least_s, most_s: how long it lasts.
        share: of the messages that it strikes.
    """

    per_day: float
    least_s: float = 30.0
    most_s: float = 900.0
    share: float = 0.3


@dataclass(frozen=True, slots=True)
class Scenario:
    """One world to be played.

    Attributes:
        kiosks: how many each of them has, one or two.
        together: a larger city is played in worlds of about so many stations; those that share people stay together.
        begins_at: people come from then on; before, a quiet hour lets the kiosks learn hours and cards.
        lasts_h: for how long people come and things go wrong.
        settles_h: how much time everything gets after the last fault.
        heartbeat_s: how often a kiosk says that it is well; 30 in service.
        tend_s: how often a kiosk looks after its disk; about 1 in service.
        speaks_s: how long a kiosk lets records gather before it speaks; 0 in service.
        backup_h: how often the hub is backed up.
        handled: the share of alarm messages about which somebody does something.
        checks_ledger: whether in the end the ledger is held against one made anew.
        beeps_early: a control: kiosks that beep before the record is safe.
        settles_early: a control: a hub that settles before the records are safe.
        forgets_taps: a control: a board that some taps never come to.
        forgets_past: a control: a hub that takes what a lost card did before away from its holder.
        trusts_silence: a control: a hub that counts on kiosks which it does not hear.
        loses_gaps: a control: a coverage ledger that lists some gaps no more.
        nets_surplus: a control: one that lets another station's surplus make up for who is wanting.
        ignores_late: a control: one that reckons no day again that was over.
        forgets_alarms: a control: a keeper that forgets some of what it should raise.
        repeats_alarms: a control: a hub that does not know when it starts which alarms are open.
        keeps_alarms: a control: alarms that never end.
        hides_vacancies: a control: a keeper that takes who is vacant for silent, with those who fell silent together.
        forgets_stragglers: a control: one that raises no alarm of its own of who is left of those.
        trusts_last_taps: a control: one that raises no alarm of a silent kiosk while people are recorded there.
        ignores_handling: a control: a keeper that does not heed what people do about alarms.
        ignores_corrections: a control: one that follows no correction.
        forgets_names: a control: a hub that lets the old site key go before it knows what cards are called by the next.
        trusts_next_key: a control: kiosks that go by the next site key alone as soon as they have it.
    """

    seed: int = 1
    stations: int = 2
    kiosks: int = 1
    together: int = 50
    begins_at: datetime = datetime(2026, 3, 5, 7, tzinfo=ZONE)
    lasts_h: float = 12.0
    settles_h: float = 2.0
    heartbeat_s: float = 300.0
    tend_s: float = 60.0
    speaks_s: float = 0.0
    backup_h: float = 1.0
    handled: float = 0.3
    checks_ledger: bool = True
    beeps_early: bool = False
    settles_early: bool = False
    forgets_taps: bool = False
    forgets_past: bool = False
    trusts_silence: bool = False
    loses_gaps: bool = False
    nets_surplus: bool = False
    ignores_late: bool = False
    forgets_alarms: bool = False
    repeats_alarms: bool = False
    keeps_alarms: bool = False
    hides_vacancies: bool = False
    forgets_stragglers: bool = False
    trusts_last_taps: bool = False
    ignores_handling: bool = False
    ignores_corrections: bool = False
    forgets_names: bool = False
    trusts_next_key: bool = False
    faults: tuple[tuple[FaultKind, Rate], ...] = ()


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file.

    Raises:
        ScenarioError: it cannot be read, or is none.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        faults = tuple((FaultKind(kind), _rate(kind, rate)) for kind, rate in told.pop("faults", {}).items())
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise ScenarioError(f"{path}: {why_unread(exc)}") from exc
    return check(path, Scenario(**_known(path, told), faults=faults))


def _rate(kind: str, told: dict[str, Any]) -> Rate:
    if not all(isinstance(value, int | float) for value in told.values()):
        raise ValueError(f"faults.{kind}: {told}; wanted are numbers")
    return Rate(**told)


def _known(path: Path, told: dict[str, Any]) -> dict[str, Any]:
    wanted = {field.name: type(field.default) for field in fields(Scenario) if field.name != "faults"}
    for key, value in told.items():
        kind = wanted.get(key)
        if kind is None:
            raise ScenarioError(f"{path}: {key} is no key; wanted are {', '.join(wanted)} and [faults.KIND]")
        if not isinstance(value, (int, float) if kind is float else kind):
            raise ScenarioError(f"{path}: {key} is {value!r}; wanted is {kind.__name__}")
    return told


def check(path: Path, scenario: Scenario) -> Scenario:
    """The same scenario, if it can be played.

    Raises:
        ScenarioError: it cannot; `path` is where it comes from.
    """
    if scenario.begins_at.tzinfo is None:
        raise ScenarioError(f"{path}: begins_at {scenario.begins_at}; wanted is a moment with its offset")
    if scenario.kiosks not in {1, 2}:
        raise ScenarioError(f"{path}: kiosks {scenario.kiosks}; wanted is 1 or 2")
    counts = scenario.stations, scenario.together
    times = scenario.lasts_h, scenario.tend_s, scenario.heartbeat_s, scenario.backup_h
    if min(counts) < 1 or min(times) <= 0:
        raise ScenarioError(f"{path}: stations, together, lasts_h, tend_s, heartbeat_s and backup_h are to be above 0")
    for kind, rate in scenario.faults:
        if not (rate.per_day >= 0 and 0 < rate.least_s <= rate.most_s and 0 <= rate.share <= 1):
            raise ScenarioError(f"{path}: faults.{kind}: wanted is per_day >= 0, 0 < least_s <= most_s, share 0 to 1")
    return scenario
