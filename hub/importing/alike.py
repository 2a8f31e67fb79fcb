"""Keys that are new and alike to others but for leading zeros, blanks, width or case: everybody may be there twice."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from sqlmodel import SQLModel

from hub.changing.effects import spell_found
from hub.database.people_tables import Volunteer
from hub.database.tables import District, Kiosk, Station
from hub.importing.sheet_forms import FormName
from hub.importing.work import Work
from hub.saying import Said, say
from station.tidy import bare

_KEYED_BY: Final[dict[FormName, tuple[type[SQLModel], str, str]]] = {
    FormName.DISTRICTS: (District, "code", "code"), FormName.STATIONS: (Station, "code", "code"),
    FormName.KIOSKS: (Kiosk, "id", "kiosk"), FormName.VOLUNTEERS: (Volunteer, "number", "number"),
}  # fmt: skip


def remark_alike(work: Work) -> None:
    """Warn of each new key that is alike to one that is there, or to an earlier line's."""
    entries = {
        (form, str(entry.get(_KEYED_BY[form][2]))): entry
        for (form, _), entry in work.claimed.items()
        if form in _KEYED_BY
    }
    for form, (model, column, _) in _KEYED_BY.items():
        rows = work.draft.of(model)
        kept = {str(row[column]) for row in rows.before.values()}
        alike: dict[str, list[str]] = defaultdict(list)
        for row in rows.all():
            alike[bare(str(row[column]))].append(str(row[column]))
        for keys in _in_turn([key for kind, key in entries if kind is form], alike):
            named = [entries[form, key] for key in keys if (form, key) in entries]
            for key in keys:
                if key not in kept and (form, key) in entries:
                    entry = entries[form, key]
                    others = [str(other.place) for other in named if other is not entry]
                    found = spell_found(key, private=form is FormName.VOLUNTEERS)
                    work.faults.warn(entry.place, _alike(found, others))
                    break  # one warning of a pair


def _in_turn(entered: list[str], alike: Mapping[str, list[str]]) -> list[list[str]]:
    """Those that are alike, in the order of the sheets: the database's own is none."""
    turn = {key: number for number, key in enumerate(entered)}
    first = {bare(key): number for key, number in reversed(turn.items())}
    several = sorted((first[bared], bared) for bared, keys in alike.items() if len(keys) > 1 and bared in first)
    return [sorted(alike[bared], key=lambda key: turn.get(key, -1)) for _, bared in several]


def _alike(found: str, others: list[str]) -> Said:
    if others:
        said = "{key} is alike to {places} but for zeros, blanks, width or case: is it another one?"
        return say(said, key=found, places=others)
    return say(
        "{key} is alike to one that is entered but for zeros, blanks, width or case: is it another one?", key=found
    )
