"""Coming in by the city's identity service: whom it vouches for, here and now, and whom somebody bound before."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from hub.accounts import accounts, limits
from hub.accounts.access_log import read_access
from hub.accounts.issuer import Issuer
from hub.accounts.reception import now_ms
from hub.config import OidcConfig, read_config
from hub.database.transactions import reading, writing
from hub.rights import Grant, Reach, Role
from hub.web.gate.gate import COOKIE
from station.errors import ConfigError
from tests.hub.accounts.identity_service import SECRET, IdentityService
from tests.hub.gate.conftest import GuardedHub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

NORTH = Grant(Role.COUNTY, Reach("D-1"))
BACK = "/sign-in/issuer/back"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[IdentityService]:
    running = IdentityService(tmp_path)
    yield running
    running.close()


@pytest.fixture
def hub(engine: Engine, tmp_path: Path, service: IdentityService) -> Iterator[GuardedHub]:
    made = GuardedHub(engine, tmp_path)
    made.oidc = service.config
    with made as running:
        bind(running, service, "li", "sub-of-li", NORTH)
        yield running


def bind(hub: GuardedHub, service: IdentityService, name: str, subject: str, *grants: Grant) -> None:
    hub.invite(name, *grants)
    with writing(hub.engine) as connection:
        account = accounts.account_named(connection, name, now_ms())
        assert account is not None
        assert accounts.bind_subject(connection, account.id, accounts.subject_of(service.name, subject))


def browser(hub: GuardedHub) -> httpx2.Client:
    headers = {"Accept": "text/html", "Host": f"localhost:{hub.port}"}
    return httpx2.Client(base_url=hub.address, trust_env=False, timeout=60, headers=headers)


def come(client: httpx2.Client, service: IdentityService, subject: str = "sub-of-li", to: str = "/") -> httpx2.Response:
    address = client.get("/sign-in/issuer", params={"next": to}).headers["location"]
    return client.get(BACK, params=service.grant(address, subject), headers={"Sec-Fetch-Site": "cross-site"})


def log(hub: GuardedHub) -> list[str]:
    with reading(hub.engine) as connection:
        return [line.what for line in read_access(connection, 9)]


def test_who_was_bound_comes_in_by_the_identity_service(hub: GuardedHub, service: IdentityService) -> None:
    with browser(hub) as client:
        assert "/sign-in/issuer" in client.get("/sign-in").text
        sent = client.get("/sign-in/issuer")
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        assert asked["redirect_uri"] == [f"http://localhost:{hub.port}{BACK}"]
        assert "HttpOnly" in sent.headers["set-cookie"]
        client.cookies.set(COOKIE, "planted", domain="127.0.0.1")
        got = come(client, service, to="/stations/ZG-01")

        assert (got.status_code, got.headers["location"]) == (303, "/stations/ZG-01")
        assert "planted" not in got.headers["set-cookie"]
        assert log(hub)[0] == "signed_in_by_issuer"
    with browser(hub) as client:
        again = come(client, service)
        with hub.ask(client.cookies[COOKIE]) as own:
            assert own.get("/me").status_code == 200
            own.post("/me/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
            assert own.get("/me", headers={"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}).status_code == 303
        assert again.status_code == 303


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another hub"}, {"aud": None}, {"iss": "https://evil.example"},
        {"iss": None}, {"exp": 1}, {"exp": None},
        {"exp": 10**12 - 1, "nbf": 10**12 - 2}, {"iat": 10**12}, {"iat": None}, {"iat": "soon"},
        {"sub": "s" * 256}, {"sub": None}, {"sub": ""}, {"sub": ["sub-of-li"]},
        {"aud": ["zaigang", "another hub"], "azp": "another hub"}, {"aud": ["zaigang", "another hub"]},
        {"azp": "another hub"}, {"iss": "http://127.0.0.1"},
    ],
    ids=str,
)  # fmt: skip
def test_an_identity_that_does_not_hold_lets_nobody_in(
    hub: GuardedHub, service: IdentityService, lies: dict[str, object]
) -> None:
    service.lies = lies
    with browser(hub) as client:
        refused = come(client, service)
        assert refused.status_code == 401
        assert "统一身份认证没有通过，或等得太久。请再试一次，或用密码登录。" in refused.text
        assert log(hub)[0] == "issuer_failed"
        service.lies = {}
        assert come(client, service).status_code == 303


@pytest.mark.parametrize("how", ["another key", "no signature", "a shared secret"])
def test_an_identity_that_somebody_else_signed_lets_nobody_in(
    hub: GuardedHub, service: IdentityService, how: str
) -> None:
    if how == "another key":
        service.key = ECKey.generate_key("P-256", {"kid": "1"})
    if how == "a shared secret":
        service.key = OctKey.import_key(SECRET)  # type: ignore[assignment]
    service.is_unsigned = how == "no signature"
    with browser(hub) as client:
        assert come(client, service).status_code == 401


def test_a_key_that_the_service_changed_is_read_anew(
    hub: GuardedHub, service: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with browser(hub) as client:
        assert come(client, service).status_code == 303
        service.key = service.shown = ECKey.generate_key("P-256", {"kid": "2", "use": "sig", "alg": "ES256"})
        assert come(client, service).status_code == 401  # it was read a moment ago: nobody makes the hub ask on and on
        assert service.asked.count("/jwks") == 1
        monkeypatch.setattr("hub.accounts.issuer.KEYS_AGAIN_S", -1.0)
        assert come(client, service).status_code == 303


def test_a_code_or_an_answer_is_good_once_and_for_one_browser(hub: GuardedHub, service: IdentityService) -> None:
    with browser(hub) as own, browser(hub) as thief:
        first = service.grant(own.get("/sign-in/issuer").headers["location"], "sub-of-li")
        thief.get("/sign-in/issuer")
        assert thief.get(BACK, params=first).status_code == 401  # overheard on the way back
        assert own.get(BACK, params=first).status_code == 303
        assert own.get(BACK, params=first).status_code == 401
        second = service.grant(own.get("/sign-in/issuer").headers["location"], "sub-of-li")
        assert own.get(BACK, params={"state": second["state"], "code": first["code"]}).status_code == 401
        third = service.grant(own.get("/sign-in/issuer").headers["location"], "sub-of-li")
        assert own.get(BACK, params=third | {"state": first["state"]}).status_code == 401
        fourth = service.grant(own.get("/sign-in/issuer").headers["location"], "sub-of-li")
        assert own.get(BACK, params=fourth | {"iss": "https://evil.example"}).status_code == 401
        assert own.get(BACK, params={"error": "access_denied", "state": third["state"]}).status_code == 401
    with browser(hub) as stranger:
        assert stranger.get(BACK).status_code == 401


def test_somebody_elses_code_is_refused_for_want_of_the_browsers_own_secret(
    hub: GuardedHub, service: IdentityService
) -> None:
    """Whoever makes a browser come back with a code of theirs would have it sign in as them (PKCE, nonce)."""
    with browser(hub) as own, browser(hub) as thief:
        theirs = service.grant(thief.get("/sign-in/issuer").headers["location"], "sub-of-li")
        mine = service.grant(own.get("/sign-in/issuer").headers["location"], "sub-of-li")
        assert own.get(BACK, params={"state": mine["state"], "code": theirs["code"]}).status_code == 401


def test_nobody_is_made_an_account_and_an_ended_one_stays_ended(hub: GuardedHub, service: IdentityService) -> None:
    with browser(hub) as client:
        refused = come(client, service, "somebody else")
        assert refused.status_code == 401
        assert "您的统一身份还没有绑定到这里的用户。请用密码登录，再在“我的”里绑定。" in refused.text
        in_english = client.get("/sign-in/issuer").headers["location"]
        client.headers["Accept-Language"] = "en"
        said = client.get(BACK, params=service.grant(in_english, "somebody else")).text
        assert "Your identity is bound to no user here yet." in said
        del client.headers["Accept-Language"]
        with writing(hub.engine) as connection:
            account = accounts.account_named(connection, "li", now_ms())
            assert account is not None
            assert not accounts.bind_subject(connection, "other", accounts.subject_of(service.name, "sub-of-li"))
            accounts.end_account(connection, account.id, now_ms())
        ended = come(client, service)
        assert ended.status_code == 401
        assert "您的统一身份绑定的用户已经停用。请联系管理员。" in ended.text
    bind(hub, service, "zhao", "sub-of-li", NORTH)  # who was it before has ended
    with browser(hub) as client:
        assert come(client, service).status_code == 303
    hub.invite("li", NORTH)
    with reading(hub.engine) as connection:
        found = accounts.account_with_subject(connection, accounts.subject_of(service.name, "sub-of-li"), now_ms())
        assert found is not None
        assert found.name == "zhao"


def test_what_was_open_ends_when_somebody_is_bound_otherwise(hub: GuardedHub, service: IdentityService) -> None:
    with browser(hub) as client:
        come(client, service)
        with hub.ask(client.cookies[COOKIE]) as own:
            assert own.get("/me").status_code == 200
            bind(hub, service, "li", "another sub")
            assert hub.reception is not None
            hub.await_(hub.reception.look(at_once=True))
            assert own.get("/me").status_code == 303
        assert come(client, service).status_code == 401


def test_the_city_office_is_asked_for_its_second_factor_all_the_same(hub: GuardedHub, service: IdentityService) -> None:
    bind(hub, service, "wang", "sub-of-wang", Grant(Role.CITY))
    with browser(hub) as client:
        assert come(client, service, "sub-of-wang").headers["location"] == "/sign-in/code?next=%2F"
        assert client.get("/").status_code == 303


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_leads_nowhere_else(hub: GuardedHub, service: IdentityService, to: str) -> None:
    with browser(hub) as client:
        assert come(client, service, to=to).headers["location"] == "/"


def test_a_service_that_does_not_answer_is_said_and_passwords_go_on(
    hub: GuardedHub, service: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.accounts.issuer.ALIVE_S", 3600.0)  # it goes away between the way there and the way back
    with browser(hub) as client:
        said = service.grant(client.get("/sign-in/issuer").headers["location"], "sub-of-li")
        service.close()
        answer = client.get(BACK, params=said)
        assert answer.status_code == 503
        assert "统一身份认证现在没有回答，请稍后再试，或用密码登录。" in answer.text
        assert 'name="password"' in answer.text
        for _ in range(limits.FREE["address"] + 5):  # nobody guesses anything by it
            said = service.grant(client.get("/sign-in/issuer").headers["location"], "sub-of-li")
            assert client.get(BACK, params=said).status_code == 503


def test_nobody_is_sent_to_a_service_that_went_away_within_the_hour(
    hub: GuardedHub, service: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its addresses are known for an hour, and behind them a browser would find nothing."""
    monkeypatch.setattr("hub.accounts.issuer.ALIVE_S", -1.0)
    with browser(hub) as client:
        assert client.get("/sign-in/issuer").status_code == 303
        service.close()
        answer = client.get("/sign-in/issuer", params={"next": "/stations/ZG-01"})

        assert answer.status_code == 503
        assert "统一身份认证现在没有回答，请稍后再试，或用密码登录。" in answer.text
        assert 'name="password"' in answer.text
        assert 'name="next" value="/stations/ZG-01"' in answer.text
        assert 'href="/sign-in?next=/stations/ZG-01&amp;lang=en"' in answer.text  # asks nobody anew


