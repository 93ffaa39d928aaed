"""Lists of cases: what a list is asked for, the cases that answer it, and the blacklist as it was at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from webapp import clock
from webapp.customers.cases import REASON_NAMES, Blacklisting, Decision, Review, State
from webapp.customers.countries import dial_codes
from webapp.customers.models import Customer, Tombstone
from webapp.customers.wanted import LARGEST_PAGE, start_of_day, start_of_next_day
from webapp.database import db
from webapp.errors import Invalid
from webapp.numbers import whole_number

ROWS = 50
MOST_OPENERS = 50
NO_DIAL_CODE = "none"


class Which(StrEnum):
    """Of which cases a list consists, by how they stand now."""

    OPEN = "open"
    WAITING = "waiting"
    OVERDUE = "overdue"
    CLOSED = "closed"


class Happened(StrEnum):
    """What happened to the cases of a list between two days."""

    OPENED = "opened"
    REVIEWED = "reviewed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    LIFTED = "lifted"
    UNDONE = "undone"


@dataclass(frozen=True)
class Opener:
    """Who opened cases, as an address names them: `staff:3`, `key:2`, `system:operator`."""

    kind: str
    id: int | None
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name if self.id is None else self.id}"

    @classmethod
    def read(cls, text: str) -> "Opener":
        kind, _, who = text.partition(":")
        number = whole_number(who) if kind in ("staff", "key") else None
        if not who or kind not in ("staff", "key", "system") or (number is None) is (kind != "system"):
            raise ValueError(text)
        return cls(kind, number, who)


@dataclass(frozen=True, kw_only=True)
class CaseSearch:
    """What a list of cases shows.

    Attributes:
        happened: With `first` and `last`, days of the reader's zone, both included: what happened then.
        dial_code: Of the customer, as it is now; `NO_DIAL_CODE` for those without one.
        again: One case each, the last one, of customers who were blacklisted more than once.
        at: The cases that kept somebody on the blacklist at this moment.
    """

    which: Which | None = None
    happened: Happened | None = None
    first: date | None = None
    last: date | None = None
    reason: str | None = None
    opener: Opener | None = None
    dial_code: str | None = None
    again: bool = False
    at: datetime | None = None
    page: int = 1

    @classmethod
    def asked_for(cls, given: Mapping[str, str], *, zone: tzinfo = UTC) -> "CaseSearch":
        """Read a list's parameters as they stand in an address; empty ones count as absent.

        Raises:
            Invalid: `invalid_query`, with each parameter that means nothing.
        """
        readers: dict[str, Any] = {
            "which": Which,
            "happened": Happened,
            "first": date.fromisoformat,
            "last": date.fromisoformat,
            "reason": lambda text: _known(text, REASON_NAMES),
            "opener": Opener.read,
            "dial_code": lambda text: _known(text, dial_codes() | {NO_DIAL_CODE: ""}),
            "again": lambda text: bool(_known(text, {"1": True})),
            "at": lambda text: read_moment(text, zone),
            "page": _page,
        }
        values, problems = {}, {}
        for name, reader in readers.items():
            try:
                if given.get(name):
                    values[name] = reader(given[name])
            except (ValueError, OverflowError):
                problems[name] = ["This is not one of the values it can have"]
        if problems:
            raise Invalid("invalid_query", "This address has a part that means nothing", problems)
        return cls(**values)


def _known(text: str, names: Mapping[str, Any]) -> str:
    if text not in names:
        raise ValueError(text)
    return text


def _page(text: str) -> int:
    page = whole_number(text, least=1, most=LARGEST_PAGE)
    if page is None:
        raise ValueError(text)
    return page


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A moment in ISO 8601, in UTC; without an offset it is meant in `zone`.

    Raises:
        ValueError: it is none, or lies outside what can be stored.
    """
    moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if not moment >= clock.EPOCH:
        raise ValueError(text)
    return moment


@dataclass(frozen=True)
class ListedCase:
    """A case with whom it is about, or with what is left of them."""

    case: Blacklisting
    customer: Customer | None
    tombstone: Tombstone | None


@dataclass(frozen=True)
class CasePage:
    """One page of a list of cases; `total` is exact."""

    rows: Sequence[ListedCase]
    number: int
    total: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // ROWS))


