"""The worker's part: check a draft and apply a set, batch by batch.

A batch is one transaction: its rows, what came of them, and how far the set is. So whenever the
process dies, each row was applied once or not at all, and the next worker goes on behind it.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from webapp.batches import bulk, change_set, checking, imports, undoing
from webapp.batches.change_set import BATCH, NoSuchSet, locked_set
from webapp.batches.models import (
    OPENING,
    TO_APPLY,
    ChangeRow,
    ChangeSet,
    Kind,
    Outcome,
    State,
    counted,
)
from webapp.batches.uploads import FileGone
from webapp.customers.changes import NoSuchCustomer
from webapp.customers.fields import Details
from webapp.customers.models import DETAILS, Customer, Tombstone
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import has_several_writers, is_deadlock
from webapp.kernel.refusals import Refusal
from webapp.lookalikes import pairs
from webapp.programs.api_keys import may_still
from webapp.transfer.reading.refusals import NotATable

# A batch ends when either is reached; then others get their turn to write. On SQLite a waiting
# writer looks every tenth of a second.
MOST_SECONDS, PAUSE_SECONDS = 0.4, 0.12
# Where others write meanwhile, all customers of a batch are held until it ends.
BATCH_BESIDE_OTHERS = 25
# Of batches that others have deadlocked with.
ATTEMPTS = 8
# So few rows are applied at once, by whoever asks for it.
FEW = 50
NOT_ANY_MORE = "{by_name} may not do this any more"

Beat = Callable[[], None]


def work_on(seq: int, *, folder: Path, daily_budget: int, beat: Beat) -> None:
    """Check or apply a set, until it is done or somebody stops it.

    Args:
        folder: Where the files of imports are.
        daily_budget: How many customers one person may delete in 24 hours alone.
        beat: Called between batches; what it raises ends the work.
    """
    try:
        one = change_set.find_set(seq)
    except NoSuchSet:
        return
    if one.is_at_work and one.state == State.DRAFTED:
        _check(one, folder, beat)
    elif one.is_at_work and one.state == State.CHECKED:
        begun = time.monotonic()
        while apply_batch(seq, daily_budget=daily_budget):
            beat()
            if time.monotonic() - begun >= MOST_SECONDS:  # of one batch, or of several short ones
                time.sleep(PAUSE_SECONDS)
                begun = time.monotonic()


def apply_few(one: ChangeSet, *, daily_budget: int) -> None:
    """Apply a set of few rows at once, in the request of whoever asks for it; the worker, who is
    asked too, then finds nothing left to do.
    """
    if one.number_to_apply <= FEW:
        while apply_batch(one.seq, daily_budget=daily_budget):
            pass


def _check(one: ChangeSet, folder: Path, beat: Beat) -> None:
    seq = one.seq
    try:
        position = one.position
        for rows in checking.checked_rows(one, folder, after=position):
            beat()
            if not _store(seq, rows, after=position):
                return
            position = rows[-1]["number"]
    except (NotATable, FileGone) as refusal:
        _give_up(seq, refusal.message)
        return
    with writing():
        one = locked_set(seq)
        if one.is_at_work:
            one.state, one.began_at = State.CHECKED, None


def _store(seq: int, rows: Sequence[Mapping[str, Any]], *, after: int) -> bool:
    """Keep a batch of checked rows; whether to go on: another worker may be ahead."""
    with writing():
        one = locked_set(seq)
        if not one.is_at_work or one.state != State.DRAFTED or one.position != after:
            return False
        change_set.add_rows(one, rows)
        number = sum("case" in (row["proposed"] or {}) for row in rows)
        one.counts = counted(one.counts, {OPENING: number} if number else {})
        one.position = rows[-1]["number"]
    return True


def _give_up(seq: int, problem: str) -> None:
    with writing():
        one = locked_set(seq)
        one.problem, one.began_at = problem, None


def apply_batch(seq: int, *, daily_budget: int) -> bool:
    """Apply the next rows of a set; whether there may be more."""
    for attempt in range(ATTEMPTS):
        try:
            with writing():
                goes_on = _apply_batch(locked_set(seq), daily_budget)
            db.session.expunge_all()
            return goes_on
        except OperationalError as error:
            db.session.rollback()
            if not is_deadlock(error) or attempt == ATTEMPTS - 1:
                raise
            time.sleep(random.uniform(0.01, 0.1) * (attempt + 1))  # noqa: S311
    return False


def _apply_batch(one: ChangeSet, daily_budget: int) -> bool:
    if not one.is_at_work or one.state != State.CHECKED:
        return False
    if not may_still(one.actor, change_set.permission_of(one)):
        one.problem = NOT_ANY_MORE.format(by_name=one.by_name)
        return False
    rows, end = _next_rows(one), time.monotonic() + MOST_SECONDS
    customers = _locked_customers(rows)
    if has_several_writers(db.session.connection()):
        pairs.wait_for_all(_details(rows, customers))
    outcomes: Counter[str] = Counter()
    for row in rows:
        row.outcome = _apply(one, row, customers.get(row.customer_seq or 0), daily_budget)
        outcomes[row.outcome] += 1
        one.position = row.number
        if time.monotonic() > end:
            break
    one.counts = counted(one.counts, outcomes)
    if rows:
        return True
    one.state, one.began_at, one.ended_at = State.APPLIED, None, clock.now()
    undoing.note_undone(one)
    return False


def _next_rows(one: ChangeSet) -> Sequence[ChangeRow]:
    its_own = select(ChangeRow).where(
        ChangeRow.set_seq == one.seq,
        ChangeRow.number > one.position,
        ChangeRow.verdict.in_(TO_APPLY),
    )
    # What an undo will need to wait for is known only when it looks at the history: where others
    # write meanwhile, it takes one customer at a time.
    most = BATCH
    if has_several_writers(db.session.connection()):
        most = 1 if one.kind == Kind.UNDO else BATCH_BESIDE_OTHERS
    return db.session.scalars(its_own.order_by(ChangeRow.number).limit(most)).all()


def _locked_customers(rows: Sequence[ChangeRow]) -> Mapping[int, Customer]:
    """All customers of a batch, locked in their order before anything else is: so nobody waits for
    a batch who has what it waits for.
    """
    seqs = [row.customer_seq for row in rows if row.customer_seq]
    if not seqs:
        return {}
    query = select(Customer).where(Customer.seq.in_(seqs)).order_by(Customer.seq)
    return {one.seq: one for one in db.session.scalars(query.with_for_update())}


def _details(rows: Sequence[ChangeRow], customers: Mapping[int, Customer]) -> Iterator[Details]:
    """As they are and as they will be."""
    for row in rows:
        new = (row.proposed or {}).get("details", {})
        values = {name: value for name, value in new.items() if name in DETAILS}
        customer = customers.get(row.customer_seq or 0)
        if customer:
            yield customer.details
            yield replace(customer.details, **values)
        elif values:
            yield Details(**values)


def _apply(one: ChangeSet, row: ChangeRow, customer: Customer | None, daily_budget: int) -> Outcome:
    """Apply a row in a savepoint of its own."""
    try:
        with writing():
            outcome = _carry_out(one, row, customer, daily_budget)
    except Refusal as refusal:
        row.problems = problems_of(refusal)
        return Outcome.FAILED
    return outcome


def problems_of(refusal: Refusal) -> list[list[str]]:
    """A refusal as the problems of a row, each with the column it is about."""
    named = [[name, text] for name, texts in refusal.fields.items() for text in texts]
    return named or [["", refusal.message]]


def _carry_out(
    one: ChangeSet, row: ChangeRow, customer: Customer | None, daily_budget: int
) -> Outcome:
    person: Customer | Tombstone | None
    if customer is None and (row.customer_seq or one.kind != Kind.IMPORT):
        raise CustomerGone
    if one.kind == Kind.IMPORT:
        outcome, person = imports.carry_out(row, customer, by=one.actor)
    elif one.kind == Kind.UNDO:
        assert customer is not None
        undoing.take_back(one, row, customer.id)
        outcome, person = Outcome.DONE, db.session.get(Customer, customer.seq)
    else:
        assert customer is not None
        outcome, person = bulk.carry_out(one, row, customer, daily_budget=daily_budget)
    if person is not None and outcome is Outcome.DONE:
        row.version = person.version
        row.customer_seq = person.subject.seq
    return outcome


class CustomerGone(NoSuchCustomer):
    sentence = "This customer was deleted meanwhile, or merged into another"
