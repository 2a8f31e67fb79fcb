"""Binding one's account to the city's identity service on 我的: by who proves who they are at both, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from hub.accounts import accounts, limits
from hub.accounts.access_log import read_access
from hub.accounts.reception import now_ms
from hub.database.transactions import reading, writing
from hub.rights import Grant, Reach, Role
from tests.hub.gate.test_issuer_door import BACK, SAME, bind, browser, come, hub, service

if TYPE_CHECKING:
    import httpx2

    from tests.hub.accounts.identity_service import IdentityService
    from tests.hub.gate.conftest import GuardedHub

__all__ = ["hub", "service"]
GOOD = "four unrelated words"
ZHAO = Grant(Role.LEAD, Reach(station="ZG-02"))


def enter(hub: GuardedHub, client: httpx2.Client, name: str = "zhao", grant: Grant = ZHAO) -> None:
    """They choose a password, and are in."""
    key = hub.invite(name, grant)
    client.headers.update(SAME)
    client.post(f"/invitations/{key}", data={"new": GOOD, "again": GOOD})


def begin(client: httpx2.Client, password: str = GOOD, code: str = "") -> httpx2.Response:
    return client.post("/me/issuer", data={"issuer-proof": password, "issuer-code": code})


def there(client: httpx2.Client) -> str:
    """Where a browser is led to."""
    assert begin(client).status_code == 200
    return client.get("/me/issuer/go").headers["location"]


def lines(hub: GuardedHub, *whats: str) -> list[tuple[str, str, str]]:
    with reading(hub.engine) as connection:
        return [(line.by, line.what, line.subject) for line in read_access(connection, 99, whats)]


def bound(hub: GuardedHub) -> set[str]:
    with reading(hub.engine) as connection:
        ids = accounts.read_bound(connection)
        return {one.name for one in accounts.read_accounts(connection, now_ms()) if one.id in ids}


def test_an_owner_binds_their_account_comes_in_by_it_and_takes_it_back(
    hub: GuardedHub, service: IdentityService
) -> None:
    with browser(hub) as own, browser(hub) as elsewhere:
        enter(hub, own)
        elsewhere.post("/sign-in", data={"name": "zhao", "password": GOOD}, headers=SAME)
        assert elsewhere.get("/me").status_code == 200
        assert "还没有绑定" in own.get("/me").text
        page = begin(own)
        assert 'href="/me/issuer/go"' in page.text
        sent = own.get("/me/issuer/go")
        assert parse_qs(urlsplit(sent.headers["location"]).query)["prompt"] == ["login"]
        back = own.get(BACK, params=service.grant(sent.headers["location"], "sub-of-zhao"))

        assert back.headers["location"] == "/me?bound"
        assert "统一身份已绑定" in own.get("/me?bound").text
        assert "已经绑定" in own.get("/me").text
        assert elsewhere.get("/me").status_code == 303  # what was open elsewhere has ended
        assert bound(hub) == {"li", "zhao"}
        with browser(hub) as again:
            assert come(again, service, "sub-of-zhao").headers["location"] == "/stations/ZG-02"
        done = own.post("/me/issuer/unbind", data={"issuer-proof": GOOD})
        assert done.headers["location"] == "/me?unbound"
        assert own.get("/me").status_code == 200
    assert bound(hub) == {"li"}
    with browser(hub) as again:
        assert come(again, service, "sub-of-zhao").status_code == 401
    assert lines(hub, "bound", "unbound") == [("zhao", "unbound", "zhao"), ("zhao", "bound", "zhao")]


def test_a_stolen_session_binds_nothing_and_takes_nothing_back(hub: GuardedHub, service: IdentityService) -> None:
    with browser(hub) as client:
        enter(hub, client)
        assert client.get("/me/issuer/go").status_code == 422  # nobody proved who they are
        for path in ("/me/issuer", "/me/issuer/unbind"):
            refused = client.post(path, data={"issuer-proof": "not it at all"})
            assert refused.status_code == 422
            assert "密码或验证码不对。" in refused.text
        assert client.get("/me/issuer/go").status_code == 422
        there(client)
        assert client.get("/me/issuer/go").status_code == 422  # once
        guesses = [begin(client, f"guess number {n}").status_code for n in range(limits.FREE["name"] + 2)]
        assert guesses[-1] == 429
    assert bound(hub) == {"li"}


def test_a_second_factor_is_asked_for_here_too(hub: GuardedHub, service: IdentityService) -> None:
    key = pyotp.random_base32()
    with browser(hub) as client:
        enter(hub, client)
        with writing(hub.engine) as connection:
            account = accounts.account_named(connection, "zhao", now_ms())
            assert account is not None
            accounts.set_second_factor(connection, account.id, key, 0)
        assert hub.reception is not None
        hub.await_(hub.reception.look(at_once=True))
        assert 'name="issuer-code"' in client.get("/me").text
        assert begin(client, code="000000").status_code == 422
        assert client.get("/me/issuer/go").status_code == 422
        assert begin(client, code=pyotp.TOTP(key).now()).status_code == 200


def test_no_code_of_another_session_or_for_another_end_binds_an_account(
    hub: GuardedHub, service: IdentityService
) -> None:
    with browser(hub) as own, browser(hub) as thief:
        enter(hub, own)
        enter(hub, thief, "qian")
        theirs = service.grant(there(thief), "sub-of-qian")
        mine = service.grant(there(own), "sub-of-zhao")
        assert own.get(BACK, params={"state": mine["state"], "code": theirs["code"]}).headers["location"] == (
            "/me?unproven"
        )
        assert own.get(BACK, params=mine).status_code == 401  # its answer was used up, and it is for no sign-in
        planted = own.get("/sign-in/issuer").headers["location"]
        assert own.get(BACK, params=service.grant(planted, "sub-of-qian")).status_code == 401  # binds nothing either
    assert bound(hub) == {"li"}


def test_an_identity_of_somebody_else_is_left_to_them(hub: GuardedHub, service: IdentityService) -> None:
    with browser(hub) as client:
        enter(hub, client)
        back = client.get(BACK, params=service.grant(there(client), "sub-of-li"))
        assert back.headers["location"] == "/me?taken"
        assert "这个统一身份已经绑定到别的用户" in client.get("/me?taken").text
        service.lies = {"nonce": "another"}
        back = client.get(BACK, params=service.grant(there(client), "sub-of-zhao"))
        assert back.headers["location"] == "/me?unproven"
        address = there(client)
        client.post("/me/sign-out")
        assert client.get(BACK, params=service.grant(address, "sub-of-zhao")).headers["location"] == "/me?unproven"
    assert bound(hub) == {"li"}


def test_a_service_that_is_away_binds_nothing_and_says_so(
    hub: GuardedHub, service: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.accounts.issuer.ALIVE_S", -1.0)
    with browser(hub) as client:
        enter(hub, client)
        said = service.grant(there(client), "sub-of-zhao")
        assert begin(client).status_code == 200
        service.close()
        assert client.get(BACK, params=said).headers["location"] == "/me?away"
        away = client.get("/me/issuer/go")
        assert away.status_code == 503
        assert "统一身份认证现在没有回答，没有绑定。请稍后再试。" in away.text
        assert "没有回答" in client.get("/me?away").text


def test_an_administrator_unbinds_on_the_page_and_only_their_own(hub: GuardedHub, service: IdentityService) -> None:
    bind(hub, service, "wang", "sub-of-wang", Grant(Role.CITY))
    with hub.ask(hub.session("chen", Grant(Role.COUNTY, Reach("D-2")))) as other:
        ids = {one.name: one.id for one in hub.reception.roster.accounts.values()}  # type: ignore[union-attr]
        for name in ("li", "wang"):
            assert other.post(f"/system/users/{ids[name]}/unbind", headers=SAME).status_code == 404
    assert bound(hub) == {"li", "wang"}
    with browser(hub) as bound_one:
        come(bound_one, service)
        with hub.ask(hub.session("root", Grant(Role.CITY))) as office:
            assert office.get("/system").text.count("/unbind") == 2
            assert office.post(f"/system/users/{ids['li']}/unbind", headers=SAME).status_code == 303
            assert office.get("/system").text.count("/unbind") == 1
        assert come(bound_one, service).status_code == 401
    assert bound(hub) == {"wang"}
    assert lines(hub, "unbound") == [("root", "unbound", "li")]


def test_where_no_service_is_set_nothing_is_offered(guarded: GuardedHub) -> None:
    with guarded.ask(guarded.session("zhao", ZHAO)) as client:
        assert "统一身份" not in client.get("/me").text
        for path in ("/me/issuer", "/me/issuer/unbind"):
            assert client.post(path, data={}, headers=SAME).status_code == 404
