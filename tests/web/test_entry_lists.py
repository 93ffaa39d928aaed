"""Lists of entries on pages: sent, looked at, loaded, kept and removed by a second person."""

from io import BytesIO

import pytest

from tests.support.cast import add

FILLED = {
    "name": "Police",
    "source": "Interpol",
    "dated": "1.11.2026",
    "level": "deny",
    "reason": "fraud",
}


@pytest.fixture
def kofi(book, desk_of):
    desk_of(None)
    with book.app.app_context():
        return add().id


def sent(desk, content=b"value\nkofi.annan@example.com\n\nnobody\n", **typed):
    """The page after a list was sent with the form."""
    desk.open("/entries/lists/new")
    token = desk.form("list-form").find(".//input[@name='csrf_token']").get("value")
    data = {**FILLED, **typed, "csrf_token": token}
    if content is not None:
        data["file"] = (BytesIO(content), "list.csv")
    desk.page = desk.client.post("/entries/lists/new", data=data)
    return desk.page


def loaded(desk):
    sent(desk)
    desk.follow()
    desk.send("load-form")
    desk.follow()


def test_a_list_is_looked_at_before_it_counts(kofi, desk_of):
    ama, esi = desk_of("Ama"), desk_of("Esi")
    sent(ama)
    ama.follow()
    assert "1 entry is new" in ama.text
    assert "New entries match 1 active customer" in ama.text
    assert "1 row cannot be read" in ama.text
    assert "matches entry" not in text_on(esi, f"/customers/{kofi}")
    ama.send("load-form")
    ama.follow()
    assert "1 entry counts" in ama.text
    assert "Deny: this customer matches entry 1" in text_on(esi, f"/customers/{kofi}")
    assert "/entries/lists/1" in esi.open("/entries/1").text
    assert "Interpol, of 1 Nov 2026: 1 entry" in text_on(esi, "/entries/lists")


def text_on(desk, address):
    desk.open(address)
    return desk.text


def test_a_second_manager_keeps_and_removes_it(kofi, desk_of, the_clock):
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    loaded(ama)
    the_clock.forward(minutes=11)
    assert "Keep the list" not in text_on(ama, "/entries/lists/1")
    ama.send("decide-form", note="Not needed.")
    assert ama.page.status_code == 409
    assert "another manager must do it" in ama.text
    assert "Keep the list" in text_on(adwoa, "/entries/lists/1")
    adwoa.send("decide-form", note="")
    assert (adwoa.page.status_code, "Say why" in adwoa.text) == (422, True)
    adwoa.send("decide-form", note="Not needed.")
    adwoa.follow()
    assert "Removed" in adwoa.text
    assert "matches entry" not in text_on(adwoa, f"/customers/{kofi}")


def test_a_list_that_is_kept_needs_no_review(kofi, desk_of):
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    loaded(ama)
    assert "Needs review" in text_on(adwoa, "/entries/lists/1")
    token = adwoa.form("decide-form").find(".//input[@name='csrf_token']").get("value")
    data = {"csrf_token": token, "note": ""}
    adwoa.page = adwoa.client.post("/entries/lists/1/keep", data=data)
    adwoa.follow()
    assert "Needs review" not in adwoa.text


def test_what_was_typed_comes_back(kofi, desk_of):
    ama = desk_of("Ama")
    page = sent(ama, content=None, dated="soon", reason="other")
    assert page.status_code == 422
    assert "Write a day" in ama.text
    assert "Say in a note what the reason is" in ama.text
    assert ama.form("list-form").find(".//input[@id='source']").get("value") == "Interpol"
    assert "Choose a file" in text_of_page(sent(ama, content=None), ama)


def text_of_page(page, desk):
    assert page.status_code == 422
    return desk.text


def test_a_file_that_is_no_table(kofi, desk_of):
    ama = desk_of("Ama")
    sent(ama, content=b"%PDF-1.4 no list")
    ama.follow()
    assert "This is a PDF" in ama.text
    ama.send("discard-form")
    ama.follow()
    assert "This version is discarded" in ama.text


def test_the_next_version_begins_with_what_the_last_one_says(kofi, desk_of):
    ama = desk_of("Ama")
    loaded(ama)
    ama.open("/entries/lists/new?list=1")
    names = {field.get("id"): field.get("value") for field in ama.form("list-form").iter("input")}
    assert (names["name"], names["source"], names.get("dated") or "") == ("Police", "Interpol", "")
    assert ama.open("/entries/lists/9").status_code == 404
    assert ama.open("/entries/lists/new?list=9").status_code == 404
