"""A removal by a program or the operator waits until a manager who is not accountable for the
opening has looked at it.
"""

from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade

from tests.support.cast import actor, add, cleared
from tests.support.histories import faults_in_histories, is_sound
from tests.support.lives import start
from webapp.blacklist import as_of, listing, opening
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.ending import end_what_is_due
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.reviewing import removals, review
from webapp.customers import erase
from webapp.customers.finding import get_customer
from webapp.history.entries import Actor, entries_of
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid, NotFound
from webapp.programs import api_keys

pytestmark = pytest.mark.usefixtures("staffed")


def program(owner, name="Shop"):
    key, _ = api_keys.create_key(name=name, scopes=["blacklist", "write"], by=actor(owner))
    return api_keys.actor_of(key, request_id="r")


@pytest.fixture
def removed():
    """A case that Esi opened and Ama's key removed."""
    customer = add()
    opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    return opening.clear(customer.id, note="Paid.", by=program("Ama"))


def only_case():
    (row,) = removals.waiting_removals(limit=9)
    return row.case


def test_it_takes_effect_and_stands_in_the_queue(removed):
    assert not get_customer(removed.id).blacklisted
    assert only_case().closed_by_name == "Shop"
    assert removals.count_for_managers(cap=9) == 1


def test_also_what_the_program_opened_itself():
    customer, shop = add(), program("Ama")
    opening.open_case(customer.id, reason=None, by=shop)
    opening.clear(customer.id, by=shop)
    assert only_case().opened_by_kind == "key"
    with pytest.raises(Conflict, match="Your API key opened"):
        removals.agree(only_case().seq, by=actor("Ama"))


def test_a_manager_agrees(removed):
    removals.agree(only_case().seq, note="Seen.", by=actor("Ama"))
    assert removals.count_for_managers(cap=9) == 0
    with pytest.raises(Conflict, match="has reviewed this removal already"):
        removals.agree(cases_of(removed.seq)[0].seq, by=actor("Adwoa"))


def test_a_manager_opens_it_again_and_no_program_removes_it_then(removed):
    seq = only_case().seq
    with pytest.raises(Invalid):
        removals.open_again(seq, note="", by=actor("Ama"))
    removals.open_again(seq, note="Not paid.", by=actor("Adwoa"))
    case = find_open(get_customer(removed.id))
    assert (case.seq, case.reviewed_by_name, case.opened_by_name) == (seq, "Adwoa", "Esi")
    with pytest.raises(Conflict) as refusal:
        opening.clear(removed.id, by=program("Kwame", "Till"))
    assert refusal.value.code == "upheld"


def test_not_by_whoever_opened_it():
    customer = add()
    opening.open_case(customer.id, reason="fraud", by=actor("Ama"))
    opening.clear(customer.id, by=program("Esi"))
    for deed in (removals.agree, lambda seq, by: removals.open_again(seq, note="No.", by=by)):
        with pytest.raises(Conflict) as refusal:
            deed(only_case().seq, by=actor("Ama"))
        assert refusal.value.code == "own_decision"


def test_nobody_deletes_what_no_manager_has_looked_at(removed):
    with pytest.raises(Conflict, match="review the removal"):
        erase.delete_customer(removed.id, by=program("Ama", "Till"))
    removals.agree(only_case().seq, by=actor("Adwoa"))
    erase.delete_customer(removed.id, by=actor("Ama"))


def test_what_a_program_opens_clears_and_deletes_alone_is_still_looked_at():
    customer, shop = add(), program("Ama")
    opening.open_case(customer.id, reason="fraud", by=shop)
    opening.clear(customer.id, note="A test.", by=shop)
    erase.delete_customer(customer.id, by=shop)
    (row,) = removals.waiting_removals(limit=9)
    assert (row.customer, row.tombstone.customer_id, row.case.closed_note) == (
        None,
        customer.id,
        None,
    )
    with pytest.raises(Conflict, match="Your API key opened"):
        removals.agree(row.case.seq, by=actor("Ama"))
    with pytest.raises(NotFound):
        removals.open_again(row.case.seq, note="Who was it?", by=actor("Adwoa"))
    removals.agree(row.case.seq, note="Nobody knows any more.", by=actor("Adwoa"))
    assert removals.waiting_removals(limit=9) == []
    newest, *_ = entries_of(row.tombstone.subject)
    assert (newest.kind, newest.fields, newest.version) == (
        "removal_agreed",
        ["case"],
        row.tombstone.version,
    )
    assert faults_in_histories() == []


def test_what_the_operator_lifts_in_a_name_waits_too(staffed):
    customer = add()
    opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    words = ["blacklist", "lift", str(customer.id), "--by", "ama@example.com", "--note", "Paid."]
    result = staffed.app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    assert only_case().seq
    in_a_name = Actor(kind="staff", id=actor("Ama").id, name="Ama", door="command")
    with pytest.raises(Conflict, match="cannot be the second person"):
        removals.agree(only_case().seq, by=in_a_name)
    other = add(email="other@example.com", phone=None)
    waiting = opening.open_case(other.id, reason="fraud", by=actor("Esi")).case.seq
    with pytest.raises(Conflict, match="cannot be the second person"):
        review.decide(waiting, review.Decision.UPHELD, by=in_a_name)


def listed_and_closed(the_clock, closing):
    """Somebody whose blacklisting a program removed, or came to its end; and since when."""
    start(the_clock, weeks_ago=2)
    begun, customer = clock.now(), add()
    until = in_iso(begun + timedelta(days=1))
    opening.open_case(customer.id, reason="fraud", until=until, by=actor("Esi"))
    the_clock.forward(hours=2)
    if closing == "removed":
        opening.clear(customer.id, note="Paid.", by=program("Ama"))
    the_clock.forward(days=1)
    end_what_is_due()
    return begun, customer


def open_again_after_another(the_clock, customer):
    """With another case in between, whose closing is not that of the first."""
    waiting = only_case().seq
    opening.open_case(customer.id, reason="abuse", by=actor("Esi"))
    the_clock.forward(minutes=1)
    cleared(customer)
    the_clock.forward(minutes=1)
    removals.open_again(waiting, note="Not paid.", by=actor("Adwoa"))


@pytest.mark.parametrize(("closing", "counted"), [("removed", "10010"), ("ended", "11010")])
def test_the_past_knows_that_a_case_was_closed_before_it_was_opened_again(
    the_clock, closing, counted
):
    begun, customer = listed_and_closed(the_clock, closing)
    was = only_case().outcome, only_case().closed_at, only_case().closed_by_name
    open_again_after_another(the_clock, customer)
    the_clock.forward(days=1)
    cleared(customer)
    moments = [begun + timedelta(hours=hours) for hours in (1, 3, 25, 30, 51)]
    assert counted_at(moments) == counted
    (then,) = as_of.as_it_was(get_customer(customer.id), moments[2]).closed_cases
    assert (then.outcome, then.closed_at, then.closed_by_name) == was
    assert is_sound()
    db.session.rollback()
    downgrade(revision="0030")
    upgrade()
    assert (counted_at(moments), is_sound()) == (counted, True), "also in an earlier book"


def counted_at(moments):
    return "".join(str(listing.count(CaseFilter(at=at))) for at in moments)
