"""One's own account on pages: name, sessions, and a second factor from set-up to recovery."""

import pytest
from pyotp import TOTP

from tests.support.cast import PASSWORD, add, session_token
from tests.support.desks import at_desk
from tests.support.strict import PARTIAL, text_of
from webapp.kernel import clock

pytestmark = pytest.mark.usefixtures("standing_clock")


@pytest.fixture
def esi(desk_of):
    return desk_of("Esi")


def code(secret):
    return TOTP(secret).at(int(clock.now().timestamp()))


def set_up(desk, the_clock):
    """Set up a second factor; returns its secret and the recovery codes."""
    desk.open("/account/second-factor")
    secret = secret_on(desk)
    desk.send("second-factor-form", code=code(secret), current_password=PASSWORD)
    desk.follow()
    codes = [text_of(element) for element in desk.page.tree.iter("code")]
    the_clock.forward(seconds=30)
    return secret, codes


def secret_on(desk):
    return text_of(next(e for e in desk.page.tree.iter("code") if e.get("id") == "secret")).replace(
        " ", ""
    )


def sign_in(desk, path="/sign-in"):
    desk.open(path)
    if desk.page.status_code == 303:
        desk.follow()
    return desk.send("sign-in-form", email="esi@example.com", password=PASSWORD)


def test_a_name_is_changed_and_what_was_done_keeps_the_old_one(esi, desk_of):
    esi.open("/account")
    esi.send("name-form", name="  Esi   Ọlátúnjí ")
    esi.follow()
    assert "Your name is saved." in esi.text
    adwoa = desk_of("Adwoa")
    adwoa.open("/staff/3")
    assert "Esi chose another name" in adwoa.text
    assert "Esi Ọlátúnjí" in text_of(next(adwoa.page.tree.iter("h1")))


def test_a_bad_name_comes_back(esi):
    esi.open("/account")
    assert esi.send("name-form", name="").status_code == 422
    assert "Enter a name" in esi.text
    assert esi.page.tree.find(".//title").text.startswith("Error: ")


def test_sessions_are_listed_and_ended(book, esi):
    others = [at_desk(book, "Esi").client for _ in range(3)]
    esi.open("/account")
    ends = [
        form.get("id")
        for form in esi.page.tree.iter("form")
        if form.get("id", "").startswith("end-")
    ]
    assert len(ends) == 4
    assert esi.text.count("This browser") == 1
    esi.send(ends[0])
    esi.follow()
    assert "That browser is signed out." in esi.text
    assert sorted(other.get("/customers").status_code for other in others) == [200, 200, 303]
    esi.send("end-others")
    esi.follow()
    assert "2 other browsers are signed out." in esi.text
    assert [other.get("/customers").status_code for other in others] == [303] * 3


def test_nobody_ends_a_session_of_somebody_else(book, esi, desk_of):
    ama = desk_of("Ama")
    ama.open("/account")
    ama.client.set_cookie("gatebook", session_token(book.app, "Ama"))
    ama.open("/account")
    theirs = next(e.get("value") for e in ama.page.tree.iter("input") if e.get("name") == "session")
    esi.open("/account")
    token = esi.form("sign-out").find("input[@name='csrf_token']").get("value")
    for name in (theirs, "", "nonsense"):
        esi.client.post("/account/sessions/end", data={"csrf_token": token, "session": name})
    assert ama.open("/account").status_code == 200
    assert "Sign out everywhere else" in ama.text


def test_a_browser_is_named_as_people_know_it(desk_of):
    agents = {
        "(Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Windows",
        "(X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36": "Chrome on Linux",
        "(Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0": "Edge on Windows",
        "(iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1": "Safari on iPhone",
        "<script>": "Unknown browser",
    }
    for said, name in agents.items():
        desk = desk_of(None)
        desk.client.environ_base["HTTP_USER_AGENT"] = f"Mozilla/5.0 {said}"
        sign_in(desk)
        desk.open("/account")
        assert name in desk.text


def test_the_whole_life_of_a_second_factor(esi, desk_of, the_clock):
    secret, codes = set_up(esi, the_clock)
    assert len(codes) == 10
    assert "You see them only now" in esi.text
    esi.open("/account/second-factor")
    assert codes[0] not in esi.text
    assert "You have 10 recovery codes left." in esi.text
    browser = desk_of(None)
    assert sign_in(browser, "/customers?standing=good").status_code == 200
    assert "Enter your code" in browser.text
    assert browser.client.get("/customers").status_code == 303
    assert browser.send("code-form", code="000000").status_code == 422
    assert "This code is not right" in browser.text
    assert browser.send("code-form", code=code(secret)).location == "/customers?standing=good"
    the_clock.forward(seconds=30)
    fresh = renew_codes(browser, codes[0])
    assert not set(fresh) & set(codes)
    browser.open("/account/second-factor/remove")
    assert browser.send("proof-form", current_password=PASSWORD, code=codes[1]).status_code == 422
    browser.send("proof-form", current_password=PASSWORD, code=fresh[0])
    browser.follow()
    assert "Your second factor is removed." in browser.text
    assert sign_in(desk_of(None)).status_code == 303


