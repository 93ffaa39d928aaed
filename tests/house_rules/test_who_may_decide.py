"""Who may do what to whose case in which state: every combination, through pages, the API and
commands.

The table stands here once more, apart from the code: DESIGN.md §3 and §4 as one function.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from tests.support.cast import ROLES, actor, add, member, session_token
from tests.support.strict import hidden_token
from webapp.blacklist import opening, review
from webapp.blacklist.case import cases_of, reviews_of
from webapp.blacklist.models import Decision
from webapp.cli.acting import BY_OPERATOR
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.staff.models import ApiKey, StaffSession

MANAGERS = {"Ama", "Adwoa"}
EDITORS = MANAGERS | {"Esi", "Kwame"}
# Who opens: people, and keys with their owners; `None` is a key of nobody.
OPENERS = ("Esi", "Ama", "Adwoa", "key of Ama", "key of Esi", "key of nobody")
STATES = (
    "none",
    "fresh",
    "waiting",
    "overdue",
    "upheld just now",
    "upheld",
    "due again",
    "lift asked",
    "lift asked anew",
)
STATES += ("overturned just now", "overturned", "lifted", "undone")
OPEN = {
    "fresh",
    "waiting",
    "overdue",
    "upheld just now",
    "upheld",
    "due again",
    "lift asked",
    "lift asked anew",
}
REVIEWED = {"upheld just now", "upheld", "due again", "lift asked anew"}
WAITING = {"fresh", "waiting", "overdue", "due again", "lift asked", "lift asked anew"}
# The operator, in whose name ever, is nobody's second pair of eyes; what they lift, a manager must
# look at still.
BY_A_SECOND_PERSON = ("uphold", "overturn")
ACTIONS = ("open", "undo", "ask", "uphold", "overturn", "undo review", "lift")


@dataclass(frozen=True)
class Case:
    """A customer with a case of a kind; `reviewer` made its last review, `asker` asked for a
    lift.
    """

    customer: Customer
    seq: int
    review_seq: int
    reviewer: str


def answers_for(opener):
    """The member whose decision it was, directly or through a key."""
    return {"key of Ama": "Ama", "key of Esi": "Esi", "key of nobody": None}.get(opener, opener)


def reviewer_of(opener):
    """Whichever manager did not open it; so that the rule of the reviewer meets that of the
    opener.
    """
    return "Adwoa" if answers_for(opener) == "Ama" else "Ama"


def is_allowed(action, person, opener, state):
    """The rules, once more."""
    if person not in (EDITORS if action in ("open", "undo", "ask") else MANAGERS):
        return False
    own = answers_for(opener) == person
    if action == "open":
        return True
    if action == "undo":
        return state == "fresh" and opener == person
    if action == "ask":
        return state in OPEN - {"lift asked", "lift asked anew"}
    if action in ("uphold", "overturn"):
        return state in WAITING and not own
    if action == "undo review":
        return state in ("upheld just now", "overturned just now") and person == reviewer_of(opener)
    return state in OPEN and not own


def may_program(flag, owner, opener, state, *, same_key):
    """The same for a key with the scope `blacklist` that sets or clears the flag."""
    if owner is None:
        return "scope_missing"
    if flag or state not in OPEN:
        return 200
    if state in REVIEWED:
        return "upheld"
    if same_key:
        return 200
    return "own_decision" if owner is not None and owner == answers_for(opener) else 200


class Maker:
    """Makes customers with cases in every state, as services, people and time leave them."""

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
        """A key of nobody is one of an older book."""
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
        customer = add(
            email=f"c{self.number}@example.com", first_name=f"C{self.number}", phone=None
        )
        if state == "none":
            return Case(customer, 0, 0, "")
        reason = None if opener.startswith("key") else "fraud"
        seq = opening.open_case(customer.id, reason=reason, by=self.people[opener]).case.seq
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
        """Let time pass, or none; the clock goes on for everybody."""
        if state in ("overdue", "due again"):
            self.clock.forward(days=91)
        elif "just now" not in state and state != "fresh":
            self.clock.forward(minutes=11)


@pytest.fixture
def maker(book, desk_of, the_clock):
    with book.app.app_context():
        desk_of(None)
        return Maker(the_clock)


PATHS = {
    "open": "/customers/{id}/blacklisting",
    "undo": "/customers/{id}/blacklisting/undo",
    "ask": "/customers/{id}/blacklisting/ask-for-lift",
    "lift": "/customers/{id}/blacklisting/lift",
    "uphold": "/review/{seq}",
    "overturn": "/review/{seq}",
    "undo review": "/review/undo",
}
TYPED = {
    "open": {"reason": "abuse"},
    "uphold": {"decision": "upheld", "look_again_after": "90"},
    "overturn": {"decision": "overturned", "look_again_after": "90"},
}


def mark_of(book, case):
    """What stands about a customer: any deed changes the version."""
    with book.app.app_context():
        db.session.rollback()
        return db.session.get(Customer, case.customer.seq, populate_existing=True).version


def each_with_a_case(book, maker, doers):
    """Everybody with a case by each opener in each state, and its mark; one made anew whenever the
    last was changed.
    """
    for opener in OPENERS:
        for state in STATES:
            case, before = None, 0
            for doer in doers:
                if case is None or mark_of(book, case) != before:
                    with book.app.app_context():
                        case = maker.make(opener, state)
                    before = mark_of(book, case)
                yield doer, opener, state, case, before


class Browsers:
    """A browser for each person, whose session goes on however fast the clock runs."""

    def __init__(self, book):
        self.book, self.signed_in = book, {}

    def attempt(self, person, action, case):
        """Do it as a browser would: the status."""
        client, token = self._of(person)
        data = {
            "csrf_token": token,
            "case": str(case.seq),
            "note": "Why.",
            "reviews": str(case.review_seq),
        }
        address = PATHS[action].format(id=case.customer.id, seq=case.seq or 1)
        return client.post(address, data=data | TYPED.get(action, {})).status_code

    def _of(self, person):
        if person not in self.signed_in:
            client = self.book.app.test_client()
            client.set_cookie("gatebook", session_token(self.book.app, person))
            self.signed_in[person] = client, hidden_token(client.get("/account/password").text)
        with self.book.app.app_context(), writing():
            now = clock.now()
            db.session.execute(update(StaffSession).values(created_at=now, seen_at=now))
        return self.signed_in[person]


@pytest.mark.parametrize("action", ACTIONS)
def test_through_pages(book, maker, action, figure):
    if book.kind == "postgresql":
        return  # the rules run on both elsewhere; the doors call the same ones
    tried, browsers = 0, Browsers(book)
    for person, opener, state, case, before in each_with_a_case(book, maker, ROLES):
        status = browsers.attempt(person, action, case)
        expected = is_allowed(action, person, opener, state) and not (
            action == "open" and state in OPEN
        )
        assert (mark_of(book, case) > before) is expected, (action, person, opener, state, status)
        assert (status == 403) is (
            person not in (EDITORS if action in ("open", "undo", "ask") else MANAGERS)
        )
        assert status in (303, 403, 404, 409)
        tried += 1
    figure(f"{action} by {len(ROLES)} people on {book.kind}: {tried} combinations through pages")


@pytest.mark.parametrize("action", ACTIONS)
def test_through_commands(book, maker, action, figure):
    if book.kind == "postgresql":
        return
    runner, tried = FlaskCliRunner(book.app), 0
    for person, opener, state, case, before in each_with_a_case(book, maker, ROLES):
        result = run(runner, action, person, case)
        expected = is_allowed(action, person, opener, state) and not (
            action == "open" and state in OPEN
        )
        expected = expected and action not in BY_A_SECOND_PERSON
        assert (result.exit_code == 0) is expected, (action, person, opener, state, result.output)
        assert (mark_of(book, case) > before) is expected
        tried += 1
    figure(f"{action} by {len(ROLES)} people on {book.kind}: {tried} combinations through commands")


def run(runner, action, person, case):
    name = {"ask": "ask-for-lift", "undo review": "undo-review"}.get(action, action)
    more = {"open": ["--reason", "abuse"], "ask": ["--note", "Why."], "lift": ["--note", "Why."]}
    more |= {"overturn": ["--note", "Why."]}
    email = f"{person.lower()}@example.com"
    return runner.invoke(
        args=["blacklist", name, str(case.customer.id), "--by", email, *more.get(action, [])]
    )


@pytest.mark.parametrize("flag", [True, False], ids=["set", "clear"])
def test_through_the_api(book, maker, flag, figure):
    client, tried = book.app.test_client(), 0
    for program, opener, state, case, before in each_with_a_case(book, maker, maker.keys):
        path = f"/api/v1/customers/blacklist/{case.customer.id}"
        headers = {"Authorization": f"Bearer {maker.keys[program][1]}"}
        answer = client.post(path, json={"blacklist": flag}, headers=headers)
        wanted = may_program(flag, answers_for(program), opener, state, same_key=program == opener)
        said = answer.status_code if answer.status_code == 200 else answer.json["code"]
        assert said == wanted, (flag, program, opener, state)
        assert (mark_of(book, case) > before) is (said == 200 and flag is not (state in OPEN))
        if said == 200:
            assert answer.json["data"]["blacklist"] is flag
        tried += 1
    figure(
        f"{'setting' if flag else 'clearing'} the flag on {book.kind}: {tried} "
        "combinations through the API"
    )


def test_nobody_decides_without_somebody_who_answers(book, maker):
    """An operator who names nobody is refused by the rule itself, whatever the door."""
    with book.app.app_context():
        case = maker.make("Esi", "waiting")
        for deed in (
            lambda: review.decide(case.seq, Decision.UPHELD, by=BY_OPERATOR),
            lambda: review.lift(case.customer.id, case_seq=case.seq, note="x", by=BY_OPERATOR),
        ):
            with pytest.raises(review.Conflict, match="Somebody must answer"):
                deed()


def test_several_at_once_hold_to_the_same_rule(book, maker):
    """Bulk decisions leave alone what is one's own, and say so."""
    with book.app.app_context():
        cases = [
            maker.make(opener, "waiting") for opener in ("Esi", "Ama", "key of Ama", "key of Esi")
        ]
        seqs = [case.seq for case in cases]
        outcomes = review.decide_all(
            seqs, Decision.UPHELD, note="", look_again_after=90, by=actor("Ama")
        )
        assert [outcome.review is not None for outcome in outcomes] == [True, False, False, True]
        assert {outcome.refusal.code for outcome in outcomes if outcome.refusal} == {"own_decision"}
        assert timedelta() <= clock.now() - outcomes[0].review.at
        assert member("Ama").id == outcomes[0].review.by_id
