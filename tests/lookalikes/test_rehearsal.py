"""What the present rules would change is told before it counts."""

import pytest

from tests.support.cast import SOMEBODY, add, bad, tell_apart
from tests.support.commands import run
from webapp.customers import edit
from webapp.kernel.database import db, writing
from webapp.lookalikes.models import LookalikePair
from webapp.lookalikes.rehearsal import rehearse


@pytest.fixture
def two(staffed):
    return bad(), add(first_name="Other", email="o@example.org")


def test_a_book_in_step_would_not_change(two):
    assert (rehearse().added, rehearse().let_go) == ([], [])
    tell_apart(two[1], two[0])
    assert (rehearse().added, rehearse().let_go) == ([], [])


def test_what_is_missing_would_be_added(two):
    with writing():
        db.session.query(LookalikePair).delete()
    added = rehearse().added
    assert [(one.customer_id, one.signals) for one in added] == [(two[1].id, ("phone",))]


def test_what_is_not_found_would_be_let_go(two, inside):
    kofi, other = two
    third = add(first_name="Third", email="third@example.org", phone=None)
    with writing():
        seqs = sorted((kofi.seq, third.seq))
        db.session.query(LookalikePair).update({"one_seq": seqs[0], "other_seq": seqs[1]})
    status, output = run(inside, "lookalikes", "rehearse", "--list")
    assert status == 0
    assert f"1 would be added\n  {other.id} {kofi.id} phone" in output
    assert f"1 would be let go\n  {third.id} {kofi.id} phone" in output
    assert db.session.query(LookalikePair).count() == 1, "nothing is written"
    edit.change(other.id, {"phone": ""}, by=SOMEBODY)
    assert rehearse().added == []
