"""Marking two as different people: at once in good standing, with a second person where one is
blacklisted; and comparing them again.
"""

import pytest

from tests.support.cast import actor, add, bad, blacklist, cleared, kinds, tell_apart
from webapp.blacklist import screening
from webapp.blacklist.reviewing import marks, removals
from webapp.customers import edit, finding
from webapp.history.entries import entries_of
from webapp.kernel.fields import MAX_NOTE_LENGTH
from webapp.kernel.refusals import Conflict, Invalid
from webapp.lookalikes import distinct, matches, pairs

pytestmark = pytest.mark.usefixtures("staffed")


def mark(one, other, by="Kwame", note="Two passports."):
    return distinct.mark_distinct(one.id, other.id, note=note, by=actor(by))


def answer(customer):
    return screening.check({"email": customer.email}).answer


def alike_and_apart(customer):
    similar = pairs.duplicates_of(finding.get_customer(customer.id))
    return (
        [one.customer.seq for one in similar.alike],
        [who.seq for who, _ in similar.told_apart],
    )


def waiting():
    return [(mark.customer.seq, mark.blacklisted.seq) for mark in waiting_for("Ama")]


def waiting_for(name):
    return marks.waiting_marks(by=actor(name), limit=9)


def test_one_click_is_enough_between_two_in_good_standing():
    kofi, twin = add(), add(email="twin@example.com")
    mark(kofi, twin, note="")
    assert alike_and_apart(kofi) == ([], [twin.seq])
    assert alike_and_apart(twin) == ([], [kofi.seq])
    assert (waiting(), marks.count_marks(cap=9)) == ([], 0)


@pytest.mark.parametrize("note", ["", "   ", "x" * (MAX_NOTE_LENGTH + 1)])
def test_where_one_is_blacklisted_it_needs_a_note(note):
    kofi, twin = bad(), add(email="twin@example.com")
    with pytest.raises(Invalid) as refusal:
        mark(twin, kofi, note=note)
    assert list(refusal.value.fields) == ["note"]
    assert (kinds(twin), waiting()) == (["created"], [])


def test_it_changes_nothing_until_a_second_person_agrees():
    kofi, twin = bad(), add(email="twin@example.com")
    mark(twin, kofi)
    assert answer(twin) == "review"
    assert alike_and_apart(twin) == ([kofi.seq], [kofi.seq])
    assert (waiting(), matches.count_matches(cap=9)) == ([(twin.seq, kofi.seq)], 0)
    marks.agree(twin.id, kofi.id, note="Seen.", by=actor("Ama"))
    assert answer(twin) == "allow"
    assert (alike_and_apart(twin), waiting()) == (([], [kofi.seq]), [])
    for customer, other in ((kofi, twin), (twin, kofi)):
        agreed, marked = entries_of(customer.subject)[:2]
        assert (marked.kind, marked.new("note")) == ("told_apart", "Two passports.")
        assert (agreed.kind, agreed.actor_name, agreed.new("note")) == (
            "apart_agreed",
            "Ama",
            "Seen.",
        )
        assert marked.new("reference") == agreed.new("reference") == other.reference


def test_managers_are_told_that_a_mark_waits():
    kofi, twin = bad(), add(email="twin@example.com")
    before = removals.count_for_managers(cap=9)
    mark(twin, kofi)
    assert removals.count_for_managers(cap=9) == before + 1


@pytest.mark.parametrize(
    ("opener", "marker", "by", "code"),
    [
        ("Esi", "Ama", "Ama", "own_decision"),
        ("Ama", "Esi", "Ama", "own_decision"),
        ("Esi", "Kwame", "Ama", None),
        ("Esi", "Esi", "Ama", None),
    ],
)
def test_neither_who_marked_nor_who_opened_agrees(opener, marker, by, code):
    kofi, twin = add(), add(email="twin@example.com")
    blacklist(kofi, opener)
    mark(twin, kofi, by=marker)
    assert getattr(waiting_for(by)[0].refusal, "code", None) == code
    if code is None:
        marks.agree(kofi.id, twin.id, by=actor(by))
        return
    with pytest.raises(Conflict) as refusal:
        marks.agree(kofi.id, twin.id, by=actor(by))
    assert refusal.value.code == code
    assert answer(twin) == "review"


def test_a_mark_of_before_the_blacklisting_waits_too():
    """Or whoever means to blacklist nobody would mark them beforehand, alone."""
    kofi, twin = add(), add(email="twin@example.com")
    mark(kofi, twin, note="")
    blacklist(kofi)
    assert (answer(twin), waiting()) == ("review", [(twin.seq, kofi.seq)])
    blacklist(twin)
    assert waiting() == [], "nobody is let go by a mark between two who are blacklisted"
    cleared(kofi)
    assert (answer(kofi), waiting()) == ("review", [(kofi.seq, twin.seq)])
    cleared(twin)
    assert (answer(kofi), waiting()) == ("allow", [])
    assert alike_and_apart(kofi) == ([], [twin.seq])


def test_it_takes_hold_where_phone_and_name_are_equal():
    kofi, twin = bad(), add(email="twin@example.com")
    assert screening.check({"email": twin.email}).matched_on == ("phone", "name")
    tell_apart(twin, kofi)
    assert answer(twin) == "allow"
    edit.change(twin.id, {"first_name": "Koffi"}, by=actor("Esi"))
    assert answer(twin) == "allow", "a name that is close says no more than an equal one"
    with pytest.raises(Conflict, match="Kwame marked these as different people already"):
        mark(kofi, twin, by="Esi")


def test_who_agreed_is_told_when_it_is_agreed_already():
    kofi, twin = bad(), add(email="twin@example.com")
    tell_apart(twin, kofi)
    with pytest.raises(Conflict, match="Ama has agreed to this already"):
        marks.agree(twin.id, kofi.id, by=actor("Adwoa"))


