"""Reading and changing the city for somebody who is signed in; nothing of it holds the event loop."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from hub.accounts.asker import Who
from hub.changing.commands import CityCommand
from hub.changing.foreseeing import Effect, effect_of
from hub.changing.numbers import Telephones
from hub.changing.proposal import Outcome, apply
from hub.config import KeepConfig
from hub.database.transactions import changing, reading
from hub.fleet.claim_codes import ClaimBook
from hub.sealing import Safe
from hub.site_key import OtherKeys
from hub.web.desk.meanwhile import MeanwhileError
from hub.web.desk.reading import Typed
from hub.web.kit.forms import Form
from hub.web.kit.frame import Kit
from hub.web.kit.words import _
from station.clock import Clock

Meanwhile = Callable[[Connection], dict[str, str]]
"""Looks, before anything is written, whether what a form showed is so still."""

T = TypeVar("T")
NO_TELEPHONES = Telephones(Safe(Path(os.devnull)))
"""Reads none: of a site without a directory of its own."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One hub's database and clock.

    Attributes:
        site_key: reads what turns card numbers into tokens; without it nothing is imported.
        telephones: seals and opens numbers.
        waiting: where files lie that somebody looks at before they are imported; emptied at the start.
        kept_days: how long backups outlive what they hold; None where none are made.
        claims: makes codes by which kiosks are set up; None for a site without kiosks of its own.
        is_served: a hub folds what is changed, so it shows a moment later; else nobody does.
        other_keys: reads the site keys that held before, and the one that is to come.
        access_days: so long the log of access is kept.
    """

    engine: Engine
    clock: Clock
    zone: ZoneInfo
    site_key: Callable[[], bytes] | None = None
    telephones: Telephones = NO_TELEPHONES
    kept_days: int | None = None
    waiting: Path | None = None
    claims: ClaimBook | None = None
    is_served: bool = False
    other_keys: Callable[[], OtherKeys] = OtherKeys
    access_days: int = KeepConfig().access_days

    def key(self) -> bytes:
        """The city's first site key: by it an erased person's number is known again."""
        assert self.site_key is not None
        return self.other_keys().first or self.site_key()

    @property
    def now(self) -> datetime:
        """The moment, by the city's clocks."""
        return self.clock.now().astimezone(self.zone)

    @property
    def today(self) -> date:
        """The city's date."""
        return self.now.date()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read something, in a thread."""

        def run() -> T:
            with reading(self.engine) as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do something in one transaction, in a thread."""

        def run() -> T:
            with changing(self.engine) as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def change(
        self, who: Who, commands: list[CityCommand], why: str = "", unless: Meanwhile = lambda _: {}
    ) -> Outcome:
        """Change the city in somebody's name, or nothing of it where one command is refused.

        Raises:
            MeanwhileError: what they were shown is so no more.
        """

        def work(connection: Connection) -> Outcome:
            if wrong := unless(connection):
                raise MeanwhileError(wrong)
            return apply(connection, commands, by=who.name, at=self.clock.now(), zone=self.zone, why=why)

        return await self.write(work)

    async def save(
        self, typed: Typed, commands: list[CityCommand], unless: Meanwhile = lambda _: {}, *,
        fields: Mapping[str, str] | None = None, why: str = "",
    ) -> Form | None:  # fmt: skip
        """The same by a form, unless something of it is wrong, or what it showed is so no more.

        Returns:
            The form to be shown again, with what stands in the way; None where it is done.
        """
        if typed.wrong:
            return typed.again()
        try:
            wrong = refused(await self.change(typed.who, commands, why, unless), fields or {}, typed.kit)
        except MeanwhileError as exc:
            wrong = exc.wrong
        return typed.again(wrong) if wrong else None

    async def attempt(self, who: Who, commands: list[CityCommand], why: str, *, show: str = "") -> Effect:
        """What commands would do, without doing it; `show` is a station whose four weeks are told."""
        at = self.clock.now()
        return await asyncio.to_thread(
            effect_of, self.engine, commands, by=who.name, at=at, zone=self.zone, why=why, show=show
        )


def refused(outcome: Outcome, fields: Mapping[str, str], kit: Kit) -> dict[str, str]:
    """Return what stands in the way of commands, by the form's fields.

    Args:
        outcome: of the commands.
        fields: a command's field by the form's, where they are called otherwise.
        kit: in whose language.
    """
    wrong: dict[str, str] = {}
    for _number, refusal in outcome.refusals:
        found, wanted = kit.told(refusal.found), kit.told(refusal.wanted)
        said = kit.gettext(_("现为：{found}；应为：{wanted}")).format(found=found, wanted=wanted)
        wrong.setdefault(fields.get(refusal.field, refusal.field), said)
    return wrong
