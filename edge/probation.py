"""The command `config`: all settings that the hub wants, on probation, and taken back by the kiosk itself.

They are tried from the next start on, which follows at once. Held are they when every reader answers and the hub has
settled within ten minutes; else, and after whatever else ends that agent, the kiosk begins anew with those before.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge.commands import Doer, Order
from edge.errors import plain
from edge.kept_settings import KeptSettings, RemoteSettings
from station.errors import ConfigError
from station.names import MAX_SEQ
from station.records import ReaderState
from station.remote_settings import SettingsTable

_log = logging.getLogger(__name__)
NAME: Final = "config"
LASTS_S: Final = 600.0  # on the kiosk's clock
TAKEN_BACK: Final = "taken back: the agent or the power ended before they proved themselves"


@dataclass(slots=True)
class Probation:
    """Watches a trial. Calls come from the network's thread.

    Args:
        kept: the files.
        reader: the worst of the readers now.
        is_heard: whether the hub has answered this agent.
        begin_anew: asks for another start.
        lasts_s: in real seconds.
    """

    kept: KeptSettings
    reader: Callable[[], ReaderState]
    is_heard: Callable[[], bool]
    begin_anew: Callable[[], None]
    lasts_s: float
    order: Order | None = None
    _began_s: float | None = None
    _has_read: bool = False
    _has_heard: bool = False
    _is_on: bool = field(init=False)

    def __post_init__(self) -> None:
        trial = self.kept.trial()
        self._is_on = trial is not None and trial.is_begun

    @property
    def is_on(self) -> bool:
        """Whether this agent works by settings on trial."""
        return self._is_on

    @property
    def held(self) -> int:
        """The version that is held; 0 for the kiosk's own file alone."""
        held = self.kept.held()
        return 0 if held is None else held.version

    def watch(self, now_s: float) -> None:
        """Hold them, or take them back, where it is time; call it about every second."""
        if not self._is_on:
            return
        self._began_s = now_s if self._began_s is None else self._began_s
        self._has_read = self._has_read or self.reader() is ReaderState.UP
        self._has_heard = self._has_heard or self.is_heard()
        if self._has_read and self._has_heard:
            self._hold()
        elif now_s - self._began_s >= self.lasts_s:
            missing = "the hub did not answer" if self._has_read else "a reader did not answer"
            self._take_back(f"taken back: {missing} within {LASTS_S / 60:g} minutes")

    def _hold(self) -> None:
        try:
            self.kept.hold_trial()
        except OSError as exc:
            _log.warning("settings on trial cannot be held yet: %s", plain(exc))
            return
        self._is_on = False
        _log.info("settings that the hub wants have proved themselves, and are held")
        if self.order is not None:
            self.order.done()

    def _take_back(self, why: str) -> None:
        self._is_on = False
        _log.warning("settings that the hub wants are %s", why)
        self.kept.drop_trial()
        if self.order is not None:
            self.order.refuse(why)
        self.begin_anew()


class Configure(Doer):
    """Takes what the hub wants, and reports what becomes of it.

    Args:
        probation: the trial.
        check: raises `ConfigError` where an agent could not begin by such settings.
    """

    def __init__(self, probation: Probation, check: Callable[[SettingsTable], None]) -> None:
        self._probation, self._check = probation, check

    def begin(self, order: Order) -> None:
        """They are tried from the next start on."""
        version = order.args.get("version", "")
        if not (version.isascii() and version.isdecimal() and 0 < int(version[:20]) <= MAX_SEQ):
            order.refuse(f"version {version[:20]!r}; wanted is a number from 1 on")
            return
        if self._probation.is_on:
            order.refuse("others are on trial; ask again when they are held or taken back")
            return
        wanted = RemoteSettings(int(version), order.args.get("settings", ""), order.id)
        try:
            self._check(wanted.table())
            self._probation.kept.try_next(wanted)
        except ConfigError as exc:
            order.refuse(str(exc))
        except OSError as exc:
            order.refuse(plain(exc))
        else:
            self._probation.begin_anew()

    def resume(self, order: Order) -> None:
        """The agent that was to try them, or one after it, has begun."""
        trial, held = self._probation.kept.trial(), self._probation.kept.held()
        if trial is not None and trial.command == order.id:
            self._probation.order = order
            if not trial.is_begun:  # the power failed before any agent could
                self._probation.begin_anew()
        elif held is not None and held.command == order.id:
            order.done()
        else:
            order.refuse(TAKEN_BACK)
