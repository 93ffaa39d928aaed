"""Editing a customer, also while somebody else does, in a form checked field by field."""

import pytest

from tests.support.cast import add
from tests.support.desks import everybody, save, value
from tests.support.strict import PARTIAL, text_of


def test_a_field_is_checked_when_it_is_left(kofi, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    fields = inputs_of(desk)

    def leave(field, **typed):
        page = desk.client.post(f"/customers/check/{field}", data=fields | typed, headers=PARTIAL)
        assert page.status_code == 200
        return text_of(page.tree)

    assert "Kofi Annan has this e-mail address already" in leave(
        "email", email="Kofi.Annan@example.com"
    )
    assert "We save +233 24 999 8888 (Ghana)" in leave("phone", phone="024 999 8888", country="GH")
    assert "too short for Ghana" in leave("phone", phone="024", country="GH")
    assert "same phone" in leave("phone", phone="020 123 4567", country="GH")
    assert leave("first_name", first_name="") == ""
    assert "at most 100" in leave("last_name", last_name="x" * 101)
    assert (
        desk.client.post("/customers/check/role", data=fields, headers=PARTIAL).status_code == 404
    )


def inputs_of(desk):
    return {
        e.get("name"): e.get("value", "")
        for e in desk.form("customer-form").iter("input")
        if e.get("name")
    }


def test_ones_own_email_is_not_taken(kofi, desk_of):
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/edit")
    fields = inputs_of(desk)
    page = desk.client.post("/customers/check/email", data=fields, headers=PARTIAL)
    assert "already" not in page.text


def test_different_fields_survive_and_both_editors_are_told(kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for desk in (esi, ama):
        desk.open(f"/customers/{kofi.id}/edit")
    save(esi, first_name="Kofi Atta")
    save(ama, last_name="Annan-Smith")
    ama.follow()
    assert "Esi changed the first name while you were editing. Both changes are kept." in ama.text
    assert "Kofi Atta Annan-Smith" in ama.text
    esi.open(f"/customers/{kofi.id}")
    assert "Ama changed this customer while you did" in esi.text
    assert "while you did" not in desk_of("Yaw").open(f"/customers/{kofi.id}").text


def test_the_same_field_shows_mine_and_theirs_and_asks(book, kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for desk in (esi, ama):
        desk.open(f"/customers/{kofi.id}/edit")
    save(esi, first_name="Kofi Atta", last_name="Busia")
    assert save(ama, first_name="Koffi").status_code == 409
    for expected in ("Keep mine: Koffi", "Keep theirs: Kofi Atta, by Esi on"):
        assert expected in ama.text
    assert value(ama, "last_name") == "Busia", "what Ama did not touch is as Esi left it"
    assert save(ama).status_code == 409, "without an answer it is asked again"
    save(ama, keep_first_name="mine")
    ama.follow()
    assert "Koffi Busia" in ama.text
    assert [(c.first_name, c.last_name) for c in everybody(book)] == [("Koffi", "Busia")]


def test_theirs_can_be_kept(book, kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for desk in (esi, ama):
        desk.open(f"/customers/{kofi.id}/edit")
    save(esi, first_name="Kofi Atta", phone="+233 24 999 8888")
    assert (
        save(
            ama, first_name="Koffi", phone="+234 801 234 5678", email="new@example.com"
        ).status_code
        == 409
    )
    save(ama, keep_first_name="theirs", keep_phone="mine")
    (customer,) = everybody(book)
    assert (customer.first_name, customer.phone, customer.email) == (
        "Kofi Atta",
        "+2348012345678",
        "new@example.com",
    )


def test_an_answer_to_an_older_question_is_asked_again(kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for desk in (esi, ama):
        desk.open(f"/customers/{kofi.id}/edit")
    save(esi, first_name="Kofi Atta")
    save(ama, first_name="Koffi")
    esi.open(f"/customers/{kofi.id}/edit")
    save(esi, first_name="Kwesi")
    assert save(ama, keep_first_name="mine").status_code == 409
    assert "Keep theirs: Kwesi" in ama.text


def test_an_international_number_may_be_pasted_over_a_national_one(book, kofi, desk_of):
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/edit")
    save(desk, phone="+44 20 7946 0958")
    assert [(c.phone, c.dial_code) for c in everybody(book)] == [("+442079460958", "+44")]


def test_a_country_that_was_not_touched_helps_but_does_not_insist(book, desk_of):
    with book.app.app_context():
        rihanna = add(phone="+1 246 430 1234")
    desk = desk_of("Esi")
    desk.open(f"/customers/{rihanna.id}/edit")
    save(desk, phone="4301235")
    assert [customer.phone for customer in everybody(book)] == ["+12464301235"]


def test_a_chosen_country_counts_although_a_colleague_chose_it_too(book, desk_of):
    with book.app.app_context():
        customer = add(phone="+234 801 234 5678")
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for desk in (esi, ama):
        desk.open(f"/customers/{customer.id}/edit")
    save(ama, phone="+44 20 7946 0958")
    save(esi, phone="020 7946 0123", country="GB")
    assert "Keep mine: +44 20 7946 0123" in esi.text
    assert save(esi, keep_phone="theirs", email="x@").status_code == 422
    save(esi, email=customer.email)
    assert [c.phone for c in everybody(book)] == ["+442079460958"], "the answer was remembered"


@pytest.mark.parametrize("version", ["", "x", "-1", "0", str(2**63), "٣"])
def test_an_odd_version_asks_rather_than_overwrites(book, kofi, desk_of, version):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    for desk in (esi, ama):
        desk.open(f"/customers/{kofi.id}/edit")
    save(ama, first_name="Kwame")
    assert save(esi, version=version, first_name="Kwesi").status_code == 409
    assert [customer.first_name for customer in everybody(book)] == ["Kwame"]


def test_an_unknown_country_does_not_break_the_check_of_a_phone(desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    fields = inputs_of(desk)
    page = desk.client.post(
        "/customers/check/phone",
        data=fields | {"country": "ZZ", "phone": "0801 234"},
        headers=PARTIAL,
    )
    assert page.status_code == 200


@pytest.mark.parametrize("field", ["asked", "customer_id", "version", "country"])
@pytest.mark.parametrize("content", ["x", "9 9 9", "first_name", "\x00", "🦆", "a" * 5000])
def test_nothing_in_a_form_breaks_the_server(kofi, desk_of, field, content):
    desk = desk_of("Esi")
    for path in ("/customers/new", f"/customers/{kofi.id}/edit"):
        desk.open(path)
        assert save(desk, **{field: content}).status_code < 500
        desk.client.post("/customers/check/email", data={field: content}, headers=PARTIAL)
