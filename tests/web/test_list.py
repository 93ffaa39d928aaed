"""The list as a page: its state is in the address, but nothing personal is."""

from datetime import UTC, datetime

import pytest
from flask import url_for
from markupsafe import escape

from tests.support.cast import add
from tests.support.strict import text_of
from webapp.kernel.fields import full_name
from webapp.search import timeout
from webapp.transfer.samples.load import load_people
from webapp.web.search.rows import mark

NAMES = [
    ("Ngozi", "Okonjo-Iweala"),
    ("Đặng", "Thị Hương"),
    ("محمد", "بن سلمان"),
    ("小龙", "李"),
    ("Seán", 'O\'Brien "the <b>"'),
    ("x" * 100, "y" * 100),
    ("</title><script>", "{{7*7}} %s {0}"),
    ("&amp;lt;", "%2527"),
]


def rows(desk):
    return [text_of(link) for link in desk.page.tree.iter("a") if link.get("class") == "name"]


def link(desk, element_id):
    return next(e for e in desk.page.tree.iter() if e.get("id") == element_id).get("href")


def search(desk, text, **more):
    return desk.send("search-form", q=text, **more)


@pytest.fixture
def people(book, desk_of):
    with book.app.app_context():
        load_people(60, seed=5, progress=lambda _: None)


