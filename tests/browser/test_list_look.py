"""The list as one reads it, and pages under the wishes of their readers: forced colours, more space
between letters and lines, 400 % zoom, paper.
"""

import pytest

from tests.support.cast import member
from webapp.kernel.database import writing

# WCAG 1.4.12: twice the space that text usually has.
MORE_SPACE = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
"""
# Texts in the colour of whatever lies behind them.
UNSEEN = """() => {
    const behind = (e) => {
        const colour = getComputedStyle(e).backgroundColor;
        const isClear = colour.endsWith(', 0)') || colour === 'transparent';
        return isClear && e.parentElement ? behind(e.parentElement) : colour;
    };
    return [...document.querySelectorAll('main :is(a, button, h1, td, dd, label, .tag)')]
        .filter((e) => e.checkVisibility() && e.textContent.trim())
        .filter((e) => getComputedStyle(e).color === behind(e))
        .map((e) => e.outerHTML.slice(0, 120));
}"""
SEVERAL = ("list", "customer", "suspect", "edit", "review", "overview")


def test_the_whole_row_opens_and_with_ctrl_in_another_tab(visit):
    esi = visit("Esi").open("/customers")
    name = esi.page.locator("#results .name").nth(2)
    address = name.get_attribute("href")
    with esi.context.expect_page() as opened:
        esi.page.locator("[data-rows] tr").nth(2).locator("td").nth(3).click(modifiers=["Control"])
    assert opened.value.url.endswith(address)
    assert esi.page.url.endswith("/customers")
    esi.page.locator("[data-rows] tr").nth(2).locator("td").nth(3).click()
    esi.wait_for(f"{address}$")


def test_selecting_text_in_a_row_opens_nothing(visit):
    esi = visit("Esi").open("/customers")
    box = esi.page.locator("[data-rows] .second:not(.narrow)").nth(1).bounding_box()
    middle = box["y"] + box["height"] / 2
    esi.page.mouse.move(box["x"] + 1, middle)
    esi.page.mouse.down()
    esi.page.mouse.move(box["x"] + box["width"], middle, steps=5)
    esi.page.mouse.up()
    assert "@" in esi.page.evaluate("String(getSelection())")
    esi.page.wait_for_timeout(200)
    assert esi.page.url.endswith("/customers")


@pytest.fixture
def compact(site):
    def choose(density):
        with site.book.app.app_context(), writing():
            member("Kwame").density = density

    choose("compact")
    yield
    choose("comfortable")


def test_compact_rows_keep_the_email_and_more_of_them_fit(visit, compact):
    rows_in_sight = """[...document.querySelectorAll('[data-rows] tr')]
        .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"""
    oldest = "/customers?sort=created"  # nobody whom another test has given a name of three lines
    esi = visit("Esi").open(oldest)
    assert esi.page.evaluate(rows_in_sight) >= 14
    kwame = visit("Kwame").open(oldest)
    assert kwame.page.locator("[data-rows] .second:not(.narrow)").first.is_visible()
    assert kwame.page.evaluate(rows_in_sight) >= 16


def test_no_country_is_cut_off_beside_a_long_name(visit, site):
    site.add(first_name="x" * 99, email="long.name@example.com", phone=None, country="TZ")
    esi = visit("Esi", width=1280).open("/customers")
    cut_off = """[...document.querySelectorAll('[data-rows] abbr + span')].filter((e) =>
        e.checkVisibility() && e.scrollWidth > e.clientWidth).map((e) => e.textContent)"""
    assert esi.page.evaluate(cut_off) == []


def test_only_exceptions_are_coloured(visit):
    esi = visit("Esi").open("/customers?rows=100")
    rows = esi.page.locator("[data-rows] tr")
    coloured = esi.page.locator("[data-rows] tr:has(.tag)")
    exceptions = esi.page.locator("[data-rows] tr[data-blacklisted]")
    assert coloured.count() == exceptions.count() < rows.count() / 2


def test_on_a_phone_the_filters_stand_in_one_row(visit):
    esi = visit("Esi", width=390).open("/customers")
    tops = esi.page.locator("#search-form .choices-row > :not(.hidden)").evaluate_all(
        "(all) => all.filter((e) => e.checkVisibility())"
        ".map((e) => Math.round(e.getBoundingClientRect().top + e.offsetHeight / 2))"
    )
    assert max(tops) - min(tops) < 12, tops
    esi.fits()


def test_all_charts_have_one_scale(visit):
    ama = visit("Ama").open("/blacklist")
    axes = ama.page.locator(".axis span:nth-child(2)").all_inner_texts()
    assert len(axes) == 4
    assert len(set(axes)) == 1, axes


@pytest.mark.parametrize("kind", SEVERAL)
def test_nothing_is_lost_with_forced_colours(visit, places, kind):
    ama = visit("Ama").open(places[kind])
    ama.page.emulate_media(forced_colors="active")
    ama.fits()
    assert ama.page.evaluate(UNSEEN) == []
    ama.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert ama.page.evaluate(outline) != "none"


@pytest.mark.parametrize("kind", SEVERAL)
def test_nothing_is_cut_off_with_more_space_between_letters_and_lines(visit, places, kind):
    ama = visit("Ama").open(places[kind])
    ama.page.evaluate(f"() => {{ {MORE_SPACE} }}")
    ama.fits()
    cut_off = ama.page.evaluate(
        """() => [...document.querySelectorAll('main :is(.button, .tag, dt, dd, th, td, label)')]
            .filter((e) => e.checkVisibility() && !e.matches('.hidden')
                && e.scrollWidth > e.clientWidth + 1 && e.clientWidth
                && getComputedStyle(e).overflowX !== 'visible')
            .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert cut_off == []


