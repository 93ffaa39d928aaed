"""Who may do what to whose case in which state: every combination, through pages,
the API and commands.

The rules of DESIGN.md §3 and §4 are written here a second time, independently of
the code, as one function.
"""

from datetime import timedelta
from itertools import product

import pytest
from flask.testing import FlaskCliRunner

from tests.house_rules.attempts import Browsers, run, set_flag
from tests.support.cases import (
    EDITORS,
    MANAGERS,
    OPEN,
    OPENERS,
    REVIEWED,
    STATES,
    WAITING,
    answers_for,
    mark_of,
    reviewer_of,
)
from tests.support.cast import ROLES, actor, member
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.cli.acting import BY_OPERATOR
from webapp.kernel import clock

# The operator never counts as a second person, whoever they act for; a manager must still look at
# what they lift.
BY_A_SECOND_PERSON = ("uphold", "overturn")
ACTIONS = ("open", "undo", "ask", "uphold", "overturn", "undo review", "lift")
ON_PAGES = (*ACTIONS, "set end")


def is_allowed(action, person, opener, state):
    """The rules, written a second time."""
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


def each_with_a_case(book, maker, openers, attempts):
    """Each attempt on a case by each opener in each state, and the customer's version; a new case
    is made whenever the last one was changed.
    """
    for opener, state in product(openers, STATES):
        case, before = None, 0
        for attempt in attempts:
            if case is None or mark_of(book, case) != before:
                with book.app.app_context():
                    case = maker.make(opener, state)
                before = mark_of(book, case)
            yield attempt, opener, state, case, before


# One database is enough here: other tests run the same rules on both.
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_pages(book, maker, opener, figure):
    tried, browsers = 0, Browsers(book)
    attempts = list(product(ON_PAGES, ROLES))
    for (action, person), _, state, case, before in each_with_a_case(
        book, maker, [opener], attempts
    ):
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
    figure(f"cases of {opener} on {book.kind}: {tried} combinations through pages")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_commands(book, maker, opener, figure):
    runner, tried = FlaskCliRunner(book.app), 0
    attempts = list(product(ACTIONS, ROLES))
    for (action, person), _, state, case, before in each_with_a_case(
        book, maker, [opener], attempts
    ):
        result = run(runner, action, person, case)
        expected = is_allowed(action, person, opener, state) and not (
            action == "open" and state in OPEN
        )
        expected = expected and action not in BY_A_SECOND_PERSON
        assert (result.exit_code == 0) is expected, (action, person, opener, state, result.output)
        assert (mark_of(book, case) > before) is expected
        tried += 1
    figure(f"cases of {opener} on {book.kind}: {tried} combinations through commands")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("flag", [True, False], ids=["set", "clear"])
def test_through_the_api(book, maker, flag, figure):
    client, tried = book.app.test_client(), 0
    for program, opener, state, case, before in each_with_a_case(book, maker, OPENERS, maker.keys):
        answer = set_flag(client, maker.keys[program][1], case, flag)
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
    """An operator who names nobody is refused by the rule itself, through any door."""
    with book.app.app_context():
        case = maker.make("Esi", "waiting")
        for deed in (
            lambda: review.decide(case.seq, Decision.UPHELD, by=BY_OPERATOR),
            lambda: review.lift(case.customer.id, case_seq=case.seq, note="x", by=BY_OPERATOR),
        ):
            with pytest.raises(review.Conflict, match="Somebody must answer"):
                deed()


def test_several_at_once_hold_to_the_same_rule(book, maker):
    """Bulk decisions skip one's own cases, and say so."""
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
