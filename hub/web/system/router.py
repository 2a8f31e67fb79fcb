"""系统: what who may grant does with users, links and keys. A secret is shown once, on the answer that makes it."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from hub.accounts import accounts, passkeys, sessions
from hub.accounts.access_log import log_access
from hub.accounts.accounts import Account
from hub.accounts.asker import Who
from hub.accounts.reception import Reception
from hub.presence.board_view import BoardSource
from hub.register.kinds import KINDS
from hub.register.personal import tells_a_number
from hub.rights import NEEDS_SECOND_FACTOR, OF_ACCOUNTS, WHOLE_CITY, Grant, Reach, Right, Role, may_grant, open_to
from hub.web.desk.desk import Desk
from hub.web.desk.meanwhile import mark_of_shown, not_as_shown
from hub.web.desk.page import DeskPages, NotThereError
from hub.web.gate.gate import visitor_of, who_asks
from hub.web.kit.forms import Form, read_form
from hub.web.kit.frame import Kit, Kits
from hub.web.kit.leading import lead_to
from hub.web.kit.people_words import ROLE_WORDS
from hub.web.kit.words import kind_word
from hub.web.system import words
from hub.web.system.logs import add_logs
from hub.web.system.places import Places

LookAtUsers = Callable[[Request], Awaitable["_Shown"]]

DOORS = {"screen": Role.SCREEN, "program": Role.PROGRAM}
KEY_DAYS = 365
DAY_MS = 24 * 3_600_000


def system_routes(kits: Kits, source: BoardSource, reception: Reception, desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/system", include_in_schema=False)
    pages = DeskPages(kits, source, "/system")
    _add_users(router, pages, reception)
    _add_doors(router, pages, reception)
    add_logs(router, pages, reception, desk)
    return router


class _Shown:
    """What the page shows: users and doors within somebody's own reach."""

    def __init__(self, reception: Reception, connection: Connection, who: Who) -> None:
        self._places = Places(connection)
        everybody = accounts.read_accounts(connection, reception.now())
        self.accounts = [one for one in everybody if self.has(who, one)]
        self.others = {one.name for one in everybody} - {one.name for one in self.accounts}
        self.passkeys = passkeys.count_passkeys(connection)
        self.bound = accounts.read_bound(connection)
        now = reception.now()
        self.doors = [one for one in sessions.read_doors(connection) if one.is_good(now) and self.gives(who, one.grant)]

    def thing(self, reach: Reach) -> Reach | None:
        """A reach with all that follows from it; None where it names what is not there."""
        return self._places.thing(reach)

    def lacking(self, reach: Reach) -> str:
        """Which part of it that is."""
        return self._places.lacking(reach)

    def reach(self, who: Who, form: Form, before: str = "") -> Reach:
        """What a form names by fields that begin so; a station by its code or its name."""
        station = self._places.station(who, form.text(f"{before}station"))
        return Reach(form.text(f"{before}district"), form.text(f"{before}kind"), station)

    def districts(self, who: Who) -> list[tuple[str, str]]:
        """Those that somebody may choose."""
        return self._places.districts(who)

    def gives(self, who: Who, grant: Grant) -> bool:
        """Whether somebody may give that."""
        thing = self.thing(grant.reach)
        return thing is not None and may_grant(who.grants, grant.role, thing)

    def mark(self, account: Account) -> str:
        """Of what the page shows of one that can be taken away."""
        grants, is_bound = sorted(map(_spelled, account.grants)), account.id in self.bound
        return mark_of_shown(grants, self.passkeys.get(account.id), is_bound)

    def has(self, who: Who, account: Account) -> bool:
        """Whether an account is somebody's to look after: whose every grant they could give."""
        return who.may(Right.USERS, WHOLE_CITY) or (
            bool(account.grants) and all(self.gives(who, grant) for grant in account.grants)
        )


def _page(pages: DeskPages, request: Request, shown: _Shown, form: Form | None = None, *, link: str = "") -> Response:
    kit, who = pages.kit(request), who_asks(request)
    roles = [role for role in Role if role in OF_ACCOUNTS and role is not Role.VOLUNTEER]
    return pages.answer(
        request, "system/system.html", form=form, link=link, accounts=shown.accounts,
        mark=shown.mark, doors=shown.doors, roles=ROLE_WORDS, passkeys=shown.passkeys, bound=shown.bound,
        gives=lambda grant: shown.gives(who, grant), districts=shown.districts(who),
        kinds=[("", "—"), *((one, kind_word(one, kit.language)) for one in KINDS)],
        choices=[(role.value, kit.gettext(ROLE_WORDS[role])) for role in roles],
        sees_history=who.may_somewhere(Right.HISTORY), sees_access=who.may_somewhere(Right.ACCESS_LOG),
    )  # fmt: skip


