"""A file that the hub's own user may not read, as a command names it."""

from pathlib import Path

import pytest

from hub.verbs.finding import read_text
from hub.verbs.office import NamedNothingError


def test_a_file_that_only_somebody_else_may_read_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root's commands run as the hub's user, who may not look into /root; it said 没有权限 and no more."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(
        NamedNothingError, match=r"robot.txt may not be read; wanted is a file that the hub's own user may"
    ):
        read_text(tmp_path / "robot.txt")
