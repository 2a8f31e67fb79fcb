"""Somebody in front of a page: what they see, in the words of the board, and which keys they press."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

LOOK_EVERY_S = 0.02
SOON_S = 60.0  # for what takes a tenth of a second on a machine with nothing else to do

THERE = {"live", "still"}
# What a page that is just being left, or put in place anew, answers to who asks for a part of it.
BETWEEN_PAGES = (NoSuchElementException, StaleElementReferenceException, JavascriptException)

STREAM_AWAY = re.compile(r"\S+/live\?\S* - Failed to load resource: (net::ERR_|the server responded with .* 502 )")
# Only a hub that has ended refuses: a browser asks for a page's icon, and a page for its parts, when it comes to it.
ENDED = re.compile(r"\S+ - Failed to load resource: net::ERR_CONNECTION_REFUSED")
SAID_OF_THAT = re.compile(r'\S+/htmx\.min\.js\S* \S+ "htmx:(sendError|afterRequest), ')

VISIBLE_STATIONS = """
return [...document.querySelectorAll('.station')].filter(s => s.checkVisibility()).map(s => {
  const box = s.getBoundingClientRect(), group = s.closest('.group').getBoundingClientRect();
  return {code: s.id.slice(2), duty: s.dataset.class, text: s.innerText.replace(/\\s+/g, ' '),
          place: [group.top, group.left, box.top, box.left].map(Math.round)};
});"""


class Onlooker:
    def __init__(self, chrome: Chrome) -> None:
        self.chrome = chrome

    def start_afresh(self) -> None:
        self.chrome.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.chrome.execute_cdp_cmd("Network.clearBrowserCache", {})
        self.block()
        self.chrome.get_log("browser")
        self.set_up()

    def block(self, *patterns: str) -> None:
        """Let nothing through whose address is like one of these."""
        self.chrome.execute_cdp_cmd("Network.enable", {})
        self.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(patterns)})

    def set_up(self, width: int = 1366, height: int = 768, **media: str) -> None:
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def prefer(self, theme: str) -> None:
        """Look at the page that is open by day ("light") or in the dark."""
        wanted = {"name": "prefers-color-scheme", "value": theme}
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [wanted]})

    def leave(self) -> None:
        self.chrome.get("about:blank")
        self.complaints()

    def open(self, address: str) -> None:
        """Open a page and wait until it is live, or until it is there where it is not to be live."""
        self.chrome.get(address)
        self.wait(self.is_there)

    def arrive(self, path: str) -> None:
        """Wait until the page that was gone to is the one that is there, and no longer the one before it."""
        self.wait(lambda: self.run("return location.pathname") == path and self.is_there(), what=f"arrives at {path}")

    def is_there(self) -> bool:
        return self.run("return document.readyState !== 'loading' && document.documentElement.dataset.link") in THERE

    def run(self, script: str, *args: Any) -> Any:
        return self.chrome.execute_script(script, *args)

    def wait(self, claim: Callable[[], Any], within_s: float = SOON_S, what: str = "") -> Any:
        return WebDriverWait(self.chrome, within_s, LOOK_EVERY_S, BETWEEN_PAGES).until(lambda _: claim(), what)

    def find(self, selector: str) -> WebElement:
        return self.chrome.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        """Click on what is there, though the page puts it in place anew just then."""
        self.wait(lambda: self.run("return document.querySelector(arguments[0])?.checkVisibility()", selector))
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.run("document.querySelector(arguments[0]).click()", selector)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector)).strip()

    def press(self, *keys: str) -> None:
        ActionChains(self.chrome).send_keys(*keys).perform()

    def stations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run(VISIBLE_STATIONS)
        return found

    def codes(self) -> list[str]:
        return [station["code"] for station in self.stations()]

    def sees(self, codes: list[str]) -> None:
        """Wait until these stations, in this order, are all that is to be seen."""
        self.wait(lambda: self.codes() == codes, what=f"{codes}, not {self.codes()}")

    def complaints(self) -> list[str]:
        """What the browser's console holds against the page: errors of scripts, breaches of the content policy.

        A hub that is away, or ends before the page is left, is none: every try to reach it is one there.
        """
        severe = [line["message"] for line in self.chrome.get_log("browser") if line["level"] == "SEVERE"]
        has_ended = any(ENDED.match(said) for said in severe)
        severe = [said for said in severe if not (STREAM_AWAY.match(said) or ENDED.match(said))]
        return [said for said in severe if not (has_ended and SAID_OF_THAT.match(said))]
