"""Entries of the blacklist: who matches, what counts, and who may decide."""

import pytest
from sqlalchemy import delete, select

from tests.support.cast import actor, add, bad, remove
from webapp.blacklist import screening
from webapp.blacklist.entries import drafting, listing, opening, reviewing
from webapp.blacklist.entries.changes import get_entry
from webapp.blacklist.entries.matching import entries_about
from webapp.blacklist.entries.models import EntryMatch
from webapp.customers import edit
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import InvalidDetails, Refusal

pytestmark = pytest.mark.usefixtures("staffed")


def entry(kind, value, level="deny", by="Esi", **more):
    raw = {"kind": kind, "value": value, "level": level, "note": "Seen in a list."}
    if level != "allow":
        raw["reason"] = "fraud"
    return opening.add_entry(raw | more, by=actor(by)).entry


def answer(**raw):
    verdict = screening.check(raw)
    return verdict.answer, verdict.matched_on


NAMED = {"first_name": "Kofi", "last_name": "Mensah", "birthday": "1985-12-03"}


@pytest.mark.parametrize(
    ("kind", "value", "raw", "is_matched"),
    [
        ("email", "Bad.One@Example.com", {"email": "bad.one+x@example.com"}, True),
        ("email", "badone@gmail.com", {"email": "bad.one@googlemail.com"}, True),
        ("email", "bad@example.com", {"email": "bad2@example.com"}, False),
        ("domain", "Shop.example", {"email": "a@shop.example"}, True),
        ("domain", "@shop.example", {"email": "a@mail.eu.shop.example"}, True),
        ("domain", "shop.example", {"email": "a@myshop.example"}, False),
        ("domain", "mail.shop.example", {"email": "a@shop.example"}, False),
        ("domain", "bücher.example", {"email": "a@xn--bcher-kva.example"}, True),
        ("phone", "+233 20 123 4567", {"phone": "020 123 4567", "country": "GH"}, True),
        ("phone", "+233 20 123 4567", {"phone": "+233201234568"}, False),
        ("phone_range", "+233 20 123 4xxx", {"phone": "+233201234568"}, True),
        ("phone_range", "+233 20 123 4*", {"phone": "+233201235568"}, False),
        ("name", None, NAMED, True),
        ("name", None, NAMED | {"first_name": "Mensah", "last_name": "KOFI"}, True),
        ("name", None, NAMED | {"birthday": "1985-12-04"}, False),
        ("name", None, NAMED | {"last_name": "Mensa"}, False),
    ],
)
def test_who_matches_an_entry(kind, value, raw, is_matched):
    entry(kind, value, **(NAMED if kind == "name" else {}))
    expected = ("deny", (f"{kind}_entry",)) if is_matched else ("allow", ())
    assert answer(**raw) == expected


def kept(one, by="Ama"):
    return reviewing.keep(one.seq, by=actor(by))


def by_precedence(*, deny, review, allow, alike, listed):
    if deny or listed:
        return "deny"
    return "review" if (review or alike) and not allow else "allow"


@pytest.mark.parametrize("number", range(2**5))
def test_precedence(number):
    """Every combination: deny before allow before review and likeness; only an address that is
    blacklisted itself stands beside deny.
    """
    what = ("deny", "review", "allow", "alike", "listed")
    has = {name: number >> place & 1 for place, name in enumerate(what)}
    phone = "+233207654321"
    if has["alike"]:
        bad(first_name="Yaw", last_name="Darko", email="y@b.example", phone=phone)
    who = {"email": "k@shop.example", "phone": phone}
    add(first_name="Kofi", last_name="Annan", **who)
    if has["listed"]:
        bad(first_name="Esi", last_name="Quaye", email="e@c.example", phone=None)
        who["email"] = "e@c.example"
    domain = who["email"].partition("@")[2]
    if has["deny"]:
        entry("domain", domain)
    if has["review"]:
        entry("email", who["email"], "review")
    if has["allow"]:
        kept(entry("phone", phone, "allow"))
    assert screening.check(who).answer == by_precedence(**has)


def test_an_entry_that_allows_counts_once_a_second_person_agreed():
    bad(first_name="Yaw", email="y@b.example")
    who = {"email": "new@c.example", "phone": "+233201234567"}
    assert answer(**who)[0] == "deny"
    add(first_name="Kofi", last_name="Darko", **who)
    assert answer(**who)[0] == "review"
    allowing = entry("email", "new@c.example", "allow", by="Ama")
    assert answer(**who)[0] == "review", "nobody has agreed"
    with pytest.raises(Refusal) as own:
        kept(allowing)
    assert own.value.code == "own_decision"
    kept(allowing, by="Adwoa")
    assert answer(**who) == ("allow", ("email_entry",))
    reviewing.remove(allowing.seq, note="No.", by=actor("Ama"))
    assert answer(**who)[0] == "review", "whoever added it may take it away: the guard is stronger"


def places(kofi, seq):
    """Whether the entry counts, in each place."""
    now = clock.now()
    return (
        answer(email="k@shop.example")[0] == "deny",
        bool(entries_about([[kofi.details]])[0]),
        bool(listing.entries(limit=9)),
        listing.count_live()["deny"] == 1,
        bool(listing.matches(limit=9)),
        bool(listing.entries(limit=9, at=now)),
        not listing.entries(listing.Which.ENDED, limit=9),
        get_entry(seq).state(now) == "waiting",
        listing.count_waiting(cap=9) == 1,
    )


