"""A removal by a program or the operator waits until a manager who is not accountable for the
opening has looked at it.
"""

import pytest

from tests.support.cast import actor, add
from tests.support.histories import faults_in_histories
from webapp.blacklist import opening
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.reviewing import removals, review
from webapp.customers import erase
from webapp.customers.finding import get_customer
from webapp.history.entries import Actor, entries_of
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
