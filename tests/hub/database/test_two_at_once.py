"""Pairs of changes that get in each other's way, at once on PostgreSQL: it comes to what one after the other comes to.

What each is told, a refusal say, and what stands in the tables then, is what one of the two orders makes of it: never
a half of both, and never an error of the database's.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import pyotp
import pytest
from sqlalchemy import event, insert, select
from sqlmodel import SQLModel

from hub.accounts import accounts
from hub.accounts.asker import Who
from hub.accounts.reception import Caller, In, Reception
from hub.alarms.acting import Actor
from hub.alarms.addresses import Sort, SoundAddress
from hub.alarms.book import AlarmPen, Scene, read_to_change
from hub.alarms.channel import Receipt
from hub.alarms.gathering import Gathering, Glance, KeptGroups
from hub.alarms.members import leave, move
from hub.alarms.noting import Answered, note_answers
from hub.alarms.places import OF_DISTRICT
from hub.alarms.routes import read_routes
from hub.alarms.writing_down import AlarmWriting
from hub.asking.asked import ask, is_waiting
from hub.asking.dispatch import Dispatch
from hub.asking.giving_cards import READ_CARD
from hub.asking.kinds import IDENTIFY
from hub.changing import commands as asked
from hub.changing import corrections, personal
from hub.clearing import Clearing
from hub.config import KeepConfig
from hub.database.account_tables import AccessRow, AccountRow, GrantRow, InvitationRow, SessionRow, TryRow
from hub.database.alarm_tables import AlarmMember, AlarmRow, AlarmStep, ChannelRow, MessageRow
from hub.database.command_table import KioskCommand
from hub.database.dialect import dialect_of
from hub.database.engine import open_engine
from hub.database.history_table import ChangeRow
from hub.database.import_tables import ImportRow
from hub.database.journal_tables import JournalRecord, Run
from hub.database.people_tables import CardRow, Holding, Volunteer
from hub.database.postgresql import Postgresql
from hub.database.tables import District, Kiosk, Station, TermsRow
from hub.database.transactions import changing, reading, table_of, writing
from hub.errors import HubError
from hub.importing.undoing import undo_import
from hub.intake.sorting import ReplyRead, TopicOwner
from hub.presence.leaving_out import plainly
from hub.rights import Grant, Reach, Role
from hub.web.desk.desk import Desk
from station.alarms import AlarmTerms, Ending, Happening, Lack, Level, Matter, What
from station.clock import Clock
from station.duty import DutyClass
from station.hours import SHANGHAI
from station.milliseconds import ms_of
from station.names import KioskId, StationCode
from station.wire.messages import Reply
from station.wire.topics import Leaf
from tests.hub.cities import make_city, token_of
from tests.hub.database.in_step import in_step, waiting
from tests.hub.importing.desk import Desk as ImportDesk
from tests.hub.pages.board_source import make_row
from tests.patience import eventually

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from sqlalchemy import Connection, Engine

    from hub.changing.commands import CityCommand
    from tests.databases import PostgresServer

T = TypeVar("T")
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
NOW_MS = ms_of(NOW)
STILL = Clock(rate=0.0, began_at=NOW)
HERE = Caller("192.0.2.7", "Firefox/130")
GOOD = "four unrelated words"
S_01, NEW_CARD = "S-01", token_of(9)
FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Pair:
    """Two changes, what was before them, and where it is seen what came of them: columns by table."""

    both: tuple[Callable[[Engine], str], Callable[[Engine], str]]
    seen: dict[type[SQLModel], str]
    before: Callable[[Engine], object] = make_city


def change(*commands: CityCommand, by: str = "wang", why: str = "他说的") -> Callable[[Engine], str]:
    """What a page does."""

    def work(engine: Engine) -> str:
        outcome = asyncio.run(Desk(engine, STILL, SHANGHAI).change(Who(by), list(commands), why))
        return "; ".join(str(refusal) for _, refusal in outcome.refusals) or "done"

    return work


def within(work: Callable[[Connection], object]) -> Callable[[Engine], str]:
    """What a verb does."""

    def run(engine: Engine) -> str:
        try:
            with changing(engine) as connection:
                work(connection)
        except HubError as exc:
            return str(exc)
        return "done"

    return run


def at_reception(work: Callable[[Reception], Awaitable[object]]) -> Callable[[Engine], str]:
    async def go(engine: Engine) -> str:
        reception = Reception(engine, is_local=False, now=lambda: NOW_MS)
        try:
            answer = await work(reception)
        finally:
            reception.close()
        return type(answer).__name__

    return lambda engine: asyncio.run(go(engine))


def put(engine: Engine, *rows: SQLModel) -> None:
    with writing(engine) as connection:
        for row in rows:
            connection.execute(insert(table_of(type(row))), [row.model_dump(exclude_none=True)])
            dialect_of(connection).continue_numbers(connection, table_of(type(row)))


# ---- the city


def with_a_card(engine: Engine) -> None:
    """Of nobody, and a kiosk was asked to read one for p1."""
    make_city(engine)
    put(engine, CardRow(token=NEW_CARD, technology="iso14443a", added_ms=0))
    with writing(engine) as connection:
        args = {"person": "p1", "name": "样*人"}
        ask(connection, KioskId("K-01-1"), READ_CARD, by="zhao", now=NOW, args=args)


def read_card(engine: Engine) -> str:
    """The kiosk answers."""
    with reading(engine) as connection:
        (id_,) = connection.execute(select(table_of(KioskCommand).c.id)).scalars()
    place = TopicOwner(KioskId("K-01-1"), StationCode(S_01), Leaf.REPLY)
    found = {"token": NEW_CARD, "technology": "iso14443a"}
    Dispatch(engine, STILL, lambda: 0.0, SHANGHAI).take([ReplyRead(place, Reply(id_, ok=True, found=found))])
    with reading(engine) as connection:
        return str(connection.execute(select(table_of(KioskCommand).c.said)).scalar_one() or "done")


def left(engine: Engine) -> None:
    make_city(engine)
    change(asked.LeavePerson("p1", NOW.date() - timedelta(days=9)))(engine)


def identify(engine: Engine) -> str:
    """As the button on its page does."""

    def work(connection: Connection) -> None:
        if not is_waiting(connection, KioskId("K-01-1"), IDENTIFY, NOW):
            ask(connection, KioskId("K-01-1"), IDENTIFY, by="wang", now=NOW)

    return within(work)(engine)


def add_tap(person: str, hour: int) -> Callable[[Engine], str]:
    return change(corrections.AddTap(S_01, person, "arrive", NOW.replace(hour=hour), "登记簿第1页"))


def no_city(_: Engine) -> None:
    """Nothing was entered."""


def without_kiosks(engine: Engine) -> None:
    make_city(engine, kiosks_each=0)


OF_CITY = {
    "one code for two stations": Pair(
        (
            change(asked.EnterStation("S-09", "甲站", district="D-1", kind="hospital")),
            change(asked.EnterStation("S-09", "乙站", district="D-1", kind="bank")),
        ),
        {Station: "code name kind", TermsRow: "station week", ChangeRow: "what station edition"},
    ),
    "one name for two districts": Pair(
        (change(asked.EnterDistrict("D-2", "西样县")), change(asked.EnterDistrict("D-3", "西样县"))),
        {District: "code name", ChangeRow: "what edition"},
    ),
    "one number for two people": Pair(
        (
            change(asked.EnterPerson("pa", "N9", full_name="样甲")),
            change(asked.EnterPerson("pb", "N9", full_name="样乙")),
        ),
        {Volunteer: "person number", ChangeRow: "what person"},
    ),
    "one kiosk for two stations": Pair(
        (change(asked.EnterKiosk("K-9", S_01)), change(asked.EnterKiosk("K-9", "S-02"))),
        {Kiosk: "id station"},
        lambda engine: make_city(engine, (S_01, "S-02")),
    ),
    "a card for two people": Pair(
        (change(asked.AssignCard(NEW_CARD, "p1")), change(asked.AssignCard(NEW_CARD, "p2"))),
        {Holding: "token from_ms until_ms person"},
        with_a_card,
    ),
    "a card that is entered twice": Pair(
        (change(asked.EnterCard(token_of(8), "iso14443a"), asked.AssignCard(token_of(8), "p1")),) * 2,
        {CardRow: "token", Holding: "token from_ms until_ms person", ChangeRow: "what token edition"},
    ),
    "a card for one by a kiosk and for another by a page": Pair(
        (change(asked.AssignCard(NEW_CARD, "p2")), read_card),
        {Holding: "token from_ms until_ms person", KioskCommand: "outcome said found"},
        with_a_card,
    ),
    "a card lost and given away": Pair(
        (change(asked.LoseCard(token_of(1))), change(asked.AssignCard(token_of(1), "p2"))),
        {Holding: "token from_ms until_ms person", ChangeRow: "what token person before"},
    ),
    "a station closed while a kiosk is entered there": Pair(
        (change(asked.CloseStation(S_01)), change(asked.EnterKiosk("K-9", S_01))),
        {Station: "code closed_on", Kiosk: "id station in_service_from"},
        without_kiosks,
    ),
    "somebody leaves while they are given a card": Pair(
        (change(asked.LeavePerson("p1", NOW.date())), change(asked.AssignCard(NEW_CARD, "p1"))),
        {Volunteer: "person left_on", Holding: "token from_ms until_ms person"},
        with_a_card,
    ),
    "somebody is erased while they come back": Pair(
        (change(personal.ErasePerson("p1")), change(asked.ReturnPerson("p1"))),
        {Volunteer: "person full_name left_on erased_on", ChangeRow: "what person"},
        left,
    ),
    "two who judge one station otherwise": Pair(
        (change(asked.SetTerms(S_01, NOW.date(), minimum=2)), change(asked.SetTerms(S_01, NOW.date(), target=3))),
        {TermsRow: "station from_day minimum target"},
    ),
    "one thing asked of a kiosk twice": Pair((identify, identify), {KioskCommand: "name by"}),
    "two corrections at one station": Pair(
        (add_tap("p1", 1), add_tap("p2", 0)),
        {Run: "kiosk station through revision", JournalRecord: "seq kind"},
    ),
    "one correction twice": Pair((add_tap("p1", 1),) * 2, {JournalRecord: "seq kind", ChangeRow: "what person"}),
}


# ---- alarms


AN_ALARM = AlarmRow(
    number=1, station=S_01, matter=Matter.DUTY, lack=Lack.VACANT, level=Level.LEAD, since_ms=0, raised_ms=0, on_duty=0,
    wanted=1,
)  # fmt: skip


def with_an_alarm(engine: Engine) -> None:
    make_city(engine)
    put(engine, AN_ALARM)


def act(by: str, what: str, *args: Any) -> Callable[[Engine], str]:
    return within(lambda connection: getattr(Actor(connection, by, NOW_MS), what)(1, *args))


IN_HAND = MessageRow(
    number=1, alarm=1, channel="office", what=What.RAISED, on_duty=0, wanted=1, made_ms=0, due_ms=0
)  # fmt: skip


def on_its_way(engine: Engine) -> None:
    """Its one channel is being told of the alarm."""
    with_an_alarm(engine)
    enter_channel("zhao", station=S_01)(engine)
    put(engine, IN_HAND)


def answered(*, is_taken: bool) -> Callable[[Engine], str]:
    """The postman writes down what the channel said."""

    def work(engine: Engine) -> str:
        rows: Any = [IN_HAND]  # as it was when it was sent
        with writing(engine) as connection:
            note_answers(connection, [Answered("office", rows, Receipt(is_taken=is_taken, text="ok"), NOW)])
        return "done"

    return work


def met(engine: Engine) -> str:
    """Somebody came, and the keeper ends the alarm."""
    place = Reach(station=S_01)
    with writing(engine) as connection:
        ((number, alarm),) = read_to_change(connection, [S_01]).values()
        pen = AlarmPen(connection, read_routes(connection), NOW_MS)
        ended = Happening(What.ENDED, alarm, ending=Ending.MET)
        pen.write_down(Scene(S_01, place, Matter.DUTY, 1, 1, 2), number, ended)
        pen.finish()
    return "done"


def back_from_a_group(engine: Engine) -> str:
    """The station fell silent with others and is back."""
    with writing(engine) as connection:
        pen = AlarmPen(connection, read_routes(connection), NOW_MS)
        group = {"number": 2, "station": f"{OF_DISTRICT}D-1", "matter": Matter.WATCHING}
        connection.execute(insert(table_of(AlarmRow)), [AN_ALARM.model_dump(exclude_none=True) | group])
        move(connection, 1, 2, ["office"])
        leave(pen, Scene(S_01, Reach(station=S_01), Matter.WATCHING, 0, 1, 2), 2, has_closed=False)
        pen.finish()
    return "done"


def enter_channel(by: str, **reach: str) -> Callable[[Engine], str]:
    told = SoundAddress(Sort.WEB_HOOK, f"https://{by}.invalid/", "", ())
    return within(
        lambda connection: Actor(connection, by, NOW_MS).enter_channel(
            "office", told, Reach(**reach), tells_short=False
        )
    )


OF_ALARM = {AlarmRow: "number acknowledged_ms closed_ms", AlarmStep: "alarm what by"}
OF_MESSAGE = {AlarmRow: "closed_ms over_ms", MessageRow: "what due_ms sent_ms answer"}
OF_ALARMS = {
    "one alarm closed twice": Pair(
        (act("zhao", "close", "修好了"), act("qian", "close", "有人了")), OF_ALARM, with_an_alarm
    ),
    "one alarm closed and seen to": Pair(
        (act("zhao", "close", "修好了"), act("qian", "acknowledge")), OF_ALARM, with_an_alarm
    ),
    "two who see to one alarm": Pair((act("zhao", "acknowledge"), act("qian", "acknowledge")), OF_ALARM, with_an_alarm),
    "a message taken while its alarm ends": Pair((answered(is_taken=True), met), OF_MESSAGE, on_its_way),
    "a message refused while its alarm ends": Pair((answered(is_taken=False), met), OF_MESSAGE, on_its_way),
    "a message taken while its station joins others and leaves them": Pair(
        (answered(is_taken=True), back_from_a_group), {MessageRow: "alarm what due_ms sent_ms answer"}, on_its_way
    ),
    "a message taken while its alarm is closed": Pair(
        (answered(is_taken=True), act("zhao", "close", "修好了")), OF_MESSAGE, on_its_way
    ),
    "one name for two channels": Pair(
        (enter_channel("zhao"), enter_channel("qian", station=S_01)), {ChannelRow: "name station by address"}
    ),
}


# ---- accounts


def invite(*grants: Grant) -> Callable[[Engine], str]:
    return within(lambda c: accounts.invite(c, "sun", grants, by="root", now_ms=NOW_MS))


def invited(engine: Engine) -> None:
    invite(Grant(Role.CITY))(engine)


def accept(engine: Engine) -> str:
    with reading(engine) as connection:
        proof, account = connection.execute(select(table_of(InvitationRow).c["proof", "account"])).one()
        found = accounts.account_of(connection, account, NOW_MS)
    assert found is not None
    invitation = accounts.Invitation(proof, found, NOW_MS + 1)
    return at_reception(lambda reception: reception.accept(invitation, GOOD, HERE))(engine)


def with_a_factor(engine: Engine) -> None:
    """Half in by two browsers, with one code for both."""
    invited(engine)
    accept(engine)
    with writing(engine) as connection:
        (account,) = accounts.read_accounts(connection, NOW_MS)
        accounts.set_second_factor(connection, account.id, FACTOR, 0)


async def come_in(reception: Reception) -> object:
    code = pyotp.TOTP(FACTOR).at(NOW_MS // 1000)
    half = await reception.sign_in("sun", GOOD, HERE)
    assert isinstance(half, In)
    return await reception.second_factor(reception.who(half.key), code, HERE)


def try_in_vain(reception: Reception) -> Awaitable[float]:
    return reception.begin_try("sun", HERE)


def two_invited(engine: Engine) -> None:
    invited(engine)
    within(lambda c: accounts.invite(c, "li", [Grant(Role.CITY)], by="root", now_ms=NOW_MS))(engine)


def bind(name: str) -> Callable[[Engine], str]:
    def work(connection: Connection) -> None:
        account = accounts.account_named(connection, name, NOW_MS)
        assert account is not None
        if not accounts.bind_subject(connection, account.id, "one"):
            raise HubError("they are another's")

    return within(work)


def signed_in(engine: Engine) -> None:
    invite(Grant(Role.LEAD, Reach(station=S_01)))(engine)
    accept(engine)


def sign_in(reception: Reception) -> Awaitable[object]:
    return reception.sign_in("sun", GOOD, HERE)


def end_account(connection: Connection) -> None:
    (account,) = accounts.read_accounts(connection, NOW_MS)
    accounts.end_account(connection, account.id, NOW_MS)


OF_ACCOUNT = {AccountRow: "name ended_ms", GrantRow: "role station"}
OF_ACCOUNTS = {
    "one name invited twice": Pair(
        (invite(Grant(Role.CITY)), invite(Grant(Role.LEAD, Reach(station=S_01)))),
        {**OF_ACCOUNT, InvitationRow: "by until_ms"},
    ),
    "one link used twice": Pair((accept,) * 2, {**OF_ACCOUNT, AccessRow: "by what"}, invited),
    "one code of a second factor used twice": Pair((at_reception(come_in),) * 2, OF_ACCOUNT, with_a_factor),
    "one identity for two accounts": Pair((bind("sun"), bind("li")), {AccountRow: "name subject"}, two_invited),
    "an account ended while it signs in": Pair(
        (within(end_account), at_reception(sign_in)), {AccountRow: "name ended_ms", SessionRow: "is_whole"}, signed_in
    ),
    "two guesses at one password": Pair((at_reception(try_in_vain),) * 2, {TryRow: "proof failures"}),
}


# ---- what a hub does by itself, and imports


def with_old_tries(engine: Engine) -> None:
    tries = [TryRow(proof=f"{n:064}", failures=1, last_ms=0) for n in range(300)]
    put(engine, *tries)


def clear(engine: Engine) -> str:
    clearing = Clearing(engine, KeepConfig(), lambda: NOW_MS, lambda: NOW_MS)
    while clearing.work() < 1.0:
        pass
    return "done"


def bring_in(name: str) -> Callable[[Engine], str]:
    """An import of a small city, in which somebody is called so."""

    def work(engine: Engine) -> str:
        with TemporaryDirectory(prefix="zaigang-") as folder:
            desk = ImportDesk(Path(folder), engine)
            desk.change("志愿者", 2, "姓名", name)
            desk.import_all()
        return "done"

    return work


def take_back(by: str) -> Callable[[Engine], str]:
    def work(engine: Engine) -> str:
        try:
            undo_import(engine, 1, by=by, at=NOW)
        except HubError as exc:
            return str(exc)
        return "done"

    return work


OF_IMPORT = {Volunteer: "number full_name", ImportRow: "number undone_by", ChangeRow: "what station"}
OF_HUB = {
    "one import twice": Pair((bring_in("例乙丑"),) * 2, OF_IMPORT, no_city),
    "two imports that say otherwise": Pair((bring_in("例乙丑"), bring_in("例庚申")), OF_IMPORT, no_city),
    "an import taken back twice": Pair((take_back("zhao"), take_back("qian")), OF_IMPORT, bring_in("例乙丑")),
    "an import taken back while somebody changes it": Pair(
        (take_back("zhao"), change(asked.EnterStation("h1", lead="例辛酉"))),
        {**OF_IMPORT, Station: "code lead"},
        bring_in("例乙丑"),
    ),
    "what is over taken away twice": Pair((clear, clear), {TryRow: "proof"}, with_old_tries),
    "what is over taken away while somebody comes in": Pair(
        (clear, at_reception(try_in_vain)), {TryRow: "proof failures"}, with_old_tries
    ),
}
PAIRS = {**OF_CITY, **OF_ALARMS, **OF_ACCOUNTS, **OF_HUB}


@pytest.fixture
def fresh(postgres: PostgresServer) -> Iterator[Callable[[Pair], Engine]]:
    """Gives a database in which all is as it was before a pair."""
    lent, engines = [], []

    def give(pair: Pair) -> Engine:
        lent.append(postgres.lend())
        engines.append(open_engine(postgres.url(lent[-1])))
        pair.before(engines[-1])
        return engines[-1]

    yield give
    for engine, name in zip(engines, lent, strict=True):
        engine.dispose()
        postgres.take_back(name)


def what_came(engine: Engine, pair: Pair, said: list[str]) -> tuple[list[str], dict[str, list[Any]]]:
    with reading(engine) as connection:
        return said, {
            model.__name__: sorted(connection.execute(select(table_of(model).c[tuple(names.split())])).all(), key=repr)
            for model, names in pair.seen.items()
        }


def in_order(engine: Engine, pair: Pair, first: int) -> tuple[list[str], dict[str, list[Any]]]:
    said = {which: pair.both[which](engine) for which in (first, 1 - first)}
    return what_came(engine, pair, [said[0], said[1]])


def at_once(engine: Engine, pair: Pair) -> tuple[list[str], dict[str, list[Any]]]:
    def tell(work: Callable[[Engine], str], engine: Engine) -> str:
        try:
            return work(engine)
        except HubError as exc:
            return f"{type(exc).__name__}: {exc}"

    one, other = (partial(tell, work) for work in pair.both)
    return what_came(engine, pair, in_step(engine, one, other))


@pytest.mark.parametrize("name", PAIRS)
def test_two_at_once_come_to_what_one_after_the_other_comes_to(fresh: Callable[[Pair], Engine], name: str) -> None:
    pair = PAIRS[name]
    orders = [in_order(fresh(pair), pair, first) for first in (0, 1)]

    assert at_once(fresh(pair), pair) in orders


def test_two_who_were_not_kept_apart_would_be_seen(
    fresh: Callable[[Pair], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the pairs above would be good for nothing."""
    pair = PAIRS["one code for two stations"]
    orders = [in_order(fresh(pair), pair, first) for first in (0, 1)]
    monkeypatch.setattr(Postgresql, "begin_changing", lambda *_: None)

    assert at_once(fresh(pair), pair) not in orders


