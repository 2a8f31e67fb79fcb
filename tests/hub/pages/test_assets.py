"""What pages load is fetched by npm for a lock, once, and a failure says what npm said."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hub.web import assets

WANTED = {"tool/dist/tool.min.js": "tool.js"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for file in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / file).write_text("{}", encoding="utf-8")
    return tmp_path


def put_npm(folder: Path, script: str) -> Path:
    """Put a stand-in for npm where it is found first; it notes each run beside itself."""
    folder.mkdir(exist_ok=True)
    npm = folder / "npm"
    npm.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/runs"\n{script}\n', encoding="utf-8")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    return folder


def test_files_are_copied_once_for_a_lock(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "mkdir -p node_modules/tool/dist && echo 'tool()' > node_modules/tool/dist/tool.min.js"
    tools = put_npm(project / "bin", script)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    vendor = project / "vendor"

    assets.fetch(project, vendor, WANTED)
    assets.fetch(project, vendor, WANTED)

    assert (vendor / "tool.js").read_text(encoding="utf-8") == "tool()\n"
    assert len((tools / "runs").read_text(encoding="utf-8").splitlines()) == 1

    (project / "package-lock.json").write_text('{"newer": 1}', encoding="utf-8")
    assets.fetch(project, vendor, WANTED)

    assert len((tools / "runs").read_text(encoding="utf-8").splitlines()) == 2


def test_scripts_of_packages_are_never_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = put_npm(project / "bin", "exit 1")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")

    with pytest.raises(assets.AssetsError):
        assets.fetch(project, project / "vendor", WANTED)

    assert "--ignore-scripts" in (tools / "runs").read_text(encoding="utf-8")


def test_what_npm_said_reaches_the_person(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = put_npm(project / "bin", "echo 'no space left on device' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")

    with pytest.raises(assets.AssetsError, match="no space left on device"):
        assets.fetch(project, project / "vendor", WANTED)


def test_a_package_without_the_file_stops_the_build(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = put_npm(project / "bin", "mkdir -p node_modules/tool")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")

    with pytest.raises(assets.AssetsError, match=r"tool\.min\.js"):
        assets.fetch(project, project / "vendor", WANTED)

    assert not (project / "vendor" / assets.STAMP).exists()
