"""Two who edit the same thing: every form that shows what is so knows what it showed, and the second is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Role
from tests.hub.desks.test_desks import send
from tests.hub.desks.test_telephones import agreed

if TYPE_CHECKING:
    import httpx2

    from tests.hub.gate.conftest import GuardedHub

CITY = Grant(Role.CITY)
PAGES = (
    "/people/p1", "/people/new", "/city/stations/ZG-02", "/city/import", "/kiosks", "/system", "/me", "/alarms",
)  # fmt: skip
OFFERED = {("special", "day")}
"""Fields that offer a value which is nobody's: today."""
TYPED = {"text", "tel", "date", "number", "search"}
OTHER = {"tel": "13900005678", "date": "2026-02-02"}


@dataclass
class Sent:
    """A form as a browser would send it."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[str]:
        """The fields that show what is so."""
        act = self.action.rpartition("/")[2]
        return [
            name for name, kind in self.types.items()
            if kind in TYPED and self.values[name] and (act, name) not in OFFERED
        ]  # fmt: skip


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Sent] = []
        self._now: Sent | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._now = Sent(said.get("action") or "") if said.get("method") == "post" else None
            self.found += [self._now] if self._now else []
        elif tag == "input" and self._now is not None and said.get("name"):
            name = str(said["name"])
            self._now.values[name] = said.get("value") or ""
            self._now.types[name] = said.get("type") or "text"


def forms_of(client: httpx2.Client, page: str) -> list[Sent]:
    return Forms(client.get(page).text).found


@pytest.fixture
def filled(desks: GuardedHub) -> GuardedHub:
    """With something in every field."""
    agreed(desks)
    with desks.ask(desks.session("wang", CITY)) as client:
        send(client, "/people/p1/train", trained_on="2026-01-01")
        name = "市第一人民医院"
        fields = {"name": name, "short_name": "医院", "authority": "样例局", "lead": "张样", "deputy": "李样"}
        send(client, "/city/stations/ZG-02/enter", **fields)
        send(client, "/city/stations/ZG-02/telephones", lead_telephone="13800009999", telephone="0355-2000123")
    return desks


def test_every_form_that_shows_what_is_so_knows_what_it_showed(filled: GuardedHub) -> None:
    with filled.ask(filled.session("wang", CITY)) as client:
        missing = [
            (page, form.action, name)
            for page in PAGES
            for form in forms_of(client, page)
            for name in form.shown
            if f"was-{name}" not in form.values
        ]
    assert missing == []


def test_the_second_is_shown_what_the_first_changed_and_nothing_is_saved_half(filled: GuardedHub) -> None:
    looked_at = 0
    with filled.ask(filled.session("wang", CITY)) as one, filled.ask(filled.session("wu", CITY)) as other:
        for page in ("/people/p1", "/city/stations/ZG-02"):
            for number, form in enumerate(forms_of(one, page)):
                for name in form.shown:
                    stale = forms_of(one, page)[number]
                    theirs = forms_of(other, page)[number]
                    theirs.values[name] = changed(theirs, name)
                    if other.post(theirs.action, data=theirs.values, headers=SAME).status_code != 303:
                        continue  # not a value of that field alone
                    mine = {**stale.values, name: stale.values[name] + "9"}
                    late = one.post(stale.action, data=mine, headers=SAME)

                    assert late.status_code in {409, 422}, (form.action, name)
                    assert forms_of(one, page)[number].values[name] == theirs.values[name]
                    looked_at += 1
    assert looked_at >= 8


def changed(form: Sent, name: str) -> str:
    """Another value that such a field takes."""
    if name == "stations":
        return "ZG-01"
    if name == "hours":
        return "周一 09:00-10:00"
    if form.types[name] == "number":
        return str(int(form.values[name]) + 1)
    return OTHER.get(form.types[name], form.values[name] + "甲")


SAME = {"Sec-Fetch-Site": "same-origin"}
