"""Coming in: invitations, passwords, second factors, limits, and sessions that end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

import pyotp
import pytest

from hub.accounts import accounts, limits, sessions
from hub.accounts.access_log import read_access
from hub.accounts.asker import NEARBY, NOBODY
from hub.accounts.passwords import Passwords, Weakness, weakness_of
from hub.accounts.reception import Caller, In, NotIn, Reception
from hub.database.account_tables import SessionRow
from hub.database.transactions import reading, writing
from hub.rights import Grant, Reach, Right, Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

T = TypeVar("T")
START_MS = 1_772_000_000_000
GOOD = "four unrelated words"
HERE = Caller("192.0.2.7", "Firefox/130")
LEAD = Grant(Role.LEAD, Reach(station="S-01"))


class Desk:
    """A reception at a time that a test sets."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START_MS

    def run(self, work: Callable[[Reception], Awaitable[T]], *, is_local: bool = True) -> T:
        async def go() -> T:
            reception = Reception(self.engine, is_local=is_local, now=lambda: self.now)
            try:
                return await work(reception)
            finally:
                reception.close()

        return asyncio.run(go())

    def invite(self, name: str, *grants: Grant, anew: bool = False) -> str:
        with writing(self.engine) as connection:
            return accounts.invite(connection, name, grants, by="root", now_ms=self.now, anew=anew)

    async def come(self, reception: Reception, name: str, *grants: Grant, password: str = GOOD) -> In:
        key = self.invite(name, *grants)
        with reading(self.engine) as connection:
            found = accounts.invitation_of(connection, key, self.now)
        assert found is not None
        got = await reception.accept(found, password, HERE)
        assert got is not None
        return got


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_hub_without_accounts_is_open_to_its_own_machine_until_there_is_one(desk: Desk) -> None:
    async def look(reception: Reception) -> tuple[object, object]:
        before = reception.who("")
        desk.invite("li", LEAD)
        await reception.look(at_once=True)
        return before, reception.who("")

    assert desk.run(look) == (NEARBY, NOBODY)
    assert desk.run(look, is_local=False) == (NOBODY, NOBODY)


def test_an_invitation_is_good_once_and_for_three_days(desk: Desk) -> None:
    key = desk.invite("li", LEAD)

    def good() -> bool:
        with reading(desk.engine) as connection:
            return accounts.invitation_of(connection, key, desk.now) is not None

    assert good()
    desk.now += accounts.INVITED_FOR_MS
    assert not good()
    desk.now = START_MS

    async def accept(reception: Reception) -> In:
        with reading(desk.engine) as connection:
            found = accounts.invitation_of(connection, key, desk.now)
        assert found is not None
        got = await reception.accept(found, GOOD, HERE)
        assert got is not None
        return got

    assert desk.run(accept).is_whole
    assert not good()


