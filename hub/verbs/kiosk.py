"""`zaigang-hub kiosk list|prepare|replace|revoke|retire|keep`; the others stand beside it."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from hub.certificates.cabinet import Cabinet
from hub.changing import commands as asked
from hub.changing.commands import CityCommand
from hub.config import DATABASE_FILE, add_config
from hub.data_dir import refuse_root
from hub.database.transactions import snapshot
from hub.fleet.claim_codes import read_claims
from hub.fleet.commissioned import latest_records
from hub.fleet.listing import heading, list_kiosks, states_of
from hub.fleet.preparing import PrepareError, Wishes, look_ahead_preparing, prepare
from hub.fleet.revoking import enforce, look_ahead_revoking, sessions_of
from hub.fleet.wiring import LAMP, READER, SOUND, Fitted
from hub.guarding import guarded
from hub.mosquitto.visit import BrokerGoneError
from hub.register.directory import KnownKiosk
from hub.register.reading import read_directory
from hub.saying import here, is_chinese, said_by, say
from hub.verbs import kiosk_asking, kiosk_claim, kiosk_commission
from hub.verbs.finding import day, in_city, moment
from hub.verbs.office import Ask, Office, add_actions, add_common, give, in_words, opened
from station.names import KioskId
from station.parser import Parser

EXAMPLE: Final = "zaigang-hub kiosk prepare H-01-a --out /media/stick"


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    listing = actions.add_parser(
        "list",
        help="every kiosk, its station, and until when its certificate is good",
        example="zaigang-hub kiosk list",
    )
    add_config(listing)
    making = actions.add_parser("prepare", help="write the folder with which a kiosk is set up", example=EXAMPLE)
    making.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    _add_folder(making)
    making.add_argument("--again", action="store_true", help="make the identity void that it was given before")
    add_config(making)
    kiosk_claim.add_arguments(actions)
    replace = actions.add_parser(
        "replace",
        help="another device in its place: a new id, and the folder for it",
        example="zaigang-hub kiosk replace H-01-a H-01-b --stolen --out /media/stick",
    )
    replace.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    replace.add_argument("new", metavar="NEW-ID", help="the id of the new one")
    replace.add_argument("--stolen", action="store_true", help="revoke the old one too")
    _add_folder(replace)
    add_common(replace)
    revoke = actions.add_parser(
        "revoke",
        help="it was stolen: nothing that it says counts from now on, for good",
        example="zaigang-hub kiosk revoke H-01-a",
    )
    revoke.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    revoke.add_argument("--since", type=moment, metavar="MOMENT", help="when it was stolen; default now")
    add_common(revoke)
    retire = actions.add_parser(
        "retire",
        help="nobody waits to hear of it from a day on; its records stay",
        example="zaigang-hub kiosk retire H-01-a --on 2026-04-01",
    )
    retire.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    retire.add_argument("--on", type=day, metavar="DAY", help="the first day without it; default tomorrow")
    add_common(retire)
    keep = actions.add_parser("keep", help="it stays in service after all", example="zaigang-hub kiosk keep H-01-a")
    keep.add_argument("kiosk", metavar="ID", help="the kiosk's id")
    add_common(keep)
    kiosk_asking.add_arguments(actions)
    kiosk_commission.add_arguments(actions)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    own: dict[str, Callable[[], int]] = {
        "list": lambda: _list(args),
        "prepare": lambda: _prepare(args, args.kiosk),
        "claim": lambda: kiosk_claim.run(args),
        "replace": lambda: _replace(args),
        "revoke": lambda: _revoke(args, lambda office, _: [_revocation(args, office)]),
        "keep": lambda: give(args, lambda _office, _connection: [asked.KeepKiosk(args.kiosk)]),
        "retire": lambda: give(args, lambda _office, _connection: [asked.RetireKiosk(args.kiosk, args.on)]),
    }
    if args.action in own:
        return own[args.action]()
    return kiosk_commission.run(args) if args.action.startswith("commission") else kiosk_asking.run(args)


def _list(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        kiosks, chinese = _kiosks(office).values(), is_chinese(os.environ)
        try:
            states = states_of(office.config, kiosks)
        except BrokerGoneError as exc:
            sys.stderr.write(
                f"{here(said_by(exc))}; {in_words('看不到终端最近的状态', 'what kiosks said last cannot be seen')}\n"
            )
            states = {}
        with snapshot(office.engine) as connection:
            records, claims = latest_records(connection, Cabinet(office.config.data_dir)), read_claims(connection)
        listed = list_kiosks(office.config, kiosks, states, records, claims, now=office.now)
        lines = [each.cells(is_chinese=chinese) for each in listed]
    for cells in (heading(is_chinese=chinese), *lines):
        sys.stdout.write("  ".join(cells) + "\n")
    return 0


def _prepare(args: argparse.Namespace, kiosk: str) -> int:
    with opened(args.config) as office:
        refuse_root(office.config.data_dir, beside=DATABASE_FILE)
        with snapshot(office.engine) as connection:
            directory = read_directory(connection, office.zone)
        known = directory.kiosks.get(KioskId(kiosk))
        if known is None:
            raise PrepareError(
                say("no kiosk has the id {kiosk}; first enter it: zaigang-hub import 终端.csv", kiosk=kiosk)
            )
        wishes = Wishes(
            args.out, args.hub, _fitted(args), args.bundle, getattr(args, "again", False), args.call,
            args.read_only_root,
        )  # fmt: skip
        made = prepare(office.config, known, directory.stations[known.station].name, wishes, office.now)
        if wishes.again:
            enforce(office.config, _kiosks(office), {}, office.now)
    until = f"{made.ends_at:%Y-%m-%d}"
    ready = f"{made.folder} is ready for {kiosk} at {known.station}, good until {until}"
    sys.stdout.write(
        in_words(f"{made.folder} 已备好：终端 {kiosk}，站点 {known.station}，证书至 {until}", ready) + "\n"
    )
    if made.bundle:
        put = f"with {made.bundle}; put all of it on the kiosk's boot partition or on a stick named CIDATA"
        said = in_words(f"含 {made.bundle}；请全部拷到终端存储卡的启动分区，或名为 CIDATA 的 U 盘", put)
    else:
        missing = "without a program: no zaigang-kiosk-VERSION.tar was found; make bundle makes it, or --bundle"
        said = in_words(
            "不含程序：没有找到 zaigang-kiosk-VERSION.tar；用 make bundle 生成，或用 --bundle 指明", missing
        )
    sys.stdout.write(f"{said}\n")
    if not args.call:
        nobody = "its 安装卡 says nobody to call: write that on it by hand, or make it with --call"
        sys.stdout.write(in_words("安装卡上没有写有问题找谁：请手写，或用 --call 写上", nobody) + "\n")
    return 0


def _replace(args: argparse.Namespace) -> int:
    """Nothing is ended before it is known that the folder can be made: else a station stands without a kiosk."""
    if args.new == args.kiosk:
        raise PrepareError(say("{new} is the kiosk that goes; wanted is a new id for the other device", new=args.new))
    with opened(args.config) as office:
        look_ahead_preparing(office.config, Wishes(args.out, args.hub, _fitted(args), args.bundle))
        if args.stolen:
            look_ahead_revoking(office.config)

    def both(office: Office, connection: Connection) -> list[CityCommand]:
        old = read_directory(connection, office.zone).kiosks.get(KioskId(args.kiosk))
        station, entrance = (old.station, old.entrance or None) if old else ("", None)
        ending = asked.RevokeKiosk(args.kiosk) if args.stolen else asked.RetireKiosk(args.kiosk)
        return [ending, asked.EnterKiosk(args.new, station, entrance)]

    if not args.stolen:
        return give(args, both) or (0 if args.dry_run else _prepare(args, args.new))
    sessions = _sessions(args)
    if (status := give(args, both)) or args.dry_run:
        return status
    made, told = guarded(lambda: _prepare(args, args.new)), guarded(lambda: _enforce(args, sessions))
    if told:
        again = f"zaigang-hub kiosk revoke {args.kiosk}"
        sys.stderr.write(
            in_words(f"还要做：消息服务器能用以后 {again}", f"left to do, once that is mended: {again}") + "\n"
        )
    return made or told


def _revocation(args: argparse.Namespace, office: Office) -> CityCommand:
    return asked.RevokeKiosk(args.kiosk, in_city(args.since, office))


def _revoke(args: argparse.Namespace, ask: Ask) -> int:
    """First the city's tables, by which the serving hub goes, then the broker; what fails there can be done again."""
    with opened(args.config) as office:
        look_ahead_revoking(office.config)
    sessions = _sessions(args)
    status = give(args, ask)
    return status if status or args.dry_run else _enforce(args, sessions)


