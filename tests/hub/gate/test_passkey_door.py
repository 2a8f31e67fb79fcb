"""A passkey at the door, as a browser and as who attacks it meet it: the same that holds for passwords."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Self

import httpx2
import pytest

from hub.accounts.ceremony import Place
from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE
from tests.hub.accounts.authenticator import Authenticator

if TYPE_CHECKING:
    from tests.hub.gate.conftest import GuardedHub

NORTH = Grant(Role.COUNTY, Reach("D-1"))
GOOD = "four unrelated words"
SAME = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """One browser on this machine, and the device in it."""

    def __init__(self, hub: GuardedHub) -> None:
        self.at = f"localhost:{hub.port}"
        self.client = httpx2.Client(
            base_url=hub.address, trust_env=False, timeout=60, headers={"Accept": "text/html", "Host": self.at} | SAME
        )
        self.device = Authenticator(Place("localhost", f"http://{self.at}"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def accept(self, key: str) -> None:
        self.client.post(f"/invitations/{key}", data={"new": GOOD, "again": GOOD})

    def make(self, name: str = "手机", proof: str = GOOD) -> httpx2.Response:
        asked = self.client.post("/me/passkeys/begin", data={"key-name": name, "proof": proof})
        found = re.search(r'data-wanted="([^"]+)"', asked.text)
        if found is None:
            return asked
        answer = self.device.make(html.unescape(found[1]))
        return self.client.post("/me/passkeys", data={"key-name": name, "answer": answer})

    def come(self, to: str = "/", **headers: str) -> httpx2.Response:
        wanted = self.client.post("/sign-in/passkey/ask").text
        answer = self.device.show(wanted)
        return self.client.post("/sign-in/passkey", data={"answer": answer, "next": to}, headers=headers)


def test_a_passkey_is_made_named_used_and_removed(guarded: GuardedHub) -> None:
    key = guarded.invite("li", NORTH)
    with Browser(guarded) as own:
        own.accept(key)
        assert "passkey" not in own.client.get("/system").text
        assert own.make(proof="not it at all").status_code == 422
        assert own.make(name="打 13800138000").status_code == 422
        assert own.make().headers["location"] == "/me?added"
        page = own.client.get("/me").text
        assert "手机" in page
        own.client.post("/me/sign-out")

        got = own.come("/stations/ZG-01")
        assert (got.status_code, got.headers["location"]) == (303, "/stations/ZG-01")
        [id_] = re.findall(r"/me/passkeys/([0-9a-f]{64})/remove", own.client.get("/me").text)
        own.client.post(f"/me/passkeys/{id_}/remove")
        assert id_ not in own.client.get("/me").text
        own.client.post("/me/sign-out")
        refused = own.come()
        assert refused.status_code == 401
        assert "通行密钥没有通过" in refused.text


def test_a_session_that_was_planted_is_not_the_one_that_a_passkey_opens(guarded: GuardedHub) -> None:
    key = guarded.invite("li", NORTH)
    with Browser(guarded) as own:
        own.accept(key)
        own.make()
        before = own.client.cookies[COOKIE]
        got = own.come()

        after = own.client.cookies[COOKIE]
        assert got.status_code == 303
        assert after != before
        with guarded.ask(before) as thief:
            assert thief.get("/").status_code == 303
        own.client.post("/me/sign-out")
        with guarded.ask(after) as thief:
            assert thief.get("/").status_code == 303


def test_what_was_asked_of_one_browser_is_answered_by_no_other(guarded: GuardedHub) -> None:
    """Whoever overhears an answer, or makes somebody send one, is in by it no more than they were."""
    key = guarded.invite("li", NORTH)
    with Browser(guarded) as own, Browser(guarded) as thief:
        own.accept(key)
        own.make()
        wanted = own.client.post("/sign-in/passkey/ask")
        assert "HttpOnly" in wanted.headers["set-cookie"]
        assert "SameSite=strict" in wanted.headers["set-cookie"]
        answer = own.device.show(wanted.text)
        thief.client.post("/sign-in/passkey/ask")
        assert thief.client.post("/sign-in/passkey", data={"answer": answer}).status_code == 401
        assert own.client.post("/sign-in/passkey", data={"answer": answer}).status_code == 303
        assert own.client.post("/sign-in/passkey", data={"answer": answer}).status_code == 401


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_a_passkey_leads_nowhere_else(guarded: GuardedHub, to: str) -> None:
    key = guarded.invite("li", NORTH)
    with Browser(guarded) as own:
        own.accept(key)
        own.make()
        assert own.come(to).headers["location"] == "/"


@pytest.mark.parametrize("path", ["/sign-in/passkey/ask", "/sign-in/passkey", "/me/passkeys/begin", "/me/passkeys"])
def test_another_site_or_host_gets_nowhere_with_passkeys(guarded: GuardedHub, path: str) -> None:
    with guarded.ask(guarded.session("li", NORTH)) as client:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
            assert client.post(path, headers=headers).status_code == 403
        assert client.post(path, headers={"Host": "evil.example"} | SAME).status_code == 421


def test_where_there_is_no_name_there_are_no_passkeys(guarded: GuardedHub) -> None:
    """Browsers make none for a bare address, nor without TLS."""
    with guarded.ask(guarded.session("li", NORTH)) as client:
        assert "passkey" not in client.get("/me").text
        for path in ("/sign-in/passkey/ask", "/sign-in/passkey", "/me/passkeys/begin", "/me/passkeys"):
            assert client.post(path, headers=SAME).status_code == 404
    with guarded.ask() as client:
        assert "passkey" not in client.get("/sign-in").text


def test_who_may_takes_anothers_passkeys_away(guarded: GuardedHub) -> None:
    key = guarded.invite("li", NORTH)
    with Browser(guarded) as own:
        own.accept(key)
        own.make()
        with guarded.ask(guarded.session("wu", Grant(Role.COUNTY, Reach("D-2")))) as client:
            [account] = [one.id for one in guarded.reception.roster.accounts.values() if one.name == "li"]  # type: ignore[union-attr]
            assert client.post(f"/system/users/{account}/forget-passkeys", headers=SAME).status_code == 404
        assert own.client.get("/me").status_code == 200
        with guarded.ask(guarded.session("zhao", Grant(Role.CITY))) as client:
            assert f"/system/users/{account}/forget-passkeys" in client.get("/system").text
            client.post(f"/system/users/{account}/forget-passkeys", headers=SAME)
            assert "forget-passkeys" not in client.get("/system").text
        assert own.client.get("/me").status_code == 303
        assert own.come().status_code == 401
