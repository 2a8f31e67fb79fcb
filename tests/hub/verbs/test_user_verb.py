"""`zaigang-hub user revoke` beside what else somebody has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk


def test_one_role_is_taken_back_and_the_others_stay(city: Desk, said: Any) -> None:
    said("user", "invite", "zhao", "--role", "installer")
    said("user", "invite", "zhao", "--role", "federation")
    status, printed = said("user", "revoke", "zhao", "--role", "lead", "--station", "H-01")
    assert (status, "no lead of H-01" in printed, "installer" in printed) == (1, True, True)

    assert said("user", "revoke", "Zhao", "--role", "installer") == (0, "zhao is installer no more\n")

    assert "zhao  federation" in said("user", "list")[1]
    assert said("user", "revoke", "nobody", "--role", "installer")[0] == 1
