"""Lists of entries: in, replaced, removed; exactly their own entries, and nobody's own decision."""

import pytest
from sqlalchemy import func, select

from tests.blacklist.test_entries import entry, kept
from tests.support.cast import actor, add
from tests.support.histories import is_sound
from tests.support.proofs import rounds
from webapp.batches import value_lists
from webapp.blacklist import screening
from webapp.blacklist.entries import list_steps, listing, lists, opening
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.reviewing import removals
from webapp.history.eyes import OwnDecision
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, Invalid
from webapp.transfer.private_files import new_file

ABOUT = {
    "name": "Police",
    "source": "Interpol",
    "dated": "2026-11-01",
    "level": "deny",
    "reason": "fraud",
    "note": "",
}
MANY = rounds(1_000, 10_000)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


def sent(folder, values, *, by="Ama", **about):
    """A version of the list that is checked."""
    name, file = new_file("import", folder)
    with file:
        file.write("\n".join(values).encode())
    one = list_steps.propose(ABOUT | about, name, by=actor(by))
    return worked_on(one.seq, folder)


def worked_on(seq, folder):
    value_lists.work_on(seq, folder=folder, beat=lambda: None)
    db.session.expire_all()
    return lists.get_list(seq)


def loaded(folder, values, *, by="Ama", **about):
    one = sent(folder, values, by=by, **about)
    list_steps.load(one.seq, by=actor(by))
    return worked_on(one.seq, folder)


def values_of(seq):
    theirs = (BlacklistEntry.list_seq == seq) & BlacklistEntry.closed_at.is_(None)
    return sorted(db.session.scalars(select(BlacklistEntry.value).where(theirs)))


def test_a_version_is_shown_before_it_counts(staffed, folder):
    add()
    rows = ["Value", "kofi.annan@example.com", "shop.example", "+233201230000", "no value", ""]
    one = sent(folder, [*rows, "KOFI.annan@example.com", "gmail.com"])
    assert one.proposed["counts"] == {"new": 3, "same": 0, "gone": 0, "matched": 1, "refused": 2}
    assert (values_of(one.seq), one.is_loaded) == ([], False)
    list_steps.load(one.seq, by=actor("Ama"))
    one = worked_on(one.seq, folder)
    assert values_of(one.seq) == ["+233201230000", "kofi.annan@example.com", "shop.example"]
    answer = screening.check({"email": "kofi.annan@example.com"})
    assert (answer.answer, one.opened_by_name, one.work) == ("deny", "Ama", None)
    assert is_sound()


def test_the_next_version_is_a_difference(staffed, folder):
    one = loaded(folder, ["a@x.example", "b@x.example"])
    kept = set(db.session.scalars(select(BlacklistEntry.seq)))
    again = sent(folder, ["b@x.example", "c@x.example"], by="Adwoa", dated="2026-12-01")
    counts = {"new": 1, "same": 1, "gone": 1, "matched": 0, "refused": 0}
    assert (again.seq, again.proposed["counts"]) == (one.seq, counts)
    list_steps.load(one.seq, by=actor("Adwoa"))
    one = worked_on(one.seq, folder)
    assert (values_of(one.seq), one.dated) == (["b@x.example", "c@x.example"], "2026-12-01")
    new = db.session.scalars(select(BlacklistEntry).where(BlacklistEntry.seq.not_in(kept))).all()
    assert ([one.value for one in new], is_sound()) == (["c@x.example"], True)


def by_hand(value):
    raw = {"kind": "email", "value": value, "level": "deny", "reason": "fraud"}
    return opening.add_entry(raw, by=actor("Esi")).entry.seq


def test_a_list_takes_back_exactly_its_own(staffed, folder):
    own = by_hand("own@x.example")
    other = loaded(folder, ["o@x.example"], name="Bank")
    one = loaded(folder, [f"v{number}@x.example" for number in range(MANY)] + ["own@x.example"])
    assert len(values_of(one.seq)) == MANY + 1
    list_steps.remove(one.seq, note="Old.", by=actor("Adwoa"))
    one = worked_on(one.seq, folder)
    assert (values_of(one.seq), values_of(other.seq)) == ([], ["o@x.example"])
    stand = select(func.count()).where(BlacklistEntry.closed_at.is_(None))
    assert (db.session.scalar(stand), db.session.get(BlacklistEntry, own).closed_at) == (2, None)
    assert (one.removed_at is not None, is_sound()) == (True, True)