@pytest.mark.parametrize("kind", SEVERAL)
def test_everything_is_reached_at_four_times_the_size(visit, places, kind):
    """1280 by 1024 at 400 % is 320 by 256 (WCAG 1.4.10)."""
    ama = visit("Ama").open(places[kind])
    ama.page.set_viewport_size({"width": 320, "height": 256})
    ama.fits()
    ama.page.keyboard.press("Tab")
    ama.page.keyboard.press("Tab")
    ama.page.wait_for_timeout(100)
    in_sight = """() => { const box = document.activeElement.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight; }"""
    assert ama.page.evaluate(in_sight)


@pytest.mark.parametrize("kind", SEVERAL)
def test_paper_has_no_keys_and_nothing_folded(visit, places, kind):
    ama = visit("Ama").open(places[kind])
    ama.page.emulate_media(media="print")
    ama.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert ama.page.locator("details:not([open])").count() == 0
    for gone in (".skip", ".topbar", "#toasts", "kbd"):
        assert not ama.page.locator(gone).first.is_visible(), gone
    assert ama.page.locator(".printed").is_visible()
    assert ama.page.evaluate("document.querySelector('main').getBoundingClientRect().top") < 100


def test_nothing_is_folded_on_paper_without_script(visit, places):
    ama = visit("Ama", script=False).open(places["overview"])
    ama.page.emulate_media(media="print")
    folds = ama.page.locator("main details:not([open])")
    assert folds.count()
    for number in range(folds.count()):
        assert folds.nth(number).locator(":scope > :not(summary)").first.is_visible(), number


@pytest.mark.parametrize("path", ["/sign-in", "/customers"])
def test_only_a_browser_below_the_floor_is_told_so(visit, path):
    """It does not know the colours by which the style sheet knows browsers above the floor."""
    esi = visit(None if path == "/sign-in" else "Esi").open(path)
    sentence = esi.page.locator(".below-floor")
    assert not sentence.is_visible()
    esi.page.route(
        "**/gatebook*.css*",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace("oklch(", "unknown(")
        ),
    )
    esi.open(path)
    assert sentence.is_visible()
    assert "too old for Gatebook" in sentence.inner_text()


FORMS = ("new", "edit", "check", "new member", "password", "list")


@pytest.mark.parametrize("kind", FORMS)
def test_fields_do_not_zoom_on_a_phone_and_names_are_not_corrected(visit, places, kind):
    """Below 16 px Safari zooms in; a spelling service must not learn names."""
    adwoa = visit("Adwoa", width=390, touch=True).open(places[kind])
    fields = ":is(input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea)"
    small = adwoa.page.locator(fields).evaluate_all(
        "(all) => all.filter((e) => e.checkVisibility()"
        " && parseFloat(getComputedStyle(e).fontSize) < 16).map((e) => e.id)"
    )
    assert small == []
    checked = adwoa.page.locator("[name=first_name], [name=last_name], [name=q]").evaluate_all(
        "(all) => all.filter((e) => e.spellcheck).map((e) => e.id)"
    )
    assert checked == []
