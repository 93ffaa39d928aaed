"""Signing in and out on pages: nothing is lost, and nobody is sent to another site."""

import pytest
from sqlalchemy import select, update

from tests.support import cast
from tests.support.books import settings_for
from tests.support.cast import PASSWORD, add, member
from tests.support.desks import sign_in
from tests.support.strict import PARTIAL, StrictClient, text_of
from webapp.assembly import create_app
from webapp.customers import finding
from webapp.kernel.database import db, writing
from webapp.staff.models import StaffMember, StaffSession


def test_somebody_signs_in_and_lands_at_home(desk_of):
    desk = desk_of(None)
    sign_in(desk)
    desk.follow()
    assert desk.page.request.path == "/"
    assert "Viewed last" in desk.text


def test_who_only_looks_lands_on_the_customers(desk_of):
    desk = desk_of(None)
    sign_in(desk, name="Yaw")
    desk.follow()
    desk.follow()
    assert desk.page.request.path == "/customers"


def test_a_stranger_is_sent_to_sign_in_and_then_to_where_they_were_going(desk_of):
    desk = desk_of(None)
    desk.open("/customers?standing=good&page=1")
    assert desk.page.status_code == 303
    desk.follow()
    sign_in(desk)
    assert desk.page.location == "/customers?standing=good&page=1"


@pytest.mark.parametrize(
    "path",
    [
        "/sign-out",
        "//evil.example",
        "/\t/evil.example",
        " //evil.example",
        "\x01//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\n/x",
        "",
        "evil",
        "/" + "x" * 3000,
        "/é",
        "/a\\b",
    ],
)
def test_nobody_is_sent_to_another_site(desk_of, path):
    desk = desk_of(None)
    desk.open("/sign-in")
    desk.send("sign-in-form", email="esi@example.com", password=PASSWORD, next=path)
    assert desk.page.location == "/"