def page_of(wanted: CaseSearch, zone: tzinfo = UTC) -> CasePage:
    """The cases that are asked for: what waits in the order of the queue, all else from the newest.

    A page beyond the last is the last one.
    """
    total = count(wanted, zone)
    number = min(wanted.page, max(1, -(-total // ROWS)))
    order = queue_order() if wanted.which in (Which.WAITING, Which.OVERDUE) else _NEWEST
    query = _matching(select(Blacklisting, Customer, Tombstone), wanted, zone)
    query = query.outerjoin(Tombstone, Tombstone.customer_seq == Blacklisting.customer_seq)
    rows = db.session.execute(query.order_by(*order).offset((number - 1) * ROWS).limit(ROWS)).tuples()
    return CasePage([ListedCase(*row) for row in rows], number, total)


_NEWEST = (Blacklisting.opened_at.desc(), Blacklisting.seq.desc())


def count(wanted: CaseSearch, zone: tzinfo = UTC, *, cap: int | None = None) -> int:
    """How many cases there are, exactly, or up to a cap."""
    some = _matching(select(Blacklisting.seq), wanted, zone).limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _matching(query: Any, wanted: CaseSearch, zone: tzinfo) -> Any:
    return query.outerjoin(Customer, Customer.seq == Blacklisting.customer_seq).where(*conditions(wanted, zone))


def conditions(wanted: CaseSearch, zone: tzinfo) -> list[ColumnElement[bool]]:
    """What a list asks for as conditions on `Blacklisting` and, outer joined to it, `Customer`."""
    found: list[ColumnElement[bool]] = []
    if wanted.which:
        found.append(_stands(wanted.which, clock.now()))
    if wanted.happened or wanted.first or wanted.last:
        found.append(_in_time(wanted, zone))
    if wanted.reason:
        found.append(Blacklisting.reason == wanted.reason)
    if wanted.opener:
        found += opened_by(wanted.opener)
    if wanted.dial_code:
        code = None if wanted.dial_code == NO_DIAL_CODE else wanted.dial_code
        found.append(Customer.dial_code.is_not_distinct_from(code) & Customer.seq.is_not(None))
    if wanted.again:
        found.append(Blacklisting.seq.in_(last_of_several()))
    if wanted.at:
        found.append(open_at(wanted.at))
    return found


def _stands(which: Which, now: datetime) -> ColumnElement[bool]:
    is_open = Blacklisting.closed_at.is_(None)
    match which:
        case Which.OPEN:
            return is_open
        case Which.WAITING:
            return Blacklisting.waiting(now)
        case Which.OVERDUE:
            return is_open & (Blacklisting.review_by <= now)
        case Which.CLOSED:
            return Blacklisting.closed_at.is_not(None)


def _in_time(wanted: CaseSearch, zone: tzinfo) -> ColumnElement[bool]:
    def between(moment: Any) -> ColumnElement[bool]:
        since = moment >= start_of_day(wanted.first, zone) if wanted.first else moment.is_not(None)
        until = moment < start_of_next_day(wanted.last, zone) if wanted.last else moment.is_not(None)
        return and_(since, until)

    happened = wanted.happened or Happened.OPENED
    if happened is Happened.OPENED:
        return between(Blacklisting.opened_at)
    if happened in (Happened.LIFTED, Happened.UNDONE):
        return between(Blacklisting.closed_at) & (Blacklisting.outcome == happened.value)
    reviewed = select(Review.case_seq).where(Review.undone_at.is_(None), between(Review.at))
    if happened is not Happened.REVIEWED:
        reviewed = reviewed.where(Review.decision == happened.value)
    return Blacklisting.seq.in_(reviewed)


def opened_by(opener: Opener) -> list[ColumnElement[bool]]:
    """The conditions of cases that somebody opened."""
    who = Blacklisting.opened_by_id == opener.id if opener.id else Blacklisting.opened_by_name == opener.name
    return [Blacklisting.opened_by_kind == opener.kind, who]


def last_of_several() -> Select[Any]:
    """The last case of each customer who was blacklisted more than once; what was taken back does not count."""
    counted = select(func.max(Blacklisting.seq)).where(Blacklisting.outcome.is_distinct_from(State.UNDONE.value))
    return counted.group_by(Blacklisting.customer_seq).having(func.count() > 1)


def open_at(moment: datetime) -> ColumnElement[bool]:
    """Whether a case kept somebody on the blacklist at a moment.

    That it was overturned and the review taken back soon after is told by its reviews; all else by its own times.
    """
    not_closed = or_(Blacklisting.closed_at.is_(None), Blacklisting.closed_at > moment)
    in_between = (Review.at <= moment) & (Review.undone_at > moment) & (Review.decision == Decision.OVERTURNED.value)
    wrongly_closed = select(Review.case_seq).where(in_between)
    return and_(Blacklisting.opened_at <= moment, not_closed, Blacklisting.seq.not_in(wrongly_closed))


def openers(wanted: CaseSearch) -> list[tuple[Opener, int]]:
    """Who opened the cases of a list, and how many each, most first."""
    key = (Blacklisting.opened_by_kind, Blacklisting.opened_by_id, case((Blacklisting.opened_by_id.is_(None), _NAME)))
    number = func.count().label("number")
    query = _matching(select(*key[:2], func.max(_NAME).label("name"), number), wanted, UTC).group_by(*key)
    rows = db.session.execute(query.order_by(number.desc(), "name").limit(MOST_OPENERS)).all()
    return [(Opener(row.opened_by_kind, row.opened_by_id, row.name), row.number) for row in rows]


_NAME = Blacklisting.opened_by_name


def queue_order() -> tuple[Any, ...]:
    """Overdue first, then the oldest."""
    return (is_overdue(clock.now()).desc(), Blacklisting.opened_at, Blacklisting.seq)


def is_overdue(now: datetime) -> ColumnElement[int]:
    """1 for an overdue case, 0 for others, as a query orders by it."""
    return case((Blacklisting.review_by <= now, 1), else_=0)
