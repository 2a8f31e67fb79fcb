"""`zaigang-hub user`: who may sign in. The first one is invited here, others on the page 系统 too."""

import argparse
import os
import sys
from typing import Final

from sqlalchemy import Connection

from hub.accounts import accounts, passkeys
from hub.accounts.access_log import log_access
from hub.accounts.reception import now_ms
from hub.changing.system_user import system_user
from hub.config import HubConfig, add_config, read_config
from hub.database.dialect import dialect_of
from hub.database.engine import opened_engine
from hub.database.schema import prepare_schema
from hub.database.transactions import changing, reading
from hub.errors import HubError
from hub.register.kinds import KINDS
from hub.rights import OF_ACCOUNTS, Grant, Reach, Role
from hub.saying import Said, as_said, here, say, tell_err, tell_out
from hub.verbs.finding import check_reach
from hub.verbs.office import add_actions, in_words
from station.parser import Parser

EXAMPLE: Final = """\
Once there is one account, nobody sees anything without signing in. The link is good once, for three days; inviting
somebody again makes a new one, as for a forgotten password.

example:
  zaigang-hub user invite li --role city
  zaigang-hub user invite wang --role county --district 130402
  zaigang-hub user invite zhao --role lead --station H-01
  zaigang-hub user revoke zhao --role lead --station H-01
"""


TAKES: Final = {
    Role.CITY: frozenset[str](), Role.FEDERATION: frozenset[str](), Role.COUNTY: frozenset({"district"}),
    Role.AUTHORITY: frozenset({"kind", "district"}), Role.LEAD: frozenset({"station"}),
}  # fmt: skip
"""What limits each role; what is not here may be limited by anything."""


class UserError(HubError):
    """What was typed cannot stand; the text says what would."""


_ROLES: Final = {
    Role.CITY: "市级", Role.COUNTY: "县区", Role.AUTHORITY: "主管单位", Role.FEDERATION: "志愿服务联合会",
    Role.LEAD: "站长", Role.INSTALLER: "安装员",
}  # fmt: skip


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    invite = actions.add_parser(
        "invite",
        help="print a link by which somebody chooses a password",
        example="zaigang-hub user invite wang --role county --district 130402",
    )
    invite.add_argument("name", metavar="NAME", help="by which they will sign in")
    roles = sorted(OF_ACCOUNTS - {Role.VOLUNTEER})
    invite.add_argument("--role", choices=[role.value for role in roles], help="what they are, beside what they have")
    _add_reach(invite)
    invite.add_argument("--anew", action="store_true", help="forget password and second factor, as for a lost phone")
    listed = actions.add_parser("list", help="show who may sign in, and what they may", example="zaigang-hub user list")
    end = actions.add_parser(
        "end", help="let somebody sign in no more; their sessions end at once", example="zaigang-hub user end wang"
    )
    end.add_argument("name", metavar="NAME", help="as `user list` shows it")
    revoke = actions.add_parser(
        "revoke",
        help="take one role back; what is open by it ends at once",
        example="zaigang-hub user revoke zhao --role lead --station H-01",
    )
    revoke.add_argument("name", metavar="NAME", help="as `user list` shows it")
    revoke.add_argument("--role", choices=[role.value for role in roles], required=True, help="the one to take back")
    _add_reach(revoke)
    forget = actions.add_parser(
        "forget-passkey",
        help="take a passkey away whose device is lost; what is open of the account ends at once",
        example="zaigang-hub user forget-passkey zhao 手机",
    )
    forget.add_argument("name", metavar="NAME", help="as `user list` shows it")
    forget.add_argument("passkey", metavar="PASSKEY", help="by the name that `user list` shows")
    bind = actions.add_parser(
        "bind",
        help="let somebody sign in by the city's identity service, as it calls them; --none takes it back",
        example="zaigang-hub user bind zhao 8f14e45f",
    )
    bind.add_argument("name", metavar="NAME", help="as `user list` shows it")
    bind.add_argument("subject", metavar="SUBJECT", nargs="?", default="", help="what the service calls them (sub)")
    bind.add_argument("--none", action="store_true", help="let them sign in by it no more")
    for action in (invite, listed, end, revoke, forget, bind):
        add_config(action)


def _add_reach(action: Parser) -> None:
    action.add_argument("--district", default="", metavar="CODE", help="only this district")
    action.add_argument("--kind", default="", choices=["", *KINDS], metavar="KIND", help="only this kind of host")
    action.add_argument("--station", default="", metavar="CODE", help="only this station")


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    config = read_config(args.config, os.environ)
    with opened_engine(config.database_url, busy_timeout_s=30.0) as engine:
        dialect_of(engine).make_place(engine.url)
        prepare_schema(engine)
        if args.action == "list":
            with reading(engine) as connection:
                return _list(connection)
        with changing(engine) as connection:
            if args.action == "invite":
                return _invite(connection, args, config)
            if args.action == "bind":
                return _bind(connection, args, config)
            acts = {"revoke": _revoke, "forget-passkey": _forget_passkey, "end": _end}
            return acts[args.action](connection, args)


def _invite(connection: Connection, args: argparse.Namespace, config: HubConfig) -> int:
    name, now = accounts.tidy_name(args.name), now_ms()
    if not name:
        raise UserError(
            say("found the name {name!r}; wanted is one of 1 to 64 characters without blanks", name=args.name)
        )
    known = accounts.account_named(connection, name, now)
    if args.role is None and (known is None or not known.grants):
        raise UserError(say("{name} has no role yet; wanted is --role, as --role city", name=name))
    reach = Reach(args.district, args.kind, args.station)
    check_reach(connection, reach)
    _check_role(args.role, reach)
    grants = [] if args.role is None else [Grant(Role(args.role), reach)]
    key = accounts.invite(connection, name, grants, by=system_user(), now_ms=now, anew=args.anew)
    log_access(connection, system_user(), "invited", name, "", now_ms=now)
    sys.stdout.write(f"{config.http.address}invitations/{key}\n")
    tell_err(say("give this link to {name}: it is good once, for three days", name=name))
    return 0


