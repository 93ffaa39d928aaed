"""Searches as SQL, on both engines: who matches, how well, and in which order."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_

from webapp.customers import merged
from webapp.customers.models import DIGITS_OF_ID_END, Customer, id_end
from webapp.customers.numbering.renumbering import phone_person
from webapp.kernel import clock
from webapp.kernel.clock import MILLISECOND
from webapp.kernel.dialects import contains, id_digits
from webapp.kernel.fields import typed_email_key
from webapp.kernel.folding import sought, sought_at_beginnings
from webapp.search.filters import CustomerFilter, Sort, Standing, start_of_day, start_of_next_day
from webapp.search.query import Query

# Of less, all of our references begin so.
LEAST_OF_A_REFERENCE = 6
LAST_MOMENT = datetime.max.replace(tzinfo=UTC) - MILLISECOND
EXACT, AT_BEGINNINGS, ANYWHERE = range(3)
ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.NEWEST: (Customer.created_at.desc(), Customer.seq.desc()),
    Sort.OLDEST: (Customer.created_at, Customer.seq),
    Sort.LAST_CHANGED: (Customer.updated_at.desc(), Customer.seq.desc()),
    Sort.FIRST_CHANGED: (Customer.updated_at, Customer.seq),
    Sort.NAME: (Customer.name_key, Customer.seq),
    Sort.NAME_REVERSED: (Customer.name_key.desc(), Customer.seq.desc()),
}


def restrictions(filters: CustomerFilter, zone: tzinfo) -> list[ColumnElement[bool]]:
    """The conditions for every filter except the text."""
    parts: list[ColumnElement[bool]] = []
    if filters.standing is Standing.WAITING:
        parts.append(Customer.waits_from <= clock.now())
    elif filters.standing is Standing.BLACKLISTED:
        parts.append(Customer.waits_from.is_not(None))  # as their partial indexes have it
    elif filters.standing is Standing.GOOD:
        parts.append(Customer.blacklisted.is_(False))
    if filters.dial_code:
        parts.append(Customer.dial_code == filters.dial_code)
    if filters.country:
        parts.append(Customer.other_country == filters.country)
    if filters.email:
        key = typed_email_key(filters.email)
        parts.append(or_(Customer.email_key == key, _survived(merged.has_email([key]))))
    if filters.phone:
        person = phone_person(filters.phone)
        parts.append(
            Customer.phone.in_([filters.phone, person]) | (Customer.phone_person == person)
        )
    if filters.reference:
        key = filters.reference.lower()
        its_own = func.lower(Customer.reference) == key
        parts.append(or_(its_own, _survived(merged.has_reference([key]))))
    return (
        parts
        + _in_range(Customer.created_at, created_range(filters, zone))
        + _in_range(Customer.updated_at, _range(filters.updated_from, filters.updated_to, zone))
    )


def _survived(meant: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a customer is one into whom such a record was merged."""
    return Customer.seq.in_([one.seq for one in merged.survivors(meant)])


def survivors(query: Query) -> tuple[int, ...]:
    """The customers into whom a record was merged that a handle of a search names; of very many,
    the first.
    """
    record = merged.MergedCustomer
    parts: list[ColumnElement[bool]] = [
        reference_begins(text, record.reference)
        for text in query.references
        if len(text) >= LEAST_OF_A_REFERENCE
    ]
    if query.email_key:
        parts.append(merged.has_email([query.email_key]))
    if query.id_range:
        parts.append(record.id.between(*query.id_range))
    if query.id_end:
        parts.append(id_digits(record.id).endswith(query.id_end))
    return tuple(one.seq for one in merged.survivors(or_(*parts))) if parts else ()


def _in_range(
    column: Any, span: tuple[datetime | None, datetime | None]
) -> list[ColumnElement[bool]]:
    first, end = span
    return [*([column >= first] if first else []), *([column < end] if end else [])]


def created_range(filters: CustomerFilter, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """The half-open range of creation: the first moment in the list, and the first one after it."""
    return _range(filters.created_from, filters.created_to, zone)


def _range(
    first: date | datetime | None, last: date | datetime | None, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    begin = first if first is None or isinstance(first, datetime) else start_of_day(first, zone)
    end = (
        _just_after(last)
        if last is None or isinstance(last, datetime)
        else start_of_next_day(last, zone)
    )
    return begin, end


def _just_after(moment: datetime | None) -> datetime | None:
    return moment + MILLISECOND if moment and moment < LAST_MOMENT else moment


def matches(query: Query) -> list[ColumnElement[bool]]:
    """Every term is found in any of its spellings, or the whole text is a handle: see `handles`."""
    return [or_(all_found(query), *handles(query))] if query.terms else []


def all_found(query: Query) -> ColumnElement[bool]:
    return and_(*(or_(*(_contains(sought(part)) for part in term)) for term in query.terms))


def handles(query: Query) -> list[ColumnElement[bool]]:
    """A reference is found only by its beginning, an id by its beginning or its end, an address
    also if its domain is spelled differently.
    """
    parts = [reference_begins(text) for text in query.references]
    if query.email_key:
        parts.append(Customer.email_key == query.email_key)
    if query.id_range:
        parts.append(Customer.id.between(*query.id_range))
    if query.id_end:
        parts.append(id_ends(query.id_end))
    if query.survivors:
        parts.append(Customer.seq.in_(query.survivors))
    return parts


def id_ends(digits: str) -> ColumnElement[bool]:
    indexed = id_end(Customer.id) == digits[-DIGITS_OF_ID_END:]
    return and_(indexed, id_digits(Customer.id).endswith(digits))


def reference_begins(text: str, reference: Any = Customer.reference) -> ColumnElement[bool]:
    column = func.lower(reference)
    return (column >= text) & (column < text + "\x7f")


def exact(query: Query) -> list[ColumnElement[bool]]:
    """The ways to match a customer exactly, each served by an index of its own."""
    ways: list[ColumnElement[bool]] = [
        func.lower(Customer.reference).in_([query.folded, *query.references])
    ]
    if query.email_key:
        ways.append(Customer.email_key == query.email_key)
    if query.name_keys:
        ways.append(Customer.name_key.in_(query.name_keys))
    if query.digits:
        ways.append(Customer.phone.in_(["+" + digits for digits in query.digits]))
    return ways


def rank(query: Query) -> ColumnElement[int]:
    """How well a customer matches; lower is better."""
    starts = and_(
        *(or_(*(_contains(sought_at_beginnings(part)) for part in term)) for term in query.terms)
    )
    ends = [Customer.phone.endswith(digits, autoescape=True) for digits in query.digits]
    begins = or_(starts, *ends, *handles(query))
    return case((or_(*exact(query)), EXACT), (begins, AT_BEGINNINGS), else_=ANYWHERE)


def order(filters: CustomerFilter) -> tuple[Any, ...]:
    if filters.understood.terms and filters.ranked:
        return (rank(filters.understood), Customer.seq.desc())
    return ORDERS[filters.sort]


def _contains(text: str) -> ColumnElement[bool]:
    return contains(Customer.search, text)
