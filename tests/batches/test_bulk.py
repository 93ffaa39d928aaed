"""The same deed for many: exactly those who were counted, each once, and back again."""

import pytest

from tests.support import cast
from tests.support.sets import again, apply, everybody, problems_of, undone, work
from webapp.batches import bulk, change_set, undoing
from webapp.batches.models import Kind, State, set_of
from webapp.blacklist import opening
from webapp.blacklist.case import find_open
from webapp.blacklist.models import Decision
from webapp.customers import edit
from webapp.history.entries import entries_of
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid
from webapp.proving import Check

pytestmark = pytest.mark.usefixtures("staffed")


def people(number, *, at="bulk.example"):
    by = cast.actor("Esi")
    for place in range(number):
        details = {"first_name": f"Afia {place}", "last_name": f"Osei {place}", "phone": ""}
        cast.add(by=by, email=f"p{place}@{at}", **details)
    return [one.seq for one in everybody()]


def blacklist(seqs, by, **more):
    given = {"reason": "fraud", "note": "One ring", "origin": "Ticked"} | more
    return bulk.propose(Kind.BLACKLIST, seqs, by=by, **given)


def test_a_set_is_checked_and_applied_to_those_who_were_counted():
    ama, esi = cast.actor("Ama"), cast.actor("Esi")
    seqs = people(6)
    opening.open_case(everybody()[0].id, reason="abuse", by=esi)
    one = blacklist(seqs, ama)
    assert (one.state, one.counts) == (State.CHECKED, {"same": 1, "change": 5})
    assert not any(customer.blacklisted for customer in everybody()[1:])
    cast.add(by=esi, first_name="Late", email="late@bulk.example", phone="")
    one = apply(one, ama)
    assert (one.state, one.counts["done"]) == (State.APPLIED, 5)
    assert [customer.blacklisted for customer in everybody()] == [True] * 6 + [False]


def test_its_proposer_answers_for_each_row_and_the_history_names_the_set():
    ama = cast.actor("Ama")
    one = apply(blacklist(people(3), ama), ama)
    for customer in everybody():
        case, entry = find_open(customer), entries_of(customer.subject)[0]
        assert (case.accountable_id, case.note, case.reason) == (ama.id, "One ring", "fraud")
        assert set_of(entry.request_id) == one.seq


def test_a_set_is_taken_back_and_rows_and_history_agree():
    ama = cast.actor("Ama")
    undo = undone(apply(blacklist(people(3), ama), ama), ama)
    assert (undo.counts["done"], change_set.find_set(undo.undoes_seq).state) == (3, State.UNDONE)
    assert not any(customer.blacklisted for customer in everybody())
    check = Check()
    assert not [line for line in check.lines() if "ustomer" in line]


def test_what_somebody_changed_since_is_left_alone_and_named():
    ama, esi = cast.actor("Ama"), cast.actor("Esi")
    seqs = people(8)
    one = apply(blacklist(seqs, ama), ama)
    changed = everybody()[2:5]
    for customer in changed:
        edit.change(customer.id, {"first_name": "Abena"}, by=esi)
    undo = undoing.propose(one.seq, by=ama)
    assert undo.counts == {"change": 5, "refused": 3}
    assert set(map(tuple, problems_of(undo).values())) == {("Esi changed it since: first name",)}
    undo = apply(undo, ama)
    assert [customer.blacklisted for customer in everybody()] == [
        False, False, True, True, True, False, False, False,
    ]  # fmt: skip
    back = undone(undo, ama)
    assert all(customer.blacklisted for customer in everybody())
    assert (back.counts["done"], again(undo).state) == (5, State.UNDONE)
    assert {find_open(one).reason for one in everybody()} == {"fraud"}


def test_a_change_between_preview_and_undo_is_noticed_at_the_last_moment():
    ama, esi = cast.actor("Ama"), cast.actor("Esi")
    one = apply(blacklist(people(3), ama), ama)
    undo = undoing.propose(one.seq, by=ama)
    edit.change(everybody()[1].id, {"last_name": "Badu"}, by=esi)
    undo = apply(undo, ama)
    assert (undo.counts["done"], undo.counts["failed"]) == (2, 1)
    assert "Esi changed it since: last name" in str(problems_of(undo))


def test_after_ten_minutes_another_manager_takes_it_back(the_clock):
    the_clock.moment = the_clock.now()
    ama, adwoa = cast.actor("Ama"), cast.actor("Adwoa")
    one = apply(blacklist(people(3), ama), ama)
    the_clock.forward(minutes=11)
    undo = undone(one, ama)
    assert undo.counts.get("done") is None
    assert undo.counts["failed"] == 3
    assert all(customer.blacklisted for customer in everybody())
    assert again(one).state == State.APPLIED, "nothing of it was undone"
    undo = undone(one, adwoa)
    assert undo.counts["done"] == 3
    the_clock.forward(days=31)
    with pytest.raises(Conflict):
        undoing.propose(undo.seq, by=adwoa)


def test_an_agent_takes_back_only_what_is_fresh(the_clock):
    the_clock.moment = the_clock.now()
    esi = cast.actor("Esi")
    one = apply(blacklist(people(2), esi), esi)
    the_clock.forward(minutes=11)
    undo = undone(one, esi)
    assert undo.counts["failed"] == 2
    assert "ask a manager" in str(problems_of(undo))


