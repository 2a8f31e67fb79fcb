"""What agent and updater say to each other, by small files in the agent's own directory.

The agent is nobody's master here: whatever lies in that directory, root opens nothing of it but to read, and gives it
nothing but a file that was not there before. A link that it might have put there is replaced, never followed.
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.installing.commands import USER, Refusal
from deploy.installing.files import sync
from deploy.kiosk.installer import machine

DATA: Final = Path(machine.HOME)
WISH: Final = DATA / "update-wanted"  # the agent's: it may ask for nothing else
RESULT: Final = DATA / "update-result.json"
WELL: Final = DATA / "well.json"


class NotNow(Refusal):
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
    try:
        said = json.loads(WISH.read_bytes())["order"]
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if isinstance(said, str) else None


def how_it_is() -> dict[str, object]:
    """What the agent wrote of itself."""
    try:
        said = json.loads(WELL.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


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