def test_who_is_in_may_what_was_granted(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        got = await desk.come(reception, "li", LEAD)
        who = reception.who(got.key)

        assert (who.name, who.grants) == ("li", (LEAD,))
        assert who.may_somewhere(Right.OBSERVE)
        assert not who.may_somewhere(Right.USERS)
        assert reception.who(got.key + "x") is NOBODY

    desk.run(come)


def test_a_name_nobody_has_is_answered_as_a_wrong_password(desk: Desk) -> None:
    async def guess(reception: Reception) -> list[In | NotIn]:
        await desk.come(reception, "li", LEAD)
        return [await reception.sign_in(name, "a wrong one of these", HERE) for name in ("li", "nobody")]

    assert desk.run(guess) == [NotIn(), NotIn()]


def test_a_name_in_other_letters_is_the_same(desk: Desk) -> None:
    async def come(reception: Reception) -> In | NotIn:
        await desk.come(reception, "li", LEAD)
        return await reception.sign_in(" ＬＩ ", GOOD, HERE)

    assert isinstance(desk.run(come), In)


def test_guesses_slow_down_and_the_owner_still_gets_in(desk: Desk) -> None:
    async def guess(reception: Reception) -> None:
        await desk.come(reception, "li", LEAD)
        answers = [await reception.sign_in("li", f"guess number {n}", Caller(f"198.51.100.{n}", "")) for n in range(9)]
        assert answers[: limits.FREE["name"]] == [NotIn()] * limits.FREE["name"]
        assert isinstance(answers[-1], NotIn)
        assert answers[-1].wait_s > 0

        desk.now += int(limits.LONGEST_S["name"] * 1000)
        assert isinstance(await reception.sign_in("li", GOOD, HERE), In)

    desk.run(guess)


def test_a_thousand_guesses_at_once_are_counted_each(desk: Desk) -> None:
    async def guess(reception: Reception) -> int:
        await desk.come(reception, "li", LEAD)
        answers = await asyncio.gather(*(reception.sign_in("li", f"guess {n}", HERE) for n in range(30)))
        return sum(answer == NotIn() for answer in answers)

    assert desk.run(guess) <= limits.FREE["name"] + 1


def test_guesses_from_a_hundred_addresses_cost_few_hashes_and_lock_nobody_out(desk: Desk) -> None:
    async def attack(reception: Reception) -> None:
        await desk.come(reception, "li", LEAD)
        looked_at = 0
        for n in range(600):  # ten minutes of one a second
            desk.now += 1000
            answer = await reception.sign_in("li", f"guess {n}", Caller(f"198.51.100.{n % 100}", ""))
            looked_at += answer == NotIn()
        assert looked_at < 25

        desk.now += int(limits.LONGEST_S["name"] * 1000)
        assert isinstance(await reception.sign_in("li", GOOD, HERE), In)

    desk.run(attack)


def test_waiting_ends_grows_and_never_lasts() -> None:
    waits = [limits.wait_s(n, 0.0, free=4, longest_s=60.0) for n in range(12)]

    assert waits[:5] == [0.0] * 5
    assert waits == sorted(waits)
    assert max(waits) == limits.wait_s(10_000, 0.0, free=4, longest_s=60.0) == 60.0
    assert limits.wait_s(10_000, 60.0, free=4, longest_s=60.0) == 0.0


def test_the_city_office_needs_a_second_factor_and_no_code_is_taken_twice(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        half = await desk.come(reception, "wang", Grant(Role.CITY))
        assert not half.is_whole
        who = reception.who(half.key)
        assert who.is_half
        assert not any(who.may_somewhere(right) for right in Right if right not in {Right.ANYBODY, Right.LINK})

        key = pyotp.random_base32()
        code = pyotp.TOTP(key).at(desk.now // 1000)
        whole = await reception.second_factor(who, code, HERE, key)
        assert isinstance(whole, In)
        assert whole.key != half.key
        assert reception.who(half.key) is NOBODY
        assert reception.who(whole.key).may_somewhere(Right.USERS)

        again = await reception.sign_in("wang", GOOD, HERE)
        assert isinstance(again, In)
        assert not again.is_whole
        assert await reception.second_factor(reception.who(again.key), code, HERE) == NotIn()
        other = pyotp.random_base32()
        stolen = await reception.second_factor(
            reception.who(again.key), pyotp.TOTP(other).at(desk.now // 1000), HERE, other
        )
        assert stolen == NotIn()

        desk.now += 30_000
        late = pyotp.TOTP(key).at(desk.now // 1000)
        assert isinstance(await reception.second_factor(reception.who(again.key), late, HERE), In)

    desk.run(come)


def test_half_way_in_ends_after_ten_minutes(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        half = await desk.come(reception, "wang", Grant(Role.CITY))
        desk.now += sessions.HALF_WAY_MS

        assert reception.who(half.key) is NOBODY

    desk.run(come)


def test_a_session_ends_when_idle_and_after_a_week_whatever_it_does(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        got = await desk.come(reception, "li", LEAD)
        for _ in range(13):
            desk.now += sessions.IDLE_MS - 1
            who = reception.who(got.key)
            assert who.account
            await reception.note_seen(who)
        assert desk.now - START_MS < sessions.LONGEST_MS
        desk.now = START_MS + sessions.LONGEST_MS
        assert reception.who(got.key) is NOBODY

        idle = await reception.sign_in("li", GOOD, HERE)
        assert isinstance(idle, In)
        desk.now += sessions.IDLE_MS
        assert reception.who(idle.key) is NOBODY

    desk.run(come)


def test_ending_an_account_and_changing_a_password_end_what_was_open(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        first = await desk.come(reception, "li", LEAD)
        second = await reception.sign_in("li", GOOD, HERE)
        assert isinstance(second, In)
        who = reception.who(second.key)
        changed = await reception.change_password(who, GOOD, "five quite different words", HERE)

        assert isinstance(changed, In)
        assert reception.who(first.key) is reception.who(second.key) is NOBODY
        assert not reception.is_still(who)
        assert reception.who(changed.key).account

        with writing(desk.engine) as connection:  # as `zaigang-hub user end` does beside a serving hub
            accounts.end_account(connection, who.account, desk.now)
        await reception.look(at_once=True)
        assert reception.who(changed.key) is NOBODY
        assert await reception.sign_in("li", "five quite different words", HERE) == NotIn()

    desk.run(come)


def test_no_key_and_no_password_stands_in_the_database(desk: Desk) -> None:
    async def come(reception: Reception) -> str:
        return (await desk.come(reception, "li", LEAD)).key

    key = desk.run(come)

    with reading(desk.engine) as connection:
        [session] = connection.execute(SessionRow.__table__.select()).mappings()
        [account] = accounts.read_accounts(connection, desk.now)
    assert key not in str(dict(session))
    assert GOOD not in account.password
    assert account.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_who_came_in_and_who_did_not_is_in_the_log(desk: Desk) -> None:
    async def come(reception: Reception) -> None:
        await desk.come(reception, "li", LEAD)
        await reception.sign_in("li", "a wrong one of these", HERE)

    desk.run(come)

    with reading(desk.engine) as connection:
        assert [line.what for line in read_access(connection, 9)] == ["sign_in_failed", "signed_in", "accepted"]


def test_a_screens_link_is_revoked_at_once(desk: Desk) -> None:
    async def look(reception: Reception) -> None:
        key = await reception.write(
            lambda c: sessions.open_door(c, "大厅", Grant(Role.SCREEN), by="li", now_ms=desk.now)
        )
        who = reception.behind(key, Role.SCREEN)
        assert who.name == "大厅"
        assert reception.behind(key, Role.PROGRAM) is NOBODY
        await reception.write(lambda c: sessions.shut_door(c, who.proof, desk.now))
        assert not reception.is_still(who)
        assert reception.behind(key, Role.SCREEN) is NOBODY

    desk.run(look)


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("short", Weakness.SHORT),
        ("x" * 129, Weakness.LONG),
        ("li-in-summer", Weakness.OWN_NAME),
        ("Password2026", Weakness.COMMON),
        ("aaaabbbbcccc", Weakness.COMMON),
        (GOOD, None),
        ("四个完全不相干的词语吧", None),
    ],
)
def test_a_weak_password_is_told_why(password: str, weakness: Weakness | None) -> None:
    assert weakness_of(password, "li") is weakness


def test_an_unknown_name_costs_a_hash_as_well() -> None:
    async def check() -> bool:
        passwords = Passwords()
        try:
            return await passwords.fits("", "what nobody chose")
        finally:
            passwords.close()

    assert asyncio.run(check()) is False


@pytest.mark.parametrize("password", ["manchester", "Manchester1!", "1qaz2wsx3edc", "!!strawberry2026", "konstantin"])
def test_what_many_people_choose_is_refused(password: str) -> None:
    assert weakness_of(password, "li") is Weakness.COMMON


def test_each_of_the_3000_commonest_is_refused() -> None:
    lines = files("hub.accounts").joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()[1:]

    assert len(lines) >= 3000
    assert all(weakness_of(line, "") for line in lines)
    assert weakness_of(GOOD, "li") is None
