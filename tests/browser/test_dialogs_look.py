"""What appears only on demand: it is accessible, and never wider than the screen."""

from tests.browser.visits import BOTH_THEMES, LOOKS, NEW_PASSWORD

VERDICTS = {
    "bad.one@gmail.com": "Deny",
    "b.a.d.o.n.e@gmail.com": "Look closer",
    "a@b.example": "Not in the book",
}


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
        esi.page.locator(".more").first.click()
        esi.is_accessible()
    esi.open(places["new"])
    esi.page.fill("#phone", "123")
    esi.page.locator("form.form .primary").click()
    esi.page.locator("#error-summary").wait_for()
    esi.looks_right()


@LOOKS
def test_dialogs_of_standing_are_accessible(visit, site, dark, width):
    customer = site.add(email=f"dialog{dark}{width}@example.com", first_name="x" * 100)
    esi = visit("Esi", dark=dark, width=width).open(f"/customers/{customer.id}")
    esi.open_blacklist_dialog()
    esi.looks_right()
    esi.page.keyboard.press("7")
    esi.page.keyboard.press("Control+Enter")
    esi.page.locator("#dialog #error-summary").wait_for()
    esi.looks_right()
    esi.page.fill("#note", "y" * 2000)
    esi.page.keyboard.press("Control+Enter")
    esi.page.locator("#blacklisting").wait_for()
    esi.wait_for_toast()
    esi.looks_right()
    ama = visit("Ama", dark=dark, width=width).open(f"/customers/{customer.id}")
    ama.page.keyboard.press("l")
    ama.page.locator("#dialog[open] #note:focus").wait_for()
    ama.looks_right()


@LOOKS
def test_what_is_shown_once_is_accessible(visit, dark, width):
    email = f"{'y' * 60}{dark}{width}@example.com"
    adwoa = visit("Adwoa", dark=dark, width=width).open("/staff/new")
    adwoa.page.fill("#name", f"Ọlátúnjí {width} " + "x" * 85)  # names must differ
    adwoa.page.fill("#email", email)
    adwoa.page.locator("form.form .primary").click()
    adwoa.page.locator("#one-time-password").wait_for()
    adwoa.wait_for_toast()
    adwoa.looks_right()
    one_time = adwoa.page.locator("#one-time-password code").inner_text()
    new = visit(None, dark=dark, width=width).open("/sign-in")
    new.give_password(email, one_time)
    new.wait_for("/account/password$")
    new.looks_right()
    new.choose_password(one_time, NEW_PASSWORD)
    new.wait_for("/(customers)?$")
    look_at_second_factor(new)
    if width > 1000:
        new.page.get_by_role("button", name="Sign out").click()
    else:
        new.context.clear_cookies()
    new.open("/sign-in").give_password(email, NEW_PASSWORD)
    new.page.locator("#code-form").wait_for()
    new.looks_right()


def look_at_second_factor(new):
    new.open("/account/second-factor").set_second_factor(NEW_PASSWORD)
    new.looks_right()
    new.open("/account/second-factor")
    new.looks_right()


@BOTH_THEMES
def test_signing_in_again_over_a_form_is_accessible(visit, site, dark):
    esi = visit("Esi", dark=dark, width=390).open("/customers/new")
    esi.context.clear_cookies()
    esi.page.locator("form.form .primary").click()
    esi.page.locator("#again #again-email").wait_for()
    esi.looks_right()


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
    ama.looks_right()


@LOOKS
def test_what_appears_while_reviewing_is_accessible(visit, places, dark, width):
    adwoa = visit("Adwoa", dark=dark, width=width).open(places["review case"])
    adwoa.page.locator(".case:not([hidden]) [value=overturned]").click()
    adwoa.page.locator(".case .error").first.wait_for()
    adwoa.looks_right()
    adwoa.open(places["review list"])
    adwoa.page.keyboard.press("x")
    adwoa.page.keyboard.press("r")
    adwoa.page.locator("#dialog[open] textarea").wait_for()
    adwoa.looks_right()
    adwoa.page.locator("#dialog .danger").click()
    adwoa.page.locator("#dialog #error-summary").wait_for()
    adwoa.looks_right()
    look_at_overview(adwoa.open(places["overview"]))
    look_at_verdicts(visit("Esi", dark=dark, width=width), places)


def look_at_overview(adwoa):
    for summary in adwoa.page.locator("summary").all():
        summary.click()
    adwoa.looks_right()


def look_at_verdicts(esi, places):
    for email, told in VERDICTS.items():
        esi.open(places["check"])
        esi.page.fill("#email", email)
        esi.page.locator("#check-form .primary").click()
        esi.page.locator("#verdict-title", has_text=told).wait_for()
        esi.looks_right()
