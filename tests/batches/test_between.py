"""What happens between the check of a set and its application."""

import pytest

from tests.support import cast
from tests.support.sets import (
    apply,
    begin_import,
    check_import,
    everybody,
    problems_of,
    rows_of,
    table,
    undone,
    work,
)
from webapp.batches import bulk, change_set, checking, undoing, uploads, working
from webapp.batches.models import Kind, State
from webapp.customers import edit, erase
from webapp.kernel.refusals import Conflict

pytestmark = pytest.mark.usefixtures("staffed")
AFIA = ("Afia", "Osei", "afia@between.example", "", "")


def checked_change(tmp_path):
    """An import that gives Afia a last name, checked and not applied."""
    cast.add(first_name="Afia", last_name="", email=AFIA[2], phone="")
    return check_import(table([AFIA]), tmp_path, cast.actor("Ama")).seq


def test_what_a_colleague_did_meanwhile_is_not_undone(tmp_path):
    seq, esi = checked_change(tmp_path), cast.actor("Esi")
    edit.change(everybody()[0].id, {"first_name": "Abena"}, by=esi)
    one = apply(change_set.find_set(seq), cast.actor("Ama"))
    assert everybody()[0].full_name == "Abena Osei"
    undone(one, cast.actor("Ama"))
    assert everybody()[0].full_name == "Abena"


def test_a_customer_who_was_deleted_meanwhile_is_named(tmp_path):
    seq, ama = checked_change(tmp_path), cast.actor("Ama")
    erase.delete_customer(everybody()[0].id, by=ama)
    one = apply(change_set.find_set(seq), ama)
    assert (one.state, one.counts["failed"]) == (State.APPLIED, 1)
    assert "deleted" in str(problems_of(one))


def test_two_checkers_of_one_file_count_each_row_once(tmp_path):
    one = begin_import(table([AFIA] * 3), tmp_path, cast.actor("Ama"))
    uploads.choose(one.seq, columns=["first_name", "last_name", "email"])
    change_set.check(one.seq)
    one = change_set.find_set(one.seq)
    (rows,) = checking.checked_rows(one, tmp_path, after=0)
    seq = rows and work(change_set.find_set(1), tmp_path).seq
    assert not working._store(seq, rows, after=0), "another was faster"
    assert len(rows_of(change_set.find_set(seq))) == 3


def test_a_file_that_blacklists_many_needs_a_second_person(tmp_path):
    ama, adwoa = cast.actor("Ama"), cast.actor("Adwoa")
    rows = [(f"a{n}@many.example", "A", "yes") for n in range(4)]
    one = check_import(table(rows, ("email", "first name", "blacklist")), tmp_path, ama)
    with pytest.raises(change_set.NeedsSecondPerson):
        change_set.apply(one.seq, above=3, by=ama)
    change_set.agree(one.seq, above=3, by=adwoa)
    assert work(one).counts["done"] == 4


def test_so_does_the_undo_of_an_undo_that_blacklists_many():
    ama = cast.actor("Ama")
    seqs = [cast.add(email=f"p{n}@undo.example", phone="").seq for n in range(4)]
    one = bulk.propose(Kind.BLACKLIST, seqs, reason="fraud", origin="Ticked", by=ama)
    undo = undone(apply(one, ama), ama)
    again = undoing.propose(undo.seq, by=ama)
    with pytest.raises(change_set.NeedsSecondPerson):
        change_set.apply(again.seq, above=3, by=ama)


def test_a_number_is_not_filled_in_where_the_book_has_another_country(tmp_path):
    cast.add(first_name="Afia", email=AFIA[2], phone="", country="+254")
    row = ("Afia", "Osei", AFIA[2], "020 123 4567", "GH")
    one = check_import(table([row]), tmp_path, cast.actor("Ama"))
    assert "The book has the country code +254" in str(problems_of(one))
    cast.add(first_name="Yaa", email="yaa@between.example", phone="")
    alone = ("", "", "yaa@between.example", "", "GH")
    one = apply(check_import(table([alone]), tmp_path, cast.actor("Ama")), cast.actor("Ama"))
    assert everybody()[1].dial_code == "+233"


def test_a_country_is_understood_by_its_name(tmp_path):
    heads = ("First name", "Email", "Phone", "Country")
    rows = [("A", "a@c.example", "020 123 4567", "Ghana"), ("B", "b@c.example", "", "Atlantis")]
    one = check_import(table(rows, heads), tmp_path, cast.actor("Ama"))
    assert one.counts == {"new": 2}
    assert rows_of(one)[0].proposed["details"]["phone"] == "+233201234567"


def test_a_set_with_decided_rows_is_not_checked_anew(tmp_path):
    ama, one = cast.actor("Ama"), checked_change(tmp_path)
    apply(change_set.find_set(one), ama)
    with pytest.raises(Conflict):
        change_set.check(one)


def test_rows_of_somebody_who_is_deleted_go_by_their_address_too(tmp_path):
    ama = cast.actor("Ama")
    one = check_import(table([AFIA, AFIA]), tmp_path, ama)
    one = apply(one, ama)
    erase.delete_customer(everybody()[0].id, by=ama)
    rows = rows_of(change_set.find_set(one.seq))
    assert [(row.proposed, row.cells, row.problems) for row in rows] == [(None, None, None)] * 2
