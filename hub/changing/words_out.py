"""Somebody's name and number taken out of all that was written beside the register, once they are erased.

What stands under their opaque id stays. Free words are read for name and number as they stood last: whoever wrote a
nickname wrote it nowhere that could be found.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, delete, or_, update
from sqlmodel import SQLModel, col, select

from hub.changing.draft import Draft
from hub.database.account_tables import (
    AccessRow,
    AccountRow,
    AccountsEdition,
    GrantRow,
    InvitationRow,
    PasskeyRow,
    SessionRow,
)
from hub.database.alarm_tables import AlarmStep
from hub.database.amend_table import AmendRequest
from hub.database.command_table import KioskCommand
from hub.database.history_table import ChangeRow
from hub.database.import_tables import ImportedRow
from hub.database.inbox_table import InboxStep
from hub.database.journal_tables import JournalRecord, Run
from hub.database.people_tables import Volunteer
from hub.database.shift_tables import ShiftDayRow
from hub.database.tables import SharedDay, SpecialDay
from hub.database.transactions import upsert
from hub.register.spelling import spell
from station.names import HUB_KIOSK

GONE: Final = "…"
_NAMES: Final = frozenset({"full_name"})  # of a person, masked as it is
_WORDS: Final = frozenset({"asked_by", "evidence", "reason"})
_BY: Final = frozenset({"by", "whom", "settled_by", "noted_by", "withdrawn_by", "undone_by"})
"""What a column is called in which an account's name stands, whatever the table."""


def take_words_out(connection: Connection, person: str, draft: Draft, now_ms: int) -> None:
    """Take somebody out; the caller holds the write lock."""
    was = draft.of(Volunteer).before[(person,)]
    words = list({word: None for word in (was["full_name"], was["number"], was["number"].casefold()) if word})
    connection.execute(delete(ImportedRow).where(col(ImportedRow.person) == person))
    _from_history(connection, person, words)
    _from_corrections(connection, words)
    _from_requests(connection, person, words)
    _from_days(connection, words)
    _from_cards(connection, person)
    _from_accounts(connection, person, now_ms)


def _from_history(connection: Connection, person: str, words: list[str]) -> None:
    names = [col(getattr(ChangeRow, name)) for name in ("number", "before", "after", "why", "person")]
    where = or_(col(ChangeRow.person) == person, *_told(names[1:4], words))
    for row in connection.execute(select(*names).where(where)).all():
        gone = _NAMES if row.person == person else frozenset[str]()
        told = {name: _fields(getattr(row, name), words, gone) for name in ("before", "after")}
        told["why"] = _without(row.why, words)
        connection.execute(update(ChangeRow).where(col(ChangeRow.number) == row.number).values(told))


def _from_corrections(connection: Connection, words: list[str]) -> None:
    """Of the hub's own journal; what a kiosk recorded holds no words."""
    own = select(col(Run.id)).where(col(Run.kiosk) == HUB_KIOSK)
    names = [col(getattr(JournalRecord, name)) for name in ("run", "seq", "body")]
    rows = connection.execute(select(*names).where(names[0].in_(own), or_(*_told(names[2:], words)))).all()
    for row in rows:
        fields = {
            name: _without(value, words) if name in _WORDS else value for name, value in json.loads(row.body).items()
        }
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        where = names[0] == row.run, names[1] == row.seq
        connection.execute(update(JournalRecord).where(*where).values(body=body))


def _from_requests(connection: Connection, person: str, words: list[str]) -> None:
    """What they asked goes whole; of what others wrote, the words."""
    connection.execute(update(AmendRequest).where(col(AmendRequest.person) == person).values(said=GONE))
    for model, name in ((AmendRequest, "said"), (AmendRequest, "answer"), (InboxStep, "note"), (AlarmStep, "why")):
        number, text = col(getattr(model, "number")), col(getattr(model, name))  # noqa: B009 -- of either table
        rows = connection.execute(select(number, text.label("text")).where(or_(*_told([text], words)))).all()
        for row in rows:
            connection.execute(update(model).where(number == row.number).values({name: _without(row.text, words)}))


