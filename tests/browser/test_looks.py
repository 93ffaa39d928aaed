"""Every kind of page, in both themes and at every width: accessible, and never wider than the
screen.
"""

import gzip
import re
from urllib.request import Request, urlopen

import pytest
from pyotp import TOTP
from sqlalchemy import select

from tests.support import cast
from tests.support.cast import actor, member, session_token
from webapp.blacklist import opening, review
from webapp.blacklist.models import Decision
from webapp.customers import erase
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.folding import fold
from webapp.programs import api_keys

LONG_EMAIL = f"long.{'y' * 55}@{'z' * 60}.example.com"
LONG = {"first_name": "x" * 100, "last_name": 'O\'Brien "the <b>"', "email": LONG_EMAIL}
# Contrast hangs on the theme and order on the width, so that two of the four show both.
LOOKS = pytest.mark.parametrize(
    ("width", "dark"), [(390, True), (1440, False)], ids=["390-dark", "1440-light"]
)
BOTH_THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@pytest.fixture(scope="session")
def places(site):
    """Addresses of each kind of page, some with odd content."""
    long = site.add(**LONG, phone=None)
    salman = {"first_name": "محمد", "last_name": "بن سلمان", "email": "salman@example.com"}
    arabic = site.add(**salman, phone="+966512345678")
    gone = site.add(first_name="Gone", last_name="Gone", email="gone@example.com")
    with site.book.app.app_context():
        for number in range(5):
            seq = opening.open_case(
                long.id, reason="other", note=f"{'y' * 300}\n{number}", by=actor("Esi")
            ).case.seq
            review.lift(long.id, case_seq=seq, note="z" * 300, by=actor("Ama"))
        opening.open_case(arabic.id, reason="other", note="لا يدفع\nSecond line", by=actor("Esi"))
        erase.delete_customer(gone.id, by=actor("Ama"))
        kwame = member("Kwame").id
        key_id = api_keys.create_key(
            name="Till " + "x" * 95, scopes=["read", "write"], by=actor("Adwoa")
        )[0].id
        api_keys.revoke_key(
            api_keys.create_key(name="Old", scopes=["read"], by=actor("Ama"))[0].id,
            by=actor("Adwoa"),
        )
        link = f"https://example.com/{'e' * 300}"
        bad = cast.add(
            first_name="y" * 100,
            last_name="z" * 100,
            email="bad.one@gmail.com",
            phone="+233201230000",
        )
        suspect = cast.add(
            first_name="Not", last_name="Them", email="badone@googlemail.com", phone="+233201230000"
        ).id
        note = "y" * 2000
        waiting = opening.open_case(
            bad.id, reason="fraud", note=note, evidence=link, by=actor("Esi")
        ).case.seq
        review.decide(waiting, Decision.UPHELD, note=note, by=actor("Ama"))
        opening.ask_for_lift(bad.id, case_seq=waiting, note=note, by=actor("Kwame"))
        till = api_keys.actor_of(
            api_keys.create_key(name="Till", scopes=["blacklist"], by=actor("Ama"))[0],
            request_id=None,
        )
        removed = cast.add(first_name="w" * 100, email="removed@example.com", phone="+233201230009")
        opening.open_case(removed.id, reason="fraud", by=actor("Esi"))
        opening.clear(removed.id, by=till)
        adwoas = cast.add(first_name="Own", email="own@example.com", phone=None)
        own = opening.open_case(adwoas.id, reason="abuse", by=actor("Adwoa")).case.seq
        blacklisted = db.session.scalars(
            select(Customer).where(Customer.blacklisted).limit(1)
        ).one()
    return {
        "home": "/",
        "check": "/check",
        "review": "/review",
        "review case": f"/review/{waiting}",
        "own case": f"/review/{own}",
        "nothing waits": "/review?reason=terms&which=overdue",
        "review list": "/review/list",
        "look-alikes": "/review/lookalikes",
        "removals": "/review/removals",
        "sign in again": "/sign-in?again=1",
        "overview": "/blacklist",
        "cases": "/blacklist/cases?which=open",
        "no cases": "/blacklist/cases?first=2001-01-01&last=2001-01-02",
        "blacklist then": "/blacklist/cases?at=2026-08-01T12:00Z",
        "customer then": f"/customers/{blacklisted.id}?at=2026-10-30T12:00Z",
        "ask for a lift": f"/customers/{arabic.id}/blacklisting/ask-for-lift",
        "suspect": f"/customers/{suspect}",
        "waiting": "/customers?standing=waiting",
        "gone": f"/customers/{gone.id}",
        "blacklist": f"/customers/{long.id}/blacklisting",
        "lift": f"/customers/{arabic.id}/blacklisting/lift",
        "delete": f"/customers/{long.id}/delete",
        "cannot delete": f"/customers/{arabic.id}/delete",
        "staff": "/staff",
        "new member": "/staff/new",
        "member": f"/staff/{kwame}",
        "oneself": "/staff/1",
        "keys": "/api-keys",
        "new key": "/api-keys/new",
        "revoke": f"/api-keys/{key_id}/revoke",
        "reference": "/api/docs",
        "account": "/account",
        "second factor": "/account/second-factor",
        "recovery codes": "/account/second-factor/codes",
        "no second factor": "/account/second-factor/remove",
        "list": "/customers",
        "many": "/customers?rows=100&page=3",
        "filtered": "/customers?standing=blacklisted&dial_code=%2B234"
        "&created_from=2020-01-01&sort=created",
        "nobody": "/customers?created_from=2001-01-01&created_to=2001-01-02",
        "customer": f"/customers/{blacklisted.id}",
        "long": f"/customers/{long.id}",
        "arabic": f"/customers/{arabic.id}",
        "new": "/customers/new",
        "edit": f"/customers/{long.id}/edit",
        "preferences": "/account/preferences",
        "password": "/account/password",
        "missing": "/nothing",
        "odd": "/customers?page=x",
    }