def test_an_empty_book_offers_the_first_customer(desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    assert "Add the first customer" in desk.text
    desk = desk_of("Yaw")
    desk.open("/customers")
    assert "Add" not in desk.text


@pytest.mark.parametrize(("first", "last"), NAMES)
def test_any_name_stands_on_every_page_as_it_was_written(book, desk_of, first, last):
    with book.app.app_context():
        customer = add(first_name=first, last_name=last)
    desk = desk_of("Esi")
    name = full_name(first, last)
    for path in ("/customers", f"/customers/{customer.id}", f"/customers/{customer.id}/edit"):
        assert desk.open(path).status_code == 200
        assert name in desk.text
    desk.open("/customers")
    search(desk, last)
    desk.follow()
    assert name in desk.text
    if desk.page.request.path == "/customers":
        assert rows(desk) == [name]


def test_a_search_leads_to_an_address_that_tells_nothing_and_restores_everything(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    search(desk, "example.com @", open="", standing="good", rows="50")
    address = desk.page.location
    assert "example" not in address
    assert "standing=good" in address
    desk.follow()
    form = desk.form("search-form")
    assert form.find(".//input[@name='q']").get("value") == "example.com @"
    assert text_of(form.find(".//select[@name='standing']/option[@selected]")) == "Active"
    colleague = desk_of("Yaw")
    colleague.open(address)
    assert rows(colleague) == rows(desk)


def test_the_same_search_has_the_same_address(people, desk_of):
    addresses = set()
    for name in ("Esi", "Ama"):
        desk = desk_of(name)
        desk.open("/customers")
        addresses.add(search(desk, "mensah").location)
    assert len(addresses) == 1


def test_while_typing_only_the_results_come_and_the_address_is_pushed(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    search(desk, "example")
    desk.open("/customers")
    page = desk.send("search-form", partial=True, q="example")
    assert page.headers["HX-Push-Url"].startswith("/customers?s=")
    assert desk.page.tree.find("div").get("id") == "results"
    assert {"HX-Request", "HX-Request-Type"} <= set(
        page.headers["Vary"].replace(" ", "").split(",")
    )


def test_back_gets_the_whole_page(people, desk_of):
    headers = {
        "HX-Request": "true",
        "HX-Request-Type": "full",
        "HX-History-Restore-Request": "true",
    }
    page = desk_of("Esi").open("/customers", headers=headers)
    assert page.tree.find(".//h1") is not None


def test_enter_opens_the_only_hit(book, desk_of):
    with book.app.app_context():
        kofi = add()
        add(email="other@example.com", last_name="Busia")
    desk = desk_of("Esi")
    desk.open("/customers")
    assert search(desk, "annan").location == f"/customers/{kofi.id}"
    desk.open("/customers")
    assert search(desk, "kofi").location.startswith("/customers?s=")


def test_nobody_found_offers_to_add_them(desk_of):
    for text, kind, field in (
        ("0151 999 77", "phone", "phone"),
        ("a@b.example.com", "e-mail", "email"),
        ("Zed", "name", "first_name"),
    ):
        desk = desk_of("Esi")
        desk.open("/customers")
        search(desk, text)
        desk.follow()
        assert f"Add a customer with this {kind}" in desk.text
        desk.open(link(desk, "add-searched"))
        assert text not in desk.page.request.url
        assert desk.form("customer-form").find(f".//input[@name='{field}']").get("value") == text


def test_the_number_of_rows_survives_a_search_that_finds_nobody(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers?rows=50")
    search(desk, "zzz", rows="50")
    desk.follow()
    hidden = desk.page.tree.find(".//input[@form='search-form']")
    assert (hidden.get("name"), hidden.get("value")) == ("rows", "50")


def test_filters_stand_in_their_controls_and_are_cleared_at_once(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers?standing=good&dial_code=%2B234&created_from=2023-01-01&rows=50")
    form = desk.form("search-form")
    chosen = [text_of(option) for option in form.findall(".//option[@selected]")]
    assert chosen[:2] == ["Active", "Nigeria +234"]
    assert form.find(".//input[@name='created_from']").get("value") == "2023-01-01"


@pytest.mark.parametrize(("name", "first"), [("today", "18"), ("7-days", "12"), ("month", "01")])
def test_days_can_be_asked_for_by_name(people, desk_of, the_clock, name, first):
    the_clock.moment = datetime(2026, 3, 18, 23, 30, tzinfo=UTC)
    desk = desk_of("Esi")
    desk.open("/customers")
    desk.send("search-form", created=name)
    assert f"created_from=2026-03-{first}&created_to=2026-03-18" in desk.page.location


def test_pages_can_be_turned_and_jumped_to(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    assert "1–25 of 60" in desk.text
    first = rows(desk)
    desk.open(link(desk, "page-next"))
    assert "26–50 of 60" in desk.text
    desk.open(link(desk, "page-3"))
    assert "51–60 of 60" in desk.text
    jump = next(f for f in desk.page.tree.iter("form") if f.get("class") == "jump")
    assert jump.get("method") == "get"
    assert jump.find("input[@name='page']").get("pattern") == "[1-9][0-9]{0,8}"
    desk.open("/customers?page=99")
    assert "51–60 of 60" in desk.text
    desk.open(link(desk, "page-previous"))
    desk.open(link(desk, "page-1"))
    assert rows(desk) == first


def test_columns_sort_both_ways(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    desk.open(link(desk, "sort-name"))
    by_name = rows(desk)
    assert desk.page.tree.find(".//th[@aria-sort='ascending']") is not None
    desk.open(link(desk, "sort-name"))
    desk.open("/customers?sort=-name&page=3")
    assert rows(desk)[::-1] == by_name[: len(rows(desk))]


def test_days_allow_the_order_of_creation_only(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers?created_from=2024-01-01&sort=name")
    assert not [e for e in desk.page.tree.iter() if e.get("id") == "sort-name"]
    assert [e for e in desk.page.tree.iter() if e.get("id") == "sort-created"]


def test_addresses_of_a_row_lead_where_they_say(book, people, desk_of):
    """They are built from one prefix, by the list and by the script of the menu, but must equal the
    addresses of their routes.
    """
    ama = desk_of("Ama")
    tree = ama.open("/customers").tree
    row = next(e for e in tree.iter("tr") if (e.get("id") or "").startswith("c-"))
    customer_id = row.get("id").removeprefix("c-")
    (link,) = row.iter("a")
    menu = next(e for e in tree.iter("div") if e.get("id") == "row-menu")
    built = {link.get("href") + item.get("data-of-row") for item in menu.iter("a")}
    with book.app.test_request_context():
        assert built == {
            url_for(view, customer_id=customer_id)
            for view in (
                "customers.show_customer",
                "customers.edit_customer",
                "blacklist.new_blacklisting",
                "blacklist.ask_to_lift",
            )
        }


def test_what_is_marked_is_escaped():
    assert mark("<b>Ama</b> & Co", ["ama"]) == "&lt;b&gt;<mark>Ama</mark>&lt;/b&gt; &amp; Co"
    assert mark("+233 20 123", ["2012"], digits_only=True) == "+233 <mark>20 12</mark>3"
    assert escape(mark("<b>", [])) == "&lt;b&gt;", "left to the template, which escapes text"


def test_matches_are_marked(people, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    search(desk, "MAIL", open="")
    desk.follow()
    assert {text_of(mark) for mark in desk.page.tree.iter("mark")} == {"mail"}


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "rows=7",
        "sort=phone",
        "s=AAAA",
        "s=%00",
        "dial_code=%2B0",
        "created_from=x",
    ],
)
def test_an_address_that_means_nothing_is_a_bad_request_with_a_sentence(desk_of, query):
    desk = desk_of("Esi")
    assert desk.open(f"/customers?{query}").status_code == 400
    assert "means nothing" in desk.text or "cannot be opened" in desk.text


def test_a_search_sealed_for_another_purpose_does_not_open(desk_of):
    desk = desk_of("Esi")
    desk.open("/customers/new")
    sealed = desk.form("customer-form").find("input[@name='customer_id']").get("value")
    assert desk.open(f"/customers?s={sealed}").status_code == 400


def test_a_search_by_post_with_an_odd_filter_is_refused(desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    assert search(desk, "x", created_from="yesterday").status_code == 422


@pytest.mark.parametrize("partial", [True, False])
def test_a_search_that_takes_too_long_asks_for_another_word(people, desk_of, monkeypatch, partial):
    """The search text and the filters are kept."""
    monkeypatch.setattr(timeout, "SECONDS", 0)
    desk = desk_of("Esi")
    desk.open("/customers")
    page = search(desk, "example", standing="good", partial=partial, open="")
    if not partial:
        page = desk.follow()
        assert desk.form("search-form").find(".//input[@name='q']").get("value") == "example"
    assert page.status_code == 422
    assert "add another word" in desk.text
    assert "Clear all filters" in desk.text


def test_pages_are_not_kept_by_anybody(people, desk_of):
    page = desk_of("Esi").open("/customers")
    assert page.headers["Cache-Control"] == "no-store"
    assert "require-trusted-types-for 'script'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
