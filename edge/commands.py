"""What the hub may ask a kiosk to do, once: a repeated or expired command has no effect.

Today there is nothing that it may; whatever comes is answered, so that an operator sees why nothing happened.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from station.wire.messages import Command, Reply

_REMEMBERED: Final = 200
Doer = Callable[[Mapping[str, str]], str]


class Commands:
    """Obeys commands by name; a doer gets the arguments and returns what to answer."""

    def __init__(self, doers: Mapping[str, Doer] | None = None) -> None:
        self._doers = doers or {}
        self._answered: OrderedDict[str, Reply] = OrderedDict()

    def obey(self, command: Command, at: datetime) -> Reply:
        """Do what is asked, unless that was done or is too late; tells what came of it."""
        known = self._answered.get(command.id)
        if known is not None:
            return known
        reply = self._do(command, at)
        self._answered[command.id] = reply
        while len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        return reply

    def _do(self, command: Command, at: datetime) -> Reply:
        if at > command.expires_at:
            return Reply(command.id, ok=False, text="expired")
        doer = self._doers.get(command.name)
        if doer is None:
            return Reply(command.id, ok=False, text=f"unknown command {command.name:.40}")
        return Reply(command.id, ok=True, text=doer(command.args))
