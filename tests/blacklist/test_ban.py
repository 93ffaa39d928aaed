"""A ban covers everything that the person has used: for pages, keys and commands, until the case is
closed or the person is deleted.
"""

import pytest
from sqlalchemy import text

from tests.support.cast import actor, add, member, remove
from webapp.blacklist import opening, screening
from webapp.blacklist.case import find_open
from webapp.blacklist.reviewing import review, review_undo
from webapp.customers import edit, finding
from webapp.kernel.database import db
from webapp.lookalikes import known_identifiers, matches, pairs
from webapp.lookalikes.known_identifiers import CaseIdentifier
from webapp.programs import api_keys

pytestmark = pytest.mark.usefixtures("staffed")
OLD = {
    "email": "a@example.com",
    "phone": "+233201230301",
    "first_name": "Kofi",
    "last_name": "Annan",
}
NEW = {
    "email": "a-new@example.com",
    "phone": "+233201230302",
    "first_name": "Other",
    "last_name": "Person",
}


@pytest.fixture
def banned():
    customer = add(**OLD)
    opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    return customer


def program():
    key, _ = api_keys.create_key(name="Shop", scopes=["write"], by=actor("Kwame"))
    return api_keys.actor_of(key, request_id="r")


def answers(*asked):
    return [screening.check(one).answer for one in asked]


ASKED_BY_OLD = (
    {"email": OLD["email"]},
    {"phone": OLD["phone"]},
    {"first_name": "Annan", "last_name": "Kofi", "country": "GH"},
    {"email": "A+x@example.com"},
)


@pytest.mark.parametrize("by", ["page", "key"])
def test_what_the_record_had_goes_on_matching(banned, by):
    edit.change(banned.id, NEW, by=actor("Kwame") if by == "page" else program())
    assert "allow" not in answers(*ASKED_BY_OLD)
    assert answers(*ASKED_BY_OLD) == ["deny", "deny", "review", "review"]
    assert answers({"email": NEW["email"]}, {"phone": NEW["phone"]}) == ["deny", "deny"]


def test_an_old_address_that_somebody_else_has_now_is_looked_at(banned):
    edit.change(banned.id, NEW, by=actor("Kwame"))
    add(first_name="Yaa", last_name="Boateng", email=OLD["email"], phone="+233201230309")
    assert answers({"email": OLD["email"]}) == ["review"]


def test_clearing_the_phone_frees_nothing(banned):
    edit.change(banned.id, {"phone": None}, by=program())
    assert answers({"phone": OLD["phone"]}) == ["deny"]


def test_whoever_registers_again_with_it_is_put_before_managers(banned):
    edit.change(banned.id, NEW, by=actor("Kwame"))
    again = add(first_name="Yaa", last_name="Boateng", email="yaa@example.com", phone=OLD["phone"])
    assert [(one.customer.seq, one.blacklisted.seq) for one in matches.matches(limit=9)] == [
        (again.seq, banned.seq)
    ]
    alike = pairs.duplicates_of(again).alike
    assert [one.customer.seq for one in alike] == [banned.seq]


def test_a_pair_stays_when_the_blacklisted_record_changes(banned):
    """A match on the old phone is kept when the phone changes."""
    good = add(first_name="Yaa", last_name="Boateng", email="yaa@example.com", phone=OLD["phone"])
    edit.change(banned.id, NEW, by=actor("Kwame"))
    assert [one.customer.seq for one in matches.matches(limit=9)] == [good.seq]


def test_it_stands_on_the_case_and_ends_with_it(banned):
    changed = edit.change(banned.id, NEW, by=actor("Kwame")).customer
    former = known_identifiers.former(find_open(changed).seq, changed)
    assert former == {"email": [OLD["email"]], "phone": [OLD["phone"]], "name": ["Kofi Annan"]}
    review.lift(banned.id, case_seq=find_open(changed).seq, note="Paid.", by=actor("Ama"))
    assert answers(*ASKED_BY_OLD) == ["allow"] * len(ASKED_BY_OLD)


def test_what_came_after_the_case_counts_too_and_what_was_before_does_not():
    customer = add(**OLD)
    edit.change(customer.id, {"email": "middle@example.com"}, by=actor("Kwame"))
    opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    edit.change(customer.id, {"email": "late@example.com"}, by=actor("Kwame"))
    assert answers({"email": OLD["email"]}, {"email": "middle@example.com"}) == ["allow", "deny"]


def test_a_review_that_is_taken_back_brings_it_back(banned):
    edit.change(banned.id, NEW, by=actor("Kwame"))
    case = find_open(finding.get_customer(banned.id))
    done = review.decide(case.seq, review.Decision.OVERTURNED, note="Wrong.", by=actor("Ama"))
    assert answers({"phone": OLD["phone"]}) == ["allow"]
    review_undo.undo_review(done.seq, by=actor("Ama"))
    assert answers({"phone": OLD["phone"]}) == ["deny"]


def test_it_goes_with_the_person(banned):
    edit.change(banned.id, NEW, by=actor("Kwame"))
    assert db.session.query(CaseIdentifier).count() > 0
    remove(banned.id)
    assert db.session.query(CaseIdentifier).count() == 0
    rows = db.session.execute(text("SELECT value FROM case_identifier")).all()
    assert (rows, member("Esi").name) == ([], "Esi")
