"""What SQLAlchemy made of statements, kept for the process, however often a world's hubs open their databases.

An engine keeps it for itself alone, and a hub that is killed and starts anew would put all its statements into words
again. Here it is asked for by the kind of dialect, not by an engine's own: all else alike, so are the words.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy.util import LRUCache

MOST: Final = 4000  # several times what a hub has to say


class CompiledOnce(LRUCache[Any, Any]):
    """For an engine's option `compiled_cache`."""

    def __init__(self) -> None:
        super().__init__(MOST)

    def get(self, key: Any, default: Any = None) -> Any:
        """What was kept by any engine of the same dialect."""
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


@cache
def compiled_here() -> CompiledOnce:
    """That of this process."""
    return CompiledOnce()