KINDS = [
    "home",
    "check",
    "review",
    "review case",
    "own case",
    "nothing waits",
    "review list",
    "removals",
    "sign in again",
    "look-alikes",
    "overview",
    "cases",
    "no cases",
    "blacklist then",
    "customer then",
    "ask for a lift",
    "suspect",
    "list",
    "many",
    "filtered",
    "nobody",
    "customer",
    "long",
    "arabic",
    "new",
    "edit",
    "preferences",
    "password",
    "missing",
    "odd",
    "waiting",
    "gone",
    "blacklist",
    "lift",
    "delete",
    "cannot delete",
    "staff",
    "new member",
    "member",
    "oneself",
    "keys",
    "new key",
    "revoke",
    "reference",
    "account",
    "second factor",
    "recovery codes",
    "no second factor",
]


# The same pages with more rows; axe looks at each of them for seconds.
LIKE_OTHERS = {"many", "filtered", "waiting"}


@LOOKS
def test_pages_are_accessible(visit, places, dark, width):
    adwoa = visit("Adwoa", dark=dark, width=width)
    for kind in KINDS:
        if kind not in LIKE_OTHERS:
            adwoa.open(places[kind]).is_accessible()
    stranger = visit(None, dark=dark, width=width)
    stranger.open("/sign-in").is_accessible()
    yaw = visit("Yaw", dark=dark, width=width)
    yaw.open("/customers/new").is_accessible()


@LOOKS
def test_what_appears_on_pages_is_accessible(visit, site, places, dark, width):
    esi = visit("Esi", dark=dark, width=width).open(places["list"])
    esi.page.fill("#q", "okonjo")
    esi.wait_for_search()
    esi.is_accessible()
    esi.page.keyboard.press("Escape")
    esi.page.locator("h1").click()
    esi.page.keyboard.press("?")
    esi.is_accessible()
    esi.page.keyboard.press("Escape")
    if width > 700:
        esi.page.locator("[data-row-key='.']").first.click()
        esi.is_accessible()
    esi.open(places["new"])
    esi.page.fill("#phone", "123")
    esi.page.locator("form.form .primary").click()
    esi.page.locator("#error-summary").wait_for()
    esi.is_accessible()
    esi.fits()


@LOOKS
def test_dialogs_of_standing_are_accessible(visit, site, dark, width):
    customer = site.add(email=f"dialog{dark}{width}@example.com", first_name="x" * 100)
    esi = visit("Esi", dark=dark, width=width).open(f"/customers/{customer.id}")
    esi.page.keyboard.press("b")
    esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
    look_at(esi)
    esi.page.keyboard.press("7")
    esi.page.keyboard.press("Control+Enter")
    esi.page.locator("#dialog #error-summary").wait_for()
    look_at(esi)
    esi.page.fill("#note", "y" * 2000)
    esi.page.keyboard.press("Control+Enter")
    esi.page.locator("#blacklisting").wait_for()
    esi.page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.toast')).opacity === '1'"
    )
    look_at(esi)
    ama = visit("Ama", dark=dark, width=width).open(f"/customers/{customer.id}")
    ama.page.keyboard.press("b")
    ama.page.locator("#dialog[open] #note:focus").wait_for()
    look_at(ama)


def look_at(visit):
    visit.is_accessible()
    visit.fits()