def _from_days(connection: Connection, words: list[str]) -> None:
    """Why a day is not as others: who swaps a shift with whom is the first thing that is written there."""
    for model in (ShiftDayRow, SpecialDay, SharedDay):
        reason = col(getattr(model, "reason"))  # noqa: B009 -- of each table
        for text in connection.execute(select(reason).where(or_(*_told([reason], words))).distinct()).scalars().all():
            connection.execute(update(model).where(reason == text).values(reason=_without(text, words)))


def _from_cards(connection: Connection, person: str) -> None:
    """A kiosk was told for whom it read a card, by a masked name."""
    where = col(KioskCommand.args).contains(f'"{person}"', autoescape=True)
    for row in connection.execute(select(col(KioskCommand.id), col(KioskCommand.args)).where(where)).all():
        args = {**json.loads(row.args), "name": GONE}
        values = {"args": json.dumps(args, ensure_ascii=False)}
        connection.execute(update(KioskCommand).where(col(KioskCommand.id) == row.id).values(values))


def _from_accounts(connection: Connection, person: str, now_ms: int) -> None:
    """They signed in by their number: the account is over, and goes on under another name in what it did."""
    accounts = select(col(AccountRow.id), col(AccountRow.name)).where(col(AccountRow.person) == person)
    for account in connection.execute(accounts).all():
        called = f"erased-{person}"
        _from_deeds(connection, account.name, called)
        number, subject = col(AccessRow.number), col(AccessRow.subject)
        is_theirs = or_(subject == account.name, subject.startswith(f"{account.name} ", autoescape=True))
        for row in connection.execute(select(number, subject).where(is_theirs)).all():
            said = called + row.subject.removeprefix(account.name)  # which grant was withdrawn stays
            connection.execute(update(AccessRow).where(number == row.number).values(subject=said))
        for model in (SessionRow, InvitationRow, PasskeyRow):
            connection.execute(delete(model).where(col(model.account) == account.id))
        held = col(GrantRow.account) == account.id, col(GrantRow.until_ms).is_(None)
        connection.execute(update(GrantRow).where(*held).values(until_ms=now_ms))
        ended = {"name": called, "password": "", "second_key": "", "subject": "", "ended_ms": now_ms}
        connection.execute(update(AccountRow).where(col(AccountRow.id) == account.id).values(ended))
        edition = connection.execute(select(col(AccountsEdition.number))).scalar_one_or_none() or 0
        upsert(connection, AccountsEdition, [{"id": 1, "number": edition + 1}])


def _from_deeds(connection: Connection, name: str, called: str) -> None:
    """Who serves may lead as well: their account's name, which is mostly their number, stands beside all they did."""
    for table in SQLModel.metadata.sorted_tables:
        for column in (one for one in table.columns if one.name in _BY):
            connection.execute(update(table).where(column == name).values({column.name: called}))
    own = select(col(Run.id)).where(col(Run.kiosk) == HUB_KIOSK)
    run, seq, body = (col(getattr(JournalRecord, one)) for one in ("run", "seq", "body"))
    for row in connection.execute(select(run, seq, body).where(run.in_(own), *_told([body], [name]))).all():
        fields = json.loads(row.body)
        if fields.get("by") == name:
            told = json.dumps({**fields, "by": called}, ensure_ascii=False, separators=(",", ":"))
            connection.execute(update(JournalRecord).where(run == row.run, seq == row.seq).values(body=told))


def _told(columns: Iterable[Any], words: list[str]) -> list[Any]:
    return [column.contains(word, autoescape=True) for column in columns for word in words]


def _without(text: str, words: list[str]) -> str:
    for word in words:
        text = text.replace(word, GONE)
    return text


def _fields(text: str, words: list[str], gone: frozenset[str]) -> str:
    if not text:
        return text
    told = {name: GONE if name in gone else value for name, value in json.loads(text).items()}
    return spell({name: _without(value, words) if name in _WORDS else value for name, value in told.items()})
