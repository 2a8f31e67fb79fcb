"""What a browser meets: who is not signed in sees nothing, and nobody sees more than their grants reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.requests import Request

from hub.accounts import accounts
from hub.accounts.reception import now_ms
from hub.database.transactions import writing
from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE, comes_from_here
from hub.web.gate.same_site import is_cross_site, is_our_host
from hub.web.kit.leading import is_own_path

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

NORTH = Grant(Role.COUNTY, Reach("D-1"))
LEAD = Grant(Role.LEAD, Reach(station="ZG-02"))
GOOD = "four unrelated words"


def form(client: httpx2.Client, path: str, **fields: str) -> httpx2.Response:
    return client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})


def body_of(answer: httpx2.Response) -> str:
    """What is said, without the moment at which it is."""
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_a_hub_without_accounts_is_open_and_one_with_them_is_not(guarded: GuardedHub) -> None:
    with guarded.ask() as client:
        assert client.get("/").status_code == 200
        assert "zaigang-hub user invite" in client.get("/sign-in").text

        guarded.invite("li", NORTH)
        assert guarded.call(lambda: guarded.reception is not None)
        for _ in range(200):
            answer = client.get("/stations/ZG-02?date=2026-03-04")
            if answer.status_code == 303:
                break
        assert answer.headers["location"] == "/sign-in?next=%2Fstations%2FZG-02%3Fdate%3D2026-03-04"
        described = client.get("/docs")  # looked at by a person; what it loads is not
        assert (described.status_code, described.headers["location"]) == (303, "/sign-in?next=%2Fdocs")
        assert client.get("/api/v1/board").status_code == 401
        assert client.get("/live", headers={"Accept": "text/event-stream"}).status_code == 401
        assert client.get("/static/mark.svg").status_code in {200, 404}


def test_from_invitation_to_board_and_out(guarded: GuardedHub) -> None:
    key = guarded.invite("li", NORTH)
    with guarded.ask() as client:
        assert "li" in client.get(f"/invitations/{key}").text
        weak = form(client, f"/invitations/{key}", new="short", again="short")
        assert weak.status_code == 422
        accepted = form(client, f"/invitations/{key}", new=GOOD, again=GOOD)
        assert (accepted.status_code, accepted.headers["location"]) == (303, "/")
        assert "HttpOnly" in accepted.headers["set-cookie"]
        assert "SameSite=lax" in accepted.headers["set-cookie"]
        assert client.get("/").status_code == 200
        assert client.get(f"/invitations/{key}").status_code == 404

        kept = client.cookies[COOKIE]
        out = form(client, "/me/sign-out")
        assert out.headers["location"] == "/sign-in"
        replayed = client.get("/", headers={"Cookie": f"{COOKIE}={kept}"})
        assert replayed.status_code == 303

        wrong = form(client, "/sign-in", name="li", password="not it at all", next="/stations/ZG-01")
        assert wrong.status_code == 401
        assert 'value="li"' in wrong.text
        assert "not it at all" not in wrong.text
        right = form(client, "/sign-in", name="li", password=GOOD, next="/stations/ZG-01")
        assert right.headers["location"] == "/stations/ZG-01"


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(guarded: GuardedHub) -> None:
    form_key = guarded.invite("li", NORTH)
    with guarded.ask() as client:
        client.cookies.set(COOKIE, "planted", domain="127.0.0.1")
        accepted = form(client, f"/invitations/{form_key}", new=GOOD, again=GOOD)
        assert "planted" not in accepted.headers["set-cookie"]
        with guarded.ask("planted") as thief:
            assert thief.get("/").status_code == 303


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_signing_in_leads_nowhere_else(guarded: GuardedHub, to: str) -> None:
    key = guarded.invite("li", NORTH)
    with guarded.ask() as client:
        form(client, f"/invitations/{key}", new=GOOD, again=GOOD)
        assert client.get("/sign-in", params={"next": to}).headers["location"] == "/"
        assert not is_own_path(to)


@pytest.mark.parametrize("role", [Role.COUNTY, Role.FEDERATION])
def test_a_county_office_sees_its_stations_and_learns_nothing_of_others(guarded: GuardedHub, role: Role) -> None:
    with guarded.ask(guarded.session("li", Grant(role, Reach("D-1")))) as client:
        assert sum(client.get("/api/v1/board").json()["totals"].values()) == 4
        codes = {station["code"] for station in client.get("/api/v1/board").json()["stations"]}
        assert codes == {"ZG-01", "ZG-02", "ZG-03", "ZG-04"}
        page = client.get("/").text
        assert "ZG-05" not in page
        assert "南山区" not in page
        for path in ("/stations/{}", "/stations/{}/day", "/stations/{}/day.csv", "/stations/{}/live"):
            there, nowhere = client.get(path.format("ZG-05")), client.get(path.format("ZG-99"))
            assert (there.status_code, body_of(there)) == (404, body_of(nowhere))
        api = [client.get(f"/api/v1/stations/{code}") for code in ("ZG-05", "ZG-99")]
        assert [answer.status_code for answer in api] == [404, 404]
        assert api[0].text.replace("ZG-05", "") == api[1].text.replace("ZG-99", "")
        assert "ZG-05" not in client.get("/inbox").text
        assert "zg-99-a" not in client.get("/inbox").text


def test_counts_and_streams_are_of_ones_own_stations(guarded: GuardedHub) -> None:
    with guarded.ask(guarded.session("li", LEAD)) as client, client.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        snapshot = next(line for line in lines if line.startswith("data: {"))
        assert "ZG-02" in snapshot
        assert "ZG-01" not in snapshot
        assert '"minimum":1' in snapshot.replace(" ", "")

        guarded.change("ZG-01", on_duty=7)
        guarded.change("ZG-02", on_duty=5)
        row = next(line for line in lines if line.startswith("data: {") and '"code"' in line)
        assert "ZG-02" in row


def test_a_stream_ends_when_its_account_does(guarded: GuardedHub) -> None:
    key = guarded.session("li", NORTH)
    with guarded.ask(key) as client, client.stream("GET", "/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        with writing(guarded.engine) as connection:
            account = accounts.account_named(connection, "li", now_ms())
            assert account is not None
            accounts.end_account(connection, account.id, now_ms())

        assert "event: ended" in list(lines)


def test_roles_open_their_pages_and_no_others(guarded: GuardedHub) -> None:
    with guarded.ask(guarded.session("zhao", Grant(Role.INSTALLER))) as client:
        assert client.get("/").status_code == 200
        assert client.get("/people").status_code == 403
    with guarded.ask(guarded.session("sun", Grant(Role.VOLUNTEER))) as client:
        assert client.get("/").headers["location"] == "/me"
        assert client.get("/title").status_code == 403
        assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("grants", "home"),
    [
        ([Grant(Role.CITY)], "/"), ([NORTH], "/"), ([Grant(Role.AUTHORITY, Reach(kind="bank"))], "/coverage"),
        ([Grant(Role.FEDERATION)], "/people"), ([LEAD], "/stations/ZG-02"), ([Grant(Role.INSTALLER)], "/kiosks"),
        ([LEAD, Grant(Role.LEAD, Reach(station="ZG-03"))], "/"), ([Grant(Role.VOLUNTEER)], "/me"),
        ([Grant(Role.VOLUNTEER), LEAD], "/stations/ZG-02"),
    ],
)  # fmt: skip
def test_each_role_begins_at_its_own_page(guarded: GuardedHub, grants: list[Grant], home: str) -> None:
    with guarded.ask(guarded.session("sun", *grants)) as client:
        typed = client.get("/", headers={"Sec-Fetch-Site": "none"})
        assert (typed.status_code, typed.headers.get("location", "/")) == (200 if home == "/" else 303, home)
        assert client.get("/sign-in").headers["location"] == home
        assert client.get("/sign-in", params={"next": "/inbox"}).headers["location"] == "/inbox"
        if home != "/me":
            assert client.get("/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_signing_in_leads_a_lead_to_the_own_station(guarded: GuardedHub) -> None:
    key = guarded.invite("zhao", LEAD)
    with guarded.ask() as client:
        assert form(client, f"/invitations/{key}", new=GOOD, again=GOOD).headers["location"] == "/stations/ZG-02"
    with guarded.ask() as client:
        assert form(client, "/sign-in", name="zhao", password=GOOD).headers["location"] == "/stations/ZG-02"
        assert form(client, "/sign-in", name="zhao", password=GOOD, next="/me").headers["location"] == "/me"


def test_another_site_can_do_nothing_with_ones_cookie(guarded: GuardedHub) -> None:
    with guarded.ask(guarded.session("li", NORTH)) as client:
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ):
            assert client.post("/me/sign-out", headers=headers).status_code == 403
        assert client.get("/me").status_code == 200


def test_a_request_for_another_host_is_refused(guarded: GuardedHub) -> None:
    with guarded.ask() as client:
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_a_form_that_is_too_large_is_refused(guarded: GuardedHub) -> None:
    with guarded.ask() as client:
        assert form(client, "/sign-in", name="x" * 70_000, password="").status_code == 413


@pytest.mark.parametrize(
    ("method", "headers", "crosses"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"sec-fetch-site": "same-origin"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"sec-fetch-site": "same-site"}, True),
        ("POST", {"origin": "https://hub.example", "host": "hub.example"}, False),
        ("POST", {"origin": "https://hub.example:444", "host": "hub.example"}, True),
        ("POST", {"origin": "null", "host": "hub.example"}, True),
        ("DELETE", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"host": "hub.example"}, False),
        ("POST", {"origin": "http://[bad", "host": "hub.example"}, True),
        ("POST", {"origin": "", "host": ""}, True),
    ],
)
def test_what_another_site_sends_is_told_by_the_browsers_own_word(
    method: str, headers: dict[str, str], crosses: bool
) -> None:
    assert is_cross_site(method, headers) is crosses


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("localhost", True),
        ("Hub.Example:443", True),
        ("evil.example", False),
        ("localhost:80@evil.example", False),
        ("127.0.0.1:8080, evil.example", False),
        ("[::1]evil.example", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_the_host_is_one_of_ours(host: str, is_ours: bool) -> None:
    assert is_our_host(host, ("hub.example",)) is is_ours


def test_over_tls_the_cookie_is_the_hosts_alone(guarded: GuardedHub) -> None:
    key = guarded.invite("li", NORTH)
    with guarded.ask() as client:  # as a proxy on this machine says it
        sent = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-Proto": "https"}
        accepted = client.post(f"/invitations/{key}", data={"new": GOOD, "again": GOOD}, headers=sent)

    cookie = accepted.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert accepted.headers["strict-transport-security"] == "max-age=31536000"


def asked(scheme: str = "http", address: str = "127.0.0.1", **headers: str) -> Request:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "scheme": scheme, "server": ("127.0.0.1", 8080), "path": "/", "query_string": b"",
             "headers": sent, "client": (address, 50000)}  # fmt: skip
    return Request(scope)


def test_a_program_of_this_machine_is_known_by_its_address() -> None:
    assert comes_from_here(asked(), ())
    assert comes_from_here(asked("https"), ("zaigang.example",))
    assert comes_from_here(asked(address="::1"), ())
    assert not comes_from_here(asked(address="192.0.2.7"), ())


@pytest.mark.parametrize("header", ["forwarded", "x_forwarded_for", "x_forwarded_host", "x_real_ip", "via"])
def test_who_comes_through_a_proxy_is_no_program_of_this_machine(header: str) -> None:
    assert not comes_from_here(asked(**{header: "192.0.2.7"}), ())


def test_a_hub_with_a_name_that_leaves_tls_to_a_proxy_believes_no_address() -> None:
    assert not comes_from_here(asked(), ("zaigang.example",))
