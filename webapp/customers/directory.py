"""The directory: find a customer, register one, change one. Two people who edit at once never lose a change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from webapp.customers.changes import Taken, changing_customer, find_tombstone, missing
from webapp.customers.clashes import ChangedMeanwhile, as_it_was, merge, values_of
from webapp.customers.fields import (
    REFERENCE,
    UUID_SHAPED,
    Details,
    Submission,
    ask_for_a_name,
    read_details,
    read_reference,
)
from webapp.customers.models import Customer, new_id, new_reference
from webapp.history.changes import Change, adding
from webapp.history.entries import Actor, HistoryEntry, entries_since, first_entry
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.dialects import broken_constraint
from webapp.kernel.fields import email_key, typed_email_key
from webapp.kernel.refusals import Invalid, NotFound

TAKEN = {"email": "A customer with this e-mail address is in the book already", "reference": "This reference is taken"}
ATTEMPTS_AT_A_REFERENCE = 5


@dataclass(frozen=True)
class Edit:
    """What a change of details did.

    Attributes:
        customer: As it stands now.
        fields: What this change altered; empty when everything already was as submitted.
        merged: What others changed since the submitted version and was kept.
    """

    customer: Customer
    fields: tuple[str, ...]
    merged: tuple[HistoryEntry, ...]


def find_customer(customer_id: UUID) -> Customer | None:
    return db.session.scalar(_BY_ID, {"id": customer_id})


_BY_ID = select(Customer).where(Customer.id == bindparam("id"))
_BY_EMAIL_KEY = select(Customer).where(Customer.email_key == bindparam("email_key"))


def get_customer(customer_id: UUID) -> Customer:
    """The customer with this id.

    Raises:
        NotFound: `customer_not_found`; `CustomerDeleted` when they were in the book once.
    """
    customer = find_customer(customer_id)
    if customer is None:
        raise missing(customer_id)
    return customer


def get_by_handle(handle: str) -> Customer:
    """The customer with this id, e-mail address or reference, in any spelling of each.

    Raises:
        NotFound: `customer_not_found`.
    """
    if UUID_SHAPED.fullmatch(handle):
        return get_customer(UUID(handle))
    customer = find_by_typed_email(handle) if "@" in handle else find_by_reference(handle)
    if customer is None:
        raise NotFound("customer_not_found", "There is no such customer")
    return customer


def find_by_typed_email(email: str) -> Customer | None:
    """The customer with this address in any spelling; none when it is no address."""
    return db.session.scalar(_BY_EMAIL_KEY, {"email_key": typed_email_key(email)})


def find_by_reference(reference: str) -> Customer | None:
    """The customer with this reference, without regard to case; none when it is no reference."""
    if not REFERENCE.fullmatch(reference):
        return None
    return db.session.scalar(select(Customer).where(func.lower(Customer.reference) == reference.lower()))


def find_by_email(email: str) -> Customer | None:
    """The customer with this address, without regard to case; `email` in normal form."""
    return db.session.scalar(_BY_EMAIL_KEY, {"email_key": email_key(email)})


def register(given: Mapping[str, Any], *, by: Actor, customer_id: UUID | None = None) -> Customer:
    """Add a customer.

    Args:
        given: As for `read_details`, and optionally `reference`.
        customer_id: Made beforehand by `new_id` where a submission may arrive twice: the second one finds the
            customer that the first one made, and changes nothing. Other details under the same id are somebody else.

    Raises:
        Invalid: `invalid_details`, or `email_taken` or `reference_taken` when that alone is wrong.
    """
    submission = read_details(given)
    if by.kind != "key":
        ask_for_a_name(submission)
    if given.get("reference") is not None:
        submission.read("reference", read_reference, given["reference"])
    may_be_a_repeat = customer_id is not None and not find_tombstone(customer_id)
    customer_id = customer_id if customer_id and may_be_a_repeat else new_id()
    for _ in range(ATTEMPTS_AT_A_REFERENCE):
        try:
            return _insert(submission, customer_id, by, may_be_a_repeat=may_be_a_repeat)
        except _IsThere:
            twin = find_customer(customer_id)
        except (IntegrityError, Invalid) as error:
            twin = find_customer(customer_id)
            if twin is None and isinstance(error, Invalid):
                raise
            if twin is None:
                _refuse_unless_the_reference_was_made(submission, error, given)
        if twin and _was_made_by(twin, submission):
            return twin
        customer_id = new_id() if twin else customer_id
    raise Invalid("reference_taken", "No free reference was found; try again")


def says_the_same(customer: Customer, given: Mapping[str, Any]) -> bool:
    """Whether a submission says of a customer what stands in the book already."""
    submission = read_details(given)
    stands = values_of(customer.details)
    return not submission.problems and stands == {name: submission.values.get(name) for name in stands}


def put_by_reference(
    reference: str, given: Mapping[str, Any], *, by: Actor, only_versions: Collection[int] | None = None
) -> tuple[Customer, str]:
    """Let a customer stand under a reference as a program says: added, changed, or as they were.

    Returns:
        The customer, and `created`, `changed` or `unchanged`.

    Raises:
        Invalid: `invalid_details`, or `email_taken`.
        Outdated: the version is another one than `only_versions`.
        NotFound: `customer_not_found`, when there are `only_versions` and nobody has this reference.
    """
    known = find_by_reference(reference)
    if known is None and only_versions is not None:
        raise NotFound("customer_not_found", "There is no customer with this reference")
    if known is None:
        try:
            return register({**given, "reference": reference}, by=by), "created"
        except Taken as taken:
            known = find_by_reference(reference)  # somebody was quicker
            if known is None or taken.code != "reference_taken":
                raise
    done = change(known.id, given, by=by, only_versions=only_versions)
    return done.customer, "changed" if done.fields else "unchanged"


def _was_made_by(twin: Customer, submission: Submission) -> bool:
    """Whether the customer was added by this very submission, and not by another one with the same id."""
    first = first_entry(twin.subject)
    made = {name: first.new(name) if first else None for name in values_of(twin.details)}
    return made == {name: submission.values.get(name) for name in made}


class _IsThere(Exception):
    """Somebody has this id already."""


def _insert(submission: Submission, customer_id: UUID, by: Actor, *, may_be_a_repeat: bool) -> Customer:
    values = dict(submission.values)
    reference = values.pop("reference", None) or new_reference()

    def make() -> Customer:
        if may_be_a_repeat and find_customer(customer_id):
            raise _IsThere
        _note_taken(submission, other_than=None)
        submission.refuse_if_wrong()
        now = clock.now()
        customer = Customer(id=customer_id, reference=reference, version=1, created_at=now, updated_at=now)
        customer.take(Details(**values))
        return customer

    with adding(make, by=by) as change:
        said = {name: value for name, value in values.items() if value is not None}
        change.record("created", new={"reference": reference} | said)
        return change.row


def _note_taken(submission: Submission, *, other_than: Customer | None) -> None:
    """Say first that somebody is there already: of the reference, then of the address, before all other problems.

    Raises:
        Taken: `reference_taken` or `email_taken`, with every problem by field.
    """
    values = submission.values
    email, reference = values.get("email"), values.get("reference")
    by_email = find_by_email(email) if email and "email" not in submission.problems else None
    by_email = None if by_email is other_than else by_email
    by_reference = find_by_reference(reference) if reference else None
    owners = {field: owner for field, owner in (("reference", by_reference), ("email", by_email)) if owner}
    submission.problems |= {field: [TAKEN[field]] for field in owners}
    for field, owner in owners.items():
        raise Taken(field, TAKEN[field], submission.problems, owner.id)


def _refuse_unless_the_reference_was_made(submission: Submission, error: Exception, given: Mapping[str, Any]) -> None:
    """A reference that we made up may collide and is made anew; one that was given is taken."""
    lost_a_made_one = isinstance(error, IntegrityError) and "reference" in broken_constraint(error)
    if not lost_a_made_one or given.get("reference") is not None:
        _refuse_taken(submission, error)


def _refuse_taken(submission: Submission, error: Exception) -> NoReturn:
    """Say what the database refused in a race, in the words of the check that came too early to see it."""
    if isinstance(error, IntegrityError) and any(field in broken_constraint(error) for field in TAKEN):
        _note_taken(submission, other_than=None)
    raise error


def change(
    customer_id: UUID,
    given: Mapping[str, Any],
    *,
    based_on: int | None = None,
    by: Actor,
    only_versions: Collection[int] | None = None,
) -> Edit:
    """Change a customer's details.

    Each group of fields is merged by itself: what the submission did not alter since `based_on` keeps what others
    made of it; what both altered, differently, is refused and asked about.

    Args:
        given: As for `read_details`; what is absent stays.
        based_on: The version that the submission was typed over; without it, the present one.
        only_versions: Refuse, instead of merging, unless the customer's version is one of these.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, or `email_taken`.
        ChangedMeanwhile: with the fields that both altered.
        Outdated: the version is another one than `only_versions`.
    """
    try:
        with changing_customer(customer_id, by=by, only_versions=only_versions) as change:
            return _change(change, given, change.row.version if based_on is None else based_on)
    except IntegrityError as error:
        _refuse_taken(read_details(given), error)


def _change(change: Change[Customer], given: Mapping[str, Any], based_on: int) -> Edit:
    customer = change.row
    meanwhile = entries_since(customer.subject, based_on) if based_on < customer.version else []
    base, current = as_it_was(customer, meanwhile), values_of(customer.details)
    submission = read_details(given, stored=Details(**base))
    if change.by.kind != "key":
        ask_for_a_name(submission, Details(**base))
    if submission.values.get("email") != base["email"]:
        _note_taken(submission, other_than=customer)
    submission.refuse_if_wrong()
    wanted, clashes = merge(base, current, submission.values, meanwhile)
    if clashes:
        raise ChangedMeanwhile(clashes, Details(**wanted), customer.version)
    changed = tuple(name for name in wanted if wanted[name] != current[name])
    merged = tuple(entry for entry in meanwhile if set(entry.fields) & current.keys())
    if changed:
        customer.take(Details(**wanted))
        kind = "changed_on_blacklist" if customer.blacklisted else "changed"
        old, new = ({name: some[name] for name in changed} for some in (current, wanted))
        change.record(kind, old=old, new=new, based_on=based_on)
    return Edit(customer, changed, merged)