def test_work_that_was_broken_off_goes_on(staffed, folder):
    one = sent(folder, [f"v{number}@x.example" for number in range(350)])
    list_steps.load(one.seq, by=actor("Ama"))
    beats = iter([None, None])
    with pytest.raises(StopIteration):
        value_lists.work_on(one.seq, folder=folder, beat=lambda: next(beats))
    db.session.rollback()
    assert 0 < len(values_of(one.seq)) < 350
    assert len(values_of(worked_on(one.seq, folder).seq)) == 350
    assert is_sound()


def test_what_a_first_version_added_before_it_broke_off_can_be_removed(staffed, folder):
    values = [f"v{number}@x.example" for number in range(value_lists.BATCH + 5)]
    one = sent(folder, values)
    list_steps.load(one.seq, by=actor("Ama"))
    beats = iter([None])
    with pytest.raises(StopIteration):
        value_lists.work_on(one.seq, folder=folder, beat=lambda: next(beats))
    with writing():
        lists.locked_list(one.seq).problem = "The file is gone"
    list_steps.discard(one.seq, by=actor("Adwoa"))
    one = lists.get_list(one.seq)
    assert (one.opened_by_name, one.waits(clock.now())) == ("Ama", True)
    assert (one.is_loaded, one.removed_at, len(values_of(one.seq))) == (True, None, 100)
    list_steps.remove(one.seq, note="Half of it.", by=actor("Adwoa"))
    worked_on(one.seq, folder)
    assert (values_of(one.seq), is_sound()) == ([], True)


def test_a_value_whose_new_level_is_refused_keeps_the_old_one(staffed, folder):
    for number in range(30):
        add(email=f"p{number}@wide.example", first_name=f"P{number}", phone=None)
    one = loaded(folder, ["wide.example"], by="Adwoa", level="review")
    sent(folder, ["wide.example"], by="Ama", level="deny")
    list_steps.load(one.seq, by=actor("Ama"))
    worked_on(one.seq, folder)
    answer = screening.check({"email": "new@wide.example"}).answer
    assert (answer, values_of(one.seq), is_sound()) == ("review", ["wide.example"], True)


def test_a_name_is_one_name_in_capitals_or_not(staffed, folder):
    one = loaded(folder, ["a@x.example"], name="Ärzte")
    assert sent(folder, ["b@x.example"], name="ÄRZTE").seq == one.seq


def test_nobody_takes_back_what_they_answer_for(staffed, folder, the_clock):
    one = loaded(folder, ["a@x.example", "b@x.example"])
    again = sent(folder, ["a@x.example"])
    with pytest.raises(OwnDecision):
        list_steps.load(again.seq, by=actor("Ama"))
    list_steps.discard(again.seq, by=actor("Ama"))
    the_clock.forward(minutes=11)
    with pytest.raises(OwnDecision):
        list_steps.remove(one.seq, note="Mine.", by=actor("Ama"))
    assert (values_of(one.seq), is_sound()) == (["a@x.example", "b@x.example"], True)


def test_a_second_manager_keeps_it_once(staffed, folder):
    one = loaded(folder, ["a@x.example"])
    with pytest.raises(OwnDecision):
        list_steps.keep(one.seq, by=actor("Ama"))
    list_steps.keep(one.seq, by=actor("Adwoa"))
    with pytest.raises(list_steps.NothingToKeep):
        list_steps.keep(one.seq, by=actor("Adwoa"))
    assert is_sound()


def test_whoever_loaded_it_may_undo_that_for_ten_minutes(staffed, folder):
    one = loaded(folder, ["a@x.example"])
    list_steps.remove(one.seq, note="The wrong file.", by=actor("Ama"))
    worked_on(one.seq, folder)
    entry = db.session.scalars(select(BlacklistEntry)).one()
    assert (entry.outcome, is_sound()) == ("undone", True)
    assert loaded(folder, ["a@x.example"]).seq != one.seq, "a list of the same name begins anew"


