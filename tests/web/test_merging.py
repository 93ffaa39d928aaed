"""Merging on pages: name the other, choose, look at the result, ask, agree, undo."""

import pytest

from tests.support.cast import actor, add, bad
from webapp.customers import finding
from webapp.kernel import clock
from webapp.merging.merging import merge

NOTE = "One passport."


@pytest.fixture
def two(book, desk_of):
    desk_of(None)
    with book.app.app_context():
        one, other = add(), add(first_name="Kojo", email="kojo@example.com", phone="+233201234999")
        return one.id, other.id


def stands(book, customer_id):
    """The id that an id leads to, and the details there."""
    with book.app.app_context():
        customer = finding.get_customer(customer_id)
        return customer.id, customer.details


def both(one, other):
    return f"/customers/{one}/merge?other={other}"


def test_from_the_page_of_one_to_one_customer_and_back(book, two, desk_of):
    one, other = two
    ama = desk_of("Ama")
    ama.open(f"/customers/{one}")
    assert f"/customers/{one}/merge" in ama.page.text
    ama.open(f"/customers/{one}/merge")
    ama.send("other-form", handle=" Kojo@example.com ")
    ama.follow()
    ama.send("merge-form", email="one", phone="two", note=NOTE)
    ama.follow()
    assert ("You merged" in ama.text, "Also known as" in ama.text) == (True, True)
    assert (stands(book, other)[0], stands(book, one)[1].phone) == (one, "+233201234999")


def test_a_merge_is_undone_with_a_reason(book, two, desk_of):
    one, other = two
    with book.app.app_context():
        merge(one, other, choices={}, note=NOTE, by=actor("Ama"))
    ama = desk_of("Ama")
    ama.open(f"/merged/{other}/undo")
    ama.send("undo-form", note="")
    assert (ama.page.status_code, "Say why" in ama.text) == (422, True)
    ama.send("undo-form", note="Two passports.")
    ama.follow()
    assert ("is a customer again" in ama.text, stands(book, other)[0]) == (True, other)


def test_what_is_chosen_is_shown_before_it_is_done(book, two, desk_of):
    one, other = two
    ama = desk_of("Ama")
    ama.open(both(one, other))
    typed = {"other": str(other), "survivor": "one", "first_name": "two", "note": NOTE}
    typed["csrf_token"] = ama.form("merge-form").find(".//input[@name='csrf_token']").get("value")
    for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
        page = ama.client.post(f"/customers/{one}/merge/result", data=typed, headers=headers)
        assert (page.status_code, "Kojo" in page.text) == (200, True)
        assert (NOTE in page.text) == (not headers)
    assert stands(book, other)[0] == other


def test_a_merge_needs_a_reason(book, two, desk_of):
    ama = desk_of("Ama")
    ama.open(both(*two))
    ama.send("merge-form", note="")
    assert (ama.page.status_code, "Say how you know" in ama.text) == (422, True)
    assert stands(book, two[1])[0] == two[1]


def test_whoever_changed_one_meanwhile_is_told(book, two, desk_of):
    one, other = two
    ama, esi = desk_of("Ama"), desk_of("Esi")
    ama.open(both(one, other))
    esi.open(f"/customers/{other}/edit")
    esi.send("customer-form", first_name="Kwabena")
    ama.send("merge-form", note=NOTE)
    assert (ama.page.status_code, "has changed since you looked" in ama.text) == (409, True)
    assert ("Kwabena" in ama.text, NOTE in ama.text) == (True, True)
    ama.send("merge-form", note=NOTE)
    assert stands(book, other)[0] == one


def test_an_edit_of_a_record_that_was_merged_is_not_saved(book, two, desk_of):
    one, other = two
    esi = desk_of("Esi")
    esi.open(f"/customers/{other}/edit")
    with book.app.app_context():
        merge(one, other, choices={}, note=NOTE, by=actor("Ama"))
    esi.send("customer-form", first_name="Kwabena")
    assert (esi.page.status_code, "was merged into" in esi.text) == (409, True)
    assert stands(book, one)[1].first_name == "Kojo"


def test_the_other_that_is_not_found_or_the_same(two, desk_of):
    one, _ = two
    ama = desk_of("Ama")
    ama.open(f"/customers/{one}/merge")
    for handle in ("", "nobody@example.com", "kofi.annan@example.com", "<b>"):
        ama.send("other-form", handle=handle)
        assert ama.page.status_code == 422, handle
        assert ama.form("other-form").find(".//input[@id='handle']").get("value") == handle
    assert ama.open(both(one, one)).status_code == 409
    assert ama.open(both(one, "x")).status_code == 404


def test_a_second_manager_decides_where_one_is_blacklisted(book, two, desk_of):
    one, _ = two
    with book.app.app_context():
        bad_one = bad(email="bad@example.com", phone=None).id
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    ama.open(both(one, bad_one))
    ama.send("merge-form", note=NOTE)
    ama.follow()
    assert "Another manager must agree" in ama.text
    address = f"/review/merges/{one}/{bad_one}"
    assert "another manager must decide" in ama.open(address).text
    assert f"{one}/{bad_one}" in adwoa.open("/review/merges").text
    adwoa.open(address)
    adwoa.send("decide-form", decision="agree")
    adwoa.follow()
    assert (stands(book, bad_one)[0], "Also known as" in adwoa.text) == (one, True)
    adwoa.open(f"/merged/{bad_one}/undo")
    adwoa.send("undo-form", note="Two.")
    an_undo_waits_and_is_refused(adwoa, ama, address)
    assert stands(book, bad_one)[0] == one


def an_undo_waits_and_is_refused(adwoa, ama, address):
    adwoa.follow()
    assert "Another manager must agree" in adwoa.text
    ama.open(address)
    ama.send("decide-form", decision="refuse")
    assert ama.open(address).status_code == 404


def test_the_past_of_both(book, two, desk_of, the_clock):
    one, other = two
    before = the_clock.moment = clock.now()
    the_clock.forward(minutes=1)
    with book.app.app_context():
        merge(one, other, choices={}, note=NOTE, by=actor("Ama"))
    the_clock.forward(minutes=1)
    ama = desk_of("Ama")
    assert "Kojo" in ama.open(f"/customers/{other}?at={clock.in_iso(before)}").text
    assert "Kofi" in ama.open(f"/customers/{one}?at={clock.in_iso(before)}").text
    assert str(one) in ama.open(f"/customers/{other}").location
    the_clock.forward(minutes=1)
    then = f"?at={clock.in_iso(clock.now() - 2 * clock.MILLISECOND)}"
    assert ama.open(f"/customers/{other}{then}").location.startswith(f"/customers/{one}?at=")
