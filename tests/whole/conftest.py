"""The browser that the pages' tests drive, for the whole way too; and a town in which things go wrong."""

import pytest

from tests.hub.pages.conftest import chromium, onlooker
from tests.statements import compiled_once
from tests.whole.town_in_trouble import town_in_trouble

__all__ = ["chromium", "onlooker"]


@pytest.fixture(scope="session", autouse=True)
def _compile_statements_once():
    """Each hub that a test starts would else compile all of them anew."""
    with compiled_once():
        yield


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """One for all tests that ask; each takes a station of its own."""
    with town_in_trouble(tmp_path_factory.mktemp("town")) as running:
        yield running


@pytest.fixture
def post_at(town):
    """Makes a started kiosk at the city's station in that place, and takes it away in the end."""
    made = []

    def make(place, *, broker_port=None, kiosk="", data_dir=None):
        post = town.post(place, broker_port, kiosk)
        made.append(post)
        post.data_dir = data_dir or post.data_dir
        post.start()
        return post

    yield make
    for post in made:
        post.close()
