"""The ledger of either database, as its own tests have it."""

from tests.hub.ledger.conftest import either_database

__all__ = ["either_database"]
