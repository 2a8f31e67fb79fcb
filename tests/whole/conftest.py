"""The browser that the pages' tests drive, for the whole way too."""

from tests.hub.pages.conftest import chromium, onlooker

__all__ = ["chromium", "onlooker"]
