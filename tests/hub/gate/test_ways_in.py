"""Ways to ride on somebody's session, tried at every address that changes something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyotp
import pytest
from starlette.routing import Route

from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE
from hub.web.site import make_site
from tests.hub.gate.test_gate import GOOD, form
from tests.hub.pages.board_source import ZONE
from tests.hub.pages.test_rights import walk

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

NORTH = Grant(Role.COUNTY, Reach("D-1"))
EVIL = "https://evil.example"
NAVIGATES = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1"}
# What a page of another site makes each browser send with a form, or by a script; and from a frame without an origin.
BROWSERS = {
    "Chromium, a form": {"Origin": EVIL, "Referer": f"{EVIL}/", "Sec-Fetch-Site": "cross-site", **NAVIGATES},
    "Chromium, a script": {"Origin": EVIL, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
    "Firefox, a form": {"Origin": EVIL, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    "Firefox, a host beside ours": {"Origin": "https://other.example", "Sec-Fetch-Site": "same-site", **NAVIGATES},
    "Safari before 16.4": {"Origin": EVIL, "Referer": f"{EVIL}/"},
    "Safari, a frame in a sandbox": {"Origin": "null"},
}  # fmt: skip


def unsafe(hub: GuardedHub) -> list[tuple[str, str]]:
    """Every address of the site that may change something, with something in the place of what is named."""
    site = make_site(hub.source, hub.broadcast, ZONE, hub.source.findings, reception=hub.reception, desk=hub.desk)
    return [
        (method, re.sub(r"\{[^}]+\}", "x", route.path))
        for route in walk(site.routes)
        if isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]


def test_no_browser_does_anything_here_for_another_site(guarded: GuardedHub) -> None:
    addresses = unsafe(guarded)
    assert len(addresses) > 40
    assert ("POST", "/sign-in/passkey") in addresses
    with guarded.ask(guarded.session("li", Grant(Role.CITY))) as client:
        got = {
            (method, path, browser): answer.status_code
            for method, path in addresses
            for browser, headers in BROWSERS.items()
            if (answer := client.request(method, path, headers=headers)).status_code != 403
        }
        assert got == {}
        assert client.get("/me").status_code == 200


def test_no_address_answers_for_another_host(guarded: GuardedHub) -> None:
    with guarded.ask(guarded.session("li", Grant(Role.CITY))) as client:
        for method, path in [*unsafe(guarded), ("GET", "/"), ("GET", "/sign-in"), ("GET", "/me")]:
            for host in ("evil.example", f"evil.example:{guarded.port}", "127.0.0.1.evil.example"):
                headers = {"Host": host, "Sec-Fetch-Site": "same-origin"}
                assert client.request(method, path, headers=headers).status_code == 421


def test_a_session_that_was_stolen_is_ended_by_its_owner_and_is_worth_little_until_then(guarded: GuardedHub) -> None:
    stolen = guarded.session("li", NORTH)
    key = guarded.invite("li")
    with guarded.ask(stolen) as thief, guarded.ask() as own:
        changed = form(thief, "/me/password", old="a guess at it", new="another good one", again="another good one")
        assert changed.status_code == 422
        form(own, f"/invitations/{key}", new=GOOD, again=GOOD)
        assert thief.get("/").status_code == 303  # all that was open ends with a new password

    again = guarded.session("li")
    with guarded.ask(again) as thief, guarded.ask() as own:
        form(own, "/sign-in", name="li", password=GOOD)
        proofs = re.findall(r"/me/sessions/([0-9a-f]{64})/end", own.get("/me").text)
        assert len(proofs) == 3
        for proof in proofs:
            if proof not in own_proofs(guarded, own.cookies[COOKIE]):
                form(own, f"/me/sessions/{proof}/end")
        assert thief.get("/").status_code == 303
        assert own.get("/").status_code == 200


def own_proofs(hub: GuardedHub, key: str) -> set[str]:
    assert hub.reception is not None
    return {hub.reception.who(key).proof}


@pytest.mark.parametrize("to", ["//evil.example", EVIL, "/\\evil.example", "/%0d%0aLocation:", "\t//evil.example"])
def test_neither_password_nor_code_leads_elsewhere(guarded: GuardedHub, to: str) -> None:
    key = guarded.invite("wang", Grant(Role.CITY))
    secret = pyotp.random_base32()
    with guarded.ask() as client:
        half = form(client, f"/invitations/{key}", new=GOOD, again=GOOD)
        assert half.headers["location"] == "/sign-in/code"
        code = pyotp.TOTP(secret).now()
        whole = form(client, "/sign-in/code", code=code, key=secret, next=to)
        assert whole.status_code == 303
        assert whole.headers["location"] in {"/", "/%0d%0aLocation:"}
    with guarded.ask() as client:
        half = form(client, "/sign-in", name="wang", password=GOOD, next=to)
        assert half.headers["location"].startswith("/sign-in/code?next=")
