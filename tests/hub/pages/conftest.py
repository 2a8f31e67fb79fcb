"""A headless Chromium that fetches nothing by itself, and a hub with a fake board for it to look at."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service

from hub.web import assets
from tests.hub.pages.board_source import FakeBoardSource
from tests.hub.pages.hub_under_test import HubUnderTest
from tests.hub.pages.onlooker import Onlooker

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[3]
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container has 64 MB of it, and a page that needs more crashes
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--window-size=1366,768",
)


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI must not pass without it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        missing("chromium and chromedriver are not installed")
    chrome = start(browser, driver, tmp_path_factory)
    chrome.set_script_timeout(120)
    yield chrome
    chrome.quit()


def start(browser: str, driver: str, folders: pytest.TempPathFactory) -> webdriver.Chrome:
    """Start it; again where it does not come up in Selenium's half minute, which a busy machine may need."""
    for tries_left in (2, 1, 0):
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*QUIET, f"--user-data-dir={folders.mktemp('chromium')}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN,zh,en"})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        try:
            return webdriver.Chrome(options=options, service=Service(driver))
        except WebDriverException:
            if not tries_left:
                raise
    raise AssertionError


@pytest.fixture
def onlooker(chromium: webdriver.Chrome) -> Iterator[Onlooker]:
    onlooker = Onlooker(chromium)
    onlooker.start_afresh()
    yield onlooker
    complaints = onlooker.complaints()
    onlooker.leave()
    assert not complaints


@pytest.fixture
def hub() -> Iterator[HubUnderTest]:
    with HubUnderTest(FakeBoardSource()) as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    vendor = PROJECT / "build" / "tests-vendor"
    vendor.parent.mkdir(exist_ok=True)
    with vendor.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # every test process has this fixture, and they share the folder
        try:
            assets.fetch(PROJECT, vendor, assets.TESTS, with_dev=True)
        except assets.AssetsError as exc:
            missing(f"axe-core could not be fetched: {exc}")
        return (vendor / "axe.min.js").read_text(encoding="utf-8")
