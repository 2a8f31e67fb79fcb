"""The README's way to try it by hand, walked as it stands: its settings, its commands, its card."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.patience import eventually
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PLACE = "/tmp/zaigang"
PATH = "/dev/pts/7"


class Walker:
    """Somebody who follows a page to the letter, but for where things lie and on which ports."""

    def __init__(self, page: str, folder: Path) -> None:
        text = (ROOT / page).read_text(encoding="utf-8")
        text = text[text.rindex("```toml", 0, text.index(PLACE)) :]
        self._hub, self._edge = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[:2]
        self.folder = folder
        ports = {"ZAIGANG_HUB_BROKER__PORT": free_port(), "ZAIGANG_HUB_HTTP__PORT": free_port()}
        ports["ZAIGANG_EDGE_BROKER__PORT"] = ports["ZAIGANG_HUB_BROKER__PORT"]
        bin_folder = Path(sys.executable).parent
        self.environ = {
            **os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "LANG": "C.UTF-8",
            **{name: str(port) for name, port in ports.items()},
        }  # fmt: skip
        self._lines = [line.partition("  #")[0].strip() for line in text.splitlines() if line.startswith("zaigang-")]
        self._write("hub.toml", self._hub)

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text.replace(PLACE, str(self.folder / "zaigang")), encoding="utf-8")

    def write_kiosk(self, reader: str) -> None:
        self._write("edge.toml", self._edge.replace(PATH, reader))

    def line(self, beginning: str) -> str:
        """What is to be typed; files of the tree are named from elsewhere."""
        (found,) = (line for line in self._lines if line.startswith(beginning))
        return found.replace("hub/importing", f"{ROOT}/hub/importing")

    def run(self, beginning: str) -> str:
        done = subprocess.run(
            self.line(beginning), shell=True, cwd=self.folder, env=self.environ, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, beginning: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """A command that goes on, with what it says."""
        said = self.folder / f"{beginning.replace(' ', '-')}.log"
        with said.open("wb") as stream:
            process = subprocess.Popen(
                f"exec {self.line(beginning)}", shell=True, cwd=self.folder, env=self.environ,
                stdin=subprocess.PIPE, stdout=stream, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            yield process, said
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.mark.broker
@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_a_newcomer_gets_from_the_readme_to_a_card_at_the_hub(page: str, tmp_path: Path) -> None:
    walker = Walker(page, tmp_path)

    assert " 0 changed" in walker.run("zaigang-hub import")
    with (
        walker.running("zaigang-hub serve") as (_, hub_said),
        walker.running("zaigang-sim reader") as (reader, path),
    ):
        assert eventually(lambda: "the board is at" in hub_said.read_text())
        assert eventually(lambda: path.read_text().startswith("/dev/"))
        walker.write_kiosk(path.read_text().split()[0])
        assert "sound" in walker.run("zaigang-edge check")
        assert "WRONG" not in walker.run("zaigang-edge doctor")
        with walker.running("zaigang-edge run") as (_, said):
            assert eventually(lambda: "is up" in said.read_text())
            card = re.search(
                r"put ntag213 \w+", (ROOT / page).read_text(encoding="utf-8").partition("zaigang-sim reader  ")[2]
            )
            assert card is not None
            reader.stdin.write(f"{card[0]}\n".encode())
            reader.stdin.flush()
            assert eventually(lambda: "[arrived]" in said.read_text())
        assert eventually(lambda: "1 stint" in walker.run("zaigang-hub rebuild"))