def test_nobody_agrees_to_what_needs_nobody():
    kofi, twin = add(), add(email="twin@example.com")
    with pytest.raises(Conflict, match="not marked"):
        marks.agree(kofi.id, twin.id, by=actor("Ama"))
    mark(kofi, twin)
    with pytest.raises(Conflict, match="Only one of two that is blacklisted"):
        marks.agree(kofi.id, twin.id, by=actor("Ama"))


@pytest.mark.parametrize("is_agreed", [True, False])
def test_two_can_be_compared_again(is_agreed):
    kofi, twin = bad(), add(email="twin@example.com")
    (tell_apart if is_agreed else mark)(twin, kofi)
    distinct.compare_again(kofi.id, twin.id, note="A forged passport.", by=actor("Esi"))
    assert (answer(twin), alike_and_apart(twin)) == ("review", ([kofi.seq], []))
    assert (waiting(), matches.count_matches(cap=9)) == ([], 1)
    for customer in (kofi, twin):
        entry = entries_of(customer.subject, limit=1)[0]
        assert (entry.kind, entry.new("note")) == ("compared_again", "A forged passport.")
    with pytest.raises(Conflict, match="not marked"):
        distinct.compare_again(kofi.id, twin.id, by=actor("Esi"))


def test_two_in_good_standing_are_compared_again():
    kofi, twin = add(), add(email="twin@example.com")
    mark(kofi, twin)
    distinct.compare_again(twin.id, kofi.id, by=actor("Esi"))
    assert alike_and_apart(kofi) == ([twin.seq], [])
    mark(kofi, twin, by="Esi")
    assert alike_and_apart(kofi) == ([], [twin.seq])


def test_a_mark_is_remembered_until_more_is_known():
    kofi, other = bad(), add(first_name="Other", email="o@example.org")
    tell_apart(other, kofi)
    edit.change(other.id, {"last_name": "Changed"}, by=actor("Esi"))
    assert answer(other) == "allow", "remembered, whatever else changes"
    edit.change(other.id, {"email": "kofi.annan+1@example.com"}, by=actor("Esi"))
    assert screening.check({"id": str(other.id)}).matched_on == ("phone", "email"), (
        "but more speaks for it now than was known"
    )
    assert alike_and_apart(other) == ([kofi.seq], [])


def test_only_what_looks_alike_can_be_told_apart():
    kofi, other = add(), add(first_name="Other", last_name="One", email="o@example.org", phone=None)
    for pair in ((kofi.id, other.id), (kofi.id, kofi.id)):
        with pytest.raises(Conflict) as refusal:
            distinct.mark_distinct(*pair, by=actor("Esi"))
        assert refusal.value.code == "not_alike"


def test_many_who_were_told_apart_hide_nobody():
    good = add()
    others = [
        bad(first_name=f"Zed{'abcdefghijkl'[n] * 5}", last_name="Quux", email=f"n{n}@example.org")
        for n in range(12)
    ]
    for other in others[2:]:
        tell_apart(good, other)
    alike, apart = alike_and_apart(good)
    assert set(alike) == {other.seq for other in others[:2]}
    assert len(apart) == 10
    assert screening.check({"email": good.email}).answer == "review"


def test_a_new_signal_shows_a_pair_marked_distinct_again():
    john = bad(first_name="John", email="j.doe@gmail.com", phone="+233201234500")
    home = add(first_name="Home", email="jdoe+h@gmail.com", phone=None)
    tell_apart(home, john)
    assert screening.check({"email": home.email}).answer == "allow"
    verdict = screening.check({"email": home.email, "phone": john.phone})
    assert (verdict.answer, verdict.matched_on) == ("review", ("phone",))


@pytest.fixture
def crowd():
    """More namesakes than a look-up reads."""
    kofi = bad(email="kofi.annan@gmail.com", phone=None)
    good = add(email="kofi.anann@gmail.com", phone=None)
    for number in range(30):
        add(email=f"x{number}.{'abc'[number % 3] * 9}@shop{number}.example.com", phone=None)
    assert pairs_in_the_list() == [(good.seq, kofi.seq)]
    return kofi, good


def pairs_in_the_list():
    return [(one.customer.seq, one.blacklisted.seq) for one in matches.matches(limit=9)]


def test_nobody_is_forgotten_in_a_crowd_of_namesakes(crowd):
    kofi, good = crowd
    before = [(good.seq, kofi.seq)]
    edit.change(kofi.id, {"phone": "+233201230001"}, by=actor("Esi"))
    assert pairs_in_the_list() == before
    mark(kofi, good)
    distinct.compare_again(kofi.id, good.id, by=actor("Esi"))
    assert pairs_in_the_list() == before


def test_a_mark_knows_all_that_speaks_for_one_person(crowd):
    kofi, good = crowd
    mark(good, kofi)
    assert pairs.marked_apart(good.seq) == {kofi.seq: {"close_email", "like_name"}}
    marks.agree(good.id, kofi.id, by=actor("Ama"))
    assert kofi.seq not in alike_and_apart(good)[0]


def test_a_former_address_is_matched_from_both_sides():
    kofi = bad(email="dragonslayer9@gmail.com", phone=None)
    edit.change(kofi.id, {"email": "kofi@example.com"}, by=actor("Esi"))
    add(first_name="Zed", last_name="Quux", email="dragonslayer9@yahoo.com", phone=None)
    assert pairs_in_the_list() == []
    edit.change(kofi.id, {"last_name": "Mensah"}, by=actor("Esi"))
    assert pairs_in_the_list() == [], "and not from one of them alone"
