"""Files out of a form (multipart/form-data, RFC 7578), read with a bound, to where an import reads them."""

import re
import shutil
import time
import weakref
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from starlette.exceptions import HTTPException
from starlette.requests import Request

from hub.importing.budget import MAX_FILE_BYTES
from hub.web.kit.forms import body_of

MOST_FILES = 8
MOST_WAITING = 8
MOST_OF_ONE = 3  # tabs in which somebody compares
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


@dataclass(slots=True, eq=False)
class Waiting:
    """Files that were looked at and wait for somebody to say yes: `key` says to which, in a page of each."""

    session: str
    folder: Path
    paths: list[Path]
    since_s: float = field(default_factory=time.monotonic)
    mark: str = ""
    """Of what somebody was shown that they would overwrite."""
    is_offered: bool = False
    """They were looked at to the end, and found good."""

    @property
    def key(self) -> str:
        """By which the page that shows them names them."""
        return self.folder.name


class WaitingRoom:
    """What waits, each look by itself; bounded, forgotten after a while, and gone with the hub.

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

    def keep(self, session: str, files: list[tuple[str, bytes]]) -> Waiting:
        """Keep files for a session; where it has several already, the oldest of them go."""
        own = [one for one in self._waiting.values() if one.session == session]
        for old in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            self.forget(old)
        while len(self._waiting) >= MOST_WAITING:
            self.forget(next(iter(self._waiting.values())))
        waiting = Waiting(session, Path(mkdtemp(dir=self._root)), [])
        for number, (name, content) in enumerate(files):
            folder = waiting.folder / str(number)  # two files may have one name
            folder.mkdir()
            (folder / name).write_bytes(content)
            waiting.paths.append(folder / name)
        self._waiting[waiting.key] = waiting
        return waiting

    def take(self, session: str, key: str) -> Waiting | None:
        """Take out what waits under that key, once; None where nothing does, or it waited too long."""
        waiting = self._waiting.get(key)
        if waiting is None or waiting.session != session or not waiting.is_offered:
            return None
        if time.monotonic() - waiting.since_s >= WAITS_S:
            return None
        return self._waiting.pop(key)

    def put_back(self, waiting: Waiting) -> None:
        """Let what was taken out wait on: it has to be looked at once more."""
        self._waiting[waiting.key] = waiting

    def forget_old(self) -> None:
        """Throw away what waited too long: people's names stand in it."""
        for waiting in list(self._waiting.values()):
            if time.monotonic() - waiting.since_s >= THROWN_AWAY_S:
                self.forget(waiting)

    def forget(self, waiting: Waiting) -> None:
        """Throw these files away."""
        self._waiting.pop(waiting.key, None)
        shutil.rmtree(waiting.folder, ignore_errors=True)
