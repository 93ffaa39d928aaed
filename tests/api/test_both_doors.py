"""One rule in one place: the form and the API refuse the same things in the same words."""

from html import unescape

import pytest

from tests.support.cast import KOFI, actor, add
from tests.support.strict import text_of
from webapp.blacklist import opening
from webapp.programs import api_keys

WIRE = {
    "first_name": "firstName",
    "last_name": "lastName",
    "email": "email",
    "phone": "phone",
    "country": "countryCode",
}
GOOD = {
    "first_name": "Ama",
    "last_name": "Mensah",
    "email": "ama@example.com",
    "phone": "",
    "country": "",
}
DETAILS = [
    {"first_name": "x" * 101},
    {"first_name": "a\u202eb"},
    {"first_name": "a\nb"},
    {"email": ""},
    {"email": "no address"},
    {"email": "a@b"},
    {"email": "a@example.test"},
    {"email": "x" * 250 + "@example.com"},
    {"email": "KOFI.annan@example.com"},
    {"phone": "123", "country": "GH"},
    {"phone": "0801 234 5678"},
    {"phone": "ring me", "country": "GH"},
    {"phone": "+1 201 555 0123 ext. 5"},
    {"phone": "+234 801 234 5678", "country": "GH"},
    {"phone": "9" * 50, "country": "NG"},
    {"country": "XX"},
    {"first_name": "x" * 101, "email": "no", "phone": "1", "country": "NG"},
]
NOTES = [
    {"reason": "whim", "note": ""},
    {"reason": "other", "note": ""},
    {"reason": "fraud", "note": "x" * 2001},
    {"reason": "fraud", "note": "a\0b"},
    {"reason": "nonsense", "note": "x" * 2001},
]


@pytest.fixture
def program(book, desk_of):
    """The same application, called by a program."""
    with book.app.app_context():
        _, secret = api_keys.create_key(
            name="Shop", scopes=["read", "write", "blacklist"], by=actor("Adwoa")
        )
    client = book.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


@pytest.fixture
def kofi(book, desk_of):
    with book.app.app_context():
        return add()


def sentences_of(answer):
    return {sentence for sentences in answer.json["fields"].values() for sentence in sentences}


def problems_on(desk, fields):
    """The messages under the fields of the form."""
    notes = {e.get("id"): text_of(e) for e in desk.page.tree.iter() if e.get("class") == "error"}
    return {unescape(text) for name, text in notes.items() if name.removesuffix("-note") in fields}


@pytest.mark.parametrize("typed", DETAILS, ids=str)
def test_details(kofi, desk_of, program, typed):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    assert desk.send("customer-form", **(GOOD | typed)).status_code == 422
    wire = {WIRE[name]: value for name, value in (GOOD | typed).items()}
    answer = program.post("/api/v1/customers", json=wire)
    assert answer.status_code == 400
    assert sentences_of(answer) == problems_on(desk, WIRE)
    assert {WIRE.get(name, name) for name in typed} >= set(answer.json["fields"])


def test_a_person_without_a_name_is_added_by_programs_only(desk_of, program):
    nameless = GOOD | {"first_name": "", "last_name": " "}
    desk = desk_of("Esi")
    desk.open("/customers/new")
    assert desk.send("customer-form", **nameless).status_code == 422
    assert program.post("/api/v1/customers", json={"email": nameless["email"]}).status_code == 201


@pytest.mark.parametrize(
    "typed", NOTES, ids=lambda typed: f"{typed['reason']} {typed['note'][:5]!r}"
)
def test_blacklisting(kofi, desk_of, program, typed):
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/blacklisting")
    assert desk.send("blacklisting-form", **typed).status_code == 422
    answer = program.post(
        f"/api/v1/customers/blacklist/{kofi.id}", json={"blacklist": True} | typed
    )
    assert answer.status_code == 400
    assert sentences_of(answer) == problems_on(desk, typed)


def test_deleting_a_blacklisted_customer(book, kofi, desk_of, program):
    with book.app.app_context():
        opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    desk = desk_of("Ama")
    desk.open(f"/customers/{kofi.id}/delete")
    answer = program.delete(f"/api/v1/customers/{kofi.id}")
    assert (answer.status_code, answer.json["code"]) == (409, "blacklisted_customer")
    assert answer.json["message"] in desk.text


def test_the_same_email_is_the_same_code_everywhere(book, kofi, desk_of, program):
    from webapp.customers import register
    from webapp.kernel.refusals import Invalid

    with book.app.app_context(), pytest.raises(Invalid) as refusal:
        register.register(KOFI, by=actor("Esi"))
    answer = program.post(
        "/api/v1/customers", json={WIRE[name]: value for name, value in KOFI.items()}
    )
    assert answer.json["code"] == refusal.value.code == "email_taken"
    assert answer.json["message"] == refusal.value.message + "."


def test_a_change_of_a_program_and_one_of_a_person_are_merged(kofi, desk_of, program):
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/edit")
    assert (
        program.patch(f"/api/v1/customers/{kofi.id}", json={"lastName": "Owusu"}).status_code == 200
    )
    desk.send("customer-form", first_name="Kwesi")
    desk.follow()
    assert "Kwesi Owusu" in desk.text
    assert "Shop changed the last name while you were editing" in desk.text
