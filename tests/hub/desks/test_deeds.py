"""Everything that a page does the API does as well: held as a table, so that a new form without it is seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hub.rights import Grant, Reach, Role
from hub.web.deeds.router import DEEDS
from tests.hub.desks.test_desks import send
from tests.hub.desks.test_every_route import Entry, read_table
from tests.hub.desks.test_two_who_edit import PAGES, SAME, forms_of
from tests.hub.desks.test_two_who_end import peopled

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

CITY, LEAD = Grant(Role.CITY), Grant(Role.LEAD, Reach(station="ZG-02"))
API = "/api/v1"
OTHERWISE = {
    "/stations/{code}/amend/add": "POST /stations/{code}/amendments",
    "/stations/{code}/amend/{kiosk}/{epoch}/{seq}": "POST /stations/{code}/amendments",
    "/stations/{code}/shifts/day": "PUT /stations/{code}/shifts/days/{day}",
    "/stations/{code}/shifts/week": "PUT /stations/{code}/shifts/week",
}
"""What the API does at another address, for JSON says it better than the form's fields."""
WAY_IN = "a browser's way in, by password, passkey or link; a program has a key"
OWN_BROWSER = "of one's own password, passkeys, sessions and binding: proven anew in a browser, and never by a script"
EXCEPT = {
    r"/sign-in(/.*)?|/invitations/\{key\}": WAY_IN,
    r"/me/(issuer.*|passkeys.*|password|sessions/\{proof\}/end|sign-out)": OWN_BROWSER,
    r"/claim": "is for programs already: a kiosk that sets itself up",
}


def api_of(entry: Entry, table: set[tuple[str, str, str]]) -> bool:
    """Whether the API does it, by the same right."""
    method, _, path = OTHERWISE.get(entry.path, f"{entry.method} {entry.path}").partition(" ")
    acts = [deed.path for deed in DEEDS if (deed.method, deed.page) == (method, path)] or [path]
    return all((method, API + one, entry.right) in table for one in acts)


def test_what_a_page_does_the_api_does_by_the_same_right() -> None:
    table = read_table()
    known = {(one.method, one.path, one.right) for one in table}
    unsafe = [one for one in table if one.method != "GET" and not one.path.startswith(API)]

    lacking = [
        one for one in unsafe
        if not any(re.fullmatch(rule, one.path) for rule in EXCEPT) and not api_of(one, known)
    ]  # fmt: skip

    assert lacking == []
    assert len(unsafe) > 40


def test_no_reason_and_no_deed_is_left_of_a_page_that_is_gone() -> None:
    pages = {(one.method, one.path) for one in read_table()}
    posted = {path for method, path in pages if method == "POST"}

    assert {deed.page for deed in DEEDS} <= {path for _, path in pages}
    assert posted >= set(OTHERWISE)
    assert [rule for rule in EXCEPT if not any(re.fullmatch(rule, path) for path in posted)] == []


def test_each_field_of_a_form_is_one_of_its_deed(desks: GuardedHub) -> None:
    """Of forms that pages show in a city with something of everything."""
    more = ("/calendar?station=ZG-02", "/calendar/holidays", "/kiosks/zg-02-a", "/stations/ZG-02/closing",
            "/system/channels", "/system/channels/office", "/people/p1/new-card", "/people/p2")  # fmt: skip
    with desks.ask(desks.session("wang", CITY)) as client:
        peopled(desks, client)
        forms = [(page, one) for page in (*PAGES, *more) for one in forms_of(client, page)]

    unknown, met = [], set()
    for page, form in forms:
        path = form.action or page.partition("?")[0]
        for deed in DEEDS:
            if deed.method == "POST" and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", deed.path), path):
                met.add(deed.path)
                fields = {name for name in form.values if not name.startswith("was") and name not in {"files", "seen"}}
                unknown += [(deed.path, name) for name in fields - set(deed.takes)]
                break
    assert unknown == []
    assert len(met) > 30


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_page_refuses_the_api_refuses_in_the_same_words(desks: GuardedHub, language: str) -> None:
    asked = {"number": "N1", "full_name": "1", "stations": "ZG-99", "trained_on": "gestern"}
    with desks.ask(desks.session("wang", CITY)) as client:
        client.headers["Accept-Language"] = language
        page = client.post("/people/new", data=asked, headers=SAME)
        answer = client.post(f"{API}/people/new", json=asked, headers=SAME)

    wrong = answer.json()["detail"]
    assert (page.status_code, answer.status_code) == (422, 422)
    assert "stations" in wrong
    assert all(said in page.text.replace("&#39;", "'").replace("&#34;", '"') for said in wrong.values())