@LOOKS
def test_what_is_shown_once_is_accessible(visit, dark, width):
    adwoa = visit("Adwoa", dark=dark, width=width).open("/staff/new")
    adwoa.page.fill("#name", f"Ọlátúnjí {width} " + "x" * 85)  # no two have one name
    adwoa.page.fill("#email", f"{'y' * 60}{dark}{width}@example.com")
    adwoa.page.locator("form.form .primary").click()
    adwoa.page.locator("#one-time-password").wait_for()
    adwoa.page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.toast')).opacity === '1'"
    )
    look_at(adwoa)
    password = adwoa.page.locator("#one-time-password code").inner_text()
    new = visit(None, dark=dark, width=width).open("/sign-in")
    new.page.fill("#email", f"{'y' * 60}{dark}{width}@example.com")
    new.page.fill("#password", password)
    new.page.keyboard.press("Enter")
    new.wait_for("/account/password$")
    look_at(new)
    new.page.fill("#current_password", password)
    new.page.fill("#new_password", "purple ducks on a frozen lake")
    new.page.locator("form.form .primary").click()
    new.wait_for("/(customers)?$")
    new.open("/account/second-factor")
    secret = new.page.locator("#secret").inner_text().replace(" ", "")
    new.page.fill("#code", TOTP(secret).now())
    new.page.fill("#current_password", "purple ducks on a frozen lake")
    new.page.locator("form.form .primary").click()
    new.page.locator("#recovery-codes").wait_for()
    look_at(new)
    new.open("/account/second-factor")
    look_at(new)
    new.page.get_by_role(
        "button", name="Sign out"
    ).click() if width > 1000 else new.context.clear_cookies()
    new.open("/sign-in")
    new.page.fill("#email", f"{'y' * 60}{dark}{width}@example.com")
    new.page.fill("#password", "purple ducks on a frozen lake")
    new.page.keyboard.press("Enter")
    new.page.locator("#code-form").wait_for()
    look_at(new)


@BOTH_THEMES
def test_signing_in_again_over_a_form_is_accessible(visit, site, dark):
    esi = visit("Esi", dark=dark, width=390).open("/customers/new")
    esi.context.clear_cookies()
    esi.page.locator("form.form .primary").click()
    esi.page.locator("#again #again-email").wait_for()
    esi.is_accessible()
    esi.fits()


@BOTH_THEMES
def test_the_drawer_is_accessible(visit, places, dark):
    esi = visit("Esi", dark=dark, width=390).open(places["list"])
    esi.page.get_by_role("button", name="Menu").click()
    esi.is_accessible()


@BOTH_THEMES
def test_a_clash_is_accessible(visit, site, dark):
    email = f"clash{int(dark)}@example.com"
    customer = site.add(email=email, reference=f"clash-{dark}")
    esi, ama = (
        visit(name, dark=dark, width=390).open(f"/customers/{customer.id}/edit")
        for name in ("Esi", "Ama")
    )
    for one in (esi, ama):
        one.page.fill("#last_name", ("E" if one is esi else "A") * 90)
        one.page.locator("form.form .primary").click()
        if one is esi:
            one.wait_for(f"/customers/{customer.id}$")
    ama.page.locator("#clashes").wait_for()
    ama.is_accessible()
    ama.fits()


def test_no_page_scrolls_sideways(visit, places):
    adwoa, stranger = visit("Adwoa"), visit(None)
    for one, path in [*((adwoa, places[kind]) for kind in KINDS), (stranger, "/sign-in")]:
        one.open(path)
        for width in (320, 390, 768, 1024, 1440, 2560):
            one.page.set_viewport_size({"width": width, "height": 900})
            one.fits()


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
    """Cold, gzip, without fonts: everything that the page and its style sheets ask for."""
    cookie = f"gatebook={session_token(site.book.app, 'Esi')}"

    def fetch(path):
        request = Request(
            site.address + path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"}
        )
        with urlopen(request) as response:
            body, is_gzip = response.read(), response.headers["Content-Encoding"] == "gzip"
        return len(body), (gzip.decompress(body) if is_gzip else body).decode()

    size, text = fetch("/customers")
    parts = {"page": size}
    for path in set(re.findall(r'(?:src|href)="(/(?:static|assets)/[^"#]+)', text)):
        if not path.endswith(".woff2"):
            parts[path.split("/")[-1].split("?")[0]] = fetch(path)[0]
    total = sum(parts.values())
    figure(
        f"customers list, 25 rows, cold, gzip, without fonts: {total / 1000:.1f} kB in "
        f"{len(parts)} files"
    )
    assert total <= 35_000, parts


@LOOKS
def test_what_appears_while_reviewing_is_accessible(visit, places, dark, width):
    adwoa = visit("Adwoa", dark=dark, width=width).open(places["review case"])
    adwoa.page.locator(".case:not([hidden]) [value=overturned]").click()
    adwoa.page.locator(".case .error").first.wait_for()
    look_at(adwoa)
    adwoa.open(places["review list"])
    adwoa.page.keyboard.press("x")
    adwoa.page.keyboard.press("r")
    adwoa.page.locator("#dialog[open] textarea").wait_for()
    look_at(adwoa)
    adwoa.page.locator("#dialog .danger").click()
    adwoa.page.locator("#dialog #error-summary").wait_for()
    look_at(adwoa)
    adwoa.open(places["overview"])
    for summary in adwoa.page.locator("summary").all():
        summary.click()
    look_at(adwoa)
    esi = visit("Esi", dark=dark, width=width)
    told_of = {
        "bad.one@gmail.com": "Deny",
        "b.a.d.o.n.e@gmail.com": "Look closer",
        "a@b.example": "Allow",
    }
    for email, told in told_of.items():
        esi.open(places["check"])
        esi.page.fill("#email", email)
        esi.page.locator("#check-form .primary").click()
        esi.page.locator("#verdict-title", has_text=told).wait_for()
        look_at(esi)
