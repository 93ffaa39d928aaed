"""What is irreversible or gives access: recent sign-ins, secrets shown once, forged requests."""

import logging
from datetime import timedelta

import pytest

from tests.support.cast import SOMEBODY, actor, member, session_token
from tests.support.desks import at_desk, token_of
from tests.support.strict import PARTIAL
from webapp.blacklist import opening
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.staff import members
from webapp.staff.second_factor import roles_that_need_one
from webapp.staff.sessions import Place, begin_session

MANAGED = ("/customers/{id}/delete", "/api-keys/new", "/staff/new")
DEEDS = {
    "/customers/{id}/delete": {},
    "/api-keys/new": {"name": "Till", "scopes": "read"},
    "/staff/new": {"name": "Efua", "email": "efua@example.com", "role": "agent"},
    "/staff/{esi}/role": {"role": "viewer"},
    "/staff/{esi}/deactivate": {},
    "/staff/{esi}/password": {},
    "/staff/{esi}/second-factor": {},
    "/staff/second-factor": {"roles": "admin"},
}


def addresses(book, kofi, path):
    with book.app.app_context():
        return path.format(id=kofi.id, esi=member("Esi").id)


@pytest.mark.parametrize("path", DEEDS)
def test_after_a_quarter_of_an_hour_they_show_again_who_they_are(
    book, kofi, desk_of, the_clock, path
):
    the_clock.moment = clock.now()
    desk, address = desk_of("Adwoa"), addresses(book, kofi, path)
    the_clock.forward(minutes=16)
    before = what_deeds_change(book)
    answer = desk.client.post(address, data=DEEDS[path] | {"csrf_token": token_of(desk)})
    assert answer.status_code == 401
    assert "Sign in again" in answer.text
    partial = desk.client.post(
        address, data=DEEDS[path] | {"csrf_token": token_of(desk)}, headers=PARTIAL
    )
    assert partial.status_code == 401
    assert what_deeds_change(book) == before


def what_deeds_change(book):
    with book.app.app_context():
        db.session.rollback()
        return db.session.query(Customer).count(), member("Esi").version, len(api_keys.list_keys())


@pytest.mark.parametrize("path", MANAGED)
def test_a_fresh_sign_in_leads_back(book, kofi, desk_of, the_clock, path):
    the_clock.moment = clock.now()
    desk, address = desk_of("Adwoa"), addresses(book, kofi, path)
    assert desk.open(address).status_code == 200
    the_clock.forward(minutes=16)
    desk.open(address)
    assert "again=1" in desk.page.location
    desk.follow()
    desk.client.set_cookie("gatebook", session_token(book.app, "Adwoa"))
    assert desk.open(address).status_code == 200
    assert desk.open("/customers").status_code == 200


def test_other_pages_need_no_fresh_sign_in(kofi, desk_of, the_clock):
    the_clock.moment = clock.now()
    desk = desk_of("Adwoa")
    the_clock.forward(minutes=30)
    for path in (
        "/customers",
        f"/customers/{kofi.id}",
        f"/customers/{kofi.id}/edit",
        "/review",
        "/staff",
        "/api-keys",
    ):
        assert desk.open(path).status_code == 200, path


def test_a_secret_shown_once_survives_a_head_and_another_page(book, desk_of):
    desk = desk_of("Adwoa")
    with book.app.app_context():
        esi, ama = member("Esi").id, member("Ama").id
    made = desk.client.post(f"/staff/{esi}/password", data={"csrf_token": token_of(desk)})
    assert desk.client.head(made.location).status_code == 200
    assert "One-time password" not in desk.client.get(f"/staff/{ama}").text
    assert "Give it to" in desk.client.get(made.location).text
    assert "Give it to" not in desk.client.get(made.location).text
    desk.client.post(
        "/api-keys/new", data={"csrf_token": token_of(desk), "name": "Till", "scopes": "read"}
    )
    assert desk.client.head("/api-keys").status_code == 200
    assert "The key of" in desk.client.get("/api-keys").text


