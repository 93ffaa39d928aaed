"""Rows are proved, not only entries: whatever is other than the history says is named."""

from tests.support.cast import actor, add
from tests.support.histories import faults_in_histories, faults_of_everybody
from tests.support.offices import Office
from tests.support.proofs import rounds
from tests.support.tampering import ROW_TAMPERINGS, tampering
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review, review_undo
from webapp.kernel.database import db


def test_what_is_as_it_was_done_has_no_fault(everything):
    assert faults_of_everybody() == []


def test_each_row_that_is_other_than_the_history_says_is_named(book, everything):
    """All of them in one test, because the book takes longer to make than they do to be found."""
    for name, (statement, what) in ROW_TAMPERINGS.items():
        with tampering(book) as sql:
            wanted = {key: value for key, value in everything.items() if f":{key}" in statement}
            assert sql(statement, **wanted).rowcount, name
            sentences = [one.what for one in faults_of_everybody()]
            assert any(what in sentence for sentence in sentences), (name, sentences)
    assert faults_of_everybody() == []


def test_honest_lives_pass_at_every_step(everything, the_clock):
    the_clock.forward(days=1)
    for _ in Office(the_clock, 5, customers=20).go_on(rounds(100, 1_000)):
        assert faults_of_everybody() == []


def test_a_review_that_was_undone_and_a_removal_that_was_reopened_pass(staffed):
    kofi = add()
    case = opening.open_case(kofi.id, reason="fraud", by=actor("Esi")).case
    first = review.decide(case.seq, Decision.OVERTURNED, note="Hers.", by=actor("Ama"))
    review_undo.undo_review(first.seq, by=actor("Ama"))
    assert faults_in_histories() == []
    db.session.rollback()
