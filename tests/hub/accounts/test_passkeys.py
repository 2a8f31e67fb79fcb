"""Passkeys: made by who proved who they are, good here and for their owner alone, each question answered once."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from hub.accounts import accounts, limits, passkeys
from hub.accounts.access_log import read_access
from hub.accounts.asker import NOBODY
from hub.accounts.ceremony import (
    NoPasskeyError,
    Place,
    ShownPasskey,
    check_made,
    check_shown,
    passkey_place,
    read_shown,
)
from hub.accounts.keyring import Keyring
from hub.accounts.reception import Caller, In, NotIn, Reception
from hub.database.account_tables import PasskeyChallenge
from hub.database.transactions import reading, writing
from hub.rights import Grant, Role
from tests.hub.accounts.authenticator import Authenticator, packed
from tests.hub.accounts.test_attacks import code_of, enrol
from tests.hub.accounts.test_reception import GOOD, HERE, LEAD, Desk

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLACE = Place("hub.example", "https://hub.example")
ELSEWHERE = Place("evil.example", "https://evil.example")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


@dataclass
class Person:
    """Somebody who is in, with a device."""

    desk: Desk
    reception: Reception
    session: str
    device: Authenticator

    def __post_init__(self) -> None:
        self.ring = Keyring(self.reception)

    async def make(self, name: str = "手机", password: str = GOOD, code: str = "", **lies: str) -> bool | NotIn:
        who = self.reception.who(self.session)
        wanted = await self.ring.begin(who, PLACE, password, code, HERE)
        if isinstance(wanted, NotIn):
            return wanted
        return await self.ring.finish(who, PLACE, name, self.device.make(wanted, **lies), HERE)

    async def come(self, **lies: str) -> In | NotIn:
        key, wanted = await self.ring.ask(PLACE, HERE)
        return await self.ring.sign_in(PLACE, key, self.device.show(wanted, **lies), HERE, NOBODY)

    def log(self) -> list[str]:
        with reading(self.desk.engine) as connection:
            return [line.what for line in read_access(connection, 99)]

    def kept(self) -> list[str]:
        account = self.reception.who(self.session).account
        with reading(self.desk.engine) as connection:
            return [one.name for one in passkeys.read_passkeys(connection, account)]


async def person(desk: Desk, reception: Reception, name: str = "li", **device: object) -> Person:
    got = await desk.come(reception, name, LEAD)
    own = Authenticator(PLACE, credential=f"of {name}".encode(), **device)  # type: ignore[arg-type]
    return Person(desk, reception, got.key, own)


def test_a_passkey_is_made_and_lets_its_owner_in_wholly(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        assert await li.make()
        got = await li.come()

        assert isinstance(got, In)
        assert got.is_whole
        assert got.key != li.session
        assert reception.who(got.key).name == "li"
        assert li.log()[:2] == ["signed_in_by_passkey", "passkey_added"]
        assert li.kept() == ["手机"]

    desk.run(come)


def test_a_passkey_is_both_factors_of_the_city_office(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        whole, secret = await enrol(desk, reception, "wang")
        wang = Person(desk, reception, whole.key, Authenticator(PLACE))
        desk.now += 30_000
        assert await wang.make(code="000000") == NotIn()
        assert await wang.make(code=code_of(desk, secret), password="not it at all") == NotIn()
        code = code_of(desk, secret)
        assert await wang.make(code=code) is True
        assert await wang.make(code=code) == NotIn()  # no code is taken twice
        half = await reception.sign_in("wang", GOOD, HERE)
        assert isinstance(half, In)
        key, wanted = await wang.ring.ask(PLACE, HERE)
        before = reception.who(half.key)
        got = await wang.ring.sign_in(PLACE, key, wang.device.show(wanted), HERE, before)

        assert isinstance(got, In)
        assert reception.who(got.key).grants == (Grant(Role.CITY),)
        assert reception.who(half.key) is NOBODY

    desk.run(come)


def test_who_does_not_prove_who_they_are_makes_none(desk: Desk) -> None:
    """A session that was stolen is not enough."""

    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        answers = [await li.make(password=f"guess number {n}") for n in range(9)]

        assert answers[: limits.FREE["name"]] == [NotIn()] * limits.FREE["name"]
        assert isinstance(answers[-1], NotIn)
        assert answers[-1].wait_s > 0
        assert li.kept() == []

    desk.run(come)


@pytest.mark.parametrize("lie", ["another origin", "another host", "nobody looked at", "nothing asked"])
def test_a_passkey_is_not_made(desk: Desk, lie: str) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception, looks=lie != "nobody looked at")
        if lie == "another host":
            li.device.place = Place(ELSEWHERE.host, PLACE.origin)
        if lie == "nothing asked":
            who = reception.who(li.session)
            wanted = json.dumps({"challenge": "A" * 43, "user": {"id": "bGk"}})
            assert not await li.ring.finish(who, PLACE, "手机", li.device.make(wanted), HERE)
            assert not await li.ring.finish(who, PLACE, "手机", "", HERE)
        else:
            assert await li.make(**({"origin": ELSEWHERE.origin} if lie == "another origin" else {})) is False

        assert li.kept() == []

    desk.run(come)


@pytest.mark.parametrize(("length", "is_kept"), [(1, True), (1023, True), (1024, False), (0, False)])
def test_what_a_device_calls_its_passkey_has_a_length(desk: Desk, length: int, *, is_kept: bool) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        li.device.credential = b"n" * length
        assert await li.make() is is_kept

    desk.run(come)


def test_an_answer_that_is_sent_twice_makes_one_passkey(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        who = reception.who(li.session)
        wanted = await li.ring.begin(who, PLACE, GOOD, "", HERE)
        assert isinstance(wanted, str)
        assert await li.ring.finish(who, PLACE, "手机", li.device.make(wanted), HERE)
        li.device.credential = b"another"
        assert not await li.ring.finish(who, PLACE, "钥匙", li.device.make(wanted), HERE)
        assert li.kept() == ["手机"]

    desk.run(come)


def test_a_challenge_is_for_one_session_and_for_minutes(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li, wu = await person(desk, reception), await person(desk, reception, "wu")
        wanted = await li.ring.begin(reception.who(li.session), PLACE, GOOD, "", HERE)
        assert isinstance(wanted, str)
        assert not await wu.ring.finish(reception.who(wu.session), PLACE, "手机", wu.device.make(wanted), HERE)
        desk.now += 5 * 60_000
        assert not await li.ring.finish(reception.who(li.session), PLACE, "手机", li.device.make(wanted), HERE)
        assert li.kept() == wu.kept() == []

    desk.run(come)


def test_a_session_that_was_ended_meanwhile_makes_no_passkey(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        who = reception.who(li.session)
        wanted = await li.ring.begin(who, PLACE, GOOD, "", HERE)
        assert isinstance(wanted, str)
        await reception.sign_out(who.proof, who.account)
        assert not await li.ring.finish(who, PLACE, "手机", li.device.make(wanted), HERE)

    desk.run(come)


def test_nobody_takes_over_another_ones_passkey(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li, wu = await person(desk, reception), await person(desk, reception, "wu")
        assert await li.make()
        wu.device = Authenticator(PLACE, credential=li.device.credential)
        assert await wu.make() is False
        assert isinstance(await li.come(), In)

    desk.run(come)


@pytest.mark.parametrize(
    "lie",
    ["another origin", "another host", "nobody looked at", "another owner", "no owner", "another key", "never made"],
)
def test_a_passkey_that_is_shown_falsely_lets_nobody_in(desk: Desk, lie: str) -> None:
    async def come(reception: Reception) -> None:
        li, wu = await person(desk, reception), await person(desk, reception, "wu")
        assert await li.make()
        assert await wu.make()
        lies = {
            "another origin": {"origin": ELSEWHERE.origin}, "no owner": {"owner": ""},
            "another owner": {"owner": reception.who(wu.session).account},
        }.get(lie, {})  # fmt: skip
        li.device.looks = lie != "nobody looked at"
        if lie == "another host":
            li.device.place = Place(ELSEWHERE.host, PLACE.origin)
        if lie == "another key":
            li.device.key = wu.device.key
        if lie == "never made":
            li.device.credential = b"never seen"

        assert await li.come(**lies) == NotIn()
        assert li.log()[0] == "passkey_failed"

    desk.run(come)


def test_an_answer_that_is_sent_again_lets_nobody_in(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        assert await li.make()
        key, wanted = await li.ring.ask(PLACE, HERE)
        answer = li.device.show(wanted)
        assert isinstance(await li.ring.sign_in(PLACE, key, answer, HERE, NOBODY), In)
        assert await li.ring.sign_in(PLACE, key, answer, HERE, NOBODY) == NotIn()
        other, _ = await li.ring.ask(PLACE, HERE)
        assert await li.ring.sign_in(PLACE, other, answer, HERE, NOBODY) == NotIn()
        assert await li.ring.sign_in(PLACE, "", li.device.show(wanted), HERE, NOBODY) == NotIn()

    desk.run(come)


def test_a_question_of_too_long_ago_is_not_answered(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        assert await li.make()
        key, wanted = await li.ring.ask(PLACE, HERE)
        desk.now += 5 * 60_000
        assert await li.ring.sign_in(PLACE, key, li.device.show(wanted), HERE, NOBODY) == NotIn()

    desk.run(come)


def test_a_count_that_falls_back_tells_a_copy(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception, uses=7)
        assert await li.make()
        assert isinstance(await li.come(), In)
        li.device.uses -= 1
        assert await li.come() == NotIn()
        assert li.log()[0] == "passkey_copied"
        li.device.uses = -1  # says 0
        assert await li.come() == NotIn()
        li.device.uses = 8
        assert isinstance(await li.come(), In)

    desk.run(come)


def test_a_passkey_that_does_not_count_is_good_again_and_again(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        assert await li.make()
        for _ in range(3):
            li.device.uses = -1
            assert isinstance(await li.come(), In)

    desk.run(come)


def test_a_passkey_that_was_removed_lets_nobody_in_and_what_it_opened_ends(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li, wu = await person(desk, reception), await person(desk, reception, "wu")
        assert await li.make()
        got = await li.come()
        assert isinstance(got, In)
        with reading(desk.engine) as connection:
            [key] = passkeys.read_passkeys(connection, reception.who(li.session).account)
        await wu.ring.remove(reception.who(wu.session), key.id, HERE)
        assert li.kept() == ["手机"]
        await li.ring.remove(reception.who(li.session), key.id, HERE)

        assert li.kept() == []
        assert reception.who(got.key) is NOBODY
        assert reception.who(li.session).name == "li"
        assert await li.come() == NotIn()

    desk.run(come)


@pytest.mark.parametrize("how", ["ended", "anew"])
def test_with_an_account_or_a_lost_telephone_its_passkeys_go(desk: Desk, how: str) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        assert await li.make()
        account = reception.who(li.session).account
        if how == "anew":
            desk.invite("li", anew=True)
        else:
            with writing(desk.engine) as connection:
                accounts.end_account(connection, account, desk.now)
            desk.invite("li", LEAD)

        assert await li.come() == NotIn()

    desk.run(come)


def test_an_account_has_ten_at_most(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        for n in range(passkeys.MOST + 1):
            li.device.credential = f"number {n}".encode()
            assert await li.make() is (n < passkeys.MOST)

    desk.run(come)


def test_who_only_asks_leaves_few_questions_and_takes_none_from_others(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        li = await person(desk, reception)
        assert await li.make()
        key, wanted = await li.ring.ask(PLACE, HERE)
        for n in range(120):
            desk.now += 1
            await li.ring.ask(PLACE, Caller(f"2001:db8:1:2::{n:x}", ""))
        with reading(desk.engine) as connection:
            rows = connection.execute(select(PasskeyChallenge)).all()
        assert len(rows) == 1 + passkeys.OUT_AT_ONCE
        assert isinstance(await li.ring.sign_in(PLACE, key, li.device.show(wanted), HERE, NOBODY), In)

    desk.run(come)


def test_who_shows_false_passkeys_waits_as_who_guesses_passwords(desk: Desk) -> None:
    async def guess(reception: Reception) -> int:
        li = await person(desk, reception)
        looked_at = 0
        for n in range(60):
            li.device.credential = f"number {n}".encode()
            looked_at += await li.come() == NotIn()
        return looked_at

    assert desk.run(guess) <= limits.FREE["address"] + 1


@pytest.mark.parametrize(
    ("scheme", "host", "place"),
    [
        ("https", "hub.example", PLACE),
        ("https", "Hub.Example:8443", Place("hub.example", "https://hub.example:8443")),
        ("http", "hub.example", None),
        ("https", "192.0.2.7:8443", None),
        ("https", "[2001:db8::1]:8443", None),
        ("https", "[2001:db8::1]", None),
        ("http", "localhost:8080", Place("localhost", "http://localhost:8080")),
        ("http", "127.0.0.1:8080", None),
        ("https", "", None),
    ],
)
def test_passkeys_hold_for_a_name_over_tls_or_this_machine(scheme: str, host: str, place: Place | None) -> None:
    assert passkey_place(scheme, host) == place


_PARTS = ("clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle")
_WORDS = ("id", "rawId", "type", "response", *_PARTS)
_JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=40) | st.integers(), lambda inner: st.lists(inner, max_size=3)
)


def _shaped(part: str) -> str:
    """The outside of an answer, and nonsense within."""
    said = dict.fromkeys(_PARTS, part)
    return json.dumps({"id": part, "rawId": part, "type": "public-key", "response": said})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(max_size=200)
    | st.dictionaries(st.sampled_from(_WORDS), _JSON | st.dictionaries(st.sampled_from(_WORDS), _JSON)).map(json.dumps)
    | st.binary(max_size=300).map(lambda raw: _shaped(packed(raw)))
)
def test_whatever_is_sent_is_no_passkey(sent: str) -> None:
    with contextlib.suppress(NoPasskeyError):  # it may say what it is of, and not hold
        read_shown(sent)
    with pytest.raises(NoPasskeyError):
        check_made(PLACE, sent, "AAAA")
    with pytest.raises(NoPasskeyError):
        check_shown(PLACE, ShownPasskey("a", "b", sent), "AAAA", "AAAA")


def test_an_answer_that_is_nested_without_end_or_very_long_is_none() -> None:
    for sent in ("[" * 16_000, "{" * 200_000, '{"id":"' + "a" * 100_000 + '"}'):
        with pytest.raises(NoPasskeyError):
            check_made(PLACE, sent, "AAAA")