def _check_role(role: str | None, reach: Reach) -> None:
    wanted = {
        Role.COUNTY: ("district", reach.district),
        Role.AUTHORITY: ("kind", reach.kind),
        Role.LEAD: ("station", reach.station),
    }
    if role is not None and role in wanted and not wanted[Role(role)][1]:
        raise UserError(say("a {role} has one {wanted}; wanted is --{wanted}", role=role, wanted=wanted[Role(role)][0]))
    if role is None:
        return
    given = {"district": reach.district, "kind": reach.kind, "station": reach.station}
    taken = TAKES.get(Role(role), frozenset(given))
    strange = [name for name, value in given.items() if value and name not in taken]
    if strange:
        whole = as_said("no district, kind or station: it has the whole city")
        told = [f"--{name}" for name in sorted(taken)] or whole
        raise UserError(
            say("found --{strange} with --role {role}; a {role} takes {told}", strange=strange[0], role=role, told=told)
        )


def _list(connection: Connection) -> int:
    known = accounts.read_accounts(connection, now_ms())
    if not known:
        tell_err("nobody may sign in yet; the first one: zaigang-hub user invite NAME --role city")
    bound = accounts.read_bound(connection)
    for account in known:
        parts = [account.name, *(here(_told(grant)) for grant in account.grants)]
        if account.ended_ms is not None:
            parts.append(here("ended"))
        elif not account.password:
            parts.append(here("has not yet chosen a password"))
        keys = passkeys.read_passkeys(connection, account.id)
        parts += [here(say("passkeys: {names}", names=[one.name for one in keys]))] if keys else []
        parts += [here("bound to the identity service")] if account.id in bound else []
        sys.stdout.write("  ".join(parts) + "\n")
    return 0


def _told(grant: Grant) -> Said:
    reach, role = grant.reach, in_words(_ROLES[grant.role], grant.role.value)
    limits = [part for part in (reach.district, reach.kind, reach.station) if part]
    return say("{role} of {limits}", role=role, limits=limits) if limits else as_said(role)


def _named(connection: Connection, typed: str) -> accounts.Account:
    account = accounts.account_named(connection, accounts.tidy_name(typed), now_ms())
    if account is None:
        raise UserError(say("nobody named {typed!r} may sign in; `zaigang-hub user list` shows who may", typed=typed))
    return account


def _end(connection: Connection, args: argparse.Namespace) -> int:
    account, now = _named(connection, args.name), now_ms()
    name = account.name
    accounts.end_account(connection, account.id, now)
    log_access(connection, system_user(), "ended", name, "", now_ms=now)
    tell_out(say("{name} may sign in no more", name=name))
    return 0


def _revoke(connection: Connection, args: argparse.Namespace) -> int:
    account, now = _named(connection, args.name), now_ms()
    name = account.name
    grant = Grant(Role(args.role), Reach(args.district, args.kind, args.station))
    if not accounts.withdraw_grant(connection, account.id, grant, now):
        held = [_told(one) for one in account.grants] or as_said("none")
        raise UserError(
            say(
                "{name} is no {told}; wanted is one of the roles that they have: {held}",
                name=name,
                told=_told(grant),
                held=held,
            )
        )
    log_access(connection, system_user(), "withdrew", f"{name} {_told(grant)}", "", now_ms=now)
    tell_out(say("{name} is {told} no more", name=name, told=_told(grant)))
    return 0


def _forget_passkey(connection: Connection, args: argparse.Namespace) -> int:
    account, now = _named(connection, args.name), now_ms()
    keys = passkeys.read_passkeys(connection, account.id)
    found = [one for one in keys if one.name == args.passkey]
    if not found:
        held = [one.name for one in keys] or as_said("none")
        raise UserError(
            say(
                "{name} has no passkey named {passkey!r}; wanted is one of theirs: {held}",
                name=account.name,
                passkey=args.passkey,
                held=held,
            )
        )
    for one in found:
        passkeys.remove_passkey(connection, account.id, one.id)
    log_access(connection, system_user(), "passkey_removed", account.name, "", now_ms=now)
    tell_out(
        say("{name} signs in by {passkey} no more, and has to sign in anew", name=account.name, passkey=args.passkey)
    )
    return 0


def _bind(connection: Connection, args: argparse.Namespace, config: HubConfig) -> int:
    account = _named(connection, args.name)
    if not config.oidc.issuer:
        raise UserError("this hub has no identity service; wanted is oidc.issuer in its settings")
    if bool(args.subject) is args.none:
        raise UserError("wanted is what the identity service calls them, or --none")
    subject = accounts.subject_of(config.oidc.issuer, args.subject) if args.subject else ""
    if not accounts.bind_subject(connection, account.id, subject):
        raise UserError(say("{subject!r} signs in as somebody else; wanted is one of nobody's", subject=args.subject))
    log_access(connection, system_user(), "bound" if subject else "unbound", account.name, "", now_ms=now_ms())
    bound = "{name} signs in by {issuer}, and has to sign in anew"
    unbound = "{name} signs in by {issuer} no more, and has to sign in anew"
    tell_out(say(bound if subject else unbound, name=account.name, issuer=config.oidc.issuer))
    return 0
