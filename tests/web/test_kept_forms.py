"""Drafts: what was typed when a session ended is kept, for the same person and nobody else."""

import random

import pytest
from sqlalchemy import select, update

from tests.support.cast import PASSWORD, add
from tests.support.desks import sign_in, value
from tests.support.strict import PARTIAL
from webapp.kernel.database import db, writing
from webapp.staff.models import StaffMember, StaffSession


def test_a_form_that_was_typed_while_the_session_ended_is_restored_for_the_same_person(
    book, desk_of, the_clock
):
    with book.app.app_context():
        kofi = add()
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/edit")
    the_clock.forward(hours=2)
    desk.send("customer-form", first_name="Kofi Atta")
    assert desk.page.status_code == 401
    assert "Kofi Atta" not in desk.page.text, "what was typed stands sealed in the page"
    sign_in(desk)
    desk.follow()
    form = desk.form("customer-form")
    assert form.find(".//input[@name='first_name']").get("value") == "Kofi Atta"
    desk.send("customer-form")
    desk.follow()
    assert "Kofi Atta" in desk.text
    assert desk.open(f"/customers/{kofi.id}/edit").status_code == 200
    assert value(desk, "first_name") == "Kofi Atta"


def test_the_longest_form_in_any_script_is_restored(book, desk_of, the_clock):
    """Sign-in limits what strangers may send, but not the size of a draft."""
    note = "".join(random.Random(1).choices([chr(code) for code in range(0x4E00, 0x5A00)], k=2_000))
    links = "\n".join(f"https://example.com/{number}/{'a' * 100}" for number in range(10))
    with book.app.app_context():
        kofi = add()
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/blacklisting")
    the_clock.forward(hours=2)
    desk.send("blacklisting-form", reason="other", note=note, evidence=links)
    sign_in(desk)
    desk.follow()
    assert desk.form("blacklisting-form").find(".//textarea[@name='note']").text.strip() == note


def test_a_form_is_not_restored_for_somebody_else(desk_of, the_clock):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    the_clock.forward(hours=2)
    desk.send("customer-form", first_name="Secret")
    sign_in(desk, "Ama")
    desk.follow()
    assert desk.page.request.path == "/"
    assert desk.open("/customers/new").status_code == 200
    assert value(desk, "first_name") == ""


def test_a_form_whose_session_was_signed_out_elsewhere_is_kept_too(desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    desk.client.delete_cookie("gatebook")
    desk.send("customer-form", first_name="Kofi")
    assert desk.page.status_code == 401
    sign_in(desk)
    desk.follow()
    assert value(desk, "first_name") == "Kofi"


def test_a_form_with_passwords_is_never_carried(book, desk_of, the_clock):
    desk = desk_of("Esi")
    desk.open("/account/password")
    the_clock.forward(hours=2)
    desk.send("password-form", current_password=PASSWORD, new_password="another fine phrase")
    sign_in(desk)
    assert desk.page.location == "/"
    with book.app.app_context():
        assert all(not carried for carried in db.session.scalars(select(StaffSession.carried)))


def test_a_restored_form_survives_a_reload_and_is_forgotten_when_it_is_left(desk_of, the_clock):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    the_clock.forward(hours=2)
    desk.send("customer-form", first_name="Typed")
    sign_in(desk)
    desk.follow()
    for expected in ("Typed", "Typed", ""):
        if not expected:
            desk.open("/customers")
        desk.open("/customers/new")
        assert value(desk, "first_name") == expected


def test_a_form_survives_signing_in_again_in_another_tab(book, desk_of, the_clock):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    typed_in = desk.page
    the_clock.forward(hours=2)
    desk.open("/sign-in")
    sign_in(desk)
    desk.page = typed_in
    desk.send("customer-form", partial=True, first_name="Kofi")
    assert "data-csrf-token" in desk.page.text
    desk.page = typed_in
    desk.send("customer-form", first_name="Kofi")
    desk.follow()
    assert value(desk, "first_name") == "Kofi"
    assert "Nothing is lost" in desk.text


def test_a_form_is_kept_while_a_new_password_must_be_chosen(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    with book.app.app_context(), writing():
        db.session.execute(update(StaffMember).values(must_change_password=True))
    desk.send("customer-form", first_name="Typed")
    desk.follow()
    desk.send("password-form", current_password=PASSWORD, new_password="another fine phrase")
    desk.follow()
    assert value(desk, "first_name") == "Typed"


@pytest.mark.parametrize(
    ("form_id", "page"), [("search-form", "/customers"), ("sign-out", "/customers/new")]
)
def test_what_has_no_page_of_its_own_leads_home_after_signing_in_again(
    desk_of, the_clock, form_id, page
):
    desk = desk_of("Esi")
    desk.open(page)
    the_clock.forward(hours=2)
    desk.send(form_id)
    assert desk.page.status_code == 401
    sign_in(desk)
    assert desk.page.location == "/"


def test_a_partial_request_without_a_session_gets_a_dialog(kofi, desk_of, the_clock):
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/edit")
    the_clock.forward(hours=2)
    desk.send("customer-form", partial=True, first_name="Kofi Atta")
    assert desk.page.status_code == 401
    assert 'hx-target="#again"' in desk.page.text
    desk.send("sign-in-again", partial=True, email="esi@example.com", password=PASSWORD)
    assert desk.page.status_code == 200
    welcome = next(e for e in desk.page.tree.iter() if e.get("id") == "welcome-back")
    data = {
        "csrf_token": welcome.get("data-csrf-token"),
        "first_name": "Kofi Atta",
        "last_name": "Annan",
        "email": kofi.email,
        "version": "1",
    }
    response = desk.client.post(f"/customers/{kofi.id}/edit", data=data, headers=PARTIAL)
    assert response.headers["HX-Redirect"].endswith(str(kofi.id))
