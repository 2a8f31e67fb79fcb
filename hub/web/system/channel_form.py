"""A form of a channel: which channels and places somebody may name in it, what it asks for, what is wrong with it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from hub.accounts.asker import Who
from hub.alarms.addresses import AddressError, SoundAddress, understand
from hub.alarms.answers import LastAnswer, read_answers
from hub.alarms.routes import KnownChannel, read_routes
from hub.alarms.veiling import is_this_machine
from hub.rights import Reach, Right
from hub.saying import tell
from hub.typed import cells
from hub.web.desk.meanwhile import mark_of_shown
from hub.web.desk.reading import Typed
from hub.web.kit.frame import Kit
from hub.web.kit.language import Language
from hub.web.system import channel_words as words
from hub.web.system import words as system_words
from hub.web.system.places import Places


class ChannelsSeen:
    """The channels within somebody's own reach."""

    def __init__(self, connection: Connection, who: Who, *, most: int = 0) -> None:
        self._who = who
        self._places = Places(connection)
        every = read_routes(connection).channels
        self.channels = [one for one in every if self.has(one.reach)]
        self.answers: dict[str, Sequence[LastAnswer]] = dict(read_answers(connection, most)) if most else {}

    def has(self, reach: Reach) -> bool:
        """Whether what is told of these stations is theirs to look after."""
        return self._who.may(Right.USERS, self._places.thing(reach) or reach)

    def named(self, name: str) -> KnownChannel | None:
        """One of them."""
        return next((one for one in self.channels if one.name == name), None)

    def meant(self, station: str) -> str:
        """The code of what is called so, where it is one station of theirs."""
        return self._places.station(self._who, station)

    def districts(self) -> list[tuple[str, str]]:
        """Those that somebody may choose."""
        return self._places.districts(self._who)

    def faults(self, reach: Reach, kit: Kit) -> dict[str, str]:
        """What is wrong with where a channel is to hold; another's station is told like one that is not there."""
        is_there = self._places.thing(reach) is not None
        if is_there and self.has(reach):
            return {}
        if reach.station or not is_there:
            return {self._places.lacking(reach): kit.gettext(system_words.NO_PLACE)}
        return {"district": kit.gettext(words.NOT_WHOLE_CITY)}


class AskedChannel(NamedTuple):
    """A form of a channel as it was typed."""

    reach: Reach
    tells_short: bool
    told: SoundAddress | None
    """None where the address is left as it is."""


def as_typed(channel: KnownChannel | None) -> dict[str, str]:
    """What stands in the form of one."""
    if channel is None:
        return {}
    reach = channel.reach
    short = "1" if channel.tells_short else ""
    return {"district": reach.district, "kind": reach.kind, "station": reach.station, "short": short}


def mark_of_channel(channel: KnownChannel | None, address: str) -> str:
    """Of all that its page shows of one; of its address which one it is."""
    return mark_of_shown(as_typed(channel), address)


def read_channel(typed: Typed, seen: ChannelsSeen, *, is_new: bool) -> AskedChannel:
    """What a form asks for; what is wrong with it stands in it then."""
    form, kit, told = typed.form, typed.kit, None
    station = seen.meant(form.text("station"))
    reach = Reach(station=station) if station else Reach(form.text("district"), form.text("kind"))
    typed.wrong.update(seen.faults(reach, kit))
    address, secret, mobiles = form.text("address"), form.text("secret"), tuple(cells.parts(form.text("mobiles")))
    if address:
        try:
            told = understand(address, secret, mobiles)
        except AddressError as exc:
            typed.wrong[exc.field] = tell(exc.said, is_chinese=kit.language is Language.ZH)
        else:
            if is_this_machine(told):
                typed.wrong["address"] = kit.gettext(words.ONES_OWN)
    elif is_new or secret or mobiles:
        typed.wrong["address"] = kit.gettext(words.NO_ADDRESS if is_new else words.ADDRESS_TOO)
    return AskedChannel(reach, bool(form.text("short")), told)