@pytest.mark.parametrize("first", [0, 1])
def test_a_channel_that_takes_a_message_late_is_told_that_it_is_over_whatever_alarm_it_is_of_by_then(
    fresh: Callable[[Pair], Engine], first: int
) -> None:
    pair = PAIRS["a message taken while its station joins others and leaves them"]

    _, seen = in_order(fresh(pair), pair, first)

    assert [row[:3] for row in seen["MessageRow"]] == [(2, "ended", NOW_MS), (2, "raised", None)]


def test_a_clerk_closes_an_alarm_between_the_answers_of_two_of_its_channels(fresh: Callable[[Pair], Engine]) -> None:
    """Each held a message that the other wanted: after a second PostgreSQL ended one of them, mostly the clerk's."""
    engine = fresh(PAIRS["a message taken while its alarm is closed"])
    put(engine, IN_HAND.model_copy(update={"number": 2}))
    rows: Any = [IN_HAND], [IN_HAND.model_copy(update={"number": 2})]
    answers = [
        Answered("office", of, Receipt(is_taken=is_taken, text="ok"), NOW)
        for of, is_taken in zip(rows, (False, True), strict=True)
    ]
    postman = open_engine(engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as pool:
        closing: list[Future[str]] = []

        def between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE message") and "due_ms IS NOT NULL" in statement:
                closing.append(pool.submit(act("zhao", "close", "修好了"), engine))
                assert eventually(lambda: waiting(engine))

        event.listen(postman, "before_cursor_execute", between)
        with writing(postman) as connection:
            note_answers(connection, answers)
        said = [one.result() for one in closing]
    postman.dispose()

    assert said == ["done"]


def test_a_station_joins_the_group_that_another_leaves_while_a_channel_of_it_answers(
    fresh: Callable[[Pair], Engine],
) -> None:
    """The keeper held a message and wanted the group's alarm, the postman had that and wanted the message."""
    place = f"{OF_DISTRICT}D-1"
    engine = fresh(PAIRS["one name for two channels"])
    put(engine, AN_ALARM.model_copy(update={"station": place, "matter": Matter.WATCHING}))
    put(engine, AlarmMember(alarm=1, station=S_01, joined_ms=0))
    enter_channel("zhao", station=S_01)(engine)
    put(engine, IN_HAND)
    rows = [make_row(code, "站", "区", "bank", DutyClass.UNKNOWN) for code in (S_01, "S-02")]
    groups = KeptGroups({place: NOW}, {S_01: 1}, {})
    looked = Glance(rows, {}, groups, {}, (), NOW, AlarmTerms())
    gathering = Gathering({"S-02": place}, {S_01: None}, {}, {})
    keeper = open_engine(engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as pool:
        answering: list[Future[str]] = []

        def between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if "FOR UPDATE" in statement and "alarm.station IN" in statement:
                answering.append(pool.submit(answered(is_taken=True), engine))
                assert eventually(lambda: waiting(engine))

        event.listen(keeper, "before_cursor_execute", between)
        with reading(engine) as connection:
            routes = read_routes(connection)
        AlarmWriting(keeper, lambda *_: "", plainly).keep_members(
            [(S_01, False), ("S-02", True)], looked, gathering, routes
        )
        said = [one.result() for one in answering]
    keeper.dispose()

    assert said == ["done"]
