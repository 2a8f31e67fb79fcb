"""Doing something about what waits: what pages and programs send is read and refused alike, in the same words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.accounts.accounts import tidy_name
from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.alarms.acting import ActError
from hub.database.inbox_table import NOTE_LENGTH
from hub.register.personal import tells_a_number
from hub.rights import may
from hub.typed import cells
from hub.web.desk.desk import Desk
from hub.web.inbox import words
from hub.web.inbox.inbox import Inbox
from hub.web.inbox.waiting import InboxAct, ToDo
from hub.web.kit.words import Gettext
from station.hours import midnight_of
from station.milliseconds import ms_of
from station.tidy import tidy

AT_ALL = ""
"""The field of what is wrong with an act as a whole."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Does it.

    Attributes:
        reception: who there is to look after something.
    """

    inbox: Inbox
    desk: Desk
    reception: Reception

    async def do(
        self, who: Who, one: ToDo, act: InboxAct, typed: Mapping[str, str], gettext: Gettext
    ) -> dict[str, str]:
        """Do something about a thing; what is wrong by field: `note`, `whom`, `due`, or none where it is over."""
        note, whom = tidy(typed.get("note", "")), tidy_name(typed.get("whom", ""))
        due, wrong = self._due(typed.get("due", ""), gettext)
        if act is InboxAct.CLOSED and not note:
            wrong["note"] = gettext(words.NEEDS_NOTE)
        elif len(note) > NOTE_LENGTH:
            wrong["note"] = gettext(words.TOO_LONG).format(n=NOTE_LENGTH)
        elif tells_a_number(note):
            wrong["note"] = gettext(words.NO_NUMBER)
        if act is InboxAct.ASSIGNED and whom not in self.colleagues(one):
            wrong["whom"] = gettext(words.NOT_THEIRS if typed.get("whom") else words.NEEDS_WHOM)
        if wrong:
            return wrong
        given = {"whom": whom, "due_ms": due} if act is InboxAct.ASSIGNED else {}
        try:
            await self.inbox.act(one, self.inbox.step(who, act, note=note, **given))  # type: ignore[arg-type]  # as they are named
        except ActError:
            return {AT_ALL: gettext(words.IS_OVER)}
        return {}

    def colleagues(self, one: ToDo) -> list[str]:
        """Who may look after a thing, by name."""
        accounts = self.reception.roster.accounts.values()
        return sorted(
            account.name
            for account in accounts
            if account.ended_ms is None and any(may(account.grants, right, one.place) for right in one.done_by)
        )

    def _due(self, text: str, gettext: Gettext) -> tuple[int | None, dict[str, str]]:
        """The end of a day that is typed."""
        if not tidy(text):
            return None, {}
        try:
            day = cells.day(tidy(text))
        except cells.CellError:
            return None, {"due": gettext(words.TO_COME)}
        if day < self.desk.today:
            return None, {"due": gettext(words.TO_COME)}
        return ms_of(self._end_of(day)), {}

    def _end_of(self, day: date) -> datetime:
        return midnight_of(day + timedelta(days=1), self.desk.zone) - timedelta(minutes=1)