def test_entries_of_a_list_wait_with_it_and_not_one_by_one(staffed, folder, the_clock):
    one = loaded(folder, ["a@x.example"])
    entry = db.session.scalars(select(BlacklistEntry)).one()
    now = lists.clock.now()
    assert (one.waits(now), entry.waits(now), entry.state(now)) == (True, False, "kept")
    opening.ask_for_removal(entry.seq, note="It is mine.", by=actor("Esi"))
    assert entry.waits(now)
    assert [one.seq for one in db.session.scalars(waiting(now))] == [entry.seq]


def waiting(now):
    return select(BlacklistEntry).where(BlacklistEntry.waiting(now))


def test_a_row_may_have_several_values(staffed, folder):
    rows = ["Email,Phone,First name,Last name,Birthday,Note"]
    rows += ["a@x.example,+233201230001,,,,", "b@x.example,,,,,", ",,Kofi,Mensah,31.12.1985,Seen"]
    one = loaded(folder, rows)
    values = ["+233201230001", "Kofi  Mensah, 1985-12-31", "a@x.example", "b@x.example"]
    assert values_of(one.seq) == values


def test_a_value_of_two_lists_stays_with_the_other(staffed, folder, the_clock):
    one, other = loaded(folder, ["a@x.example"]), loaded(folder, ["a@x.example"], name="Bank")
    list_steps.remove(one.seq, note="Old.", by=actor("Adwoa"))
    worked_on(one.seq, folder)
    assert (values_of(other.seq), is_sound()) == (["a@x.example"], True)
    assert screening.check({"email": "a@x.example"}).answer == "deny"


def test_another_level_is_another_entry(staffed, folder):
    one = loaded(folder, ["a@x.example"])
    again = sent(folder, ["a@x.example"], by="Adwoa", level="review")
    assert (again.proposed["counts"]["new"], again.proposed["counts"]["gone"]) == (1, 1)
    list_steps.load(one.seq, by=actor("Adwoa"))
    worked_on(one.seq, folder)
    answer = screening.check({"email": "a@x.example"}).answer
    assert (answer, values_of(one.seq), is_sound()) == ("review", ["a@x.example"], True)


def test_a_list_that_waits_is_counted_and_its_entries_are_shown(staffed, folder):
    one = loaded(folder, ["a@x.example", "b@x.example"])
    other = entry("email", "c@x.example")
    assert [each.seq for each in listing.waiting_lists()] == [one.seq]
    assert (listing.count_waiting(cap=9), removals.count_for_managers(cap=9)) == (2, 2)
    shown = listing.entries(limit=9, list_seq=one.seq)
    assert {each.value for each in shown} == {"a@x.example", "b@x.example"}
    kept(other)
    list_steps.keep(one.seq, by=actor("Adwoa"))
    assert (listing.count_waiting(cap=9), removals.count_for_managers(cap=9)) == (0, 0)


def test_what_is_at_work_takes_no_other_version(staffed, folder):
    sent(folder, ["a@x.example"])
    with pytest.raises(list_steps.ListAtWork):
        sent(folder, ["b@x.example"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"source": ""},
        {"dated": "soon"},
        {"level": "allow"},
        {"reason": "unspecified"},
        {"reason": "other", "note": ""},
    ],
)
def test_what_is_said_of_a_list_is_checked(wrong):
    with pytest.raises(Invalid) as refusal:
        lists.read_about(ABOUT | wrong)
    assert set(refusal.value.fields) <= {*wrong}


def test_a_file_that_is_no_table_says_so(staffed, folder):
    name, file = new_file("import", folder)
    with file:
        file.write(b"\x89PNG0000")
    one = worked_on(list_steps.propose(ABOUT, name, by=actor("Ama")).seq, folder)
    assert "This is a picture" in one.problem
    with pytest.raises(Conflict):
        list_steps.load(one.seq, by=actor("Ama"))
    list_steps.discard(one.seq, by=actor("Ama"))
    assert is_sound()
