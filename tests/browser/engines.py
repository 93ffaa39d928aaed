"""Windows of other engines than today's Chromium, with the few words that the short set of
journeys needs: Firefox over WebDriver BiDi, WebKitGTK over WebDriver, and Chromium without what is
younger than the floor.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from playwright.sync_api import Browser, Error, Page, Playwright, Route
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from selenium.webdriver.webkitgtk.webdriver import WebDriver

from tests.browser.conftest import launch
from tests.browser.visits import Site
from tests.support import cast
from tests.support.find_browser import FIREFOX, MINI_BROWSER, WEBKIT_DRIVER

PATIENCE = 20.0
# What the floor does not know. Under another name no browser knows it: neither an attribute nor a
# selector, a property or a value.
YOUNGER = re.compile(r"popover|closedby|position-area|starting-style|anchor-name")
FORGET_POPOVERS = """for (const name of ["showPopover", "hidePopover", "togglePopover"])
    delete HTMLElement.prototype[name];"""
SELENIUM_KEYS = {
    "Control": Keys.CONTROL,
    "Enter": Keys.ENTER,
    "Escape": Keys.ESCAPE,
    "ArrowDown": Keys.ARROW_DOWN,
    "Tab": Keys.TAB,
}


class Window(Protocol):
    """One person's window in some engine."""

    def open(self, path: str) -> None: ...
    def press(self, keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def fill(self, selector: str, text: str) -> None: ...
    def click(self, selector: str) -> None: ...
    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""

    def narrow(self) -> None:
        """As narrow as a phone, or as this engine allows."""


def until(window: Window, expression: str) -> None:
    """Wait until a JavaScript expression is true, across pages."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(Exception):  # a page that is just going away
            if window.run(expression):
                return
        time.sleep(0.05)
    raise AssertionError(f"{expression} is still false at {window.run('location.href')}")


def shows(window: Window, selector: str, text: str = "") -> None:
    """Wait until an element with this text is shown."""
    until(
        window,
        f"[...document.querySelectorAll({selector!r})]"
        f".some((e) => e.offsetParent !== null && e.textContent.includes({text!r}))",
    )


class PlaywrightWindow:
    def __init__(self, browser: Browser, site: Site, name: str | None, **options: Any) -> None:
        self.complaints: list[str] = []
        self._context = browser.new_context(base_url=site.address, **options)
        if name:
            token = cast.session_token(site.book.app, name)
            self._context.add_cookies([{"name": "gatebook", "value": token, "url": site.address}])
        self._page: Page = self._context.new_page()
        self._page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> None:
        self._page.goto(path)
        self._page.evaluate("new Promise((done) => setTimeout(done))")  # htmx starts in a task

    def press(self, keys: str) -> None:
        self._page.keyboard.press(keys)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def fill(self, selector: str, text: str) -> None:
        self._page.fill(selector, text)

    def click(self, selector: str) -> None:
        self._page.locator(selector).first.click()

    def run(self, expression: str) -> Any:
        return self._page.evaluate(expression)

    def narrow(self) -> None:
        self._page.set_viewport_size({"width": 390, "height": 800})

    def forget_what_is_younger(self) -> None:
        self._context.add_init_script(FORGET_POPOVERS)
        self._context.route("**/*", _under_another_name)

    def close(self) -> None:
        self._context.close()


def _under_another_name(route: Route) -> None:
    if route.request.method != "GET":
        route.continue_()
        return
    with suppress(Error):  # the window was closed meanwhile
        _answer_under_another_name(route)


def _answer_under_another_name(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    kind = answer.headers.get("content-type", "")
    if kind.startswith(("text/html", "text/css", "text/javascript")):
        route.fulfill(response=answer, body=YOUNGER.sub(r"unknown-\g<0>", answer.text()))
    else:
        route.fulfill(response=answer)


class WebKitWindow:
    """WebKitGTK's MiniBrowser: one window at a time, so each person begins without cookies."""

    def __init__(self, driver: WebDriver, site: Site, name: str | None) -> None:
        self.complaints: list[str] = []
        self._driver, self._address = driver, site.address
        driver.set_window_size(1440, 900)
        driver.get(f"{site.address}/static/favicon.svg")
        driver.delete_all_cookies()
        if name:
            token = cast.session_token(site.book.app, name)
            driver.add_cookie({"name": "gatebook", "value": token, "path": "/"})

    def open(self, path: str) -> None:
        self._driver.get(f"{self._address}{path}")
        self._driver.execute_async_script("setTimeout(arguments[0])")  # htmx starts in a task

    def press(self, keys: str) -> None:
        *held, key = keys.split("+")
        chain = ActionChains(self._driver)
        for modifier in held:
            chain.key_down(SELENIUM_KEYS[modifier])
        chain.send_keys(SELENIUM_KEYS.get(key, key))
        for modifier in held:
            chain.key_up(SELENIUM_KEYS[modifier])
        chain.perform()

    def type(self, text: str) -> None:
        ActionChains(self._driver).send_keys(text).perform()

    def fill(self, selector: str, text: str) -> None:
        field = self._shown(selector)
        field.clear()
        field.send_keys(text)

    def click(self, selector: str) -> None:
        self._shown(selector).click()

    def _shown(self, selector: str) -> WebElement:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(WebDriverException):
                return next(
                    one
                    for one in self._driver.find_elements(By.CSS_SELECTOR, selector)
                    if one.is_displayed()
                )
            time.sleep(0.05)
        raise AssertionError(f"{selector} is not shown")

    def run(self, expression: str) -> Any:
        return self._driver.execute_script(f"return {expression}")

    def narrow(self) -> None:
        self._driver.set_window_size(390, 800)

    def close(self) -> None:
        self._driver.get("about:blank")


Opener = Callable[[Site, str | None], Any]


@contextmanager
def engine(name: str, playwright: Playwright) -> Iterator[Opener]:
    """How windows of this engine are opened."""
    engines = {"floor": _floor, "firefox": _firefox, "webkit": lambda _: _webkit()}
    with engines[name](playwright) as opener:
        yield opener


@contextmanager
def _floor(playwright: Playwright) -> Iterator[Opener]:
    browser = launch(playwright)

    def opener(site: Site, name: str | None) -> PlaywrightWindow:
        window = PlaywrightWindow(browser, site, name)
        window.forget_what_is_younger()
        return window

    yield opener
    browser.close()


@contextmanager
def _firefox(playwright: Playwright) -> Iterator[Opener]:
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=FIREFOX)
    asked = ("color_scheme", "reduced_motion", "forced_colors", "contrast")
    as_it_is = dict.fromkeys(asked, "null")  # Playwright's BiDi cannot set these
    yield lambda site, name: PlaywrightWindow(browser, site, name, **as_it_is)
    browser.close()


@contextmanager
def _webkit() -> Iterator[Opener]:
    options = Options()
    options.binary_location = MINI_BROWSER
    options.add_argument("--automation")
    options.set_capability("browserName", "MiniBrowser")
    with _screen() as display:
        service = Service(WEBKIT_DRIVER, env=os.environ | {"DISPLAY": display})
        driver = WebDriver(options=options, service=service)
        yield lambda site, name: WebKitWindow(driver, site, name)
        driver.quit()


@contextmanager
def _screen() -> Iterator[str]:
    """A display that nobody looks at; MiniBrowser draws on one only."""
    reading, writing = os.pipe()
    xvfb = shutil.which("Xvfb") or "Xvfb"
    words = [xvfb, "-displayfd", str(writing), "-screen", "0", "1600x1200x24"]
    server = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    try:
        yield f":{os.read(reading, 16).decode().strip()}"
    finally:
        server.terminate()
        server.wait()
        os.close(reading)
        os.close(writing)
