"""Waiting for machines that share this one with each other and with other work.

A wait that is long costs nothing where what is waited for comes; how long it took says nothing of the product.
"""

from collections.abc import Callable

from tests import patience

PATIENCE_S = 400.0
UP_WITHIN_S = 900.0  # a machine, also one that is emulated
TEST_S = 1500.0  # several such waits; what hangs ends all the same


def eventually(is_so: Callable[[], object], within_s: float = PATIENCE_S) -> bool:
    """Wait until something is so; False where it is not in time."""
    return patience.eventually(is_so, within_s)
