"""Pages' templates compiled once a process, however many hubs the tests start; a hub compiles them once a start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, Environment

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket


class CompiledOnce(BytecodeCache):
    """Keeps code by template, its text, and what compiling may bring into it: a language's words and a zone."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, ...], CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """As Jinja's, and known by language and zone."""
        spoken = str(environment.globals["language"]), str(environment.globals["zone"])
        return super().get_bucket(environment, f"{name} {spoken}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code
