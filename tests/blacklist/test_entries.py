"""Entries of the blacklist: who matches, what counts, and who may decide."""

from itertools import product

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add, bad, member, remove
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
from webapp.programs import api_keys

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


DEEDS = {
    "undo": lambda seq, by: opening.undo(seq, by=by),
    "ask": lambda seq, by: opening.ask_for_removal(seq, note="Hers.", by=by),
    "keep": lambda seq, by: reviewing.keep(seq, by=by),
    "remove": lambda seq, by: reviewing.remove(seq, note="No.", by=by),
    "end": lambda seq, by: reviewing.set_end(seq, "2090-01-01", by=by),
}
STATES = ("fresh", "waiting", "kept", "asked", "ended", "removed")


def in_state(state, level, by, the_clock):
    until = in_iso(the_clock.now() + clock.MILLISECOND * 60_000) if state == "ended" else None
    raw = {"kind": "email", "value": f"{state}.{level}@x.example", "level": level, "note": "Why."}
    more = {"until": until} if until else {}
    one = opening.add_entry(
        raw | more | ({} if level == "allow" else {"reason": "fraud"}), by=by
    ).entry
    if state != "fresh":
        the_clock.forward(minutes=11)
    if state in ("kept", "asked"):
        kept(one, by="Adwoa")
    if state == "asked":
        the_clock.forward(minutes=1)
        opening.ask_for_removal(one.seq, note="Hers.", by=actor("Kwame"))
    if state == "removed":
        reviewing.remove(one.seq, note="No.", by=actor("Adwoa"))
    return one


def is_done(deed, seq, by):
    """Whether somebody could do this."""
    before = get_entry(seq).version
    try:
        DEEDS[deed](seq, by)
    except Refusal:
        db.session.rollback()
    return get_entry(seq).version > before


def is_allowed(deed, own, level, state):
    """The rules, written a second time."""
    if state in ("ended", "removed"):
        return False
    if deed == "undo":
        return own == "own" and state == "fresh"
    if deed == "ask":
        return state != "asked"
    if deed == "remove" and level == "allow":
        return True
    return own == "other" and (deed != "keep" or state != "kept")


@pytest.mark.parametrize("level", ["deny", "review", "allow"])
def test_who_may_do_what_in_which_state(standing_clock, the_clock, level):
    ama = actor("Ama")
    key = api_keys.create_key(name="Shop", scopes=["blacklist"], by=ama)[0]
    shop = api_keys.actor_of(key, request_id=None)
    tried = 0
    for state, deed, opener in product(STATES, DEEDS, ("Ama", "key of Ama", "Esi")):
        by = {"Ama": ama, "key of Ama": shop, "Esi": actor("Esi")}[opener]
        one = in_state(state, level, by, the_clock)
        own = "own" if opener == "Ama" else "owned" if opener == "key of Ama" else "other"
        happened = is_done(deed, one.seq, ama)
        assert happened is is_allowed(deed, own, level, state), (state, deed, opener)
        if get_entry(one.seq).counts(clock.now()) or get_entry(one.seq).waits(clock.now()):
            reviewing.remove(one.seq, note="Next.", by=actor("Adwoa"))
        tried += 1
    assert tried == len(STATES) * len(DEEDS) * 3


def test_an_equal_entry_stands_once():
    one = entry("email", "bad@example.com")
    assert entry("email", "Bad@Example.com", by="Ama").seq == one.seq
    assert entry("email", "bad@example.com", level="review").seq != one.seq


def test_a_program_takes_away_its_own_entries_only():
    key = api_keys.create_key(name="Shop", scopes=["blacklist"], by=actor("Ama"))[0]
    shop = api_keys.actor_of(key, request_id=None)
    raw = {"kind": "email", "value": "bad@example.com", "level": "deny", "reason": "fraud"}
    its_own = opening.add_entry(raw, by=shop).entry
    with pytest.raises(Refusal) as refusal:
        opening.withdraw(entry("email", "b@example.com").seq, by=shop)
    assert refusal.value.code == "not_yours"
    assert opening.withdraw(its_own.seq, by=shop).outcome == "removed"
    again = opening.add_entry(raw, by=shop).entry
    kept(again, by="Adwoa")
    with pytest.raises(Refusal) as refusal:
        opening.withdraw(again.seq, by=shop)
    assert refusal.value.code == "reviewed"
    assert member("Ama").id == its_own.accountable_id
