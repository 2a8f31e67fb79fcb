"""What agent and updater say to each other, by small files in the agent's own directory.

The agent is nobody's master here: whatever lies in that directory, root opens nothing of it but to read, and that no
link, no pipe and little of it, and gives it nothing but a file that was not there before. A link that it might have put
there is replaced, never followed.
"""

import errno
import json
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.installing.commands import USER, NotDone
from deploy.installing.files import sync
from deploy.kiosk.installer import machine

DATA: Final = Path(machine.HOME)
WISH: Final = DATA / "update-wanted"  # the agent's: it may ask for nothing else
RESULT: Final = DATA / "update-result.json"
WELL: Final = DATA / "well.json"
MOST_BYTES: Final = 64 << 10  # of what the agent says


class NotNow(NotDone):
    """Nothing that the version is to blame for: the hub may ask again."""


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What came of a wish.

    Attributes:
        order: whose wish it was; None where an agent of before said nothing of that, empty where nobody wished.
        version: that was tried.
        not_now: it may be asked again.
    """

    order: str | None
    version: str
    text: str
    ok: bool = False
    not_now: bool = False


def wished_by() -> str | None:
    """The order that the agent wishes an update for; as `UpdateResult.order`."""
    if not os.path.lexists(WISH):
        return ""
    said = _said(WISH).get("order")
    return said if isinstance(said, str) else None


def wished_version() -> str:
    """The version that the agent wishes for; empty where it did not say."""
    said = _said(WISH).get("version")
    return said if isinstance(said, str) else ""


def forget_wish(order: str | None) -> None:
    """It was seen to; one that came since has its turn next.

    Raises:
        OSError: it cannot be.
    """
    if wished_by() != order:
        return
    if WISH.is_dir() and not WISH.is_symlink():  # no wish, and its unit would be started over it for ever
        shutil.rmtree(WISH)
    WISH.unlink(missing_ok=True)


def how_it_is() -> dict[str, object]:
    """What the agent wrote of itself."""
    return _said(WELL)


def _said(path: Path) -> dict[str, object]:
    try:
        said = json.loads(read_theirs(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def read_theirs(path: Path) -> bytes:
    """What lies in a directory of the agent's.

    Raises:
        OSError: it is no plain file, or a large one.
    """
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as file:
        content = file.read(MOST_BYTES + 1) if stat.S_ISREG(os.fstat(fd).st_mode) else b""
    if not content or len(content) > MOST_BYTES:
        raise OSError(errno.EINVAL, "no file of a kiosk's agent", str(path))
    return content


def tell(result: UpdateResult) -> None:
    """Let the agent say to the hub what came of it.

    Raises:
        OSError: the disk does not take it.
    """
    said = {"version": result.version, "ok": result.ok, "text": result.text, "not_now": result.not_now}
    if result.order is not None:
        said["order"] = result.order
    hand_over(RESULT, json.dumps(said).encode())


def hand_over(path: Path, content: bytes) -> None:
    """Write a file that belongs to the agent's user, into a directory that it owns."""
    part = path.with_name(f".{path.name}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        with suppress(LookupError):  # there is no such user: nobody's agent then
            shutil.chown(fd, USER)
        os.fsync(fd)
    part.replace(path)
    sync(path.parent)