def test_a_program_does_what_the_forms_do(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        client.headers.update(SAME)

        def post(path: str, **said: object) -> tuple[int, dict[str, object]]:
            answer = client.post(API + path, json=said or None)
            return answer.status_code, answer.json()

        code, told = post("/people/new", number="N7", full_name="样本七", stations="ZG-02")
        assert code == 200
        person = str(told["page"])
        assert "样本七" in client.get(person).text
        assert post(f"{person}/train", trained_on="2026-03-01") == (200, {"page": person, "trouble": ""})
        assert post(f"{person}/leave", why="搬走")[0] == 200
        assert post(f"/people/p1/cards/{'a1' * 16}/lost")[0] == 200
        assert post("/city/stations/ZG-02/terms", minimum=2, target=3)[0] == 200
        closed = post("/stations/ZG-02/closing", day="2026-03-10", reason="停电")
        assert closed[0] == 200
        assert post("/stations/ZG-02/closing/2026-03-10/reopen")[0] == 200
        looked = post("/calendar/look", what="days", station="ZG-02", first="2026-03-11", hours="", reason="停电")
        assert looked[0] == 200
        assert looked[1]["stations"] == ["ZG-02"]
        assert post("/kiosks", kiosk="zg-02-b", station="ZG-02")[0] == 200
        assert post("/kiosks/zg-02-b/ask/identify")[0] == 200
        assert post("/kiosks/zg-02-b/revoke")[0] == 422
        assert "/invitations/" in str(post("/system/users", name="qin", role="lead", station="ZG-02")[1]["link"])
        assert "/wall/" in str(post("/system/doors", what="screen", **{"door-name": "大厅"})[1]["link"])
        assert post("/people/p1/sign-in-link")[0] == 200
        assert post("/people/p1/new-card", kiosk="zg-02-a")[0] == 200


def test_files_are_looked_at_taken_over_and_taken_back_by_a_program(desks: GuardedHub) -> None:
    sheet = "编号,姓名,所属站点\nN9,样本九,ZG-02\n".encode()
    with desks.ask(desks.session("wang", CITY)) as client:
        client.headers.update(SAME)
        looked = client.post(f"{API}/city/import", files={"files": ("志愿者.csv", sheet)})
        assert looked.status_code == 200, looked.text
        assert looked.json()["counts"][0]["added"] == 1
        taken = client.post(f"{API}/city/import/confirm", json={"look": looked.json()["look"]})
        again = client.post(f"{API}/city/import/confirm", json={"look": looked.json()["look"]})
        undone = client.post(f"{API}/city/import/1/undo", json={})
        wrong = client.post(f"{API}/city/import", files={"files": ("志愿者.csv", b"a,b\n1,2\n")})

    assert (taken.status_code, again.status_code, undone.status_code, wrong.status_code) == (200, 409, 200, 422)
    assert undone.json()["rows"] > 0
    assert wrong.json()["detail"]["files"]


def test_a_program_learns_nothing_of_what_is_not_its_own(desks: GuardedHub) -> None:
    with desks.ask(desks.session("qin", LEAD)) as client:
        client.headers.update(SAME)
        told = [client.post(API + path, json={"day": "2026-03-10", "reason": "停电"}) for path in (
            "/stations/ZG-05/closing", "/stations/ZG-99/closing")]  # fmt: skip
        refused = client.post(f"{API}/city/stations/ZG-02/close", json={})

    assert {(one.status_code, one.text) for one in told} == {
        (404, '{"detail":"there is no such thing, or not for you"}')
    }
    assert refused.status_code == 403


def test_what_is_left_out_by_mistake_empties_nothing(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        send(client, "/people/p1/train", trained_on="2026-03-01")
        answers = [
            client.post(API + path, json=said, headers=SAME)
            for path, said in (
                ("/people/p1/train", {}), ("/people/p1/stations", {"station": "ZG-02"}),
                ("/city/stations/ZG-02/enter", {"name": "市第一人民医院"}), ("/people/p1/telephone", {}),
            )
        ]  # fmt: skip
        page = client.get("/people/p1").text

    assert [one.status_code for one in answers] == [422] * 4
    assert 'value="2026-03-01"' in page


def test_the_second_of_two_programs_is_told_who_changed_it_and_to_what(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client, desks.ask(desks.session("wu", CITY)) as other:
        assert send(other, "/people/p1/train", trained_on="2026-02-02").status_code == 303
        late = client.post(
            f"{API}/people/p1/train", json={"trained_on": "2026-03-01", "was-trained_on": ""}, headers=SAME
        )

    assert late.status_code == 409
    assert "wu" in late.json()["detail"]["trained_on"]
    assert "2026-02-02" in late.json()["detail"]["trained_on"]


def test_another_site_does_nothing_by_the_api_either(desks: GuardedHub) -> None:
    with desks.ask(desks.session("wang", CITY)) as client:
        answers = [
            client.post(API + deed.path, json={}, headers={"Sec-Fetch-Site": "cross-site"})
            for deed in DEEDS if deed.method == "POST"
        ]  # fmt: skip

    assert {one.status_code for one in answers} == {403}


@pytest.mark.parametrize("path", ["/people/p1/erase", "/people/new", "/inbox/x/taken"])
def test_more_than_any_program_says_is_refused_before_it_is_read(desks: GuardedHub, path: str) -> None:
    """Also of who is nobody: FastAPI would read a body before it looks who asks."""
    body = b"[" + b"{}," * 200_000 + b"{}]"

    def pieces() -> object:
        yield body

    with desks.ask() as client:
        told = [
            client.post(API + path, content=content, headers={"Content-Type": "application/json", **SAME})
            for content in (body, pieces())
        ]  # type: ignore[misc]

    assert [one.status_code for one in told] == [413, 413]


def test_what_the_api_says_in_a_shape_of_its_own_it_says_in_the_language_asked_for(desks: GuardedHub) -> None:
    week = {
        "since": "2026-03-09",
        "week": [[] for _ in range(6)] + [[{"opens_min": 0, "closes_min": 60, "people": ["x"]}]],
    }
    tap = {"change": "add", "person": "p1", "action": "arrive", "at": "2020-01-01T00:00:00Z", "why": "-"}

    def told(language: str) -> list[list[dict[str, str]]]:
        with desks.ask(desks.session("wang", CITY)) as client:
            client.headers.update(SAME | ({"Accept-Language": language} if language else {}))
            added = client.post(f"{API}/stations/ZG-02/amendments", json=tap).json()["refusals"]
            for one in added:  # it says what time it is now, which goes on between two languages
                one["wanted"] = re.sub(r"\d\d:\d\d:\d\d", "", one["wanted"])
            return [
                client.post(f"{API}/people/p1/erase", json={"why": "来信"}).json()["detail"],
                added,
                client.put(f"{API}/stations/ZG-02/shifts/week", json=week).json()["detail"],
            ]

    chinese, english, unsaid = told("zh-CN"), told("en"), told("")
    assert english == unsaid
    for ours, theirs in zip(chinese, english, strict=True):
        assert [one["field"] for one in ours] == [one["field"] for one in theirs]
        assert re.search("[\u4e00-\u9fff]", ours[0]["wanted"])
        assert not re.search("[\u4e00-\u9fff]", theirs[0]["wanted"])


NOT_AMONG = [
    ("/calendar/save", {"what": "week", "station": "ZG-02", "holidays": "yes"}, "holidays"),
    ("/calendar/save", {"what": "week", "station": "ZG-02", "hours": "每天 09:00-12:00", "template": "0"}, "template"),
    ("/calendar/holidays/day", {"day": "2026-10-01", "sort": "closed", "why": "更正"}, "sort"),
    ("/calendar/holidays/day", {"day": "2026-10-01", "sort": "", "why": "更正"}, "sort"),
    ("/system/doors", {"what": "wall", "door-name": "大厅"}, "what"),
    ("/system/doors", {"what": "screen", "door-name": "大厅", "door-kind": "医院"}, "door-kind"),
    ("/system/users", {"name": "qin", "role": "county", "district": "D-1", "kind": "医院"}, "kind"),
    ("/system/channels", {"name": "office", "address": "https://hook.example/x", "kind": "医院"}, "kind"),
    ("/people/p1/telephone", {"telephone": "13800000000", "purpose": "anything"}, "purpose"),
]


@pytest.mark.parametrize(("path", "said", "field"), NOT_AMONG)
def test_a_word_that_is_none_of_those_that_may_be_chosen_is_refused_and_never_read_as_another(
    desks: GuardedHub, path: str, said: dict[str, str], field: str
) -> None:
    """A page offers them; a program wrote 医院 for hospital, and its screen showed the whole city."""
    with desks.ask(desks.session("wang", CITY)) as client:
        answers = [
            client.post(API + path, json=said, headers=SAME),
            client.post(path, data=said, headers=SAME),
        ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert list(answers[0].json()["detail"]) == [field]


@pytest.mark.parametrize("more", [{}, {"kind": "bank"}, {"template": "1"}])
def test_a_week_of_no_station_is_refused_beside_the_station(desks: GuardedHub, more: dict[str, str]) -> None:
    said = {"what": "week", "hours": "每天 09:00-12:00"} | more
    with desks.ask(desks.session("wang", CITY)) as client:
        for act in ("look", "save"):
            answer = client.post(f"{API}/calendar/{act}", json=said, headers=SAME)

            assert (answer.status_code, list(answer.json()["detail"])) == (422, ["station"])
            assert client.post(f"/calendar/{act}", data=said, headers=SAME).status_code == 422