def _grant_faults(who: Who, shown: _Shown, grant: Grant, kit: Kit) -> dict[str, str]:
    if shown.thing(grant.reach) is None:
        return {shown.lacking(grant.reach): kit.gettext(words.NO_PLACE)}
    wanted = {Role.COUNTY: grant.reach.district, Role.AUTHORITY: grant.reach.kind, Role.LEAD: grant.reach.station}
    if grant.role in NEEDS_SECOND_FACTOR and grant.reach != WHOLE_CITY:
        return {"role": kit.gettext(words.WHOLE_CITY_ONLY)}
    if not wanted.get(grant.role, "-"):
        return {"role": kit.gettext(words.NEEDS_PLACE)}
    is_given = grant.role is not Role.NEARBY and shown.gives(who, grant)
    return {} if is_given else {"role": kit.gettext(words.NOT_YOURS)}


def _look_at(reception: Reception) -> LookAtUsers:
    async def look(request: Request) -> _Shown:
        return await reception.read(lambda connection: _Shown(reception, connection, who_asks(request)))

    return look


def _add_users(router: APIRouter, pages: DeskPages, reception: Reception) -> None:
    look = _look_at(reception)

    @router.get("")
    @open_to(Right.USERS)
    async def page(request: Request) -> Response:
        return _page(pages, request, await look(request))

    @router.post("/users")
    @open_to(Right.USERS)
    async def invite(request: Request) -> Response:
        typed, shown = await pages.typed(request), await look(request)
        who, form, kit, wrong = typed.who, typed.form, typed.kit, typed.wrong
        name, role = accounts.tidy_name(form.text("name")), form.text("role")
        if not name:
            wrong["name"] = kit.gettext(words.NO_NAME)
        grant = Grant(Role(role) if role in OF_ACCOUNTS else Role.NEARBY, shown.reach(who, form))
        wrong |= _grant_faults(who, shown, grant, kit)
        if name in shown.others:
            wrong["name"] = kit.gettext(words.NOT_YOURS)
        if wrong:
            return _page(pages, request, shown, typed.again())

        def write(connection: Connection) -> str:
            if name in _Shown(reception, connection, who).others:
                return ""  # somebody else invited them meanwhile, perhaps to more
            log_access(connection, who.name, "invited", name, visitor_of(request).address, now_ms=reception.now())
            return accounts.invite(connection, name, [grant], by=who.name, now_ms=reception.now())

        key = await reception.write(write)
        if not key:
            wrong["name"] = kit.gettext(words.NOT_YOURS)
            return _page(pages, request, await look(request), typed.again())
        return _page(pages, request, await look(request), link=f"{request.base_url}invitations/{key}")

    _add_acts(router, pages, reception, look)
    _add_withdrawal(router, reception, look)


def _add_acts(router: APIRouter, pages: DeskPages, reception: Reception, look: LookAtUsers) -> None:
    @router.post("/users/{account}/{act}")
    @open_to(Right.USERS)
    async def act(request: Request, account: str, act: str) -> Response:
        typed, shown = await pages.typed(request), await look(request)
        who, found = typed.who, pages.there(next((one for one in shown.accounts if one.id == account), None))
        if act not in {"end", "again", "anew", "forget-passkeys", "unbind"}:
            raise NotThereError
        if wrong := not_as_shown(typed.form, shown.mark(found), typed.kit, None):
            return _page(pages, request, shown, typed.again(wrong))

        def write(connection: Connection) -> str | None:
            if not _is_theirs(reception, connection, who, found):
                return None
            return _do(connection, found, act, by=who.name, address=visitor_of(request).address, now_ms=reception.now())

        key = await reception.write(write)
        if key is None:
            raise NotThereError
        link = f"{request.base_url}invitations/{key}" if key else ""
        return _page(pages, request, await look(request), link=link) if link else lead_to("/system")