def _sessions(args: argparse.Namespace) -> dict[KioskId, str]:
    """Of the one that goes, before what the broker keeps of it is taken away."""
    with opened(args.config) as office:
        refuse_root(office.config.data_dir, beside=DATABASE_FILE)
        known = _kiosks(office).get(KioskId(args.kiosk))
        return sessions_of(office.config, [known] if known else [])


def _enforce(args: argparse.Namespace, sessions: Mapping[KioskId, str]) -> int:
    with opened(args.config) as office:
        enforced = enforce(office.config, _kiosks(office), sessions, office.now)
    if not enforced.is_known:
        sys.stderr.write(
            in_words("消息服务器还不知道：", "the broker does not know it yet: ") + f"{enforced.trouble}\n"
        )
        return 1
    done = "the broker has it: no connection, nothing said, nothing kept"
    sys.stdout.write(in_words("消息服务器已生效：连接已断，不再收发，不留内容", done) + "\n")
    return 0


def _kiosks(office: Office) -> Mapping[KioskId, KnownKiosk]:
    with snapshot(office.engine) as connection:
        return read_directory(connection, office.zone).kiosks


def _fitted(args: argparse.Namespace) -> Fitted:
    return Fitted(args.reader, args.lamp, args.sound)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder, not there yet or empty")
    parser.add_argument(
        "--hub", default="", metavar="HOST", help="how kiosks reach the hub; default the first name of its certificate"
    )
    parser.add_argument(
        "--call", default="", metavar="TEXT", help="whom the field worker calls, for the printed set-up card"
    )
    parser.add_argument(
        "--read-only-root", action="store_true", help="its root is read only; wants a partition named ZAIGANG-DATA"
    )
    parser.add_argument("--reader", default=READER, metavar="URL", help="the card reader, see docs/readers.md")
    parser.add_argument(
        "--lamp", default=LAMP, metavar="URL", help=f"default {LAMP}, as the 安装卡 draws it; '' for none"
    )
    parser.add_argument("--sound", default=SOUND, metavar="URL", help=f"'' for none; default {SOUND}, a buzzer")
    parser.add_argument(
        "--bundle", type=Path, metavar="FILE", help="zaigang-kiosk-VERSION.tar; default the newest found"
    )
