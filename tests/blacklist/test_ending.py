"""Ends of blacklistings: at that millisecond they stop counting, in all places, without a job."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner

from tests.merging.test_merging import merged, parted
from tests.support.cast import actor, add, cleared, member
from tests.support.histories import is_sound
from webapp.blacklist import as_of, case_counts, figures, listing, opening, screening
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.ending import end_what_is_due, set_end
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import removals, review
from webapp.blacklist.reviewing.decisions import decisions_to_read
from webapp.customers import erase, finding
from webapp.history.eyes import OwnDecision
from webapp.kernel import clock
from webapp.kernel.clock import MILLISECOND, in_iso
from webapp.kernel.refusals import Conflict, Invalid
from webapp.merging.taking_back import take_back
from webapp.search import results
from webapp.search.filters import CustomerFilter, Standing

LISTED = CustomerFilter(standing=Standing.BLACKLISTED)


@pytest.fixture
def until(staffed, standing_clock, the_clock):
    return clock.now() + timedelta(days=3)


def listed_until(until, **details):
    customer = add(**details)
    opening.open_case(customer.id, reason="fraud", until=in_iso(until), by=actor("Esi"))
    return customer


def places(customer):
    """Whether they count as blacklisted, place by place, as whoever asks now is answered."""
    end_what_is_due()
    now = finding.get_customer(customer.id)
    return {
        "record": now.blacklisted,
        "list": len(results.page_of(LISTED).rows) == 1,
        "count": results.count_of(LISTED) == 1,
        "check": screening.check({"email": customer.email}).answer == "deny",
        "cases": listing.count(CaseFilter(which=Which.OPEN)) == 1,
        "figures": figures.standing().open == 1,
        "tally": case_counts.number_open() == 1,
        "as it was now": as_of.as_it_was(now, clock.now()).case is not None,
    }


def test_it_counts_until_that_millisecond_and_then_nowhere(until, the_clock):
    kofi = listed_until(until)
    the_clock.moment = until - MILLISECOND
    assert set(places(kofi).values()) == {True}
    the_clock.moment = until
    assert set(places(kofi).values()) == {False}
    case = cases_of(kofi.seq)[0]
    assert (case.outcome, case.closed_at, is_sound()) == ("ended", until, True)


def test_the_past_knows_the_end_although_nobody_looked_for_days(until, the_clock):
    kofi = listed_until(until)
    the_clock.moment = until + timedelta(days=30)
    end_what_is_due()
    now = finding.get_customer(kofi.id)
    for at, counts in ((until - MILLISECOND, True), (until, False)):
        assert (as_of.as_it_was(now, at).case is not None) == counts
        assert listing.count(CaseFilter(at=at)) == counts
    assert is_sound()


def test_another_manager_sets_the_end(until, the_clock):
    kofi = listed_until(until)
    case = cases_of(kofi.seq)[0]
    later = until + timedelta(days=7)
    with pytest.raises(OwnDecision):
        set_end(kofi.id, case_seq=case.seq, until=in_iso(later), note="New facts.", by=actor("Esi"))
    the_clock.forward(hours=1)
    set_end(kofi.id, case_seq=case.seq, until=in_iso(later), note="New facts.", by=actor("Ama"))
    the_clock.moment = until
    assert places(kofi)["check"]
    the_clock.moment = later
    assert (places(kofi)["check"], is_sound()) == (False, True)


def test_the_past_keeps_the_end_that_was_set_then(until, the_clock):
    kofi = listed_until(until)
    case, later = cases_of(kofi.seq)[0], until + timedelta(days=7)
    the_clock.forward(hours=1)
    set_end(kofi.id, case_seq=case.seq, until=in_iso(later), note="New facts.", by=actor("Ama"))
    the_clock.forward(hours=1)
    then = as_of.as_it_was(finding.get_customer(kofi.id), clock.now() - timedelta(minutes=90))
    assert (then.case.until, find_open(finding.get_customer(kofi.id)).until) == (until, later)
    set_end(kofi.id, case_seq=case.seq, until="", note="New facts.", by=actor("Ama"))
    the_clock.moment = later
    assert (places(kofi)["check"], is_sound()) == (True, True)


@pytest.mark.parametrize(
    "wrong", ["tomorrow", "2020-01-01T00:00:00Z", "31.12.2026 25:00", "x" * 99]
)
def test_an_end_that_is_none_is_refused_with_all_other_problems(until, wrong):
    kofi = add()
    with pytest.raises(Invalid) as refusal:
        opening.open_case(kofi.id, reason="whim", until=wrong, by=actor("Esi"))
    assert set(refusal.value.fields) == {"reason", "until"}


def test_whoever_was_removed_before_does_not_end_again(until, the_clock):
    kofi = listed_until(until)
    cleared(kofi)
    the_clock.moment = until
    end_what_is_due()
    assert (cases_of(kofi.seq)[0].outcome, is_sound()) == ("lifted", True)


def test_one_that_ends_before_a_review_waits_for_a_manager_still(until, the_clock):
    kofi, ama = listed_until(until), listed_until(until, email="ama@example.com", phone=None)
    review.decide(cases_of(ama.seq)[0].seq, Decision.UPHELD, by=actor("Ama"))
    the_clock.moment = until
    end_what_is_due()
    (row,) = removals.waiting_removals(limit=9)
    assert (row.customer.id, row.case.outcome) == (kofi.id, "ended")
    the_clock.forward(hours=1)
    removals.open_again(row.case.seq, note="It stands.", by=actor("Ama"))
    end_what_is_due()
    assert finding.get_customer(kofi.id).blacklisted
    assert (cases_of(kofi.seq)[0].until, is_sound()) == (None, True)


def test_one_that_was_removed_before_its_end_stands_once_it_is_opened_again(until, the_clock):
    kofi = listed_until(until)
    seq = cases_of(kofi.seq)[0].seq
    at_the_line = replace(actor("Ama"), door="command")
    review.lift(kofi.id, case_seq=seq, note="Paid.", by=at_the_line)
    the_clock.moment = until + timedelta(hours=1)
    removals.open_again(seq, note="Not paid.", by=actor("Adwoa"))
    end_what_is_due()
    assert finding.get_customer(kofi.id).blacklisted
    assert (cases_of(kofi.seq)[0].until, is_sound()) == (None, True)


def test_of_joined_ones_that_ended_unseen_none_leaves_before_a_manager_looked(until, the_clock):
    one = listed_until(until)
    other = listed_until(until, first_name="Kojo", email="kojo@example.com", phone=None)
    merged(one, other)
    the_clock.moment = until + timedelta(hours=1)
    end_what_is_due()
    with pytest.raises(Conflict) as refusal:
        take_back(other.id, note="Two people.", by=actor("Ama"))
    assert refusal.value.code == "not_settled"


def test_whoever_opened_it_does_not_agree_to_its_end(until, the_clock):
    kofi = listed_until(until)
    the_clock.moment = until
    end_what_is_due()
    with pytest.raises(OwnDecision):
        removals.agree(cases_of(kofi.seq)[0].seq, by=actor("Esi"))


def test_a_long_review_of_one_with_an_end_lets_it_end_alone(until, the_clock):
    kofi = listed_until(until)
    removals_before = removals.count_removals(cap=9)
    review.decide(cases_of(kofi.seq)[0].seq, Decision.UPHELD, by=actor("Ama"))
    the_clock.moment = until
    end_what_is_due()
    assert (removals_before, removals.count_removals(cap=9), is_sound()) == (0, 0, True)


def test_whoever_asked_for_its_removal_is_told_that_it_ended(until, the_clock):
    kofi = listed_until(until)
    seq = cases_of(kofi.seq)[0].seq
    opening.ask_for_lift(kofi.id, case_seq=seq, note="Paid.", by=actor("Kwame"))
    the_clock.moment = until
    end_what_is_due()
    (one,) = decisions_to_read(member("Kwame").id, limit=9)
    assert (one.state, one.customer.id) == ("ended", kofi.id)
    assert decisions_to_read(member("Esi").id, limit=9) == []


def test_commands_see_that_it_has_ended(book, until, the_clock):
    kofi = listed_until(until)
    the_clock.moment = until
    arguments = ["blacklist", "lift", str(kofi.id), "--by", "ama@example.com", "--note", "Paid."]
    result = FlaskCliRunner(book.app).invoke(args=arguments)
    assert (result.exit_code, "has come to its end" in result.output) == (1, True)


def test_a_deleted_customer_whose_blacklisting_had_an_end(until, the_clock):
    kofi = listed_until(until)
    set_end(
        kofi.id,
        case_seq=cases_of(kofi.seq)[0].seq,
        until=in_iso(until),
        note="New facts.",
        by=actor("Ama"),
    )
    the_clock.moment = until
    end_what_is_due()
    removals.agree(cases_of(kofi.seq)[0].seq, by=actor("Ama"))
    erase.delete_customer(kofi.id, by=actor("Ama"))
    assert (cases_of(kofi.seq)[0].closed_at, is_sound()) == (until, True)


def test_many_ends_at_one_moment(until, the_clock, monkeypatch):
    monkeypatch.setattr("webapp.blacklist.ending.MOST", 2)
    ids = [listed_until(until, email=f"e{n}@example.com", phone=None).id for n in range(3)]
    the_clock.moment = until
    end_what_is_due()
    assert [finding.get_customer(one).blacklisted for one in ids] == [False] * 3


def test_of_two_that_are_joined_the_longer_counts(until, the_clock):
    one = listed_until(until)
    other = add(first_name="Kojo", last_name="Boateng", email="kojo@example.com", phone=None)
    opening.open_case(other.id, reason="fraud", by=actor("Kwame"))
    merged(one, other)
    the_clock.moment = until + timedelta(days=1)
    end_what_is_due()
    assert finding.get_customer(one.id).blacklisted
    parted(other)
    end_what_is_due()
    standing = [finding.get_customer(each.id).blacklisted for each in (one, other)]
    assert (standing, is_sound()) == ([False, True], True)
