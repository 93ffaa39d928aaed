"""Two records become one customer: what stays, what leads where, and what an undo gives back."""

import pytest

from tests.support.cast import SOMEBODY, actor, add, bad, kinds
from tests.support.histories import is_sound
from webapp.blacklist import opening
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.reviewing import review
from webapp.customers import edit, erase, finding
from webapp.customers.changes import CustomerDeleted, CustomerMerged, EmailTaken
from webapp.history.eyes import OwnDecision
from webapp.kernel.refusals import Conflict, Invalid
from webapp.lookalikes.distinct import OneRecord
from webapp.merging import requests
from webapp.merging.agreeing import agree_to_merge, agree_to_undo
from webapp.merging.merging import merge
from webapp.merging.taking_back import MergedInTurn, NotMerged, take_back
from webapp.search import results
from webapp.search.filters import CustomerFilter

NOTE = "One passport."


def kojo(**details):
    return add(first_name="Kojo", email="kojo@example.com", phone="+233201234999", **details)


def merged(survivor, other, **choices):
    """Ama merges; where one is blacklisted, Adwoa agrees."""
    done = merge(survivor.id, other.id, choices=choices, note=NOTE, by=actor("Ama"))
    if done.request:
        done = agree_to_merge(survivor.id, other.id, by=actor("Adwoa"))
    return done.survivor


def parted(other):
    done = take_back(other.id, note=NOTE, by=actor("Ama"))
    if done.request:
        done = agree_to_undo(other.id, by=actor("Adwoa"))
    return done


def found_by(text):
    return [row.id for row in results.page_of(CustomerFilter(text=text)).rows]


def test_every_handle_of_the_other_leads_to_the_survivor(staffed):
    one, other = add(), kojo()
    survivor = merged(one, other, first_name="survivor", email="survivor", phone="survivor")
    assert survivor.id == one.id
    lookups = (
        finding.get_customer(other.id),
        finding.find_by_reference(other.reference),
        finding.find_by_typed_email("KOJO@example.com"),
        *(finding.read_by_handle(h) for h in (str(other.id), other.reference, other.email)),
    )
    assert {found.id for found in lookups} == {one.id}
    assert (kinds(one)[0], is_sound()) == ("merged", True)


@pytest.mark.parametrize("by", ["first_name", "email", "reference", "phone", "id"])
def test_searches_for_the_other_find_the_survivor(staffed, by):
    one, other = add(), kojo()
    merged(one, other, first_name="survivor", email="survivor", phone="survivor")
    assert found_by(str(getattr(other, by))) == [one.id]
    assert found_by(str(getattr(one, by))) == [one.id]


def test_each_detail_is_of_whom_was_chosen_and_the_newer_is_offered(staffed):
    one, other = add(last_name=""), kojo(birthday="1985-12-31")
    edit.change(one.id, {"first_name": "Kofi Kwesi"}, by=SOMEBODY)
    survivor = merged(finding.get_customer(one.id), other, phone="other")
    assert survivor.first_name == "Kofi Kwesi"
    assert (survivor.last_name, survivor.birthday) == (other.last_name, "1985-12-31")
    assert (survivor.phone, survivor.email) == (other.phone, one.email)
    assert is_sound()


def test_an_address_that_was_given_up_leads_on_and_is_taken(staffed):
    one, other = add(), kojo()
    old = one.email
    survivor = merged(one, other, email="other")
    assert survivor.email == other.email
    assert finding.find_by_typed_email(old).id == one.id
    for email in (old, "kojo@example.com"):
        with pytest.raises(EmailTaken) as refusal:
            add(email=email, phone=None)
        assert refusal.value.customer_id == one.id
    parted(other)
    assert finding.find_by_typed_email(old).id == one.id
    assert finding.find_by_typed_email("kojo@example.com").id == other.id
    assert is_sound()


def test_a_survivor_may_take_an_address_of_theirs_and_the_undo_gives_it_back(staffed):
    one, other = add(), kojo()
    merged(one, other, email="survivor")
    edit.change(one.id, {"email": "kojo@example.com"}, by=SOMEBODY)
    with pytest.raises(EmailTaken):
        add(email="kofi.annan@example.com", phone=None)
    parted(other)
    emails = [finding.get_customer(one).email for one in (one.id, other.id)]
    assert (emails, is_sound()) == (["kofi.annan@example.com", "kojo@example.com"], True)


def test_what_others_changed_since_stays_and_is_named(staffed):
    one, other = add(), kojo()
    merged(one, other, first_name="other", phone="other", last_name="survivor", email="survivor")
    edit.change(one.id, {"first_name": "Kwabena"}, by=SOMEBODY)
    done = parted(other)
    back = finding.get_customer(one.id)
    assert (back.first_name, back.phone, done.stays) == (
        "Kwabena",
        "+233201234567",
        ["first_name"],
    )
    assert (finding.get_customer(other.id).first_name, is_sound()) == ("Kojo", True)
    assert found_by("kojo@example.com") == [other.id]


