"""`zaigang-hub key rotate|status|finish`: another site key for the city, without a card being a stranger for it."""

import argparse
import os
import sys
from datetime import timedelta
from typing import Final

from hub.certificates.cabinet import Cabinet
from hub.changing.system_user import system_user
from hub.config import add_config
from hub.database.transactions import changing, snapshot
from hub.fleet.rotating import LASTS, KeyView, KioskKey, begin, finish, view_keys
from hub.register.keys_in_step import out_of_step
from hub.saying import Said, as_said, is_chinese, say, tell
from hub.verbs.office import Office, add_actions, add_common, opened
from station.milliseconds import ms_of
from station.parser import Parser, as_sentence

SHOWN: Final = 20
_ACTIONS: Final = {
    "rotate": (
        "make another site key, and give it to every kiosk; the old one holds until `finish`",
        "zaigang-hub key rotate --why '终端被盗'",
    ),
    "status": (
        "show how far it is: which kiosks have the new key, which cards have a name under it",
        "zaigang-hub key status --all",
    ),
    "finish": (
        "let the new key hold and kiosks forget the old one; says which cards are left without a name",
        "zaigang-hub key finish --dry-run",
    ),
}
EXAMPLE: Final = _ACTIONS["rotate"][1]


def add_arguments(parser: Parser) -> None:
    """Say what the command takes."""
    actions = add_actions(parser)
    for name, (summary, example) in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=as_sentence(summary, name), example=example)
        if name == "finish":
            action.add_argument("--anyway", action="store_true", help="also where kiosks or cards are left behind")
        if name != "rotate":
            action.add_argument("--all", action="store_true", help=f"name all cards, not the first {SHOWN}")
        if name == "status":
            add_config(action)
        else:
            add_common(action)


def run(args: argparse.Namespace) -> int:
    """Do it, and say what came of it."""
    return {"rotate": _rotate, "status": _status, "finish": _finish}[args.action](args)


def _status(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        _show(_look(office), office, everything=args.all)
        _show_trouble(office)
    return 0


def _rotate(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        view = _look(office)
        alone = [kiosk.id for kiosk in view.kiosks if not kiosk.has_certificate]
        if alone:
            _say(say("without a certificate, and so without the new key: {names}", names=alone))
        if args.dry_run:
            _say(
                say(
                    "{count} {count:kiosk|kiosks} would get another key; dry run: nothing was written",
                    count=len(view.kiosks),
                )
            )
            return 0
        by, now_ms = system_user(), ms_of(office.now)
        with changing(office.engine) as connection:
            mark = begin(connection, Cabinet(office.config.data_dir), by=by, why=args.why, now_ms=now_ms)
    _say(
        say(
            "the key {mark} goes to {count} {count:kiosk|kiosks} now, the old one holds",
            mark=mark,
            count=len(view.kiosks),
        )
    )
    _say(say("next: keep a copy of site-next.key with your backups; zaigang-hub key status"))
    return 0


def _finish(args: argparse.Namespace) -> int:
    with opened(args.config) as office:
        _show(_look(office), office, everything=args.all)
        if args.dry_run:
            _say(as_said("dry run: nothing was written"))
            return 0
        cabinet, by, now_ms = Cabinet(office.config.data_dir), system_user(), ms_of(office.now)
        with changing(office.engine) as connection:
            mark = finish(connection, cabinet, by=by, why=args.why, now_ms=now_ms, anyway=args.anyway)
    _say(say("the key {mark} holds now; keep a copy of site.key and site-retired.keys with your backups", mark=mark))
    return 0


def _show_trouble(office: Office) -> None:
    with snapshot(office.engine) as connection:
        trouble = out_of_step(connection, office.config.data_dir)
    if trouble is not None:
        _say(trouble)


def _look(office: Office) -> KeyView:
    with snapshot(office.engine) as connection:
        return view_keys(connection, Cabinet(office.config.data_dir))


def _show(view: KeyView, office: Office, *, everything: bool) -> None:
    state = view.state
    if state.coming and state.began_ms is not None:
        began, until = _day(state.began_ms, office), _day(state.began_ms + LASTS // timedelta(milliseconds=1), office)
        days = {"began": began, "until": until}
        _say(say("under way since {began}, key {mark}; 90 days are over on {until}", mark=state.coming, **days))
    elif state.mark:
        _say(say("finished on {day}, key {mark}", day=_day(state.finished_ms, office), mark=state.mark))
    else:
        _say(say("the city has its first key; zaigang-hub key rotate makes another"))
        return
    have = len(view.kiosks) - len(view.lacking)
    _say(say("kiosks with the new key: {have} of {count}", have=have, count=len(view.kiosks)))
    for kiosk in view.lacking:
        _say(say("  {kiosk} at {station}: {why}", kiosk=kiosk.id, station=kiosk.station, why=_why(kiosk)))
    count = view.named + len(view.unnamed)
    _say(say("cards with a name under it: {named} of {count}", named=view.named, count=count))
    _show_unnamed(view, len(view.unnamed) if everything else SHOWN)


def _show_unnamed(view: KeyView, most: int) -> None:
    for card in view.unnamed[:most]:
        _say(say("  {card} of {person}", card=card.card, person=card.person))
    if len(view.unnamed) > most:
        _say(say("  and {count} more; --all shows them", count=len(view.unnamed) - most))
    if view.unnamed:
        _say(say("these get it by a tap, or all at once by importing the list of cards again"))
    if view.doubted:
        _say(
            say(
                "{count} {count:name is|names are} in doubt: two things were said "
                "of {count:it|them}; import the cards again",
                count=view.doubted,
            )
        )


def _why(kiosk: KioskKey) -> Said:
    if not kiosk.has_certificate:
        return say("no certificate")
    return say("it has not come yet") if kiosk.was_heard else say("never heard")


def _day(ms: int, office: Office) -> str:
    return f"{office.local(ms):%Y-%m-%d}"


def _say(said: Said) -> None:
    sys.stdout.write(f"{tell(said, is_chinese=is_chinese(os.environ))}\n")
