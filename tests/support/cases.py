"""Cases by every kind of opener in every state, brought about by services, people and time."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from tests.support.cast import ROLES, actor, add
from webapp.blacklist import opening
from webapp.blacklist.case import cases_of, reviews_of
from webapp.blacklist.ending import end_what_is_due
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.staff.models import ApiKey

MANAGERS = {"Ama", "Adwoa"}
EDITORS = MANAGERS | {"Esi", "Kwame"}
# People, and keys with their owners; the key of nobody has no owner.
OPENERS = ("Esi", "Ama", "Adwoa", "key of Ama", "key of Esi", "key of nobody")
STANDING = (
    "fresh",
    "waiting",
    "overdue",
    "upheld just now",
    "upheld",
    "due again",
    "lift asked",
    "lift asked anew",
)
STATES = ("none", *STANDING, "overturned just now", "overturned", "lifted", "undone", "ended")
OPEN = set(STANDING)
REVIEWED = {"upheld just now", "upheld", "due again", "lift asked anew"}
WAITING = {"fresh", "waiting", "overdue", "due again", "lift asked", "lift asked anew"}


@dataclass(frozen=True)
class Case:
    """A customer with a case; `reviewer` is the manager who reviews it."""

    customer: Customer
    seq: int
    review_seq: int
    reviewer: str


def answers_for(opener):
    """The member accountable for the opening, directly or through a key; None for a
    key of nobody.
    """
    return {"key of Ama": "Ama", "key of Esi": "Esi", "key of nobody": None}.get(opener, opener)


def reviewer_of(opener):
    """The reviewing manager; it is not the opener, so both rules apply, the
    reviewer's and the opener's.
    """
    return "Adwoa" if answers_for(opener) == "Ama" else "Ama"


class Maker:
    """Makes customers with cases in every state, by calling services as people
    would and letting time pass.
    """

    def __init__(self, the_clock):
        self.clock, self.number = the_clock, 0
        self.clock.moment = clock.now()
        self.people = {name: actor(name) for name in ROLES}
        self.keys = {}
        for opener in OPENERS:
            if opener.startswith("key"):
                owner = answers_for(opener)
                self.keys[opener] = self._key(owner)
                self.people[opener] = api_keys.actor_of(self.keys[opener][0], request_id=None)

    def _key(self, owner):
        """Make a key; a key of nobody can only come from an older book."""
        made = api_keys.create_key(
            name=f"Shop of {owner}", scopes=["blacklist"], by=self.people[owner or "Ama"]
        )
        if owner is None:
            with writing():
                db.session.execute(
                    update(ApiKey).where(ApiKey.id == made[0].id).values(owner_id=None)
                )
            db.session.refresh(made[0])
        return made

    def make(self, opener, state):
        self.number += 1
        # With nothing in common, so that they are not compared with all before.
        name, host = f"C{self.number}", f"c{self.number}.example"
        customer = add(email=f"c@{host}", first_name=name, last_name=f"{host} of", phone=None)
        if state == "none":
            return Case(customer, 0, 0, "")
        reason = None if opener.startswith("key") else "fraud"
        until = in_iso(clock.now() + timedelta(minutes=1)) if state == "ended" else ""
        by = self.people[opener]
        seq = opening.open_case(customer.id, reason=reason, until=until, by=by).case.seq
        reviewer = self.people[reviewer_of(opener)]
        if state == "undone":
            self._end_undone(customer, seq, opener)
        elif state == "lifted":
            review.lift(customer.id, case_seq=seq, note="Paid.", by=reviewer)
        elif "overturned" in state:
            review.decide(seq, Decision.OVERTURNED, note="Wrong.", by=reviewer)
        elif state in REVIEWED:
            review.decide(seq, Decision.UPHELD, by=reviewer)
        self._age(state)
        end_what_is_due()
        if state.startswith("lift asked"):
            opening.ask_for_lift(customer.id, case_seq=seq, note="Paid.", by=self.people["Kwame"])
        reviews = reviews_of(cases_of(customer.seq))
        return Case(customer, seq, reviews[-1].seq if reviews else 0, reviewer_of(opener))

    def _end_undone(self, customer, seq, opener):
        if opener.startswith("key"):
            opening.clear(customer.id, by=self.people[opener])
        else:
            opening.undo(customer.id, case_seq=seq, by=self.people[opener])

    def _age(self, state):
        """Let time pass, if the state needs it; the clock moves for everybody."""
        if state in ("overdue", "due again"):
            self.clock.forward(days=91)
        elif "just now" not in state and state != "fresh":
            self.clock.forward(minutes=11)


def mark_of(book, case):
    """The customer's version, which every deed changes."""
    with book.app.app_context():
        db.session.rollback()
        its_own = db.select(Customer.version).where(Customer.seq == case.customer.seq)
        return db.session.scalar(its_own)
