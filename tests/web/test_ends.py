"""Ends of blacklistings on pages: set, refused with what was typed, reviewed if nobody has."""

from datetime import timedelta

import pytest

from tests.support.cast import actor
from webapp.blacklist import opening
from webapp.customers import finding
from webapp.kernel import clock
from webapp.kernel.clock import in_iso


@pytest.fixture
def listed(book, kofi):
    """Kofi, blacklisted by Esi for two days."""
    with book.app.app_context():
        until = in_iso(clock.now() + timedelta(days=2))
        opening.open_case(kofi.id, reason="fraud", until=until, by=actor("Esi"))
    return kofi


def test_a_manager_sets_the_end_and_says_why(listed, desk_of):
    ama = desk_of("Ama")
    address = f"/customers/{listed.id}/blacklisting/end"
    ama.open(address)
    ama.send("end-form", until="soon")
    assert ama.page.status_code == 422
    assert ("Write a day and a time" in ama.text, "Say why the end changes" in ama.text) == (1, 1)
    assert ama.form("end-form").find(".//input[@name='until']").get("value") == "soon"
    ama.send("end-form", until="31.12.2090 18:00", note="The court decided.")
    ama.follow()
    for shown in ("31 Dec 2090, 18:00", "set when the blacklisting ends", "The court decided."):
        assert shown in ama.text


def blacklist_again(desk):
    """On the page of removals, where one waits."""
    desk.open("/review/removals")
    assert "came to its end without a review" in desk.text
    (form,) = [one for one in desk.page.tree.iter("form") if "inline-form" in one.get("class", "")]
    token = form.find(".//input[@name='csrf_token']").get("value")
    data = {"csrf_token": token, "decision": "again", "note": "It stands."}
    desk.page = desk.client.post(form.get("action"), data=data)
    desk.follow()


def test_an_end_without_a_review_is_reviewed_as_a_removal(book, listed, desk_of, the_clock):
    the_clock.moment = clock.now() + timedelta(days=3)
    ama = desk_of("Ama")
    blacklist_again(ama)
    assert "is blacklisted again" in ama.text
    with book.app.app_context():
        assert finding.get_customer(listed.id).blacklisted
