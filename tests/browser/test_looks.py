"""Every kind of page, in both themes and at every width: accessible, and never
wider than the screen.
"""

import gzip
import re
from urllib.request import Request, urlopen

import pytest

from tests.browser.places import LIKE_OTHERS
from tests.browser.visits import LOOKS, SIDEWAYS
from tests.support.cast import session_token
from webapp.kernel.folding import fold


@LOOKS
def test_pages_are_accessible(visit, places, dark, width):
    adwoa = visit("Adwoa", dark=dark, width=width)
    for kind, path in places.items():
        if kind not in LIKE_OTHERS:
            adwoa.open(path).is_accessible()
            if not dark:
                fits_any_screen(adwoa)
                adwoa.page.set_viewport_size({"width": width, "height": 900})
    stranger = visit(None, dark=dark, width=width)
    stranger.open("/sign-in").is_accessible()
    yaw = visit("Yaw", dark=dark, width=width)
    yaw.open("/customers/new").is_accessible()


def fits_any_screen(one):
    """No page scrolls sideways, once it has settled at its new width."""
    for width in (320, 390, 768, 1024, 1440, 2560):
        one.page.set_viewport_size({"width": width, "height": 900})
        for _ in range(20):
            if not one.page.evaluate(SIDEWAYS):
                break
            one.page.wait_for_timeout(100)
        one.fits()


def test_pages_that_are_like_others_fit_any_screen(visit, places):
    adwoa = visit("Adwoa")
    for kind in LIKE_OTHERS:
        fits_any_screen(adwoa.open(places[kind]))
    fits_any_screen(visit(None).open("/sign-in"))


@pytest.mark.parametrize(
    "text",
    ["%", "_", "'", "\\", "🦆", "x" * 300, "<script>alert(1)</script>", "{{7*7}}", "小龙", "سلمان"],
)
def test_any_search_is_taken_literally_and_fits(visit, places, text):
    esi = visit("Esi", width=390).open("/customers")
    esi.page.fill("#q", text)
    esi.wait_for_search()
    esi.fits()
    assert esi.page.input_value("#q") == text
    shown = esi.page.locator("[data-rows] tr th").all_inner_texts()
    assert all(fold(text) in fold(row) for row in shown)
    assert shown or text in esi.page.locator("#nobody").inner_text()


def test_a_customer_prints_on_paper(visit, places):
    esi = visit("Esi").open(places["customer"])
    esi.page.emulate_media(media="print")
    assert esi.page.evaluate("getComputedStyle(document.documentElement).colorScheme") != "dark"
    for selector in (".sidebar", ".button", ".toasts"):
        assert not esi.page.locator(selector).first.is_visible()
    assert esi.page.locator("#details").is_visible()


def test_nothing_jumps_while_a_list_loads(visit):
    esi = visit("Esi")
    esi.context.add_init_script(
        "window.shift = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => { "
        "window.shift += e.value; }))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    esi.open("/customers")
    esi.page.wait_for_load_state("networkidle")
    assert esi.page.evaluate("window.shift") < 0.01


def test_the_list_weighs_little(site, figure):
    """Cold cache, no fonts: everything that the page and its style sheets load, each as browsers
    ask for it; the page by gzip, which is the worst of what they accept.
    """
    cookie = f"gatebook={session_token(site.book.app, 'Esi')}"

    def fetch(path, codings):
        headers = {"Cookie": cookie, "Accept-Encoding": codings}
        with urlopen(Request(site.address + path, headers=headers)) as response:
            return response.read()

    page = fetch("/customers", "gzip")
    parts = {"page": len(page)}
    text = gzip.decompress(page).decode()
    for path in set(re.findall(r'(?:src|href)="(/(?:static|assets)/[^"#]+)', text)):
        if not path.endswith(".woff2"):
            parts[path.split("/")[-1].split("?")[0]] = len(fetch(path, "gzip, br"))
    total = sum(parts.values())
    figure(
        f"customers list, 25 rows, cold, without fonts: {total / 1000:.1f} kB in {len(parts)} files"
    )
    assert total <= 35_000, parts
