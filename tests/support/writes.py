"""Writes in any order to a handful of customers; after each one, the projections are checked."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from tests.support.books import Book
from tests.support.cast import SOMEBODY, actor, add, hire
from tests.support.derived import differences
from webapp.batches import change_set
from webapp.batches.models import Kind
from webapp.blacklist import opening
from webapp.blacklist.case import cases_of, find_open, reviews_of
from webapp.blacklist.entries.opening import add_entry
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review, review_undo
from webapp.customers import edit, erase, finding, notes
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.merging.merging import merge
from webapp.programs import api_keys, idempotency
from webapp.programs.webhooks import endpoints
from webapp.programs.webhooks.models import TEST, WebhookDelivery

NAMES = st.sampled_from(
    ["Ama", "Kofi", "李小龙", "O'Brien", "Đặng", "x" * 100, "’t Hart", "(none)", "- x", "+"]
)
COUNTRIES = st.sampled_from(["GH", "NG", "VN", None])
MAILBOXES = st.sampled_from(["ama", "kofi", "efua"])
PHONES = st.sampled_from(["+233201234567", "+2348031234567", None, None])


class Writes(RuleBasedStateMachine):
    """What managers, agents and programs do. `known` holds the identifiers by which each
    blacklisted customer must be recognised.
    """

    book: Book
    customers = Bundle("customers")

    @initialize(target=customers)
    def a_small_book(self):
        db.session.remove()
        self.book.empty()
        hire("Ama", "Esi")
        self.key = api_keys.create_key(name="Shop", scopes=["read"], by=actor("Ama"))[0].id
        hook = {"url": "https://shop.example.com/"}
        self.hook = endpoints.add_endpoint(hook, by=actor("Ama"), loopback=False)[0].id
        self.number, self.known = 0, {}
        people = [add(email=self._email(box), phone=None).id for box in ("ama", "kofi")]
        self._blacklist(people[0])
        raw = {"kind": "email", "value": "efua@gmail.com", "level": "deny", "reason": "fraud"}
        add_entry(raw, by=actor("Esi"))
        return multiple(*people)

    def _blacklist(self, one):
        opening.open_case(one, reason="fraud", note="Seen.", by=actor("Esi"))
        self._remember(one)

    def _remember(self, one):
        customer = finding.get_customer(one)
        details = {customer.email, customer.phone} - {None}
        self.known[one] = self.known.get(one, set()) | details

    def _email(self, mailbox):
        """A new address, in one of a few mailboxes."""
        self.number += 1
        return f"{mailbox}+{self.number}@gmail.com"

    @rule(target=customers, first=NAMES, last=NAMES, country=COUNTRIES, box=MAILBOXES, phone=PHONES)
    def add(self, first, last, country, box, phone):
        contact = {"phone": phone, "country": None if phone else country}
        return add(first_name=first, last_name=last, email=self._email(box), **contact).id

    @rule(one=customers, last=NAMES, country=COUNTRIES)
    def rename(self, one, last, country):
        edit.change(one, {"last_name": last, "phone": "", "country": country or ""}, by=SOMEBODY)

    @rule(one=customers, box=MAILBOXES, phone=PHONES)
    def reach_elsewhere(self, one, box, phone):
        contact = {"phone": phone} if phone else {}
        edit.change(one, {"email": self._email(box), **contact}, by=SOMEBODY)
        if one in self.known:
            self._remember(one)

    @rule(one=customers)
    def blacklist_or_clear(self, one):
        if one in self.known:
            self._lift(one)
        else:
            self._blacklist(one)

    def _lift(self, one):
        case = find_open(finding.get_customer(one))
        review.lift(one, case_seq=case.seq, note="Paid.", by=actor("Ama"))
        del self.known[one]

    @rule(one=customers, undone=st.booleans())
    def overturn(self, one, undone):
        done = self._decide(one, Decision.OVERTURNED)
        if done and undone:
            review_undo.undo_review(done.seq, by=actor("Ama"))
        elif done:
            del self.known[one]

    @rule(one=customers)
    def uphold(self, one):
        self._decide(one, Decision.UPHELD)

    def _decide(self, one, decision):
        """Decide a customer's case as a manager, opening one first if needed; None if it was
        reviewed already.
        """
        if one not in self.known:
            self._blacklist(one)
        case = find_open(finding.get_customer(one))
        if case.reviewed_at:
            return None
        return review.decide(case.seq, decision, note="Why.", look_again_after=90, by=actor("Ama"))

    @rule(one=customers)
    def take_back_the_last_review(self, one):
        reviews = reviews_of(cases_of(finding.get_customer(one).seq))
        if one in self.known and reviews and reviews[-1].undone_at is None:
            case = find_open(finding.get_customer(one))
            if case.reviewed_at:
                review_undo.undo_review(reviews[-1].seq, by=actor("Ama"))

    @rule(one=customers)
    def answer_a_program(self, one):
        self.number += 1
        question = idempotency.IdempotentCall(self.key, f"key-{self.number}", "secret", b"asked")
        seq = finding.get_customer(one).seq
        with writing():
            idempotency.keep(question, idempotency.Answer(200, None, "{}"), customer_seq=seq)

    @rule(one=customers)
    def answer_a_webhook(self, one):
        self.number += 1
        told = {"endpoint_id": self.hook, "kind": TEST, "body": "{}", "at": clock.now()}
        seq = finding.get_customer(one).seq
        with writing():
            message = WebhookDelivery(**told, message_id=f"msg_{self.number}", answer="Hello!")
            message.customer_seq = seq
            db.session.add(message)

    @rule(one=customers)
    def propose_a_name(self, one):
        row = {"number": 1, "customer_seq": finding.get_customer(one).seq}
        with writing():
            proposed = change_set.propose(Kind.IMPORT, by=SOMEBODY, origin="people.csv")
            change_set.add_rows(proposed, [row | {"proposed": {"details": {"last_name": "Badu"}}}])

    @rule(one=customers)
    def write_a_note(self, one):
        notes.add_note(one, "Called.", by=SOMEBODY)

    @rule(one=customers, box=MAILBOXES)
    def ask_to_merge_and_delete(self, one, box):
        """A merge that waits for a second person, of which one party is deleted."""
        other = add(email=self._email(box), phone=None)
        if one in self.known:
            merge(one, other.id, choices={}, note="One passport.", by=actor("Ama"))
        erase.delete_customer(other.id, by=SOMEBODY)

    @rule(one=consumes(customers))
    def delete(self, one):
        if one in self.known:
            self._lift(one)
        erase.delete_customer(one, by=SOMEBODY)

    @invariant()
    def nothing_differs(self):
        wrong = list(differences(self.known, seed=self.number))
        assert wrong == [], wrong
        db.session.rollback()  # or an old connection would read the next book


def live_once(writes: Writes) -> None:
    """One life that exercises every projection, checked after each deed."""
    ama, kofi = writes.a_small_book().values
    deeds = (
        partial(writes.reach_elsewhere, ama, "efua", "+233201234567"),
        partial(writes.rename, kofi, "Đặng", "NG"),
        partial(writes.add, "Esi", "Owusu", None, "ama", "+233201234567"),
        partial(writes.overturn, kofi, undone=True),
        partial(writes.uphold, ama),
        partial(writes.answer_a_program, kofi),
        partial(writes.answer_a_webhook, kofi),
        partial(writes.propose_a_name, kofi),
        partial(writes.write_a_note, kofi),
        partial(writes.ask_to_merge_and_delete, ama, "efua"),
        partial(writes.delete, kofi),
    )
    writes.nothing_differs()
    for deed in deeds:
        deed()
        writes.nothing_differs()
