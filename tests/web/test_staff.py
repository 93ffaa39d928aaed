"""Staff on pages: everything an admin does takes effect immediately and is recorded
in a history.
"""

import re

import pytest

from tests.support.cast import PASSWORD, member
from tests.support.strict import text_of
from webapp.kernel.database import db
from webapp.staff.models import StaffSession


def staff_id(book, name):
    with book.app.app_context():
        return member(name).id


def open_member(book, desk, name):
    desk.open(f"/staff/{staff_id(book, name)}")
    return desk


def add_efua(adwoa, **typed):
    adwoa.open("/staff/new")
    return adwoa.send(
        "member-form", **({"name": "Efua", "email": "efua@example.com", "role": "agent"} | typed)
    )


def shown_password(desk):
    found = re.search(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", desk.text)
    return found and found[0]


def test_the_list_shows_everybody_with_role_and_standing(adwoa):
    adwoa.open("/staff")
    rows = [text_of(row) for row in adwoa.page.tree.iter("tr")][1:]
    assert rows[0] == "Adwoa adwoa@example.com Admin None Active"
    assert len(rows) == 5


def test_a_new_member_gets_a_one_time_password_that_is_shown_once(adwoa, desk_of):
    add_efua(adwoa)
    adwoa.follow()
    password = shown_password(adwoa)
    assert password
    assert "Adwoa added this member" in adwoa.text
    adwoa.open(adwoa.page.request.path)
    assert shown_password(adwoa) is None
    efua = desk_of(None)
    efua.open("/sign-in")
    efua.send("sign-in-form", email="efua@example.com", password=password)
    efua.follow()
    efua.follow()
    assert "one-time password" in efua.text


def test_the_password_does_not_wait_readable_in_the_database(book, adwoa):
    add_efua(adwoa)
    with book.app.app_context():
        carried = "".join(session.carried for session in db.session.query(StaffSession))
    adwoa.follow()
    assert len(carried) > 40
    assert shown_password(adwoa) not in carried
    assert "Efua" not in carried


def test_another_page_does_not_show_the_password_of_somebody_else(book, adwoa):
    add_efua(adwoa)
    open_member(book, adwoa, "Esi")
    assert shown_password(adwoa) is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "ESI@example.com"}, "works here already"),
        ({"email": "no address"}, "@-sign"),
        ({"name": ""}, "Enter a name"),
        ({"role": "boss"}, "Choose a role"),
    ],
)
def test_a_bad_form_comes_back_with_everything_typed(adwoa, typed, told):
    assert add_efua(adwoa, **typed).status_code == 422
    assert told in adwoa.text
    form = adwoa.form("member-form")
    for name, value in ({"name": "Efua", "email": "efua@example.com"} | typed).items():
        if name != "role":
            assert form.find(f".//input[@name='{name}']").get("value") == value


def test_a_new_role_counts_on_the_next_request(book, adwoa, desk_of):
    esi = desk_of("Esi")
    assert esi.open("/customers/new").status_code == 200
    open_member(book, adwoa, "Esi").send("role-form", role="viewer")
    adwoa.follow()
    assert "Esi is a viewer from now on." in adwoa.text
    assert "Adwoa changed the role" in adwoa.text
    assert esi.open("/customers/new").status_code == 403


def test_whoever_is_deactivated_is_out_on_the_next_request(book, adwoa, desk_of):
    esi = desk_of("Esi")
    open_member(book, adwoa, "Esi").send("deactivate")
    adwoa.follow()
    assert "Inactive" in adwoa.text
    assert esi.open("/customers").status_code == 303
    stranger = desk_of(None)
    stranger.open("/sign-in")
    assert (
        stranger.send("sign-in-form", email="esi@example.com", password=PASSWORD).status_code == 422
    )
    open_member(book, adwoa, "Esi").send("reactivate")
    adwoa.follow()
    assert "Active" in adwoa.text
    stranger.open("/sign-in")
    assert (
        stranger.send("sign-in-form", email="esi@example.com", password=PASSWORD).status_code == 303
    )


def test_sessions_are_ended(book, adwoa, desk_of):
    esi = desk_of("Esi")
    open_member(book, adwoa, "Esi").send("end-sessions")
    adwoa.follow()
    assert "1 session has ended." in adwoa.text
    assert esi.open("/customers").status_code == 303


def test_a_one_time_password_is_given_to_who_forgot_theirs(book, adwoa, desk_of):
    esi = desk_of("Esi")
    open_member(book, adwoa, "Esi").send("reset-password")
    adwoa.follow()
    assert shown_password(adwoa)
    assert "Adwoa gave out a one-time password" in adwoa.text
    assert esi.open("/customers").status_code == 303


def test_ones_own_page_offers_no_change(book, adwoa):
    open_member(book, adwoa, "Adwoa")
    assert "Nobody changes their own role" in adwoa.text
    forms = {form.get("id") for form in adwoa.page.tree.iter("form")}
    assert forms - {None} == {"sign-out", "find"}


@pytest.mark.parametrize(
    "deed", ["role", "deactivate", "reactivate", "second-factor", "password", "sessions"]
)
def test_what_is_not_offered_is_refused_all_the_same(book, adwoa, deed):
    adwoa.open("/account")
    token = adwoa.form("sign-out").find("input[@name='csrf_token']").get("value")
    address = f"/staff/{staff_id(book, 'Adwoa')}/{deed}"
    headers = {"Referer": "http://localhost/staff"}
    answer = adwoa.client.post(
        address, data={"csrf_token": token, "role": "agent"}, headers=headers
    )
    assert answer.status_code == 409
    assert "This is your own account" in answer.text
    assert 'href="/staff">Go back' in answer.text


def test_somebody_who_never_worked_here(adwoa):
    for address in ("/staff/999999", "/staff/99999999999999999999", "/staff/x"):
        assert adwoa.open(address).status_code == 404


def test_a_role_is_asked_for_a_second_factor_before_anything_else(adwoa, desk_of):
    esi = desk_of("Esi")
    adwoa.open("/staff")
    adwoa.send("second-factor-policy", roles="agent")
    adwoa.follow()
    assert "Adwoa asked for one of agents" in adwoa.text
    assert "Needed, none yet" in adwoa.text
    esi.open("/customers?standing=good")
    assert esi.page.location == "/account/second-factor"
    esi.follow()
    assert "Your role needs a second factor." in esi.text
    assert esi.client.post("/customers/new", data={}).status_code in (303, 400)
    assert desk_of("Ama").open("/customers").status_code == 200
