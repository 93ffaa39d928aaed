"""Adding a customer, exactly once, however often the same submission arrives."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from webapp.customers.changes import NoSuchCustomer, Taken, find_tombstone
from webapp.customers.clashes import values_of
from webapp.customers.edit import Check, change, let_pass
from webapp.customers.fields import Details, ask_for_a_name, read_details, read_reference
from webapp.customers.finding import find_by_reference, find_by_typed_email, find_customer
from webapp.customers.models import Customer, new_id, new_reference
from webapp.customers.uniqueness import note_taken, refuse_taken
from webapp.history.changes import adding
from webapp.history.entries import Actor, first_entry
from webapp.kernel import clock
from webapp.kernel.dialects import broken_constraint
from webapp.kernel.refusals import Invalid
from webapp.kernel.submission import Submission

ATTEMPTS_AT_A_REFERENCE = 5


class NoFreeReference(Invalid):
    code = "reference_taken"
    sentence = "No free reference was found; try again"


class NoCustomerWithReference(NoSuchCustomer):
    sentence = "There is no customer with this reference"


def register(
    raw: Mapping[str, Any], *, by: Actor, customer_id: UUID | None = None, check: Check = let_pass
) -> Customer:
    """Add a customer.

    Args:
        raw: As for `read_details`, and optionally `reference`.
        check: May refuse the details, in the transaction that adds them.
        customer_id: Made in advance with `new_id` where a submission may arrive twice: the second
            one finds the customer that the first one made, and changes nothing. Different details
            under the same id make a separate customer.

    Raises:
        Invalid: `reference_taken` or `email_taken` first, else `invalid_details`.
    """
    submission = read_new(raw, by=by)
    may_be_a_repeat = customer_id is not None and not find_tombstone(customer_id)
    customer_id = customer_id if customer_id and may_be_a_repeat else new_id()
    for _ in range(ATTEMPTS_AT_A_REFERENCE):
        try:
            return _insert(submission, customer_id, by, check, may_be_a_repeat=may_be_a_repeat)
        except _IsThere:
            twin = find_customer(customer_id)
        except (IntegrityError, Invalid) as error:
            twin = find_customer(customer_id)
            if twin is None and isinstance(error, Invalid):
                raise
            if twin is None:
                _refuse_unless_the_reference_was_made(submission, error, raw)
        if twin and _was_made_by(twin, submission):
            return twin
        customer_id = new_id() if twin else customer_id
    raise NoFreeReference


def read_new(raw: Mapping[str, Any], *, by: Actor) -> Submission:
    """Read what is submitted to add a customer, with every problem that the book need not be asked
    about.
    """
    submission = read_details(raw)
    if by.kind != "key":
        ask_for_a_name(submission)
    if raw.get("reference") is not None:
        submission.read("reference", read_reference, raw["reference"])
    return submission


def says_the_same(customer: Customer, raw: Mapping[str, Any]) -> bool:
    """Whether a submission agrees with the customer's stored details."""
    submission = read_details(raw)
    stands = values_of(customer.details)
    return not submission.problems and stands == {
        name: submission.values.get(name) for name in stands
    }


def put_by_reference(
    reference: str,
    raw: Mapping[str, Any],
    *,
    by: Actor,
    only_versions: Collection[int] | None = None,
    check: Check = let_pass,
) -> tuple[Customer, str]:
    """Create or update the customer with this reference.

    Returns:
        The customer, and `created`, `changed` or `unchanged`.

    Raises:
        Invalid: `invalid_details`, or `email_taken`.
        Outdated: the version is none of `only_versions`.
        NotFound: `customer_not_found`, if `only_versions` is given and nobody has this reference.
    """
    known = find_by_reference(reference)
    if known is None and only_versions is not None:
        raise NoCustomerWithReference
    if known is None:
        try:
            return register({**raw, "reference": reference}, by=by, check=check), "created"
        except Taken as taken:
            known = find_by_reference(reference)  # a concurrent request created it
            if known is None or taken.code != "reference_taken":
                raise
    return _put(known, raw, by=by, only_versions=only_versions, check=check)


def put_by_email(
    raw: Mapping[str, Any], *, by: Actor, check: Check = let_pass
) -> tuple[Customer, str]:
    """Create or update the customer with this e-mail address, in any spelling; the address of a
    record that was merged leads to the survivor, who keeps their own.

    Returns:
        The customer, and `created`, `changed` or `unchanged`.

    Raises:
        Invalid: `invalid_details`.
    """
    known = _find_by_email_in(raw)
    if known is None:
        try:
            return register(raw, by=by, check=check), "created"
        except Taken as taken:
            known = _find_by_email_in(raw)  # a concurrent request created it
            if known is None or taken.code != "email_taken":
                raise
    others = {name: value for name, value in raw.items() if name != "email"}
    return _put(known, others, by=by, check=check)


def _find_by_email_in(raw: Mapping[str, Any]) -> Customer | None:
    email = raw.get("email")
    return find_by_typed_email(email) if isinstance(email, str) else None


def _put(known: Customer, raw: Mapping[str, Any], **more: Any) -> tuple[Customer, str]:
    done = change(known.id, raw, **more)
    return done.customer, "changed" if done.fields else "unchanged"


def _was_made_by(twin: Customer, submission: Submission) -> bool:
    """Whether this submission added the customer, rather than another one with the same id."""
    first = first_entry(twin.subject)
    made = {name: first.new(name) if first else None for name in values_of(twin.details)}
    return made == {name: submission.values.get(name) for name in made}


class _IsThere(Exception):
    """A customer with this id already exists."""


def _insert(
    submission: Submission,
    customer_id: UUID,
    by: Actor,
    check: Check,
    *,
    may_be_a_repeat: bool,
) -> Customer:
    values = dict(submission.values)
    reference = values.pop("reference", None) or new_reference()

    def make() -> Customer:
        if may_be_a_repeat and find_customer(customer_id):
            raise _IsThere
        note_taken(submission, other_than=None)
        submission.refuse_if_wrong()
        check(Details(**values), None)
        now = clock.now()
        customer = Customer(
            id=customer_id, reference=reference, version=1, created_at=now, updated_at=now
        )
        customer.take(Details(**values))
        return customer

    with adding(make, by=by) as change:
        new = {name: value for name, value in values.items() if value is not None}
        known = {"id": str(customer_id), "reference": reference}
        change.record("created", new=known | new)
        return change.row


def _refuse_unless_the_reference_was_made(
    submission: Submission, error: Exception, raw: Mapping[str, Any]
) -> None:
    """A generated reference that collides is replaced by another; a given one is refused
    as taken.
    """
    lost_a_made_one = isinstance(error, IntegrityError) and "reference" in broken_constraint(error)
    if not lost_a_made_one or raw.get("reference") is not None:
        refuse_taken(submission, error)
