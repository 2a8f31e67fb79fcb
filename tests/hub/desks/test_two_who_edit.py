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
    is_grave: bool = False

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
        elif tag == "button" and self._now is not None and said.get("class") == "grave":
            self._now.is_grave = True
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
                    assert {late.status_code, name} & {422, "stations"} or "wu 在 2026-03-05" in late.text, (
                        form.action,
                        name,
                    )
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


DAY = "2026-03-10"
SHARED = {"what": "days", "first": DAY, "hours": "", "reason": "停电", "district": "D-1", "kind": ""}
OWN = {"what": "days", "first": DAY, "hours": "", "reason": "停电", "station": "ZG-02"}


def carried(answer: httpx2.Response, action: str, **fields: str) -> dict[str, str]:
    """The form of a page that goes there, as a browser would send it, but for what is typed."""
    ends = ("/look", "/save") if "/calendar/look" in action or "/calendar/save" in action else (action,)
    found = [
        form for form in Forms(answer.text).found
        if form.action.endswith(ends) and ("what" not in fields or form.values.get("what") == fields["what"])
    ]  # fmt: skip
    return min(found, key=lambda form: form.action != action).values | fields


def post(client: httpx2.Client, action: str, values: dict[str, str]) -> httpx2.Response:
    return client.post(action, data=values, headers=SAME)


@pytest.mark.parametrize("said", [SHARED, OWN], ids=["shared", "own"])
def test_the_second_who_saves_a_special_day_is_told_of_the_first(desks: GuardedHub, said: dict[str, str]) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine, theirs = (post(client, "/calendar/look", said) for client in (one, other))
        other_hours = said | {"hours": "09:00-10:00", "reason": "盘点"}
        assert post(other, "/calendar/save", carried(theirs, "/calendar/save", **other_hours)).status_code == 303

        late = post(one, "/calendar/save", carried(mine, "/calendar/save", **said))

        assert late.status_code == 409
        assert f"{DAY}：wu 在 2026-03-05" in late.text
        assert "“09:00-10:00 盘点”" in late.text  # theirs
        assert 'value="停电"' in late.text  # mine
        assert "09:00-10:00" in one.get("/calendar").text
        again = post(one, "/calendar/save", carried(late, "/calendar/save", **said))
        assert again.status_code == 303
        assert "09:00-10:00 </td>" not in one.get("/calendar").text


def test_two_who_save_different_days_do_not_hold_each_other_up(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine = post(one, "/calendar/look", OWN)
        post(other, "/calendar/save", OWN | {"first": "2026-03-11"})

        assert post(one, "/calendar/save", carried(mine, "/calendar/save", **OWN)).status_code == 303


def test_days_are_not_taken_back_that_somebody_has_changed_since(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        post(one, "/calendar/save", OWN)
        usual = {"what": "usual", "first": DAY, "last": DAY, "station": "ZG-02", "district": "", "kind": ""}
        mine = post(one, "/calendar/look", usual)
        station, closing = one.get("/city/stations/ZG-02"), one.get("/stations/ZG-02/closing")
        post(other, "/calendar/save", OWN | {"hours": "09:00-10:00"})

        late = [
            post(one, "/calendar/save", carried(mine, "/calendar/save", **usual)),
            post(one, "/city/stations/ZG-02/usual", carried(station, "/usual")),
            post(one, f"/stations/ZG-02/closing/{DAY}/reopen", carried(closing, "/reopen")),
        ]

        assert [answer.status_code for answer in late] == [409, 409, 409]
        assert all("wu 在 2026-03-05" in answer.text for answer in late)
        assert "09:00-10:00" in one.get("/calendar").text


def test_a_week_that_was_set_since_the_form_was_shown_is_not_lost(desks: GuardedHub) -> None:
    week = {"what": "week", "station": "ZG-02", "hours": "周一 09:00-10:00"}
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine = one.get("/calendar?station=ZG-02&lang=en")
        assert post(other, "/calendar/save", week | {"hours": "周二 09:00-10:00"}).status_code == 303

        looked = post(one, "/calendar/look", carried(mine, "/calendar/look", **week))
        late = post(one, "/calendar/save?lang=en", carried(mine, "/calendar/look", **week))

        assert (looked.status_code, late.status_code) == (409, 409)
        assert "wu changed this to &#34;Tue 09:00-10:00&#34; at 2026-03-05" in late.text
        assert post(one, "/calendar/save", carried(looked, "/calendar/save", **week)).status_code == 303


def test_a_station_s_own_form_of_a_day_knows_what_was_said_of_it(desks: GuardedHub) -> None:
    typed = {"day": DAY, "day-hours": "", "reason": "停电"}
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine = one.get("/city/stations/ZG-02")
        post(other, "/calendar/save", OWN | {"hours": "09:00-10:00"})

        late = post(one, "/city/stations/ZG-02/special", carried(mine, "/special", **typed))

        assert late.status_code == 409
        assert f"{DAY}：wu 在 2026-03-05" in late.text
        again = post(one, "/city/stations/ZG-02/special", carried(late, "/special", **typed))
        assert again.status_code == 303


def test_a_holiday_that_somebody_has_changed_since_is_not_lost(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as one, desks.ask(desks.session("wu", CITY)) as other:
        mine = one.get("/calendar/holidays")
        day = {"day": "2026-10-08", "sort": "off", "name": "国庆节", "why": ""}
        assert post(other, "/calendar/holidays/day", day).status_code == 303

        late = post(one, "/calendar/holidays/day", carried(mine, "/day", **(day | {"sort": "work"})))

        assert late.status_code == 409
        assert "wu 在 2026-03-05" in late.text
        assert "“2026-10-08 放假 国庆节”" in late.text
        again = post(one, "/calendar/holidays/day", carried(late, "/day", **(day | {"sort": "work"})))
        assert again.status_code == 303


def test_hours_shown_in_one_language_are_known_in_the_other(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        form = carried(client.get("/city/stations/ZG-02?lang=en"), "/terms", target="4")
        assert "Mon" in form["was-hours"]

        assert post(client, "/city/stations/ZG-02/terms?lang=zh", form).status_code == 303


SAME = {"Sec-Fetch-Site": "same-origin"}