def renew_codes(browser, code):
    browser.open("/account/second-factor/codes")
    browser.send("proof-form", current_password=PASSWORD, code=code)
    browser.follow()
    return [text_of(element) for element in browser.page.tree.iter("code")]


@pytest.mark.parametrize("path", ["password", "second-factor"])
def test_guessing_ones_password_says_when_to_come_back(esi, path):
    form = {"password": "password-form", "second-factor": "second-factor-form"}[path]
    esi.open(f"/account/{path}")
    for _ in range(11):
        esi.send(form, current_password="wrong")
    assert esi.page.status_code == 429
    assert int(esi.page.headers["Retry-After"]) > 0


def test_a_browser_stays_known_when_its_owner_chooses_a_password(esi):
    esi.open("/account/password")
    esi.send(
        "password-form", current_password=PASSWORD, new_password="purple ducks on a frozen lake"
    )
    assert esi.client.get_cookie("gatebook-device")


def test_a_wrong_code_keeps_the_secret_on_the_page(esi):
    esi.open("/account/second-factor")
    secret = secret_on(esi)
    assert (
        esi.send("second-factor-form", code="000000", current_password=PASSWORD).status_code == 422
    )
    assert secret_on(esi) == secret
    assert "This code is not right" in esi.text


def test_signing_in_again_with_a_second_factor_over_an_open_form(esi, the_clock):
    secret, _ = set_up(esi, the_clock)
    esi.open("/customers/new")
    fields = {
        e.get("name"): e.get("value", "")
        for e in esi.form("customer-form").iter("input")
        if e.get("name")
    }
    the_clock.forward(hours=2)
    dialog = esi.client.post("/customers/new", data=fields, headers=PARTIAL)
    assert (dialog.status_code, 'hx-target="#again"' in dialog.text) == (401, True)
    esi.page = dialog
    step = esi.send("sign-in-again", partial=True, email="esi@example.com", password=PASSWORD)
    assert "Enter your code" in step.text
    welcome = esi.send("sign-in-again", partial=True, code=code(secret))
    assert "data-csrf-token" in welcome.text


def test_a_form_is_carried_past_both_steps_without_script(book, esi, the_clock):
    with book.app.app_context():
        kofi = add()
    secret, _ = set_up(esi, the_clock)
    esi.open(f"/customers/{kofi.id}/edit")
    the_clock.forward(hours=2)
    assert esi.send("customer-form", first_name="Kwesi").status_code == 401
    esi.send("sign-in-form", email="esi@example.com", password=PASSWORD)
    esi.send("code-form", code=code(secret))
    esi.follow()
    assert esi.form("customer-form").find(".//input[@name='first_name']").get("value") == "Kwesi"


def test_a_form_survives_a_second_factor_that_must_be_set_up_first(book, esi, desk_of, the_clock):
    esi.open("/customers/new")
    adwoa = desk_of("Adwoa")
    adwoa.open("/staff")
    adwoa.send("second-factor-policy", roles="agent")
    esi.send("customer-form", first_name="Kwesi")
    assert esi.page.location == "/account/second-factor"
    set_up(esi, the_clock)
    on = next(e.get("href") for e in esi.page.tree.iter("a") if e.get("id") == "go-on")
    assert on == "/customers/new"
    esi.open(on)
    assert esi.form("customer-form").find(".//input[@name='first_name']").get("value") == "Kwesi"


def test_the_second_step_that_took_too_long_starts_again(esi, desk_of, the_clock):
    secret, _ = set_up(esi, the_clock)
    browser = desk_of(None)
    sign_in(browser, "/customers?standing=good")
    the_clock.forward(minutes=11)
    assert browser.send("code-form", code=code(secret)).status_code == 422
    assert "start again with your password" in browser.text
    assert (
        browser.form("sign-in-form").find(".//input[@name='next']").get("value")
        == "/customers?standing=good"
    )


def test_the_device_cookie_is_kept_and_is_no_key(esi, desk_of):
    browser = desk_of(None)
    sign_in(browser)
    cookie = browser.client.get_cookie("gatebook-device")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    other = desk_of(None)
    other.client.set_cookie("gatebook-device", cookie.value)
    other.client.set_cookie("gatebook", cookie.value)
    assert other.open("/customers").status_code == 303
