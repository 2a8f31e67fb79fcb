"""Ways in that were tried against a running hub: twice at once, by what came before, and by who stood beside."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, TypeVar

import pyotp
import pytest
from sqlmodel import select

from hub.accounts import accounts, limits
from hub.accounts.asker import NOBODY
from hub.accounts.ceremony import Place
from hub.accounts.keyring import Keyring
from hub.accounts.reception import Caller, In, NotIn, Reception
from hub.database.account_tables import KnownLine
from hub.database.transactions import reading
from hub.rights import Grant, Role
from tests.hub.accounts.authenticator import Authenticator
from tests.hub.accounts.test_reception import GOOD, HERE, LEAD, Desk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy import Connection, Engine

T = TypeVar("T")
CITY = Grant(Role.CITY)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


async def enrol(desk: Desk, reception: Reception, name: str) -> tuple[In, str]:
    """Somebody of the city office with a second factor: their session, and the factor's key."""
    half, key = await desk.come(reception, name, CITY), pyotp.random_base32()
    whole = await reception.second_factor(reception.who(half.key), code_of(desk, key), HERE, key)
    assert isinstance(whole, In)
    return whole, key


def code_of(desk: Desk, key: str) -> str:
    return pyotp.TOTP(key).at(desk.now // 1000)


def test_one_code_that_is_sent_by_five_browsers_at_once_lets_one_in(desk: Desk) -> None:
    async def come(reception: Reception) -> list[In | NotIn]:
        _, key = await enrol(desk, reception, "wang")
        desk.now += 30_000
        halves = [await reception.sign_in("wang", GOOD, HERE) for _ in range(5)]
        whos = [reception.who(half.key) for half in halves if isinstance(half, In)]
        return await asyncio.gather(*(reception.second_factor(who, code_of(desk, key), HERE) for who in whos))

    assert sum(isinstance(answer, In) for answer in desk.run(come)) == 1


def test_whoever_writes_by_the_reception_is_alone_at_it(desk: Desk) -> None:
    inside, most = [0], [0]

    def work(connection: Connection) -> None:
        inside[0] += 1
        most[0] = max(most[0], *inside)
        for _ in range(20):
            accounts.read_accounts(connection, desk.now)
        inside[0] -= 1

    async def come(reception: Reception) -> None:
        await asyncio.gather(*(reception.write(work, looks=False) for _ in range(5)))

    desk.run(come)

    assert most == [1]


def test_one_link_that_is_used_twice_at_once_lets_one_in(desk: Desk) -> None:
    async def come(reception: Reception) -> list[In | None]:
        key = desk.invite("li", LEAD)
        with reading(desk.engine) as connection:
            found = accounts.invitation_of(connection, key, desk.now)
        assert found is not None
        return await asyncio.gather(*(reception.accept(found, f"{GOOD} {n}", HERE) for n in range(2)))

    assert sum(answer is not None for answer in desk.run(come)) == 1


def test_a_session_of_before_is_not_raised_by_a_new_grant(desk: Desk) -> None:
    """It was begun by a password alone; what the city office may asks for a second factor."""

    async def come(reception: Reception) -> None:
        lead = await desk.come(reception, "li", LEAD)
        desk.invite("li", CITY)
        await reception.look(at_once=True)
        assert reception.who(lead.key) is NOBODY
        again = await reception.sign_in("li", GOOD, HERE)
        assert isinstance(again, In)
        assert not again.is_whole

    desk.run(come)


def test_a_lost_telephone_is_signed_out_when_its_owner_is_invited_anew(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        whole, _ = await enrol(desk, reception, "wang")
        half = await reception.sign_in("wang", GOOD, HERE)
        assert isinstance(half, In)
        who = reception.who(half.key)

        desk.invite("wang", anew=True)
        await reception.look(at_once=True)

        assert reception.who(whole.key) is reception.who(half.key) is NOBODY
        other = pyotp.random_base32()  # nor does whoever found it bring a second factor of their own
        assert await reception.second_factor(who, code_of(desk, other), HERE, other) == NotIn()

    desk.run(come)


@pytest.mark.parametrize("key", ["", "A", "!" * 32, "中" * 32, "A" * 33, "A" * 5000, "a b", "A" * 31 + "1"])
def test_a_second_factor_that_is_none_is_refused(desk: Desk, key: str) -> None:
    async def come(reception: Reception) -> In | NotIn:
        half = await desk.come(reception, "wang", CITY)
        return await reception.second_factor(reception.who(half.key), "123456", HERE, key)

    assert desk.run(come) == NotIn()


def test_an_office_behind_one_address_does_not_wait_for_those_who_came_in(desk: Desk) -> None:
    async def come(reception: Reception) -> list[In | NotIn]:
        for n in range(60):
            await desk.come(reception, f"li{n}", LEAD)
        return [await reception.sign_in(f"li{n}", GOOD, HERE) for n in range(60)]

    assert all(isinstance(answer, In) for answer in desk.run(come))


def test_who_has_an_account_guesses_no_faster_for_signing_in_between(desk: Desk) -> None:
    async def guess(reception: Reception) -> int:
        await desk.come(reception, "thief", LEAD)
        looked_at = 0
        for n in range(200):
            looked_at += await reception.sign_in(f"li{n}", "a wrong one of these", HERE) == NotIn()
            await reception.sign_in("thief", GOOD, HERE)
        return looked_at

    assert desk.run(guess) <= limits.FREE["address"] + 1


def test_a_home_line_is_one_address_whatever_it_calls_itself(desk: Desk) -> None:
    """Whoever has one address of IPv6 has 2**64 of them."""

    async def guess(reception: Reception) -> int:
        here = [Caller(f"2001:db8:1:2::{n:x}", "") for n in range(100)]
        answers = [await reception.sign_in(f"li{n}", "a wrong one of these", one) for n, one in enumerate(here)]
        elsewhere = await reception.sign_in("li", "a wrong one of these", Caller("2001:db8:1:3::1", ""))
        assert elsewhere == NotIn()
        return sum(answer == NotIn() for answer in answers)

    assert desk.run(guess) <= limits.FREE["address"] + 1


def test_a_hundred_addresses_that_guess_at_a_name_hold_nobody_up_who_was_there_before(desk: Desk) -> None:
    async def come(reception: Reception) -> tuple[In | NotIn, In | NotIn, int]:
        await desk.come(reception, "li", LEAD)  # from HERE
        looked_at = 0
        for n in range(300):
            desk.now += 100
            guess = await reception.sign_in("li", "a wrong one of these", Caller(f"198.51.100.{n % 100}", ""))
            looked_at += guess == NotIn()
        stranger = await reception.sign_in("li", GOOD, Caller("203.0.113.9", ""))
        return await reception.sign_in("li", GOOD, HERE), stranger, looked_at

    owner, stranger, looked_at = desk.run(come)
    assert isinstance(owner, In)
    assert isinstance(stranger, NotIn)
    assert 0 < stranger.wait_s <= limits.LONGEST_S["name"]
    assert looked_at < 15


def test_who_guesses_from_a_known_address_waits_as_well(desk: Desk) -> None:
    async def guess(reception: Reception) -> int:
        await desk.come(reception, "li", LEAD)
        return sum([await reception.sign_in("li", "a wrong one of these", HERE) == NotIn() for _ in range(50)])

    assert desk.run(guess) <= limits.FREE["name"] + 1


def test_where_nobody_came_from_for_long_is_known_no_more(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        await desk.come(reception, "li", LEAD)
        desk.now += limits.KNOWN_MS + 1
        await desk.come(reception, "wu", LEAD)

    desk.run(come)
    with reading(desk.engine) as connection:
        rows = connection.execute(select(KnownLine)).all()
    assert {row.last_ms for row in rows} == {desk.now}
    assert not any("192.0.2" in row.proof or "wu" in row.proof for row in rows)


@pytest.mark.parametrize("nth", range(5))
@pytest.mark.parametrize("way", ["password", "code", "passkey", "change", "accept"])
def test_who_is_shut_out_while_they_come_in_is_out(desk: Desk, way: str, nth: int) -> None:
    """The way in takes several transactions: whoever shuts somebody out between any two is obeyed."""

    async def come(reception: Reception) -> None:
        whole, key = await enrol(desk, reception, "wang")
        desk.now += 30_000
        comes = await ready(desk, reception, way, whole, key)
        with pytest.MonkeyPatch.context() as patch:
            shut = shutting(desk, reception, patch, nth)
            answer = await comes()
        if not isinstance(answer, In):
            return
        assert not shut or reception.who(answer.key) is NOBODY

    desk.run(come)


async def ready(
    desk: Desk, reception: Reception, way: str, whole: In, key: str
) -> Callable[[], Awaitable[In | NotIn | None]]:
    """The last step of a way in, all before it done."""
    who = reception.who(whole.key)
    if way == "password":
        return lambda: reception.sign_in("wang", GOOD, HERE)
    if way == "code":
        half = await reception.sign_in("wang", GOOD, HERE)
        assert isinstance(half, In)
        return lambda: reception.second_factor(reception.who(half.key), code_of(desk, key), HERE)
    if way == "change":
        return lambda: reception.change_password(who, GOOD, f"{GOOD} more", HERE)
    if way == "accept":
        link = desk.invite("wang")
        with reading(desk.engine) as connection:
            found = accounts.invitation_of(connection, link, desk.now)
        assert found is not None
        return lambda: reception.accept(found, f"{GOOD} more", HERE)
    ring, place = Keyring(reception), Place("hub.example", "https://hub.example")
    device = Authenticator(place)
    wanted = await ring.begin(who, place, GOOD, code_of(desk, key), HERE)
    assert isinstance(wanted, str)
    assert await ring.finish(who, place, "手机", device.make(wanted), HERE)
    asked, shown = await ring.ask(place, HERE)
    return lambda: ring.sign_in(place, asked, device.show(shown), HERE, NOBODY)


def shutting(desk: Desk, reception: Reception, patch: pytest.MonkeyPatch, nth: int) -> list[str]:
    """Shut wang out, as after a lost telephone, before the nth time that something is written."""
    plain, count, shut = reception.write, itertools.count(), list[str]()

    async def write(work: Callable[[Connection], T], *, looks: bool = True) -> T:
        if next(count) == nth:
            shut.append(await asyncio.to_thread(desk.invite, "wang", anew=True))
        return await plain(work, looks=looks)

    patch.setattr(reception, "write", write)
    return shut
