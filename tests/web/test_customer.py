"""The page of a customer, adding one and correcting one."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select

from tests.support.cast import KOFI, actor, add
from tests.support.strict import PARTIAL, text_of
from webapp.customers import edit
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.transfer.samples.load import load_people


@pytest.fixture
def kofi(book, desk_of):
    with book.app.app_context():
        return add()


def save(desk, **typed):
    return desk.send("customer-form", **typed)


def value(desk, name):
    return desk.form("customer-form").find(f".//input[@name='{name}']").get("value")


def everybody(book):
    with book.app.app_context():
        return db.session.scalars(select(Customer).order_by(Customer.seq)).all()


def test_the_page_shows_everything_about_a_customer(kofi, desk_of):
    desk = desk_of("Yaw")
    desk.open(f"/customers/{kofi.id}")
    for expected in (
        "Kofi Annan",
        "Good",
        "+233 20 123 4567",
        "(Accra)",
        "Ghana",
        kofi.reference,
        str(kofi.id),
        "Somebody",
    ):
        assert expected in desk.text
    links = {link.get("href") for link in desk.page.tree.iter("a")}
    assert {"tel:+233201234567", "mailto:kofi.annan@example.com"} <= links
    assert not [link for link in links if link and link.endswith("/edit")], "Yaw only looks"


@pytest.mark.parametrize(
    "email", ["a/b%c@example.com", "jörg@bücher.example.com", "o'brien@example.com"]
)
def test_odd_emails_stand_as_they_are(book, desk_of, email):
    with book.app.app_context():
        customer = add(email=email)
    desk = desk_of("Esi")
    desk.open(f"/customers/{customer.id}")
    assert email in desk.text
    (mail,) = [
        link.get("href")
        for link in desk.page.tree.iter("a")
        if (link.get("href") or "").startswith("mailto:")
    ]
    assert unquote(mail.removeprefix("mailto:")) == email
    desk.open("/customers")
    desk.send("search-form", q=email)
    assert desk.page.location == f"/customers/{customer.id}"


def test_times_stand_in_the_readers_zone_with_the_exact_utc_beside(kofi, desk_of):
    desk = desk_of("Esi")
    desk.open("/account/preferences")
    desk.send("preferences-form", time_zone="Asia/Kathmandu")
    desk.open(f"/customers/{kofi.id}")
    time = next(desk.page.tree.iter("time"))
    assert time.get("title").endswith("Z")
    hours, minutes = int(time.get("title")[11:13]), int(time.get("title")[14:16])
    shown = text_of(time)[-5:].split(":")
    assert (int(shown[0]) * 60 + int(shown[1]) - hours * 60 - minutes) % 1440 == 5 * 60 + 45


def test_old_and_new_values_stand_in_the_history(book, kofi, desk_of):
    with book.app.app_context():
        edit.change(kofi.id, {"phone": "+234 801 234 5678"}, based_on=1, by=actor("Ama"))
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}")
    assert {text_of(e) for e in desk.page.tree.iter("del")} == {"+233 20 123 4567", "+233"}
    assert "Ama changed the details" in desk.text


def test_a_long_history_comes_in_pieces(book, kofi, desk_of):
    with book.app.app_context():
        for number in range(45):
            edit.change(
                kofi.id, {"first_name": f"Kofi {number}"}, based_on=number + 1, by=actor("Ama")
            )
    desk, seen = desk_of("Esi"), 0
    address = f"/customers/{kofi.id}"
    while address:
        desk.open(address)
        seen += len(desk.page.tree.findall(".//ol[@id='timeline']/li"))
        address = next(
            (e.get("href") for e in desk.page.tree.iter("a") if e.get("id") == "older"), None
        )
    assert seen == 46
    desk.open(f"/customers/{kofi.id}?before=21")
    assert "Show the newest entries" in desk.text


@pytest.mark.parametrize("before", ["x", "-1", "", "9" * 12])
def test_an_odd_place_in_the_history_is_a_bad_request(kofi, desk_of, before):
    assert desk_of("Esi").open(f"/customers/{kofi.id}?before={before}").status_code == 400


def test_possible_duplicates_are_shown_with_the_reason(book, kofi, desk_of):
    with book.app.app_context():
        add(first_name="Twin", email="Kofi.Annan+x@example.com")
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}")
    assert "Twin Annan same phone, same e-mail but for its spelling" in desk.text


def test_a_blacklisted_customer_says_why_who_and_when(book, desk_of):
    with book.app.app_context():
        load_people(400, seed=2, progress=lambda _: None)
        blacklisted = db.session.scalars(select(Customer).where(Customer.blacklisted)).all()
    assert blacklisted
    desk = desk_of("Esi")
    for customer in blacklisted:
        desk.open(f"/customers/{customer.id}")
        assert "Blacklisted:" in desk.text
        assert "By Esi Owusu on" in desk.text


def test_a_customer_is_added_with_a_national_number(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    save(desk, **KOFI | {"phone": "020 123 4567", "country": "GH"})
    desk.follow()
    assert "Kofi Annan is in the book." in desk.text
    assert "+233 20 123 4567" in desk.text
    assert "Esi added this customer" in desk.text


def test_everything_typed_comes_back_with_what_is_wrong(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    typed = {
        "first_name": "Ko\x07fi",
        "last_name": "x\x07",
        "email": "kofi@",
        "phone": "12",
        "country": "GH",
    }
    assert save(desk, **typed).status_code == 422
    assert "4 things to put right" in desk.text
    assert value(desk, "email") == "kofi@"
    assert value(desk, "phone") == "12"
    summary = next(e for e in desk.page.tree.iter() if e.get("id") == "error-summary")
    ids = {e.get("id") for e in desk.page.tree.iter()}
    assert {link.get("href")[1:] for link in summary.iter("a")} <= ids
    assert summary.get("autofocus") is not None
    assert text_of(next(desk.page.tree.iter("title"))).startswith("Error: ")
    assert everybody(book) == []


def test_a_taken_email_links_to_its_owner(kofi, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    assert save(desk, **KOFI | {"email": "KOFI.annan@example.com", "phone": ""}).status_code == 422
    assert f"/customers/{kofi.id}" in {link.get("href") for link in desk.page.tree.iter("a")}


def test_a_probable_duplicate_is_a_warning_not_a_refusal(book, kofi, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    save(desk, **KOFI | {"email": "other@"})
    assert "This may be somebody whom we know." in desk.text
    save(desk, email="other@example.com")
    assert len(everybody(book)) == 2


def test_a_double_click_adds_once(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    first_page = desk.page
    one = save(desk, **KOFI).location
    desk.page = first_page
    assert save(desk, **KOFI).location == one
    assert len(everybody(book)) == 1
    desk.follow()
    assert desk.text.count("is in the book.") == 1


def test_a_field_is_checked_when_it_is_left(kofi, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    fields = {
        e.get("name"): e.get("value", "")
        for e in desk.form("customer-form").iter("input")
        if e.get("name")
    }

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


def test_ones_own_email_is_not_taken(kofi, desk_of):
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}/edit")
    fields = {
        e.get("name"): e.get("value", "")
        for e in desk.form("customer-form").iter("input")
        if e.get("name")
    }
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
    for expected in ("Mine: Koffi", "Theirs: Kofi Atta, by Esi on"):
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
    assert "Theirs: Kwesi" in ama.text


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
    assert "Mine: +44 20 7946 0123" in esi.text
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
    fields = {
        e.get("name"): e.get("value", "")
        for e in desk.form("customer-form").iter("input")
        if e.get("name")
    }
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


def test_an_unknown_customer_is_not_found(desk_of):
    desk = desk_of("Esi")
    for path in (
        "/customers/0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55",
        "/customers/x",
        "/customers/0198f6a2",
    ):
        assert desk.open(path).status_code == 404
