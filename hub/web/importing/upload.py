"""Files out of a form (multipart/form-data, RFC 7578), read with a bound, to where an import reads them."""

from __future__ import annotations

import re
import shutil
import time
import weakref
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from hub.importing.budget import MAX_FILE_BYTES
from hub.web.kit.forms import body_of

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_FILES = 8
MOST_WAITING = 8
WAITS_S = 15 * 60.0
THROWN_AWAY_S = WAITS_S + 60.0  # who said yes in the last second has them read meanwhile
_BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^";]{1,70})"?')
_FILE_NAME = re.compile(rb'\bfilename="([^"]*)"')


async def files_of(request: Request) -> list[tuple[str, bytes]]:
    """Return the files that a form sent: name without folders, content.

    Raises:
        HTTPException: there is more than any import takes, or it is no such form.
    """
    boundary = _BOUNDARY.match(request.headers.get("content-type", ""))
    if boundary is None:
        raise HTTPException(400, "this is no form with files")
    body = await body_of(request, MAX_FILE_BYTES + (1 << 16))
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]
    found = [file for part in parts if (file := _file_in(part)) is not None]
    if len(found) > MOST_FILES:
        raise HTTPException(413, f"more than {MOST_FILES} files")
    return found


def _file_in(part: bytes) -> tuple[str, bytes] | None:
    head, _, content = part.partition(b"\r\n\r\n")
    named = _FILE_NAME.search(head)
    if named is None or not named[1]:
        return None
    name = named[1].decode(errors="replace").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in name if sign.isprintable())[-50:].lstrip(".") or "sheet", content


@dataclass(slots=True)
class Waiting:
    """Files that were looked at and wait for somebody to say yes."""

    folder: Path
    paths: list[Path]
    since_s: float = field(default_factory=time.monotonic)
    is_offered: bool = False
    """They were looked at to the end, and found good."""


class WaitingRoom:
    """What waits, by session; bounded, forgotten after a while, and gone with the hub.

    Args:
        folder: the hub's own, where what a killed hub left behind is thrown away; None for one of the system's.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = folder or Path(mkdtemp(prefix="zaigang-import-"))
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()
        weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)

    def keep(self, session: str, files: list[tuple[str, bytes]]) -> list[Path]:
        """Keep files for a session, instead of those it has."""
        self.forget(session)
        while len(self._waiting) >= MOST_WAITING:
            self.forget(next(iter(self._waiting)))
        waiting = Waiting(Path(mkdtemp(dir=self._root)), [])
        for number, (name, content) in enumerate(files):
            folder = waiting.folder / str(number)  # two files may have one name
            folder.mkdir()
            (folder / name).write_bytes(content)
            waiting.paths.append(folder / name)
        self._waiting[session] = waiting
        return waiting.paths

    def paths(self, session: str) -> list[Path]:
        """Return what waits for a session; nothing where it waited too long."""
        waiting = self._waiting.get(session)
        return waiting.paths if waiting and waiting.is_offered and time.monotonic() - waiting.since_s < WAITS_S else []

    def offer(self, session: str, paths: list[Path]) -> None:
        """Let somebody say yes to these files, where no others were sent meanwhile."""
        waiting = self._waiting.get(session)
        if waiting is not None and waiting.paths == paths:
            waiting.is_offered = True

    def forget_old(self) -> None:
        """Throw away what waited too long: people's names stand in it."""
        old = [one for one, waiting in self._waiting.items() if time.monotonic() - waiting.since_s >= THROWN_AWAY_S]
        for session in old:
            self.forget(session)

    def forget(self, session: str) -> None:
        """Throw away what waits for a session."""
        waiting = self._waiting.pop(session, None)
        if waiting is not None:
            shutil.rmtree(waiting.folder, ignore_errors=True)
