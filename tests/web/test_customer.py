"""The page of a customer, and the forms that add and edit one."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select

from tests.support.books import settings_for
from tests.support.cast import KOFI, actor, add
from tests.support.desks import everybody, save, value
from tests.support.strict import text_of
from webapp.customers import edit
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.settings import SettingsError
from webapp.transfer.samples.load import load_people


def test_the_page_shows_everything_about_a_customer(kofi, desk_of):
    desk = desk_of("Yaw")
    desk.open(f"/customers/{kofi.id}")
    for expected in (
        "Kofi Annan",
        "Active",
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
    assert {text_of(e) for e in desk.page.tree.iter("del")} == {"+233 20 123 4567"}
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
    assert "Twin Annan same phone, same e-mail in another form" in desk.text


def test_a_blacklisted_customer_says_why_who_and_when(book, desk_of):
    with book.app.app_context():
        load_people(400, seed=2, progress=lambda _: None)
        blacklisted = db.session.scalars(select(Customer).where(Customer.blacklisted)).all()
    assert blacklisted
    desk = desk_of("Esi")
    for customer in blacklisted:
        desk.open(f"/customers/{customer.id}")
        assert "Blacklisted:" in desk.text
        assert "Blacklisted by Esi Owusu, " in desk.text


def test_a_customer_is_added_with_a_national_number(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    save(desk, **KOFI | {"phone": "020 123 4567", "country": "GH"})
    desk.follow()
    assert "Kofi Annan is in the book." in desk.text
    assert "+233 20 123 4567" in desk.text
    assert "Esi added this customer" in desk.text


WRONG = {
    "first_name": "Ko\x07fi",
    "last_name": "x\x07",
    "email": "kofi@",
    "phone": "12",
    "country": "GH",
}


def test_everything_typed_comes_back_with_what_is_wrong(book, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    assert save(desk, **WRONG).status_code == 422
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


def test_an_unknown_customer_is_not_found(desk_of):
    desk = desk_of("Esi")
    for path in (
        "/customers/0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55",
        "/customers/x",
        "/customers/0198f6a2",
    ):
        assert desk.open(path).status_code == 404


LINKS = "Payments=https://pay.example.com/?c={reference}, Tickets=https://help.example.com/of/{id}"


def test_other_systems_are_one_click_away(book, kofi, desk_of):
    book.app.config["LINKS"] = settings_for(book.url, GATEBOOK_LINKS=LINKS).links
    desk = desk_of("Esi")
    desk.open(f"/customers/{kofi.id}")
    book.app.config["LINKS"] = ()
    links = {link.text: link.get("href") for link in desk.page.tree.iter("a")}
    assert links["Payments"] == f"https://pay.example.com/?c={kofi.reference}"
    assert links["Tickets"] == f"https://help.example.com/of/{kofi.id}"


@pytest.mark.parametrize(
    "links",
    [
        "https://pay.example.com/{id}",
        "Payments=javascript:alert({id})",
        "Payments=https:///{id}",
        "Payments=https://pay.example.com/",
        "Payments=https://pay.example.com/{email}",
        "Payments=https://pay.example.com/{id}/{email}",
    ],
)
def test_links_that_cannot_be_meant_are_refused_at_the_start(book, links):
    with pytest.raises(SettingsError, match="GATEBOOK_LINKS must look like"):
        settings_for(book.url, GATEBOOK_LINKS=links)
