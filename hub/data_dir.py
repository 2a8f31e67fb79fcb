"""The directory of the hub's own files, made where it is missing, its owner's alone: the names of volunteers lie there.

What stands in it is for `site_key` and `database` to say.
"""

from pathlib import Path

from hub.errors import HubError


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
        raise DataDirError(f"{in_the_way} is a file; wanted is a directory, for data_dir") from exc
    except OSError as exc:
        raise DataDirError(f"the directory {path} cannot be made: {exc.strerror}; another data_dir?") from exc