def test_a_service_that_says_it_cannot_now_is_told_apart_from_one_that_refuses(
    hub: GuardedHub, service: IdentityService
) -> None:
    with browser(hub) as client:
        client.get("/sign-in/issuer", params={"next": "/stations/ZG-01"})
        away = client.get(BACK, params={"error": "temporarily_unavailable", "state": "any"})
        refused = client.get(BACK, params={"error": "access_denied", "state": "any"})
        in_english = client.get(BACK, params={"error": "server_error", "lang": "en"}).text

    assert (away.status_code, refused.status_code) == (503, 401)
    for answer in (away, refused):
        assert 'name="next" value="/stations/ZG-01"' in answer.text
        assert 'name="password"' in answer.text
    assert "The identity service does not answer." in in_english


def test_what_failed_once_is_asked_once_more(hub: GuardedHub, service: IdentityService) -> None:
    service.fails = ["/.well-known/openid-configuration", "/jwks"]
    with browser(hub) as client:
        assert come(client, service).status_code == 303
    assert service.fails == []


def test_keys_that_are_known_are_good_while_it_shows_none(
    hub: GuardedHub, service: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with browser(hub) as client:
        assert come(client, service).status_code == 303
        monkeypatch.setattr("hub.accounts.issuer.KNOWN_S", -1.0)
        service.fails = ["/jwks"] * 2
        assert come(client, service).status_code == 303
        monkeypatch.setattr("hub.accounts.issuer.KEPT_S", -1.0)
        monkeypatch.setattr("hub.accounts.issuer.AWAY_S", -1.0)
        service.fails = ["/jwks"] * 2
        assert come(client, service).status_code == 503


def test_who_waits_for_a_service_that_hangs_holds_nobody_else(hub: GuardedHub, service: IdentityService) -> None:
    """Anybody may ask for the way there: threads that wait for it are few, and none that the hub works in."""

    def go() -> int:
        with browser(hub) as one:
            return one.get("/sign-in/issuer").status_code

    service.held.clear()
    with ThreadPoolExecutor(40) as many:
        went = [many.submit(go) for _ in range(40)]
        with browser(hub) as client:
            assert client.get("/sign-in").status_code == 200
            signed = client.post("/sign-in", data={"name": "li", "password": "guess"}, headers=SAME)
            assert signed.status_code == 401
        assert not all(one.done() for one in went)
        service.held.set()
        answers = [one.result() for one in went]
    assert answers.count(303) >= 4
    assert set(answers) <= {303, 503}


@pytest.mark.parametrize(
    "more",
    [
        {"token_endpoint": "http://id.example/token"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"}, {"token_endpoint": "https://[bad"},
    ],
    ids=str,
)  # fmt: skip
def test_an_address_that_cannot_be_asked_safely_is_not_asked(
    hub: GuardedHub, service: IdentityService, more: dict[str, object]
) -> None:
    service.more = more
    with browser(hub) as client:
        assert client.get("/sign-in/issuer").status_code == 503


def test_no_redirect_of_the_service_is_followed(hub: GuardedHub, service: IdentityService) -> None:
    service.leads_to = f"{service.name}/jwks"
    with browser(hub) as client:
        assert client.get("/sign-in/issuer").status_code == 503
    assert set(service.asked) == {"/.well-known/openid-configuration"}


def test_a_service_that_takes_the_secret_by_its_form_alone_gets_it_so(
    hub: GuardedHub, service: IdentityService
) -> None:
    service.wants_form, service.more = True, {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    with browser(hub) as client:
        assert come(client, service).status_code == 303


def test_who_says_by_whom_they_come_has_to(hub: GuardedHub, service: IdentityService) -> None:
    service.more = {"authorization_response_iss_parameter_supported": True}
    with browser(hub) as client:
        assert come(client, service).status_code == 401
        address = client.get("/sign-in/issuer").headers["location"]
        assert client.get(BACK, params=service.grant(address, "sub-of-li") | {"iss": service.name}).status_code == 303


def test_a_key_of_rsa_is_taken_and_one_that_nobody_knows_passed_over(hub: GuardedHub, service: IdentityService) -> None:
    service.key = service.shown = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})  # type: ignore[assignment]
    with browser(hub) as client:
        assert come(client, service).status_code == 303


def test_an_issuer_that_calls_itself_otherwise_is_not_believed(hub: GuardedHub, service: IdentityService) -> None:
    service.name = f"{service.name}/"
    with browser(hub) as client:
        assert client.get("/sign-in/issuer").status_code == 503


@pytest.mark.parametrize(
    ("oidc", "said"),
    [
        ({"issuer": "http://id.example.cn", "client_id": "zaigang"}, "wanted is an address like https://id.example.cn"),
        ({"issuer": "https://id.example.cn"}, "wanted is what the issuer calls this hub"),
        ({"client_id": "zaigang"}, "the rest of [oidc] is set"),
        ({"issuer": "https://id.example.cn", "client_id": "z", "secret_file": "/nowhere/oidc"}, "cannot be read"),
        ({"issuer": "https://id.example.cn", "client_id": "z", "secret_file": "/dev/null"}, "is empty"),
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_cannot_work_are_said_at_the_start(tmp_path: Path, oidc: dict[str, str], said: str) -> None:
    file = tmp_path / "hub.toml"
    lines = "\n".join(f'{name} = "{value}"' for name, value in oidc.items())
    file.write_text(f"[oidc]\n{lines}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(said)):
        Issuer(read_config(file, {}).oidc)


def test_a_hub_without_a_service_has_no_such_way(guarded: GuardedHub) -> None:
    with guarded.ask() as client:
        assert client.get("/sign-in/issuer").status_code == 404
        assert client.get(BACK).status_code == 404
        assert "issuer" not in client.get("/sign-in").text
    assert OidcConfig().issuer == ""