def test_a_session_of_a_one_time_password_ends_with_it(book, desk_of, the_clock):
    the_clock.moment = clock.now()
    desk_of(None)
    with book.app.app_context(), writing():
        later = clock.now() + timedelta(hours=1)
        token = begin_session(member("Esi").id, place=Place(address=""), ends_at=later)
        short = begin_session(member("Esi").id, place=Place(address=""), ends_at=clock.now())
    client = book.app.test_client()
    for value, status in ((token, 200), (short, 303)):
        client.set_cookie("gatebook", value)
        assert client.get("/customers").status_code == status


def test_an_origin_that_was_not_told_is_no_other_site(kofi, desk_of):
    desk = desk_of("Esi")
    data = {"csrf_token": token_of(desk), "reason": "fraud", "note": ""}
    for headers in (
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
    ):
        refused = desk.client.post(f"/customers/{kofi.id}/blacklisting", data=data, headers=headers)
        assert refused.status_code == 403
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert (
        desk.client.post(
            f"/customers/{kofi.id}/blacklisting", data=data, headers=headers
        ).status_code
        == 303
    )


@pytest.mark.parametrize("before", ["0", "1", "-1", "x", "", "1_0", "٣", "9" * 20])
def test_a_number_of_an_address_has_its_range(kofi, desk_of, before):
    assert desk_of("Esi").open(f"/customers/{kofi.id}?before={before}").status_code == 400


def test_refused_sign_ins_name_the_account_and_forged_forms_are_told_apart(book, desk_of, caplog):
    caplog.set_level(logging.INFO, "gatebook")
    stranger = desk_of(None)
    with book.app.app_context():
        esi = member("Esi").id
    for email in ("esi@example.com", "nobody@example.com"):
        stranger.open("/sign-in")
        stranger.send("sign-in-form", email=email, password="wrong wrong wrong")
    refused = [record for record in caplog.records if record.message == "sign-in refused"]
    assert [record.staff_id for record in refused] == [esi, None]
    assert not any("example.com" in str(vars(record)) for record in refused)
    stranger.client.post("/sign-in", data={"email": "esi@example.com", "password": "x"})
    assert [record.message for record in caplog.records if "token" in record.message] == [
        "form without a good token"
    ]


def test_names_of_others_are_nobodys(book, desk_of):
    desk = desk_of("Adwoa")
    for name in ("Ama", "ama ", "Аmа", "Operator", "Gatebook", "System"):
        data = {
            "csrf_token": token_of(desk),
            "name": name,
            "email": "new@example.com",
            "role": "agent",
        }
        assert desk.client.post("/staff/new", data=data).status_code == 422, name
        assert desk.client.post("/account", data=data).status_code == 422, name
    assert (
        desk.client.post(
            "/account", data={"csrf_token": token_of(desk), "name": "ADWOA"}
        ).status_code
        == 303
    )


def test_removals_are_looked_at_on_a_page(book, kofi, desk_of):
    with book.app.app_context():
        opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
        key, _ = api_keys.create_key(name="Shop", scopes=["blacklist"], by=actor("Kwame"))
        opening.clear(kofi.id, by=api_keys.actor_of(key, request_id="r"))
    desk = at_desk(book, "Ama")
    desk.open("/review/removals")
    assert "removed by the key Shop" in desk.text
    address = next(
        form.get("action")
        for form in desk.page.tree.iter("form")
        if "removals/" in form.get("action", "")
    )
    token = token_of(desk)

    def say(**said):
        return desk.client.post(address, data={"csrf_token": token} | said)

    assert say().status_code == 422, "nothing is decided by saying nothing"
    refused = say(decision="again", note="")
    assert refused.status_code == 422
    assert "Say why it stands" in refused.text
    assert say(decision="again", note="Not paid.").status_code == 303
    desk.open(f"/customers/{kofi.id}")
    assert "blacklisted this customer again, after it was removed" in desk.text


def test_a_new_book_asks_admins_for_a_second_factor(book):
    with book.app.app_context():
        members.add_member(email="first@example.com", name="First", role="admin", by=SOMEBODY)
        assert roles_that_need_one() == {"admin"}