def _add_withdrawal(router: APIRouter, reception: Reception, look: LookAtUsers) -> None:
    @router.post("/users/{account}/grants/withdraw")
    @open_to(Right.USERS)
    async def withdraw(request: Request, account: str) -> Response:
        who, shown, form = who_asks(request), await look(request), await read_form(request)
        found = next((one for one in shown.accounts if one.id == account and one.id != who.account), None)
        named = (form.text(name) for name in ("role", "district", "kind", "station"))
        grant = next((one for one in found.grants if _spelled(one) == tuple(named)), None) if found else None
        if found is None or grant is None or len(found.grants) == 1 or not shown.gives(who, grant):
            raise NotThereError  # with the last one an account is ended

        def write(connection: Connection) -> bool:
            if not _is_theirs(reception, connection, who, found):
                return False
            now = reception.now()
            subject = f"{found.name} {' '.join(filter(None, _spelled(grant)))}"
            log_access(connection, who.name, "withdrew", subject, visitor_of(request).address, now_ms=now)
            accounts.withdraw_grant(connection, found.id, grant, now)
            return True

        if not await reception.write(write):
            raise NotThereError
        return lead_to("/system")


def _do(connection: Connection, found: Account, act: str, *, by: str, address: str, now_ms: int) -> str:
    """The key of a link where one is made; empty otherwise."""
    what = {"end": "ended", "forget-passkeys": "passkey_removed", "unbind": "unbound"}.get(act, "invited")
    log_access(connection, by, what, found.name, address, now_ms=now_ms)
    if act == "end":
        accounts.end_account(connection, found.id, now_ms)
        return ""
    if act == "unbind":
        accounts.bind_subject(connection, found.id, "")
        return ""
    if act == "forget-passkeys":
        for one in passkeys.read_passkeys(connection, found.id):
            passkeys.remove_passkey(connection, found.id, one.id)
        return ""
    return accounts.invite(connection, found.name, (), by=by, now_ms=now_ms, anew=act == "anew")


def _is_theirs(reception: Reception, connection: Connection, who: Who, found: Account) -> bool:
    """Whether an account is still as it was seen, and somebody's to look after; in the transaction that acts."""
    shown = _Shown(reception, connection, who)
    return any(one.id == found.id and set(one.grants) == set(found.grants) for one in shown.accounts)


def _spelled(grant: Grant) -> tuple[str, str, str, str]:
    return grant.role.value, grant.reach.district, grant.reach.kind, grant.reach.station


def _add_doors(router: APIRouter, pages: DeskPages, reception: Reception) -> None:
    look = _look_at(reception)

    @router.post("/doors")
    @open_to(Right.USERS)
    async def open_one(request: Request) -> Response:
        typed, shown = await pages.typed(request), await look(request)
        who, form, kit, wrong = typed.who, typed.form, typed.kit, typed.wrong
        typed.needed("what")
        role = DOORS.get(typed.choice("what", DOORS), Role.SCREEN)
        grant = Grant(role, shown.reach(who, form, "door-"))
        name = form.text("door-name")
        if not (0 < len(name) <= accounts.LONGEST_NAME and name.isprintable()) or tells_a_number(name):
            wrong["door-name"] = kit.gettext(words.NO_DOOR_NAME)
        wrong |= {f"door-{name}": said for name, said in _grant_faults(who, shown, grant, kit).items()}
        if wrong:
            return _page(pages, request, shown, typed.again())
        now = reception.now()
        until_ms = now + KEY_DAYS * DAY_MS if role is Role.PROGRAM else None

        def write(connection: Connection) -> str:
            log_access(connection, who.name, "opened_door", name, visitor_of(request).address, now_ms=now)
            return sessions.open_door(connection, name, grant, by=who.name, now_ms=now, until_ms=until_ms)

        key = await reception.write(write)
        link = key if role is Role.PROGRAM else f"{request.base_url}wall/{key}"
        return _page(pages, request, await look(request), link=link)

    @router.post("/doors/{proof}/shut")
    @open_to(Right.USERS)
    async def shut(request: Request, proof: str) -> Response:
        who, shown = who_asks(request), await look(request)
        found = pages.there(next((one for one in shown.doors if one.proof == proof), None))

        def write(connection: Connection) -> None:
            now = reception.now()
            log_access(connection, who.name, "shut_door", found.name, visitor_of(request).address, now_ms=now)
            sessions.shut_door(connection, proof, now)

        await reception.write(write)
        return lead_to("/system")
