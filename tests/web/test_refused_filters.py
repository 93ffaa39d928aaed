"""Filters of the list that cannot be read, without script: what was typed comes back."""

import pytest

from tests.support.cast import add


@pytest.fixture
def desk(book, desk_of):
    with book.app.app_context():
        add()
        add(email="ada@example.com", phone=None, first_name="Ada")
    desk = desk_of("Esi")
    desk.open("/customers")
    return desk


def typed(desk, name):
    fields = [one for one in desk.page.tree.iter("input") if one.get("name") == name]
    return fields[0].get("value")


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "31.02.2026", "<b>"])
def test_a_mistyped_day_comes_back_with_the_rest_of_the_form(desk, day):
    desk.send("search-form", q="Kofi", created_from=day, created_to="2031-01-01")
    assert desk.page.status_code == 422
    assert (typed(desk, "created_from"), typed(desk, "created_to")) == (day, "2031-01-01")
    assert typed(desk, "q") == "Kofi"
    assert "Kofi Annan" in desk.text
    assert "Ada" not in desk.text


def test_what_is_wrong_is_marked_and_said(desk):
    desk.send("search-form", created_from="x", created_to="2031-01-01")
    invalid = [one.get("name") for one in desk.page.tree.iter("input") if one.get("aria-invalid")]
    assert invalid == ["created_from"]
    assert "Write a day as 2026-11-27" in desk.text
