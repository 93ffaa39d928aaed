"""The corpus: people as they are saved and as they are typed, blacklisted people who come again,
and input that is refused.

Every pair of a promised kind must be found; kinds that are deliberately not
promised are listed in the summary.
"""

from collections import Counter

import pytest

from tests import corpus
from tests.support.cast import actor, remove
from webapp.blacklist import opening, screening
from webapp.customers import register
from webapp.customers.fields import Details
from webapp.customers.models import Customer, new_id, new_reference
from webapp.customers.numbering.countries import dial_code_of
from webapp.history.changes import adding
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import writing
from webapp.kernel.folding import fold
from webapp.kernel.refusals import Invalid
from webapp.search.filters import CustomerFilter
from webapp.search.results import page_of

NOBODY = Actor(kind="system", id=None, name="Somebody", door="command")


def put(saved, number, *, country=None):
    """Store a customer as an older book has them: numbers of former plans are not converted."""
    phone = saved.get("phone")
    email = saved.get("email") or f"nobody{number}@corpus.example.net"
    dial_code = dial_code_of(phone) if phone else country
    details = Details(
        saved.get("first_name", ""), saved.get("last_name", ""), email, phone, dial_code
    )
    now = clock.now()
    reference = saved.get("reference") or new_reference()

    def make():
        customer = Customer(
            id=new_id(), reference=reference, version=1, created_at=now, updated_at=now
        )
        customer.take(details)
        return customer

    with adding(make, by=NOBODY) as change:
        change.record("created", new={"email": email})
        return change.row


def test_whoever_is_saved_is_found_as_they_are_typed(inside, figure):
    """All of them in one book; each must be among the first hundred results."""
    people = put_everybody()
    missed = []
    for pair in corpus.PAIRS:
        who = people[tuple(sorted(pair.saved.items()))]
        if who.id not in [
            row.id for row in page_of(CustomerFilter(text=pair.typed, rows=100)).rows
        ]:
            missed.append(f"{pair.kind}: {dict(pair.saved)!a} typed {pair.typed!a}")
    kinds = Counter(pair.kind for pair in corpus.PAIRS)
    figure(
        f"corpus on {inside.kind}: {len(corpus.PAIRS) - len(missed)} of "
        f"{len(corpus.PAIRS)} found, {len(kinds)} kinds"
    )
    figure("deliberately not found: " + "; ".join(sorted({pair.kind for pair in corpus.NOT_FOUND})))
    assert missed == [], "\n".join(missed)


def put_everybody():
    """Store every customer of the corpus; returns them by their saved details."""
    people = {}
    with writing():
        for number, pair in enumerate([*corpus.PAIRS, *corpus.NOT_FOUND]):
            key = tuple(sorted(pair.saved.items()))
            if key not in people:
                people[key] = put(pair.saved, number)
    return people


def answer_to(given):
    """Details that cannot be compared give "review": they let nobody pass."""
    try:
        return screening.check(_asked(given))
    except Invalid:
        return screening.Verdict(screening.Answer.REVIEW)


def _asked(given):
    names = {"firstName": "first_name", "lastName": "last_name", "countryCode": "country"}
    return {names.get(name, name): value for name, value in given.items()}


def blacklisted_and_asked(case, number):
    """Blacklist the customer of a case, and return them with the verdict on whoever comes then."""
    with writing():
        customer = put(case.blacklisted, number)
    opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    verdict = answer_to(case.asked)
    remove(customer.id)
    return customer, verdict


@pytest.mark.usefixtures("staffed")
def test_whoever_is_blacklisted_is_recognised_when_they_come_again(inside, figure):
    passed = []
    for number, case in enumerate(corpus.EVASIONS):
        _, verdict = blacklisted_and_asked(case, number)
        if verdict.answer == "allow":
            passed.append(f"{case.kind}: {dict(case.blacklisted)!a} as {dict(case.asked)!a}")
    figure(
        f"evasions on {inside.kind}: {len(corpus.EVASIONS) - len(passed)} of "
        f"{len(corpus.EVASIONS)} recognised"
    )
    assert passed == [], "\n".join(passed)


@pytest.mark.usefixtures("staffed")
def test_whoever_only_resembles_somebody_blacklisted_is_let_pass(inside, figure):
    held = []
    for number, case in enumerate(corpus.INNOCENT):
        customer, verdict = blacklisted_and_asked(case, number)
        if any(one.seq == customer.seq for one in verdict.customers):
            held.append(f"{case.kind}: {dict(case.blacklisted)!a} as {dict(case.asked)!a}")
    figure(
        f"innocent on {inside.kind}: {len(corpus.INNOCENT) - len(held)} of "
        f"{len(corpus.INNOCENT)} let pass"
    )
    assert held == [], "\n".join(held)


def test_what_is_typed_is_saved_in_its_right_form(inside, figure):
    wrong = []
    for number, case in enumerate(corpus.SAVED):
        named = {} if {"first_name", "last_name"} & case.given.keys() else {"first_name": "Nana"}
        given = {"email": f"saved{number}@corpus.example.net"} | named | dict(case.given)
        try:
            customer = register.register(given, by=NOBODY)
            stands = {name: getattr(customer, name) for name in case.expected}
        except Invalid as refusal:
            stands = {name: [*sentences] for name, sentences in refusal.fields.items()}
        if stands != dict(case.expected):
            wrong.append(
                f"{case.kind}: {dict(case.given)!a} is {stands!a}, not {dict(case.expected)!a}"
            )
    figure(f"saved right on {inside.kind}: {len(corpus.SAVED) - len(wrong)} of {len(corpus.SAVED)}")
    assert wrong == [], "\n".join(wrong)


def test_what_cannot_be_trusted_is_refused_on_its_field(inside, figure):
    accepted = []
    for number, case in enumerate(corpus.REFUSED):
        given = {"email": f"refused{number}@corpus.example.net"} | dict(case.given)
        try:
            register.register(given, by=NOBODY)
            accepted.append(f"{case.kind}: {dict(case.given)!a}")
        except Invalid as refusal:
            if case.field not in refusal.fields:
                accepted.append(f"{case.kind}: {dict(case.given)!a} on {[*refusal.fields]}")
    figure(
        f"refused on {inside.kind}: {len(corpus.REFUSED) - len(accepted)} of {len(corpus.REFUSED)}"
    )
    assert accepted == [], "\n".join(accepted)


def test_the_corpus_has_no_pair_that_folding_alone_makes_trivial():
    """Most pairs are typed differently from how they are saved."""
    same = [pair for pair in corpus.PAIRS if fold(pair.typed) in map(fold, pair.saved.values())]
    assert len(same) < len(corpus.PAIRS) / 4