def test_above_the_limit_a_second_person_agrees():
    esi, ama = cast.actor("Esi"), cast.actor("Ama")
    one = blacklist(people(4), esi)
    with pytest.raises(change_set.NeedsSecondPerson):
        change_set.apply(one.seq, above=3, by=esi)
    with pytest.raises(change_set.OwnSet):
        change_set.agree(one.seq, above=3, by=esi)
    assert [waiting.seq for waiting in change_set.waiting_for_agreement(limit=9, above=3)] == [
        one.seq
    ]
    change_set.agree(one.seq, above=3, by=ama)
    one = work(one)
    assert (one.counts["done"], one.agreed_by_name) == (4, "Ama")


def test_nobody_applies_what_another_has_proposed():
    one = blacklist(people(1), cast.actor("Kwame"))
    with pytest.raises(change_set.NotYourSet):
        change_set.apply(one.seq, above=9, by=cast.actor("Esi"))


def test_who_may_not_any_more_is_stopped_at_the_next_batch():
    esi = cast.actor("Esi")
    one = blacklist(people(2), esi)
    change_set.apply(one.seq, above=9, by=esi)
    cast.member("Esi").active = False
    db.session.commit()
    one = work(one)
    assert one.problem == "Esi may not do this any more"
    assert not any(customer.blacklisted for customer in everybody())


def test_deleting_many_keeps_to_the_budget_of_one_person():
    ama = cast.actor("Ama")
    one = bulk.propose(Kind.DELETE, people(25), origin="Ticked", by=ama)
    with pytest.raises(bulk.WrongCount):
        bulk.refuse_wrong_count(one, "24")
    bulk.refuse_wrong_count(one, "25")
    one = apply(one, ama)
    assert (one.counts["done"], one.counts["asked"], len(everybody())) == (20, 5, 5)
    with pytest.raises(change_set.CannotUndo):
        undoing.propose(one.seq, by=ama)


def test_with_a_second_person_more_are_deleted_than_one_may():
    ama, adwoa = cast.actor("Ama"), cast.actor("Adwoa")
    two = bulk.propose(Kind.DELETE, people(25), origin="Ticked", by=ama)
    change_set.agree(two.seq, above=3, by=adwoa)
    assert work(two).counts["done"] == 25


def test_removals_are_asked_for_in_one_go():
    ama, esi = cast.actor("Ama"), cast.actor("Esi")
    seqs = people(3)
    opening.open_case(everybody()[0].id, reason="fraud", by=ama)
    with pytest.raises(Invalid):
        bulk.propose(Kind.ASK_TO_LIFT, seqs, origin="Ticked", by=esi)
    one = bulk.propose(Kind.ASK_TO_LIFT, seqs, note="They paid", origin="Ticked", by=esi)
    assert one.counts == {"change": 1, "refused": 2}
    apply(one, esi)
    case = find_open(everybody()[0])
    assert (case.lift_asked_by_name, case.lift_reason) == ("Esi", "They paid")


def test_the_blacklistings_of_a_set_are_decided_alike_by_another():
    esi, ama = cast.actor("Esi"), cast.actor("Ama")
    one = apply(blacklist(people(5), esi), esi)
    seq, cases = one.seq, [case.seq for case in bulk.cases_waiting(one.seq)]
    assert len(cases) == 5
    decided = bulk.propose_decision(
        seq, Decision.OVERTURNED, note="Not them", without=cases[:1], by=ama
    )
    decided = apply(decided, ama)
    assert decided.counts["done"] == 4
    assert [customer.blacklisted for customer in everybody()] == [True] + [False] * 4
    assert [case.seq for case in bulk.cases_waiting(seq)] == cases[:1]


def test_the_proposer_is_no_second_pair_of_eyes():
    esi = cast.actor("Esi")
    one = apply(blacklist(people(5), esi), esi)
    own = bulk.propose_decision(one.seq, Decision.UPHELD, by=esi)
    assert own.counts == {"refused": 5}


def test_one_change_of_details_is_taken_back_while_it_stands():
    esi, ama = cast.actor("Esi"), cast.actor("Ama")
    people(1)
    customer = everybody()[0]
    edit.change(customer.id, {"first_name": "Abena", "phone": "+233201234567"}, by=esi)
    number = entries_of(everybody()[0].subject)[0].number
    edit.change(customer.id, {"last_name": "Badu"}, by=esi)
    one = apply(undoing.propose_edit(customer.id, number, by=ama), ama)
    present = everybody()[0]
    assert (present.first_name, present.last_name, present.phone) == ("Afia 0", "Badu", None)
    assert one.counts["done"] == 1
    with pytest.raises(undoing.NothingStands):
        undoing.propose_edit(customer.id, number, by=ama)


def test_the_undo_of_one_change_is_undone():
    esi = cast.actor("Esi")
    people(1)
    edit.change(everybody()[0].id, {"first_name": "Abena"}, by=esi)
    one = apply(undoing.propose_edit(everybody()[0].id, 2, by=esi), esi)
    undone(one, esi)
    assert everybody()[0].first_name == "Abena"
