"""Hatchling's hook: before a wheel is made, editable ones too, fetch what the pages load.

`hub/web/assets.py` does the work; it is loaded by its path, because the package is not installed yet.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FetchAssets(BuildHookInterface[Any]):
    """Fills hub/web/static/vendor and hub/web/swagger."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  the interface's signature
        """Fetch before files are gathered."""
        root = Path(self.root)
        assets = _load(root / "hub" / "web" / "assets.py")
        assets.fetch(root, root / "hub" / "web" / "static" / "vendor", assets.PAGES)
        assets.fetch(root, root / "hub" / "web" / "swagger", assets.API_DOCS)


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("zaigang_assets", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
