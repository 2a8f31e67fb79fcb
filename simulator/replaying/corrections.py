"""What leads corrected of the taps of a case, done by the hub's own commands once the taps are there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine

from hub.changing.commands import CityCommand
from hub.changing.corrections import AddTap, ConfirmTap, RetimeTap, VoidTap
from hub.changing.own_journal import OwnJournal
from hub.changing.proposal import apply
from hub.database.transactions import writing
from simulator.replaying.case import Case
from simulator.replaying.shape import CaseError, otherwise
from simulator.replaying.spelled import read_moment, read_name
from station.names import MAX_SEQ, Epoch, KioskId, RecordName, Seq
from station.saying import Said, as_said, said_by, say

CHANGES: Final = ("void", "retime", "confirm", "add")


class _Correction(NamedTuple):
    """When it was made, where it stands, which of the corrections it is, and what it says."""

    at: datetime
    where: str
    number: int
    said: Mapping[str, Any]


class PlayedCorrections:
    """All of a case, each made once, in the order in which they were made.

    Raises:
        CaseError: the moment of one of them is none.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._made: dict[int, RecordName] = {}
        read = [_read(number, said) for number, said in enumerate(case.body.get("corrections", ()))]
        self._waiting = [*sorted(read, key=lambda one: one.at), *_accepted(case, len(read))]

    def next_before(self, moment: datetime | None) -> datetime | None:
        """When the next one is to be made, if that is before then, or ever; None where it is not."""
        if not self._waiting or (moment is not None and self._waiting[0].at >= moment):
            return None
        return self._waiting[0].at

    def make_next(self, engine: Engine) -> None:
        """Make it.

        Raises:
            CaseError: it is none, or the hub refuses it.
        """
        correction = self._waiting.pop(0)
        where = correction.where
        try:
            command = _command(where, correction.said, self._made)
        except (KeyError, TypeError, ValueError) as exc:
            raise CaseError(_wanted(where, exc)) from exc
        zone = self._case.zone
        with writing(engine) as connection:
            found = apply(connection, [command], by="replayed", at=correction.at, zone=zone, why="replayed")
            if found.refusals:
                _, refusal = found.refusals[0]
                place, found_there = f"{where}.{refusal.field}", as_said(refusal.found)
                told = {"place": place, "found": found_there, "wanted": as_said(refusal.wanted)}
                raise CaseError(say("{place}: found {found}; wanted is {wanted}", **told))
            self._made[correction.number] = max(OwnJournal(connection).amendments(correction.said["station"]))


def _read(number: int, said: Mapping[str, Any]) -> _Correction:
    where = f"corrections[{number}]"
    return _Correction(read_moment(said["made_at"], f"{where}.made_at"), where, number, said)


def _accepted(case: Case, first: int) -> Iterator[_Correction]:
    """What `confirmed` names, accepted as it was, last of all."""
    for number, of in enumerate(case.body.get("confirmed") or ()):
        where = f"confirmed[{number}]"
        name = _spelled(of)
        kiosk = name[0] if name else None
        if not isinstance(kiosk, str) or kiosk not in case.kiosks:
            wanted = say("[kiosk, epoch, seq], of a record of one of the kiosks")
            raise CaseError(otherwise(where, of, wanted))
        said = {"station": case.kiosks[KioskId(kiosk)], "change": "confirm", "of": name}
        yield _Correction(case.asked, where, first + number, said)


def _spelled(of: Any) -> list[Any] | None:
    """A record's name in three parts, also where it is an object of them or `KIOSK/EPOCH/SEQ`; else None."""
    if isinstance(of, dict):
        of = [of.get(part) for part in ("kiosk", "epoch", "seq")]
    if isinstance(of, str) and (parts := of.split("/"))[-1].isdecimal():
        of = [*parts[:-1], int(parts[-1])]
    return of if isinstance(of, list) and len(of) == len(RecordName._fields) else None


def _wanted(where: str, exc: Exception) -> Said:
    why = say("{key!r} is missing", key=exc.args[0]) if isinstance(exc, KeyError) else as_said(said_by(exc))
    return say("{where}: {why}; wanted is a correction, as docs/replay.md has it", where=where, why=why)


def _command(where: str, said: Mapping[str, Any], made: Mapping[int, RecordName]) -> CityCommand:
    station, change = said["station"], said["change"]
    if change not in CHANGES:
        raise ValueError(otherwise("change", change, say("one of {names}", names=CHANGES)))
    if change == "add":
        at = read_moment(said["at"], f"{where}.at")
        return AddTap(station, said["person"], said["action"], at, said.get("evidence") or "")
    name = _name(where, said["of"], made)
    if change == "void":
        return VoidTap(station, name)
    if change == "retime":
        return RetimeTap(station, name, read_moment(said["at"], f"{where}.at"))
    return ConfirmTap(station, name, read_moment(said["until"], f"{where}.until") if said.get("until") else None)


def _name(where: str, of: Any, made: Mapping[int, RecordName]) -> RecordName:
    """A record's as it is written, a correction's as the hub wrote it here."""
    if isinstance(of, int):
        if of not in made:
            raise ValueError(otherwise("of", of, say("the number of one that was made before it")))
        return made[of]
    kiosk, epoch, seq = of
    if type(seq) is not int or not 1 <= seq <= MAX_SEQ:
        raise ValueError(otherwise("of", of, say("[kiosk, epoch, seq]")))
    named, run = read_name(kiosk, KioskId, f"{where}.of"), read_name(epoch, Epoch, f"{where}.of")
    return RecordName(KioskId(named), Epoch(run), Seq(seq))
