"""The directory of the hub's own files, made where it is missing, its owner's alone: the names of volunteers lie there.

What stands in it is for `site_key` and `database` to say.
"""

import os
import pwd
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from hub.errors import HubError
from hub.saying import as_said, say

_OTHERS: Final = 0o077
_DATABASE: Final = "zaigang.sqlite"
_TELLING: Final = frozenset({_DATABASE, "site.key"})
_OURS: Final = _TELLING | {"telephone.key", "ca", "broker", "broker.password", "waiting-imports", "prepared"}

OWN_USERS_TO_READ: Final = "a file that the hub's own user may read: copy it to /tmp, say"


class DataDirError(HubError):
    """The directory cannot be had; the text says why."""


def make_data_dir(path: Path) -> None:
    """Make sure that the directory is there.

    Raises:
        DataDirError: it is not, and cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as exc:
        in_the_way = next(above for above in (path, *path.parents) if above.exists())
        raise DataDirError(
            say("{in_the_way} is a file; wanted is a directory, for data_dir", in_the_way=in_the_way)
        ) from exc
    except OSError as exc:
        raise DataDirError(
            say(
                "the directory {path} cannot be made: {why}; another data_dir?",
                path=path,
                why=as_said(exc.strerror or str(exc)),
            )
        ) from exc
    _close_to_others(path)


def _close_to_others(path: Path) -> None:
    """Take from others what they may in a directory that was there before, if it is the hub's alone: /tmp is not."""
    with suppress(OSError):  # another owner's, or a file system without modes
        found = path.stat()
        names = {entry.name for entry in path.iterdir()}
        is_ours = all(name in _OURS or name.startswith(_DATABASE) for name in names)
        if is_ours and names & _TELLING and found.st_mode & _OTHERS and found.st_uid == os.geteuid():
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)


def refuse_root(path: Path, *, beside: str) -> None:
    """See that root makes no files which the hub's own user cannot open afterwards.

    Args:
        path: the data directory; what is not there yet may be anybody's.
        beside: the file that tells whose the hub's files are, where it is there.

    Raises:
        DataDirError: root is at work, and the hub is another user.
    """
    if os.geteuid() != 0:
        return
    found = next((each for each in (path / beside, path) if each.exists()), None)
    owner = 0 if found is None else found.stat().st_uid
    if owner != 0:
        user = str(owner)
        with suppress(KeyError):
            user = pwd.getpwuid(owner).pw_name
        wanted = say("run it as the hub's own user: sudo -u {user} zaigang-hub ...", user=user)
        raise DataDirError(
            say(
                "{path} belongs to {user}, and what root makes there that user could not open; {wanted}",
                path=path,
                user=user,
                wanted=wanted,
            )
        )


def refuse_stranger(path: Path) -> None:
    """See that who types a command may look into the data directory; what is not there yet may be anybody's.

    Raises:
        DataDirError: it is another user's alone.
    """
    try:
        owner = path.stat().st_uid
    except (FileNotFoundError, NotADirectoryError):
        return
    except PermissionError:  # one above it is closed already
        owner = 0
    if not os.access(path, os.R_OK | os.X_OK):
        user = str(owner)
        with suppress(KeyError):
            user = pwd.getpwuid(owner).pw_name
        found = "{path} belongs to {user}, and this user may not look into it; wanted is root: sudo zaigang-hub ..."
        raise DataDirError(say(found, path=path, user=user))
