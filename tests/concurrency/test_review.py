"""Two managers decide the same case at the same moment: one decision counts, and
the other manager is told.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from random import Random
from threading import Barrier
from time import sleep

from sqlalchemy import func, select

from tests.support.at_once import at_once
from tests.support.cast import actor, add, session_token
from tests.support.proofs import rounds
from tests.support.server import running_server
from tests.support.wire import WireBrowser
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting, Decision, Review
from webapp.blacklist.reviewing import marks, review, review_undo
from webapp.customers import edit, erase, finding
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.lookalikes import distinct, matches, pairs
from webapp.lookalikes.models import LookalikePair

ROUNDS = rounds(30, 200)
OTHER = {"Ama": "Adwoa", "Adwoa": "Ama"}


def test_two_managers_decide_at_once(staff, tmp_path, figure):
    """Many random interleavings: each picks either decision, at most a few milliseconds apart."""
    with staff.app.app_context():
        cases = [_open(number) for number in range(ROUNDS)]
    race = Race(cases)
    with running_server(staff.url, tmp_path / "log") as address, ThreadPoolExecutor(2) as pool:
        browsers = {name: WireBrowser(address, session_token(staff.app, name)) for name in OTHER}
        list(pool.map(race.decide_all, browsers.keys(), browsers.values()))
    assert race.told == Counter(seq for _, seq in cases), "each second one was told, once"
    assert sorted(race.won) == sorted(seq for _, seq in cases)
    with staff.app.app_context():
        are_reviews(race.won)
    firsts = Counter(name for name, _ in race.won.values())
    figure(
        f"{ROUNDS} cases decided by two at once on {staff.kind}: one decision each, Ama "
        f"first {firsts['Ama']} times"
    )


class Race:
    """Two managers deciding the same cases: who won each with which decision, and how many were
    told that they came second.
    """

    def __init__(self, cases):
        self.cases, self.barrier = cases, Barrier(2, timeout=60)
        self.won, self.told = {}, Counter()

    def decide_all(self, name, browser):
        random, first_seq = Random(name), self.cases[0][1]
        fields = browser.form(f"/review/{first_seq}", f"decide-{first_seq}")
        for customer_id, seq in self.cases:
            decision = random.choice(["upheld", "overturned"])
            self.barrier.wait()
            sleep(random.choice([0, 0, random.random() / 200]))
            said = {"decision": decision, "note": f"{name} says {decision}"}
            status, _ = browser.post(f"/review/{seq}", fields | said)
            assert status == 303
            self.note_answer(browser.get(f"/customers/{customer_id}")[1], seq, name, decision)
        browser.close()

    def note_answer(self, page, seq, name, decision):
        text, mine = unescape(page), (name, decision)
        if comes_second(text, name):
            self.told[seq] += 1
        else:
            assert self.won.setdefault(seq, mine) == mine, "one decision for each case"
        if self.told[seq] and self.won.get(seq, mine)[0] != name:
            assert f"Your note was not kept: “{name} says {decision}”" in text


def comes_second(text, name):
    """Whether the page says, after one's own decision, that the other decided first."""
    for decided in ("has kept", "removed"):
        if f"{OTHER[name]} {decided} this blacklisting already" in text:
            return True
    assert "stays blacklisted." in text or "is no longer blacklisted." in text
    return False


def are_reviews(won):
    """Each case has one review, the winner's, and is in the state that it implies."""
    query = select(Review, Blacklisting, Customer).join(
        Blacklisting, Blacklisting.seq == Review.case_seq
    )
    rows = db.session.execute(query.join(Customer, Customer.seq == Blacklisting.customer_seq)).all()
    assert sorted(made.case_seq for made, _, _ in rows) == sorted(won)
    for made, case, customer in rows:
        assert (made.by_name, made.decision) == won[case.seq]
        assert customer.blacklisted is (made.decision == Decision.UPHELD)
        assert (case.outcome or "upheld") == made.decision


def _open(number):
    customer = add(email=f"case{number}@example.com", phone=None)
    return customer.id, opening.open_case(customer.id, reason="fraud", by=actor("Esi")).case.seq


def test_a_decision_and_its_undo_race_with_a_new_case(staff):
    """In any order, a customer has at most one open case, and the flag says whether
    there is one.
    """
    with staff.app.app_context():
        kofi, esi, ama = add(), actor("Esi"), actor("Ama")
    for _ in range(25):
        with staff.app.app_context():
            seq = opening.open_case(kofi.id, reason="fraud", by=esi).case.seq
            made = review.decide(seq, Decision.OVERTURNED, note="Wrong.", by=ama)
        at_once(
            staff,
            lambda made=made: review_undo.undo_review(made.seq, by=ama).blacklisted,
            lambda: opening.open_case(kofi.id, reason="abuse", by=esi).is_new,
        )
        with staff.app.app_context():
            is_open = Blacklisting.closed_at.is_(None)
            assert (
                db.session.scalar(select(func.count()).select_from(Blacklisting).where(is_open))
                == 1
            )
            case = db.session.scalars(select(Blacklisting).where(is_open)).one()
            assert db.session.get(Customer, kofi.seq, populate_existing=True).blacklisted
            review.lift(kofi.id, case_seq=case.seq, note="Again.", by=ama)


