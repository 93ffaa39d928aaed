"""Page objects: a site, and one person's browser window on it, which counts actions and records
every complaint.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from pyotp import TOTP

from tests.support import cast
from tests.support.books import Book
from webapp.customers.models import Customer
from webapp.kernel import clock

# The browser's own messages: for a 4xx that the test expects, for data that it cleared at our
# request, and for an autofocus that came after the test had already moved the focus.
EXPECTED_LINE = re.compile(
    "Failed to load resource: the server responded with a status of 4"
    "|Clear-Site-Data header on"
    "|Autofocus processing was blocked because a document already has a focused element"
)
REPORT_VIOLATIONS = """
addEventListener('securitypolicyviolation',
    (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`));
"""
SIDEWAYS = """() => [...document.querySelectorAll('html, .sheet, .table, form, dialog[open]')]
    .filter((e) => e.checkVisibility({contentVisibilityAuto: true}))
    .filter((e) => e.scrollWidth > e.clientWidth + 1
        || e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => `${e.tagName}.${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)"""
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

NEW_PASSWORD = "purple ducks on a frozen lake"
WITH_AND_WITHOUT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
# Contrast depends on the theme, order on the width, so two of the four combinations cover both.
LOOKS = pytest.mark.parametrize(
    ("width", "dark"), [(390, True), (1440, False)], ids=["390-dark", "1440-light"]
)
BOTH_THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@dataclass
class Site:
    address: str
    book: Book
    log: Path

    def add(self, **details: object) -> Customer:
        with self.book.app.app_context():
            return cast.add(**details)


# Colours are those of the page once nothing fades in or out any more.
SETTLED = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < 5000)
    .map((one) => one.finished.catch(() => {})))"""


class Visit:
    """A person's browser window."""

    def __init__(
        self,
        browser: Browser,
        site: Site,
        name: str | None,
        *,
        script: bool = True,
        width: int = 1440,
        dark: bool = False,
        touch: bool = False,
    ) -> None:
        self.site, self.script, self.dark, self.actions, self.complaints = site, script, dark, 0, []
        self.requests: list[Request] = []
        self.context = browser.new_context(
            base_url=site.address,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            has_touch=touch,
            is_mobile=touch,
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.context.add_init_script(REPORT_VIOLATIONS)
        if name:
            token = cast.session_token(site.book.app, name)
            self.context.add_cookies([{"name": "gatebook", "value": token, "url": site.address}])
        self.page: Page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", self._note_line)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._note_request)
        return page

    def _note_line(self, line: ConsoleMessage) -> None:
        if not EXPECTED_LINE.match(line.text):
            self.complaints.append(f"{line.type}: {line.text}")

    def _note_request(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self.site.address, "blob:")):
            self.complaints.append(f"request to elsewhere: {request.url}")

    def open(self, path: str) -> "Visit":
        self.page.goto(path)
        if self.script:
            self.page.evaluate(
                "new Promise((done) => setTimeout(done))"
            )  # htmx starts in a separate task
        return self

    def press(self, key: str) -> None:
        """Press a key once the script of a new page listens."""
        self.actions += 1
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text where the focus is: one action."""
        self.actions += 1
        self.page.keyboard.type(text)

    def fill(self, selector: str, text: str) -> None:
        """Replace the content of a field: one action."""
        self.actions += 1
        self.page.fill(selector, text)

    def click(self, selector: str) -> None:
        self.actions += 1
        self.page.locator(selector).first.click()

    def choose(self, selector: str, value: str) -> None:
        self.actions += 1
        self.page.locator(selector).select_option(value)

    def wait_for(self, path: str) -> None:
        self.page.wait_for_url(re.compile(re.escape(self.site.address) + path))

    def wait_for_search(self) -> None:
        self.page.wait_for_function("() => location.search.includes('s=')")
        self.page.wait_for_load_state("networkidle")
        self.has_unique_ids()

    def has_unique_ids(self) -> None:
        """A swap must not nest what it replaces: the check of fresh pages, for live ones."""
        ids = self.page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids)), sorted(one for one in set(ids) if ids.count(one) > 1)

    def wait_for_toast(self) -> None:
        """Wait until this message is shown in full; a deed never leaves the focus on the body."""
        self.page.locator(".toast").first.wait_for()
        self.page.wait_for_function(
            "() => getComputedStyle(document.querySelector('.toast')).opacity === '1'"
        )
        self.page.wait_for_function("() => document.activeElement !== document.body")

    def open_blacklist_dialog(self) -> None:
        """Open it by its key; the first reason then has the focus."""
        self.page.keyboard.press("b")
        self.page.locator("#dialog[open] #reason-0:focus").wait_for()

    @property
    def url(self) -> str:
        return str(self.page.evaluate("location.href"))

    @property
    def names(self) -> list[str]:
        return self.page.locator(".name").all_inner_texts()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def is_accessible(self) -> None:
        """Fail on any violation, with nothing moving; the dark theme is checked for colours only,
        as nothing else differs.
        """
        self.page.emulate_media(reduced_motion="reduce")
        self.page.evaluate(SETTLED)
        rules = {"type": "rule", "values": ["color-contrast"]} if self.dark else AXE_TAGS
        found = Axe().run(self.page, options={"runOnly": rules, "resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def fits(self) -> None:
        too_wide = self.page.evaluate(SIDEWAYS)
        assert too_wide == [], (self.page.url, too_wide)

    def looks_right(self) -> None:
        self.is_accessible()
        self.fits()

    def give_password(self, email: str, password: str) -> None:
        """The first step of signing in."""
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.page.keyboard.press("Enter")

    def choose_password(self, current: str, new: str) -> None:
        self.page.fill("#current_password", current)
        self.page.fill("#new_password", new)
        self.page.locator("form.form .primary").click()

    def set_second_factor(self, password: str, *, seconds: int = 0) -> TOTP:
        """Set it up on its page, proving it with the code of this many seconds from now."""
        totp = TOTP(self.page.locator("#secret").inner_text().replace(" ", ""))
        self.page.fill("#code", totp.at(int(clock.now().timestamp()) + seconds))
        self.page.fill("#current_password", password)
        self.page.locator("form.form .primary").click()
        self.page.locator("#recovery-codes").wait_for()
        return totp

    def close(self) -> None:
        self.context.close()