@pytest.mark.parametrize("whose", ["survivor", "other", "both"])
def test_the_stricter_standing_wins_and_comes_apart_again(staffed, whose):
    one, other = add(), add(email="kojo@example.com", first_name="Kojo", phone=None)
    for customer, name in ((one, "survivor"), (other, "other")):
        if whose in (name, "both"):
            bad_one(customer, "Esi" if name == "survivor" else "Kwame")
    assert not merge(one.id, other.id, choices={}, note=NOTE, by=actor("Ama")).survivor.also_known
    survivor = agree_to_merge(one.id, other.id, by=actor("Adwoa")).survivor
    answers_for_it(find_open(survivor), whose)
    assert (survivor.blacklisted, is_sound()) == (True, True)
    parted(other)
    standing = [finding.get_customer(seq).blacklisted for seq in (one.id, other.id)]
    assert standing == [whose != "other", whose != "survivor"]
    assert is_sound()


def answers_for_it(case, whose):
    answer = {actor("Esi").id, actor("Kwame").id} if whose == "both" else {case.accountable_id}
    assert {member for member in answer if case.is_answered_for_by({member})} == answer


def bad_one(customer, by):
    opening.open_case(customer.id, reason="fraud", note="Cards.", by=actor(by))


def test_a_case_that_was_removed_since_stays_removed(staffed):
    one, other = add(), bad(email="kojo@example.com")
    merged(one, other)
    case = find_open(finding.get_customer(one.id))
    review.lift(one.id, case_seq=case.seq, note="Paid.", by=actor("Ama"))
    parted(other)
    assert [finding.get_customer(seq).blacklisted for seq in (one.id, other.id)] == [False, False]
    assert [len(cases_of(seq)) for seq in (one.seq, other.seq)] == [0, 1]
    assert is_sound()


def test_the_second_person_is_another_one(staffed):
    one, other = add(), bad(email="kojo@example.com")
    merge(one.id, other.id, choices={}, note=NOTE, by=actor("Ama"))
    with pytest.raises(OwnDecision):
        agree_to_merge(one.id, other.id, by=actor("Ama"))
    with pytest.raises(OwnDecision):
        agree_to_merge(one.id, other.id, by=actor("Esi"))
    with pytest.raises(requests.MergeIsAsked):
        merge(other.id, one.id, choices={}, note=NOTE, by=actor("Adwoa"))
    assert find_open(finding.get_customer(other.id))


def test_a_request_that_was_refused_is_gone(staffed):
    one, other = add(), bad(email="kojo@example.com")
    merge(one.id, other.id, choices={}, note=NOTE, by=actor("Ama"))
    requests.refuse_request(one.id, other.id, by=actor("Adwoa"))
    with pytest.raises(requests.MergeNotAsked):
        agree_to_merge(one.id, other.id, by=actor("Adwoa"))
    assert (finding.get_customer(other.id).blacklisted, is_sound()) == (True, True)


def test_merges_of_merges_come_apart_in_order(staffed):
    first, second, third = add(), kojo(), add(email="third@example.com", phone=None)
    merged(second, first)
    merged(third, second, email="other")
    ids = {finding.get_customer(one.id).id for one in (first, second, third)}
    assert (ids, is_sound()) == ({third.id}, True)
    with pytest.raises(MergedInTurn):
        take_back(first.id, note=NOTE, by=actor("Ama"))
    parted(second)
    assert finding.get_customer(first.id).id == second.id
    assert found_by("kofi.annan@example.com") == [second.id]
    parted(first)
    alone = [finding.get_customer(one.id).id == one.id for one in (first, second, third)]
    assert (alone, is_sound()) == ([True] * 3, True)


def test_what_is_not_merged_does_not_come_apart(staffed):
    with pytest.raises(NotMerged):
        take_back(add().id, note=NOTE, by=actor("Ama"))


def test_deleting_the_survivor_deletes_all(staffed):
    first, second = add(), bad(email="kojo@example.com", phone=None)
    merged(first, second)
    case = find_open(finding.get_customer(first.id))
    review.lift(first.id, case_seq=case.seq, note="Paid.", by=actor("Ama"))
    with pytest.raises(CustomerMerged):
        erase.delete_customer(second.id, by=actor("Ama"))
    erase.delete_customer(first.id, by=actor("Ama"))
    for one in (first, second):
        with pytest.raises(CustomerDeleted):
            finding.get_customer(one.id)
    assert is_sound()
    assert add(email="kojo@example.com", phone=None).email == "kojo@example.com"


def test_what_cannot_be_merged_is_refused(staffed):
    one, other = add(), kojo()
    with pytest.raises(Invalid):
        merge(one.id, other.id, choices={}, note=" ", by=actor("Ama"))
    with pytest.raises(Invalid):
        merge(one.id, other.id, choices={"phone": "mine"}, note=NOTE, by=actor("Ama"))
    with pytest.raises(OneRecord):
        merge(one.id, one.id, choices={}, note=NOTE, by=actor("Ama"))
    with pytest.raises(Conflict, match="changed"):
        merge(one.id, other.id, choices={}, note=NOTE, seen=(1, 2), by=actor("Ama"))
    assert kinds(one) == ["created"]


def test_what_is_merged_already_is_refused(staffed):
    one, other = add(), kojo()
    merged(one, other)
    with pytest.raises(CustomerMerged):
        merge(one.id, other.id, choices={}, note=NOTE, by=actor("Ama"))
    with pytest.raises(CustomerMerged):
        edit.change(other.id, {"first_name": "X"}, based_on=1, by=actor("Esi"))
    assert edit.change(other.id, {"first_name": "Yaw"}, by=SOMEBODY).customer.id == one.id
