"""What `zaigang-hub user` takes away, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hub.accounts import accounts, passkeys, sessions
from hub.accounts.ceremony import MadePasskey
from hub.database.transactions import reading, writing

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


def test_a_lost_passkey_is_forgotten_and_what_was_open_ends(city: Desk, said: Any) -> None:
    said("user", "invite", "zhao", "--role", "installer")
    with writing(city.engine) as connection:
        account = accounts.account_named(connection, "zhao", 1)
        assert account is not None
        for name in ("手机", "钥匙"):
            assert passkeys.add_passkey(connection, account.id, name, MadePasskey(name, "key", 0), 1)
        sessions.begin_session(connection, account.id, is_whole=True, browser="", address="", now_ms=1)
    assert "passkeys: 手机, 钥匙" in said("user", "list")[1]
    status, printed = said("user", "forget-passkey", "zhao", "电脑")
    assert (status, "手机, 钥匙" in printed) == (1, True)

    assert said("user", "forget-passkey", "zhao", "手机")[0] == 0

    assert "passkeys: 钥匙" in said("user", "list")[1]
    with reading(city.engine) as connection:
        assert sessions.read_sessions(connection) == []


def test_somebody_is_bound_to_the_identity_service_and_taken_back(
    city: Desk, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("zhao", "li"):
        said("user", "invite", name, "--role", "installer")
    assert "wanted is oidc.issuer" in said("user", "bind", "zhao", "8f14")[1]
    monkeypatch.setenv("ZAIGANG_HUB_OIDC__ISSUER", "https://id.example.cn")
    monkeypatch.setenv("ZAIGANG_HUB_OIDC__CLIENT_ID", "zaigang")

    assert said("user", "bind", "zhao", "8f14") == (
        0,
        "zhao signs in by https://id.example.cn, and has to sign in anew\n",
    )
    assert "zhao  installer  has not yet chosen a password  bound to the identity service" in said("user", "list")[1]
    assert said("user", "bind", "li", "8f14")[0] == 1
    assert said("user", "bind", "zhao")[0] == 1
    assert said("user", "bind", "zhao", "--none") == (
        0,
        "zhao signs in by https://id.example.cn no more, and has to sign in anew\n",
    )
    assert said("user", "bind", "li", "8f14")[0] == 0
