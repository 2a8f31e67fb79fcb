"""Holds what the ledger has of each tap against the corrections that were written down, read one after another.

An amendment has its `name` ([kiosk, epoch, seq]), a `change`, and what it is `of`; `at_ms` where it says a moment. A
tap of `amended` is as the ledger has it: where its record put it (`recorded_ms`), where it counts (`at_ms`), whether it
is `void`, and until when somebody accepted it (`confirmed_ms`, 0 for as it is, None for nobody).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    RecordKey = tuple[str, str, int]


def corrections_are_kept(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Each tap stands as the corrections leave it: whatever was taken back was never said."""
    written = sorted(evidence.get("amendments", ()), key=lambda one: _key(one["name"]))
    said = {_key(one["name"]): one for one in written}
    for tap in evidence.get("amended", ()):
        should = _should_be(tap, [one for one in written if not _is_taken_back(_key(one["name"]), said)], said)
        for what, value in should.items():
            if tap[what] != value:
                kiosk, epoch, seq = tap["name"]
                yield f"tap {seq} of {kiosk} {epoch}: {what} is {tap[what]}, the corrections say {value}"


def _should_be(tap: Mapping[str, Any], in_force: list[Any], said: Mapping[RecordKey, Any]) -> dict[str, Any]:
    name = _key(tap["name"])
    about = [one for one in in_force if one.get("of") is not None and _key(one["of"]) == name]
    is_gone = any(one["change"] == "void" for one in about) or (name in said and _is_taken_back(name, said))
    if is_gone:
        return {"void": True, "at_ms": tap["recorded_ms"], "confirmed_ms": None}
    moves = [one["at_ms"] for one in about if one["change"] == "retime"]
    accepted = [one.get("at_ms") or 0 for one in about if one["change"] == "confirm"]
    return {
        "void": False,
        "at_ms": moves[-1] if moves else tap["recorded_ms"],
        "confirmed_ms": accepted[-1] if accepted else None,
    }


def _is_taken_back(name: RecordKey, said: Mapping[RecordKey, Any]) -> bool:
    """Whether a later one that stands takes it back; each is asked anew, down to the last."""
    return any(
        one["change"] == "void" and one.get("of") is not None and _key(one["of"]) == name and later > name
        and not _is_taken_back(later, said)
        for later, one in said.items()
    )  # fmt: skip


def _key(name: Any) -> RecordKey:
    kiosk, epoch, seq = name
    return kiosk, epoch, seq
