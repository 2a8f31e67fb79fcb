"""Correcting taps for other programs: the same commands, rights and words of refusal as the page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from hub.changing import corrections as asked
from hub.changing.amending import MOST_EVIDENCE
from hub.changing.corrections import Amending
from hub.changing.proposal import Outcome, preview
from hub.errors import UnknownStationError
from hub.ledger.review import Doubt, ReviewedTap, taps_of_day
from hub.presence.board_view import BoardSource
from hub.register.rulebook import Rulebook
from hub.rights import Right, open_to
from hub.web.amending.reading import BookShelf, is_sound
from hub.web.api.asked import AskedBody
from hub.web.api.refusals import told_refusals
from hub.web.desk.desk import Desk
from hub.web.gate.gate import who_asks
from hub.web.gate.sight import row_for
from hub.web.kit.days import ApiDay
from hub.web.people.volunteers import find_person
from station.amending import Amends
from station.coverage import whole_of
from station.milliseconds import moment_of, moment_or_none, ms_of
from station.names import Epoch, KioskId, RecordName, Seq
from station.records import Action

MOST_TEXT = 400


class NameOfRecord(AskedBody):
    """What names a record for ever."""

    kiosk: Annotated[str, Field(max_length=32)]
    epoch: Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
    seq: Annotated[int, Field(ge=1, lt=2**63)]

    @property
    def name(self) -> RecordName:
        """As a value."""
        return RecordName(KioskId(self.kiosk), Epoch(self.epoch), Seq(self.seq))


class AmendAsked(AskedBody):
    """One correction; which fields it needs hangs on `change` (docs/rules.md, Amendments)."""

    change: Amends
    of: Annotated[NameOfRecord | None, Field(description="which record, by its name; of all but an added tap")] = None
    person: Annotated[
        str, Field(max_length=32, description="whose tap is added, by opaque id, as `person` of a tap has it")
    ] = ""
    action: Annotated[str, Field(max_length=32, description="arrive or leave, of an added tap")] = ""
    at: Annotated[
        datetime | None,
        Field(
            description="of an added tap, to where one is moved, or up to when a stint is accepted (default: to its "
            "end); with its offset, as 2026-03-05T17:30:00+08:00, else it is UTC"
        ),
    ] = None
    evidence: Annotated[
        str,
        Field(
            max_length=MOST_EVIDENCE, description="page and row of the register; without it an added tap covers nothing"
        ),
    ] = ""
    asked_by: Annotated[str, Field(max_length=MOST_TEXT, description="who said what was true")] = ""
    why: Annotated[str, Field(max_length=MOST_TEXT, description="the reason: needed, but for a preview")] = ""
    preview: Annotated[bool, Field(description="only say what it would change")] = False


class RefusalAnswer(BaseModel):
    """What stands in the way: of which field, what was found, and what is wanted."""

    field: str
    found: str
    wanted: str


class AmendAnswer(BaseModel):
    """What came of it: either refusals, or what it changes; neither where all is so already."""

    refusals: list[RefusalAnswer] = []
    before: dict[str, bool | str] = {}
    after: dict[str, bool | str] = {}
    is_written: bool = False


class TapAnswer(BaseModel):
    """One tap; a card of nobody's has no person."""

    name: NameOfRecord
    person: str
    action: Action
    at: datetime
    recorded_at: datetime | None
    is_void: bool
    is_confirmed: bool
    is_proof: bool
    doubts: list[Doubt]


