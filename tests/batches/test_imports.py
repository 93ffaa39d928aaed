"""Files of others: what each row would come to, what comes of it, and the way back."""

import os
import stat
from pathlib import Path

import pytest

from tests.support import cast
from tests.support.sets import (
    again,
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
from webapp.batches import change_set, erasure, imports, steering, undoing, uploads
from webapp.batches.models import Outcome, State, Verdict
from webapp.blacklist.case import find_open
from webapp.customers import edit, erase
from webapp.history.entries import HistoryEntry
from webapp.kernel.database import db
from webapp.kernel.refusals import Invalid
from webapp.transfer import private_files
from webapp.transfer.reading.refusals import NotATable

pytestmark = pytest.mark.usefixtures("staffed")
AFIA = ("Afia", "Osei", "afia@import.example", "020 123 4001", "GH")
YAA = ("Yaa", "Badu", "yaa@import.example", "020 123 4002", "+233")


def number_of_entries():
    return db.session.scalar(db.select(db.func.count()).select_from(HistoryEntry))


def test_rows_are_new_changed_the_same_or_refused(tmp_path):
    ama = cast.actor("Ama")
    one = check_import(table([AFIA, YAA]), tmp_path, ama)
    assert (one.state, one.counts, everybody()) == (State.CHECKED, {"new": 2}, [])
    apply(one, ama)
    assert [customer.phone for customer in everybody()] == ["+233201234001", "+233201234002"]
    entries = number_of_entries()
    same = check_import(table([AFIA, YAA]), tmp_path, ama)
    assert (same.counts, number_of_entries()) == ({"same": 2}, entries)
    with pytest.raises(change_set.NothingToApply):
        change_set.apply(same.seq, above=100, by=ama)


def test_what_differs_is_shown_and_what_cannot_be_read_keeps_its_cells(tmp_path):
    ama = cast.actor("Ama")
    apply(check_import(table([AFIA, YAA]), tmp_path, ama), ama)
    third = ("", "", "efua@import.example", "12", "GH")
    other = [("Afia", "Osei-Bonsu", *AFIA[2:]), YAA, third]
    more = check_import(table(other), tmp_path, ama, existing="overwrite")
    assert more.counts == {"change": 1, "same": 1, "refused": 1}
    assert rows_of(more)[0].proposed == {"details": {"last_name": "Osei-Bonsu"}}
    assert set(problems_of(more)) == {4}, "as a spreadsheet counts"
    assert rows_of(more)[2].cells == list(third)


def test_what_is_empty_is_filled_and_what_is_there_stays(tmp_path):
    ama = cast.actor("Ama")
    cast.add(first_name="Afia", last_name="", email=AFIA[2], phone="")
    fill = check_import(table([("Other", *AFIA[1:])]), tmp_path, ama)
    apply(fill, ama)
    afia = everybody()[0]
    assert (afia.first_name, afia.last_name, afia.phone) == ("Afia", "Osei", "+233201234001")
    empty = check_import(table([("", "", AFIA[2], "", "")]), tmp_path, ama, existing="overwrite")
    assert empty.counts == {"same": 1}, "an empty cell changes nothing"
    leave = check_import(table([("Other", *AFIA[1:])]), tmp_path, ama, existing="leave")
    assert leave.counts == {"same": 1}


def test_rows_name_customers_by_id_reference_or_email(tmp_path):
    ama, kofi = cast.actor("Ama"), cast.add()
    heads = ("id", "reference", "email", "last name")
    by_each = [
        (str(kofi.id), "", "other@import.example", "One"),
        ("", kofi.reference.lower(), "other2@import.example", "Two"),
        ("", "", kofi.email.upper(), "Three"),
    ]
    for row in by_each:
        one = check_import(table([row], heads), tmp_path, ama, existing="overwrite")
        assert rows_of(one)[0].customer_seq == everybody()[0].seq
    only = check_import(table([by_each[2]], heads), tmp_path, ama, match="reference")
    assert only.counts == {"refused": 1}
    assert "in the book already" in str(problems_of(only))


def test_one_person_stands_in_a_file_once(tmp_path):
    one = check_import(table([AFIA, YAA, AFIA]), tmp_path, cast.actor("Ama"))
    assert problems_of(one) == {4: ["Row 2 is about the same person"]}


def test_what_two_rows_far_apart_have_in_common_is_seen(tmp_path):
    rows = [(f"A{n}", "Osei", f"a{n}@far.example", "", "") for n in range(450)]
    one = check_import(table([*rows, rows[3]]), tmp_path, cast.actor("Ama"))
    assert problems_of(one) == {452: ["Row 5 is about the same person"]}


def test_who_looks_like_somebody_blacklisted_is_held_back(tmp_path):
    ama, adwoa, reference = cast.actor("Ama"), cast.actor("Adwoa"), cast.bad().reference
    twin = ("Kofi", "Annan", "k.annan@import.example", "020 123 4567", "GH")
    one = check_import(table([twin, YAA]), tmp_path, ama)
    assert one.counts == {"held": 1, "new": 1}
    assert reference in str(problems_of(one))
    seq = apply(one, ama).seq
    assert len(everybody()) == 2, "nothing of them is created"
    with pytest.raises(imports.HeldByYourself):
        imports.add_held(seq, 2, by=ama)
    imports.add_held(seq, 2, by=adwoa)
    assert [customer.email for customer in everybody()][2:] == [twin[2]]
    assert rows_of(change_set.find_set(seq))[0].outcome == Outcome.DONE
    with pytest.raises(imports.NotHeld):
        imports.discard_held(seq, 2, by=adwoa)


def test_who_was_held_back_can_be_left_out(tmp_path):
    ama, adwoa = cast.actor("Ama"), cast.actor("Adwoa")
    cast.bad()
    twin = ("Kofi", "Annan", "k.annan@import.example", "020 123 4567", "GH")
    one = apply(check_import(table([twin, YAA]), tmp_path, ama), ama)
    imports.discard_held(one.seq, 2, by=adwoa)
    row = rows_of(again(one))[0]
    assert (row.outcome, row.proposed, row.cells) == (Outcome.DISCARDED, None, None)


def test_a_file_opens_cases_and_closes_none(tmp_path):
    ama, bad = cast.actor("Ama"), cast.bad().email
    heads = ("email", "first name", "blacklist", "reason")
    rows = [
        ("x@import.example", "X", "true", "chargeback"),
        ("y@import.example", "Y", "yes", "Took the phone back"),
        (bad, "", "false", ""),
        ("z@import.example", "Z", "perhaps", ""),
    ]
    one = check_import(table(rows, heads), tmp_path, ama)
    assert one.counts == {"new": 2, "same": 1, "refused": 1, "opening": 2}
    one = apply(one, ama)
    x, y = [find_open(customer) for customer in everybody()[1:]]
    assert (x.reason, x.accountable_id) == ("chargeback", ama.id)
    assert (y.reason, y.note) == ("other", "Took the phone back")
    assert everybody()[0].blacklisted
    undone(one, ama)
    assert [customer.email for customer in everybody()] == [bad]


def test_an_import_is_taken_back_except_what_was_changed_since(tmp_path):
    ama, esi = cast.actor("Ama"), cast.actor("Esi")
    cast.add(first_name="Afia", last_name="", email=AFIA[2], phone="")
    one = apply(check_import(table([AFIA, YAA]), tmp_path, ama), ama).seq
    third = ("Efua", "Mensah", "efua@import.example", "", "")
    two = apply(check_import(table([third]), tmp_path, ama), ama).seq
    edit.change(everybody()[2].id, {"first_name": "Esther"}, by=esi)
    undo = undone(change_set.find_set(one), ama)
    assert undo.counts["done"] == 2
    afia, efua = everybody()
    assert (afia.last_name, afia.phone, efua.first_name) == ("", None, "Esther")
    kept = undoing.propose(two, by=ama)
    assert problems_of(kept) == {1: ["Esi changed it since: first name"]}


def test_proposed_values_go_with_the_person_and_after_thirty_days(tmp_path, the_clock):
    the_clock.moment = the_clock.now()
    ama = cast.actor("Ama")
    one = apply(check_import(table([AFIA, YAA, ("", "", "no", "", "")]), tmp_path, ama), ama)
    seq = one.seq
    erase.delete_customer(everybody()[0].id, by=ama)
    first, second, third = rows_of(change_set.find_set(seq))
    assert (first.proposed, first.key) == (None, None)
    assert second.proposed
    assert third.cells
    the_clock.forward(days=31)
    while erasure.forget_old():
        pass
    one = change_set.find_set(seq)
    assert (rows_of(one), one.counts) == ([], {"new": 2, "refused": 1, "done": 2})


def test_a_file_is_for_its_owner_alone_and_for_a_day(tmp_path):
    one = begin_import(table([AFIA]), tmp_path / "files", cast.actor("Ama"))
    file = tmp_path / "files" / one.arguments["file"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    private_files.forget_old(file.parent)
    assert file.exists()
    os.utime(file, (0, 0))
    private_files.forget_old(file.parent)
    assert not file.exists()
    with pytest.raises(uploads.FileGone):
        uploads.first_rows(again(one), file.parent)


def test_a_draft_can_be_read_otherwise_and_checked_anew(tmp_path):
    ama = cast.actor("Ama")
    content = "Vorname;Nachname;E-Mail\nJürgen;Groß;juergen@import.example\n".encode("latin-1")
    one = begin_import(content, tmp_path, ama)
    assert one.arguments["layout"] == {"form": "csv", "encoding": "cp1252", "delimiter": ";"}
    uploads.read_again(one.seq, "latin-1", ";", tmp_path)
    for first, columns in (
        ("Jürgen", ["first_name", "last_name", "email"]),
        ("", ["", "last_name", "email"]),
    ):
        uploads.choose(one.seq, columns=columns)
        change_set.check(one.seq)
        one = work(one, tmp_path)
        details = rows_of(one)[0].proposed["details"]
        assert (details["first_name"], details["last_name"]) == (first, "Groß")


def test_columns_must_name_somebody(tmp_path):
    one = begin_import(table([AFIA]), tmp_path, cast.actor("Ama"))
    with pytest.raises(Invalid):
        uploads.choose(one.seq, columns=["first_name", "last_name", ""])


def test_a_file_that_breaks_off_ends_with_a_sentence(tmp_path):
    ama = cast.actor("Ama")
    content = table([AFIA] * 30) + b'"never ends ' + b"x" * 200_000
    one = check_import(content, tmp_path, ama)
    assert one.state == State.DRAFTED
    assert "too long" in one.problem
    assert not one.is_at_work
    one = begin_import(table([AFIA]), tmp_path, ama)
    (Path(tmp_path) / one.arguments["file"]).unlink()
    uploads.choose(one.seq, columns=["first_name", "last_name", "email", "phone", "country"])
    change_set.check(one.seq)
    assert "not kept any more" in work(one, tmp_path).problem


def test_it_stops_and_goes_on(tmp_path):
    ama = cast.actor("Ama")
    rows = [(f"A{n}", "Osei", f"a{n}@stop.example", "", "") for n in range(3)]
    one = check_import(table(rows), tmp_path, ama)
    change_set.apply(one.seq, above=9, by=ama)
    seq = steering.stop(one.seq).seq
    assert (work(one).state, everybody()) == (State.CHECKED, [])
    with pytest.raises(change_set.NotInThisState):
        steering.stop(seq)
    one = work(steering.go_on(seq))
    assert (one.state, len(everybody())) == (State.APPLIED, 3)
    with pytest.raises(change_set.NotInThisState):
        steering.abandon(seq)


def test_excel_is_blamed_by_name(tmp_path):
    heads = ("First name", "Last name", "Email", "Phone", "Country code")
    rows = [
        ("A", "Osei", "a@excel.example", "2.34802E+12", "NG"),
        ("B", "Osei", "b@excel.example", "707070707", "CI"),
        ("45,231", "Osei", "c@excel.example", "", ""),
        ("=A1&B1", "Osei", "d@excel.example", "", ""),
        ("#N/A", "Osei", "e@excel.example", "", ""),
        ("F", "Osei", "f@excel.example", "45231", "NG"),
    ]
    content = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [heads, *rows]).encode()
    one = check_import(content, tmp_path, cast.actor("Ama"))
    words = ["shortened", "zero", "date", "formula", "error", "date"]
    texts = problems_of(one)
    assert list(texts) == [2, 3, 4, 5, 6, 7]
    for word, sentences in zip(words, texts.values(), strict=True):
        assert word in " ".join(sentences), sentences


BAD_FILES = {
    "empty": b"",
    "only blank lines": b"\n\n,,\n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "binary": bytes(range(256)) * 20,
    "300 columns": ",".join(f"c{n}" for n in range(300)).encode(),
    "endless cell": b"email,phone\n" + b'"' + b"x" * 2_000_000,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_what_is_no_table_is_refused_in_a_sentence(name, tmp_path):
    with pytest.raises(NotATable) as refused:
        begin_import(BAD_FILES[name], tmp_path, cast.actor("Ama"))
    assert len(refused.value.message) > 10
    assert list(tmp_path.iterdir()) == [], "it is not kept"
    assert db.session.scalar(db.select(change_set.ChangeSet.seq)) is None


def test_held_rows_are_only_decided_once_the_set_is_applied(tmp_path):
    ama, adwoa = cast.actor("Ama"), cast.actor("Adwoa")
    cast.bad()
    twin = ("Kofi", "Annan", "k.annan@import.example", "020 123 4567", "GH")
    one = check_import(table([twin]), tmp_path, ama)
    assert [row.verdict for row in rows_of(one)] == [Verdict.HELD]
    imports.add_held(one.seq, 2, by=adwoa)
    assert len(everybody()) == 2