def test_the_end_is_a_comparison_in_all_places(standing_clock, the_clock):
    """At that very millisecond it counts no more: in check, on the page, in lists, counts and
    as-it-was; no job has to run.
    """
    kofi = add(email="k@shop.example")
    end = the_clock.now() + clock.MILLISECOND * 5_000
    seq = entry("email", "k@shop.example", until=in_iso(end)).seq

    the_clock.moment = end - clock.MILLISECOND
    assert set(places(kofi, seq)) == {True}
    the_clock.moment = end
    assert set(places(kofi, seq)) == {False}
    assert listing.entries(limit=9, at=end - clock.MILLISECOND), "as it was"
    with pytest.raises(Refusal) as ended:
        reviewing.keep(seq, by=actor("Ama"))
    assert ended.value.code == "entry_closed"
    assert entry("email", "k@shop.example").seq != seq, "it can be added anew"


def test_a_public_mail_service_is_refused_with_its_count():
    for number in range(3):
        add(email=f"x{number}@gmail.com", phone=None)
    with pytest.raises(InvalidDetails) as refusal:
        entry("domain", "gmail.com")
    assert "3 customers do" in refusal.value.message


@pytest.mark.parametrize(
    ("kind", "value"),
    [("domain", "big.example"), ("phone", "+233201234567"), ("phone_range", "+23320123")],
)
def test_what_many_share_needs_an_admin(kind, value):
    for number in range(drafting.MANY + 1):
        add(email=f"x{number}@sub{number % 2}.big.example", first_name=f"N{number}")
    bad(email="bad@big.example", first_name="Zed")
    for name in ("Esi", "Ama"):
        with pytest.raises(Refusal, match="26 active customers"):
            entry(kind, value, by=name)
    assert entry(kind, value, by="Adwoa").value
    assert entry(kind, value, level="review", by="Adwoa").level == "review"


def matches():
    rows = db.session.execute(select(EntryMatch.customer_seq, EntryMatch.entry_seq))
    return {tuple(row) for row in rows}


def test_whoever_is_added_or_changed_into_a_match_is_known():
    there = add(email="there@shop.example")
    seq = entry("domain", "shop.example").seq
    new = add(email="new@shop.example", phone=None)
    moved = add(email="moved@else.example", phone=None)
    edit.change(moved.id, {"email": "moved@eu.shop.example"}, by=actor("Esi"))
    assert matches() == {(who.seq, seq) for who in (there, new, moved)}
    edit.change(new.id, {"email": "new@else.example"}, by=actor("Esi"))
    remove(there.id)
    left = {(moved.seq, seq)}
    assert matches() == left
    with writing():
        changes.rebuild()
    assert matches() == left
    assert list(changes.faults()) == []
    opening.undo(seq, by=actor("Esi"))
    assert matches() == set()


def test_an_equal_entry_stands_once():
    one = entry("email", "bad@example.com")
    assert entry("email", "Bad@Example.com", by="Ama").seq == one.seq
    assert entry("email", "bad@example.com", level="review").seq != one.seq


@pytest.mark.parametrize(
    ("first", "last", "asked_first", "asked_last"),
    [
        ("Min-Jun", "Kim", "Minjun", "Kim"),
        ("Ann", "De la Cruz", "Delacruz", "Ann"),
        ("Günther", "Müller", "Guenther", "Mueller"),
        ("小龙", "李", "小龙", "李"),
        ("J", "K", "J", "K"),
    ],
)
def test_a_name_is_matched_in_all_spellings(first, last, asked_first, asked_last):
    born = {"birthday": "1985-12-03"}
    there = add(first_name=asked_first, last_name=asked_last, phone=None, **born)
    one = entry("name", None, first_name=first, last_name=last, **born)
    asked = {"first_name": asked_first, "last_name": asked_last} | born
    assert answer(**asked) == ("deny", ("name_entry",))
    assert matches() == {(there.seq, one.seq)}


@pytest.mark.parametrize(
    ("kind", "raw", "field"),
    [
        ("name", {"first_name": "-", "last_name": "."}, "first_name"),
        ("name", {"first_name": "☆", "last_name": "😀"}, "first_name"),
        ("domain", {"value": "co.uk"}, "value"),
        ("domain", {"value": "com.ng"}, "value"),
        ("domain", {"value": "com"}, "value"),
        ("domain", {"value": "127.0.0.1"}, "value"),
        ("domain", {"value": "x" * 64 + ".example"}, "value"),
        ("phone_range", {"value": "+2332"}, "value"),
        ("phone_range", {"value": "020 123"}, "value"),
        ("email", {"value": "a@b.example", "until": "9999-12-31T23:59:59Z"}, "until"),
    ],
)
def test_odd_values_are_refused(kind, raw, field):
    with pytest.raises(InvalidDetails) as refusal:
        entry(kind, **({"birthday": "1985-12-03", "value": None} | raw))
    assert list(refusal.value.fields) == [field]


def test_a_zero_in_brackets_is_no_part_of_a_range():
    assert entry("phone_range", "+233 (0) 20 123*").value == "+23320123"


def test_what_is_kept_of_matches_is_checked():
    add(email="k@shop.example")
    entry("domain", "shop.example", until="2090-01-01")
    with writing():
        db.session.execute(delete(EntryMatch))
    assert list(changes.faults()) == ["the customers of entry 1 are not those who match it"]