def amend_api(source: BoardSource, desk: Desk) -> APIRouter:
    """Return the routes."""
    router, shelf = APIRouter(prefix="/api/v1", tags=["corrections"]), BookShelf(desk.zone)

    def require(request: Request, code: str) -> None:
        if row_for(who_asks(request), source.view(), code, Right.AMEND) is None:
            raise HTTPException(404, str(UnknownStationError(code)))

    @router.get("/stations/{code}/taps")
    @open_to(Right.AMEND)
    async def taps(request: Request, code: str, day: Annotated[ApiDay, Query(alias="date")]) -> list[TapAnswer]:
        """A day's taps at a station, by name, with what of them waits for a person's word."""
        require(request, code)
        if not is_sound(day):
            return []
        since, until = whole_of(day, desk.zone)
        until_ms = min(ms_of(until), ms_of(desk.clock.now()))
        return await desk.read(
            lambda c: [_answer(tap, shelf.book(c)) for tap in taps_of_day(c, code, ms_of(since), until_ms)]
        )

    @router.post("/stations/{code}/amendments", responses={422: {"model": AmendAnswer}})
    @open_to(Right.AMEND)
    async def amend(request: Request, response: Response, code: str, wanted: AmendAsked) -> AmendAnswer:
        """Correct a tap, or say what that would change; nothing that was recorded is changed by it."""
        require(request, code)
        command, who = _command(code, wanted), who_asks(request)
        if (
            wanted.of is None
            and wanted.person
            and not await desk.read(lambda c: find_person(c, who.grants, Right.NAMES, wanted.person))
        ):
            command = RefusalAnswer(
                field="person", found=repr(wanted.person), wanted="a volunteer's opaque id, as `person` of a tap has it"
            )
        if isinstance(command, RefusalAnswer):
            response.status_code = 422
            return AmendAnswer(refusals=[command])
        if wanted.preview:
            said = {"by": who.name, "at": desk.clock.now(), "zone": desk.zone, "why": wanted.why}
            outcome = await desk.read(lambda c: preview(c, [command], **said))  # type: ignore[arg-type]
        else:
            outcome = await desk.change(who, [command], wanted.why)
        response.status_code = 422 if outcome.refusals else 200
        return _told(request, outcome, is_written=not wanted.preview)

    return router


def _command(code: str, wanted: AmendAsked) -> Amending | RefusalAnswer:
    if (lacking := _lacking(wanted)) is not None:
        return lacking
    if wanted.at is not None and not is_sound(wanted.at.date()):
        return RefusalAnswer(field="at", found=str(wanted.at), wanted="a moment from 1970 to 2198")
    at = None if wanted.at is None else wanted.at.replace(tzinfo=wanted.at.tzinfo or UTC)
    if wanted.of is None:
        assert at is not None
        return asked.AddTap(code, wanted.person, wanted.action, at, wanted.evidence, wanted.asked_by)
    if wanted.change is Amends.RETIME:
        assert at is not None
        return asked.RetimeTap(code, wanted.of.name, at, wanted.asked_by)
    if wanted.change is Amends.CONFIRM:
        return asked.ConfirmTap(code, wanted.of.name, at, wanted.asked_by)
    return asked.VoidTap(code, wanted.of.name, wanted.asked_by)


def _lacking(wanted: AmendAsked) -> RefusalAnswer | None:
    """Which field is missing, or is one too many."""
    is_added = wanted.change is Amends.ADD
    if is_added and wanted.of is not None:
        return RefusalAnswer(
            field="of", found="/".join(map(str, wanted.of.name)), wanted="nothing: an added tap is new"
        )
    needs = {"of": wanted.of is None and not is_added}
    needs["at"] = wanted.at is None and wanted.change in {Amends.ADD, Amends.RETIME}
    needs["person"] = not wanted.person and is_added
    missing = next((field for field, is_missing in needs.items() if is_missing), None)
    return None if missing is None else RefusalAnswer(field=missing, found="nothing", wanted="a value")


def _told(request: Request, outcome: Outcome, *, is_written: bool) -> AmendAnswer:
    if outcome.refusals:
        return AmendAnswer(refusals=[RefusalAnswer(**one) for one in told_refusals(request, outcome)])
    if not outcome.changes:
        return AmendAnswer()
    ((_command, change),) = outcome.changes
    return AmendAnswer(before=_plain(change.before), after=_plain(change.after), is_written=is_written)


def _plain(part: Mapping[str, Any]) -> dict[str, bool | str]:
    return {name: value if isinstance(value, bool) else str(value) for name, value in part.items()}


def _answer(tap: ReviewedTap, book: Rulebook) -> TapAnswer:
    who = book.identity(tap.token, tap.at_ms)
    return TapAnswer(
        name=NameOfRecord(kiosk=tap.name.kiosk, epoch=tap.name.epoch, seq=tap.name.seq),
        person=who.person if who.counted else "", action=Action(tap.action), at=moment_of(tap.at_ms),
        recorded_at=moment_or_none(tap.recorded_ms), is_void=tap.is_void,
        is_confirmed=tap.confirmed_ms is not None, is_proof=tap.is_proof, doubts=list(tap.doubts),
    )  # fmt: skip