def test_two_managers_mark_the_same_pair_distinct_at_once(staff):
    """Both rows are always locked in the same order, so there is no deadlock; the
    second is told.
    """
    with staff.app.app_context():
        esi, kwame = actor("Esi"), actor("Kwame")
        emails = [(f"a{number}@gmail.com", f"a{number}+x@gmail.com") for number in range(10)]
        couples = [
            (add(email=one, phone=None).id, add(email=other, phone=None).id)
            for one, other in emails
        ]
    for one, other in couples:
        outcomes = at_once(
            staff,
            lambda one=one, other=other: bool(distinct.mark_distinct(one, other, by=esi)),
            lambda one=one, other=other: bool(distinct.mark_distinct(other, one, by=kwame)),
        )
        assert sorted(map(str, outcomes)) == ["True", "told_apart"]


def test_a_mark_is_agreed_to_once_whatever_else_is_decided(staff, figure):
    """Two managers agree while somebody has the two compared again: one agreement at most, and the
    mark ends as the last of them left it.
    """
    with staff.app.app_context():
        esi, ama, adwoa = actor("Esi"), actor("Ama"), actor("Adwoa")
    ends = Counter()
    for number in range(10):
        with staff.app.app_context():
            one, other = (add(email=email, phone=None).id for email in _twin_emails(number))
            opening.open_case(one, reason="fraud", by=esi)
            distinct.mark_distinct(one, other, note="Two passports.", by=esi)
        outcomes = at_once(
            staff,
            lambda one=one, other=other: bool(marks.agree(one, other, by=ama)),
            lambda one=one, other=other: bool(marks.agree(other, one, by=adwoa)),
            lambda one=one, other=other: bool(distinct.compare_again(one, other, by=esi)),
        )
        assert outcomes[2] is True
        agreements = list(map(str, outcomes[:2]))
        assert agreements.count("True") <= 1
        assert {*agreements} <= {"True", "agreed", "not_marked"}
        with staff.app.app_context():
            apart = pairs.duplicates_of(finding.get_customer(one)).told_apart
            assert apart == [], "compared again, before or after"
        ends.update(agreements)
    figure(f"10 marks agreed to by two at once on {staff.kind}: {dict(ends)}")


def _twin_emails(number):
    return f"m{number}@gmail.com", f"m{number}+x@gmail.com"


def test_look_alikes_at_the_same_instant(staff, figure):
    """Customers are added, changed, blacklisted and deleted at once: no pair is missed, and none of
    a deleted customer remains.
    """
    with staff.app.app_context():
        esi, ama = actor("Esi"), actor("Ama")
    for number in range(20):
        blacklist_while_added(staff, number, esi)
    with staff.app.app_context():
        found = matches.matches(limit=100)
        assert len(found) == 20, "blacklisted while somebody with the same phone is added"
        ids = [(match.blacklisted.id, match.customer.id) for match in found]
    for bad_one, good in ids:
        edit_while_deleted(staff, bad_one, good, ama)
    with staff.app.app_context():
        assert db.session.query(LookalikePair).count() == 0, (
            "edited while the look-alike is deleted"
        )
        twins = [[_twin(number, side) for side in "ab"] for number in range(20)]
    for one, other in twins:
        blacklist_both(staff, one, other, esi)
    with staff.app.app_context():
        assert matches.matches(limit=100) == [], "both are blacklisted"
    figure(
        f"look-alikes at the same instant on {staff.kind}: "
        "60 races, no pair missed, none left behind"
    )


def blacklist_while_added(staff, number, esi):
    phone = f"+23320123{4000 + number}"
    with staff.app.app_context():
        bad_one = add(first_name="Bad", email=f"bad{number}@example.org", phone=phone).id
    at_once(
        staff,
        lambda: opening.open_case(bad_one, reason="fraud", by=esi).is_new,
        lambda: add(first_name="New", email=f"new{number}@example.net", phone=phone).version,
    )


def edit_while_deleted(staff, bad_one, good, ama):
    at_once(
        staff,
        lambda: edit.change(bad_one, {"last_name": "Changed"}, by=ama).fields,
        lambda: erase.delete_customer(good, by=ama).version,
    )


def blacklist_both(staff, one, other, esi):
    opened = at_once(
        staff,
        lambda: opening.open_case(one, reason="fraud", by=esi).is_new,
        lambda: opening.open_case(other, reason="fraud", by=esi).is_new,
    )
    assert opened == [True, True]


def _twin(number, side):
    return add(
        first_name=f"Twin{side}",
        email=f"t{side}{number}@example.org",
        phone=f"+23320124{4000 + number}",
    ).id