def test_a_refusal_says_the_same_for_known_and_unknown_people(desk_of):
    answers = []
    for name in ("Esi", "Nobody"):
        desk = desk_of(None)
        sign_in(desk, name, "wrong")
        assert desk.page.status_code == 422
        answers.append(text_of(desk.form("sign-in-form")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "email", ["\0", "nul\0@example.com", "\ud800@example.com", "x" * 10_000, "\x1b[31m"]
)
def test_an_address_that_is_no_text_is_refused_like_any_other(desk_of, email):
    desk = desk_of(None)
    desk.open("/sign-in")
    assert (
        desk.send(
            "sign-in-form", email=email.encode(errors="surrogatepass"), password=PASSWORD
        ).status_code
        == 422
    )


def test_too_many_attempts_say_when_to_come_back(desk_of):
    desk = desk_of(None)
    for _ in range(6):
        sign_in(desk, password="wrong")
    assert desk.page.status_code == 429
    assert int(desk.page.headers["Retry-After"]) > 0


def test_signing_in_gives_a_new_token_whatever_the_browser_had(desk_of):
    desk = desk_of(None)
    desk.client.set_cookie("gatebook", "planted")
    sign_in(desk)
    cookie = desk.client.get_cookie("gatebook")
    assert cookie.value != "planted"
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_signing_out_ends_the_session_on_the_server(book, desk_of):
    desk = desk_of("Esi")
    token = desk.client.get_cookie("gatebook").value
    desk.open("/customers")
    desk.send("sign-out")
    assert desk.page.headers["Clear-Site-Data"] == '"cache"'
    desk.client.set_cookie("gatebook", token)
    assert desk.open("/customers").status_code == 303


def test_signing_out_takes_a_form(desk_of):
    assert desk_of("Esi").client.get("/sign-out").status_code == 405


@pytest.mark.parametrize("data", [{}, {"csrf_token": "x"}])
def test_a_form_without_a_good_token_is_refused(desk_of, data):
    desk = desk_of("Esi")
    response = desk.client.post("/customers/new", data=data | {"first_name": "A"})
    assert response.status_code == 400


def test_the_token_of_another_session_is_refused(desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    ama.open("/customers/new")
    token = ama.form("customer-form").find("input[@name='csrf_token']").get("value")
    assert esi.client.post("/customers/new", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://["},
    ],
)
def test_a_change_from_another_site_is_refused_whatever_its_token(desk_of, headers):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    token = desk.form("customer-form").find("input[@name='csrf_token']").get("value")
    response = desk.client.post("/customers/new", data={"csrf_token": token}, headers=headers)
    assert response.status_code == 403


def test_a_forced_new_password_leads_on_to_where_one_was_going(book, desk_of):
    desk = desk_of("Esi")
    with book.app.app_context(), writing():
        db.session.execute(update(StaffMember).values(must_change_password=True))
    desk.open("/customers?standing=good")
    desk.follow()
    desk.send("password-form", current_password=PASSWORD, new_password="another fine phrase")
    assert desk.page.location == "/customers?standing=good"
    partial = desk_of("Ama").client.get("/customers", headers=PARTIAL)
    assert partial.headers["HX-Redirect"] == "/account/password"


def test_the_session_that_a_browser_had_ends_when_it_signs_in_again(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/account/password")
    token = desk.form("password-form").find("input[@name='csrf_token']").get("value")
    data = {"csrf_token": token, "email": "ama@example.com", "password": PASSWORD}
    assert desk.client.post("/sign-in", data=data).status_code == 303
    with book.app.app_context():
        assert len(db.session.scalars(select(StaffSession)).all()) == 1


def test_a_one_time_password_must_be_changed_first(book, desk_of):
    desk = desk_of("Esi")
    with book.app.app_context(), writing():
        db.session.execute(update(StaffMember).values(must_change_password=True))
    desk.open("/customers")
    assert desk.page.location == "/account/password"
    desk.follow()
    desk.send("password-form", current_password=PASSWORD, new_password="another fine phrase")
    desk.follow()
    assert desk.open("/customers").status_code == 200


def test_cookies_on_https_carry_the_host_prefix(book):
    app = create_app(settings_for(book.url, GATEBOOK_PUBLIC_URL="https://gatebook.example.com"))
    response = StrictClient(app, app.response_class).get(
        "/sign-in", base_url="https://gatebook.example.com"
    )
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-gatebook=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_every_cookie_on_https_is_one_that_browsers_keep(book):
    """A `__Host-` cookie is dropped unless it is secure, for the whole host, and of no domain."""
    app = create_app(settings_for(book.url, GATEBOOK_PUBLIC_URL="https://gatebook.example.com"))
    with app.app_context():
        cast.hire()
        kofi = cast.add()
    client = StrictClient(app, app.response_class, use_cookies=True)
    client.set_cookie(
        "__Host-gatebook", cast.session_token(app, "Esi"), domain="gatebook.example.com"
    )
    kept = {}
    for path in ("/customers", f"/customers/{kofi.id}", "/account", "/sign-in"):
        response = client.get(path, base_url="https://gatebook.example.com")
        for cookie in response.headers.getlist("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            kept[name] = {part.strip() for part in rest.split(";")[1:]}
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert {"__Host-gatebook-viewed", "__Secure-gatebook-list"} <= kept.keys()
    for name, flags in kept.items():
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= flags, name
        assert not any(flag.startswith("Domain") for flag in flags), name
        assert "Path=/" in flags or not name.startswith("__Host-"), name


def test_another_host_is_not_answered(desk_of):
    response = desk_of(None).client.get("/sign-in", base_url="http://evil.example")
    assert response.status_code == 400


def test_preferences_are_taken_over(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/account/preferences")
    desk.send(
        "preferences-form",
        theme="dark",
        density="compact",
        time_zone="Africa/Accra",
        single_keys="",
    )
    desk.follow()
    assert desk.page.tree.find(".").get("data-theme") == "dark"
    with book.app.app_context():
        esi = member("Esi")
        assert (esi.theme, esi.density, esi.time_zone, esi.single_keys) == (
            "dark",
            "compact",
            "Africa/Accra",
            False,
        )


def test_an_odd_preference_is_refused(desk_of):
    desk = desk_of("Esi")
    desk.open("/account/preferences")
    desk.send("preferences-form", theme="neon", time_zone="Mars/Base")
    assert desk.page.status_code == 422


def test_a_planted_cookie_is_nobody(desk_of):
    desk = desk_of(None)
    for value in ("x", "a.b.c", "é", "x" * 4000, '"'):
        desk.client.set_cookie("gatebook", value)
        assert desk.client.get("/customers").status_code == 303


def test_a_session_cookie_is_checked_against_the_book_each_time(book, desk_of):
    desk = desk_of("Esi")
    token = desk.client.get_cookie("gatebook").value
    assert desk.open("/customers").status_code == 200
    desk.client.set_cookie("gatebook", token[:-1] + ("a" if token[-1] != "a" else "b"))
    assert desk.open("/customers").status_code == 303


def test_directory_is_untouched_by_a_stranger(book, desk_of):
    with book.app.app_context():
        kofi = add()
    response = desk_of(None).client.post(f"/customers/{kofi.id}/edit", data={"first_name": "X"})
    assert response.status_code in (400, 401)
    with book.app.app_context():
        assert finding.get_customer(kofi.id).first_name == "Kofi"
