"""Derive the keys of all customers again when the rules change; the book stores their version.

After an upgrade that changes folding, or on a Python with a newer Unicode, stored keys differ from
what would be written today. Until they are derived again, lists and searches keep using the stored
ones.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import func, select

from webapp.customers.models import Customer, details_columns
from webapp.history.book import find_fact, forget_fact, set_fact
from webapp.history.changes import Change, follow, values_of
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.lookalikes import known_identifiers, name_words
from webapp.lookalikes.name_words import everybody

RULES = 4
BY_RULES, REDERIVED = Actor(kind="system", id=None, name="Gatebook", door="command"), "rederived"
FACT, PROGRESS = "key_rules", "key_rules_done_to"


def present_rules() -> str:
    """The version of this program's rules: their number, and the Unicode version they rely on."""
    return f"{RULES} of Unicode {unicodedata.unidata_version}"


def are_of_older_rules() -> bool:
    """Whether the keys in the book were derived by rules other than this program's."""
    return find_fact(FACT) != present_rules()


def faults() -> Iterator[str]:
    """Customers whose keys differ from what the present rules derive from their details."""
    if are_of_older_rules():
        yield (
            f"the keys of customers were made by rules {find_fact(FACT) or 1}; those of today "
            f"are {present_rules()}"
        )
    number = 0
    for customers in everybody():
        words = name_words.rows_of(customers)
        unindexed = {seq for _, seq in name_words.missing(words)}
        number += len(words)
        for customer in customers:
            is_unknown = customer.blacklisted and known_identifiers.missing(customer)
            if customer.seq in unindexed or _differs(customer) or is_unknown:
                yield f"the keys of customer {customer.seq} are not those of their details"
        db.session.expunge_all()
    if name_words.number_indexed() > number:
        yield "the index of words of names has words that no customer has"


def derive_anew(progress: Callable[[int], None]) -> None:
    """Derive all keys again, in batches, so that people can work in between; an interrupted run
    resumes where it stopped.

    Args:
        progress: Called with the number of customers after each batch.
    """
    after = _done_to() if are_of_older_rules() else 0
    if not after:
        with writing():
            name_words.forget_all()
    for customers in everybody(after):
        seqs = [customer.seq for customer in customers]
        db.session.expunge_all()
        with writing():
            _derive(seqs)
            set_fact(PROGRESS, f"{seqs[-1]} by {present_rules()}")
        db.session.expunge_all()
        progress(len(seqs))
    with writing():
        set_fact(FACT, present_rules())
        forget_fact(PROGRESS)


def _done_to() -> int:
    """The last customer whose keys were derived by the present rules; a run by others that was
    interrupted counts for nothing.
    """
    seq, _, rules = (find_fact(PROGRESS) or "").partition(" by ")
    return int(seq) if rules == present_rules() else 0


def number_of_customers() -> int:
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0


def _derive(seqs: Sequence[int]) -> None:
    held = select(Customer).where(Customer.seq.in_(seqs)).with_for_update()
    customers = db.session.scalars(held.execution_options(populate_existing=True)).all()
    name_words.index(customers)
    for customer in customers:
        if _differs(customer):
            before = values_of(customer)
            customer.take(customer.details)
            db.session.flush()
            follow(Change(customer, BY_RULES, clock.now(), before, kind=REDERIVED))
        if customer.blacklisted:
            known_identifiers.derive_anew(customer)


def _differs(customer: Customer) -> bool:
    made = details_columns(customer.details)
    return any(getattr(customer, name) != value for name, value in made.items())
