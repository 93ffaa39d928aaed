"""How many cases there are of each kind, kept in step with each, so that neither the figures nor
the queue need count them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
)

from webapp.blacklist.filters import NO_DIAL_CODE, Opener
from webapp.blacklist.models import WAITS_FROM, Blacklisting, CaseTally, CountedCases, State
from webapp.customers.merged import OF_MERGES
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.kernel import clock
from webapp.kernel.database import Moment, db
from webapp.kernel.dialects import is_sqlite, try_advisory_lock
from webapp.kernel.prepared import Prepared, asked


class Cases(NamedTuple):
    """What the cases of a customer are counted by: their number without undone ones, and of the
    open one, if there is one, its reason, its opener, their dial code, and the days from which it
    waits for review and by which it is due.
    """

    times: int
    reason: str | None
    opener: str | None
    dial_code: str | None
    waits: str | None
    due: str | None

    def figures(self) -> Counter[tuple[str, str]]:
        """The figures in which they count, each with whose it is."""
        open_ones = self._asdict() | {"times": None}
        by = open_ones | {AGAIN: "" if self.times > 1 else None}
        return Counter((figure, whose) for figure, whose in by.items() if whose is not None)


AGAIN = "again"
NO_CASES = Cases(0, None, None, None, None, None)


class CaseCounts(Projection):
    """Keeps the number of cases in each figure: those of an open case, and of the customers who
    were blacklisted more than once.

    Each change adds to `case_tally` what differs from `counted_cases`; now and then somebody adds
    up what all have left.
    """

    def follow(self, change: Change[Any]) -> None:
        if not isinstance(change.row, Customer) or not _concerns_cases(change):
            return
        seq, connection = change.subject.seq, db.session.connection()
        if not is_sqlite():  # or a rebuild could count them a second time
            asked(connection, "LOCK TABLE case_tally IN ROW EXCLUSIVE MODE")
        before, after = _counted(seq), _cases(seq)
        if before != after:
            _tell(after.figures(), before.figures())
            db.session.execute(delete(CountedCases).where(CountedCases.customer_seq == seq))
            _write([{"customer_seq": seq} | after._asdict()] if after.times else [])
        if (seq + change.row.version) % CHANGES_TO_A_SUM == 0:
            _add_up()

    def faults(self) -> Iterator[str]:
        true = dict(_everybody())
        ours = {row.customer_seq: Cases(*row[1:]) for row in db.session.execute(_COUNTED)}
        for seq in sorted(true.keys() | ours.keys()):
            if true.get(seq) != ours.get(seq):
                yield f"the cases of customer {seq} are counted as others"
        figures = Counter[tuple[str, str]]()
        for cases in true.values():
            figures.update(cases.figures())
        tallied = _tallied()
        for figure, whose in sorted(figures.keys() | tallied.keys()):
            if figures[figure, whose] != tallied[figure, whose]:
                yield f"the number of cases by {figure} {whose} is wrong"

    def rebuild(self) -> None:
        if not is_sqlite():
            asked(db.session.connection(), "LOCK TABLE case_tally IN EXCLUSIVE MODE")
        db.session.execute(delete(CaseTally))
        db.session.execute(delete(CountedCases))
        figures = Counter[tuple[str, str]]()
        everybody = list(_everybody())
        _write([{"customer_seq": seq} | cases._asdict() for seq, cases in everybody])
        for _, cases in everybody:
            figures.update(cases.figures())
        _tell(figures, Counter())


CHANGES_TO_A_SUM = 64


def _concerns_cases(change: Change[Any]) -> bool:
    is_listed = any(values and values["blacklisted"] for values in (change.before, change.after))
    return is_listed or change.kind in OF_MERGES


def _counted(seq: int) -> Cases:
    row = db.session.execute(_COUNTED.where(CountedCases.customer_seq == seq)).first()
    return Cases(*row[1:]) if row else NO_CASES


def _cases(seq: int) -> Cases:
    row = db.session.execute(_DERIVED.where(Blacklisting.customer_seq == seq)).first()
    return _read(row)[1] if row else NO_CASES


def _everybody() -> Iterator[tuple[int, Cases]]:
    """The cases of all customers, deleted ones among them."""
    rows = db.session.execute(_DERIVED.order_by(Blacklisting.customer_seq))
    return ((seq, cases) for seq, cases in map(_read, rows) if cases.times)


def _read(row: Any) -> tuple[int, Cases]:
    opener = None if row.kind is None else f"{row.kind}:{row.id or ''}:{row.name}"
    dial_code = None if row.kind is None else (row.dial_code or NO_DIAL_CODE)
    waits, due = _day(row.waits), _day(row.due)
    return row.customer_seq, Cases(int(row.times), row.reason, opener, dial_code, waits, due)


def _day(moment: datetime | None) -> str | None:
    """The day of a moment (UTC), as text that sorts like it."""
    return None if moment is None else f"{clock.to_milliseconds(moment) // DAY:06d}"


DAY = 86_400_000


def _of_open(column: Any, type_: Any = None) -> Any:
    """A column of the open case, of which a customer has one at most."""
    return func.max(case((Blacklisting.closed_at.is_(None), column)), type_=type_)


_is_counted = Blacklisting.outcome.is_distinct_from(State.UNDONE.value)
_DERIVED = (
    select(
        Blacklisting.customer_seq,
        func.sum(case((_is_counted, 1), else_=0)).label("times"),
        _of_open(Blacklisting.reason).label("reason"),
        _of_open(Blacklisting.opened_by_kind).label("kind"),
        _of_open(Blacklisting.opened_by_id).label("id"),
        _of_open(Blacklisting.opened_by_name).label("name"),
        _of_open(literal_column(WAITS_FROM, Moment), Moment).label("waits"),
        _of_open(Blacklisting.review_by, Moment).label("due"),
        func.max(Customer.dial_code).label("dial_code"),
    )
    .outerjoin(Customer, Customer.seq == Blacklisting.customer_seq)
    .group_by(Blacklisting.customer_seq)
)
_COUNTED: Any = select(*cast(Table, CountedCases.__table__).c)


def _tell(more: Counter[tuple[str, str]], less: Counter[tuple[str, str]]) -> None:
    """Leave in the tally by how much the figures differ."""
    steps = {key: more[key] - less[key] for key in more | less}
    rows = [
        {"figure": figure, "whose": whose, "number": number}
        for (figure, whose), number in steps.items()
        if number
    ]
    if rows:
        db.session.execute(insert(CaseTally), rows)


def _write(rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(CountedCases), rows)


def _tallied() -> Counter[tuple[str, str]]:
    sums = select(CaseTally.figure, CaseTally.whose, func.sum(CaseTally.number))
    rows = db.session.execute(sums.group_by(CaseTally.figure, CaseTally.whose))
    return Counter({(figure, whose): int(number) for figure, whose, number in rows if number})


def _add_up() -> None:
    """Leave one row for each figure, unless somebody else is doing it."""
    connection = db.session.connection()
    if is_sqlite():
        last = db.session.scalar(select(func.max(CaseTally.id))) or 0
        asked(connection, f"{_SUMS} FROM case_tally WHERE id <= :last {_OF_EACH}", last=last)
        asked(connection, "DELETE FROM case_tally WHERE id <= :last", last=last)
    elif try_advisory_lock(connection, ADDING_UP):
        gone = "WITH gone AS (DELETE FROM case_tally RETURNING *)"
        asked(connection, f"{gone} {_SUMS} FROM gone {_OF_EACH}")


# The number of the advisory lock of whoever adds up.
ADDING_UP = 20_261_127
_SUMS = "INSERT INTO case_tally (figure, whose, number) SELECT figure, whose, sum(number)"
_OF_EACH = "GROUP BY figure, whose HAVING sum(number) <> 0"


def totals(figure: str) -> dict[str, int]:
    """The number of open cases by a field of `Cases`."""
    rows = _TOTALS.all(db.session.connection(), figure=figure)
    return {whose: int(number) for whose, number in rows if number}


def openers() -> list[tuple[Opener, int]]:
    """Who opened the open cases, with the number for each, largest first."""
    numbers, names = Counter[tuple[str, int | None, str]](), dict[Any, str]()
    for whose, number in totals("opener").items():
        kind, id_, name = whose.split(":", 2)
        key = (kind, int(id_) if id_ else None, "" if id_ else name)
        numbers[key] += number
        names[key] = max(name, names.get(key, ""))
    openers_ = [(Opener(*key[:2], names[key]), number) for key, number in numbers.items()]
    return sorted(openers_, key=lambda one: (-one[1], one[0].name))[:MAX_OPENERS]


MAX_OPENERS = 50


def number_open() -> int:
    return sum(totals("reason").values())


def number_again() -> int:
    """How many customers were blacklisted more than once."""
    return totals(AGAIN).get("", 0)


def number_waiting(now: datetime) -> int:
    """How many cases wait for review: those of earlier days from the tally, the rest counted."""
    return _number_until(_WAITING, now)


def number_overdue(now: datetime) -> int:
    """How many open cases should have been reviewed by now."""
    return _number_until(_OVERDUE, now)


def _number_until(query: Prepared, now: datetime) -> int:
    day = clock.to_milliseconds(now) // DAY
    values = {"day": f"{day:06d}", "midnight": clock.from_milliseconds(day * DAY), "now": now}
    return int(query.first(db.session.connection(), **values).number)


_tally = cast(Table, CaseTally.__table__).c
_customer = cast(Table, Customer.__table__)
_cases_table = cast(Table, Blacklisting.__table__)
_TOTALS = Prepared(
    select(_tally.whose, func.sum(_tally.number).label("number"))
    .where(_tally.figure == bindparam("figure"))
    .group_by(_tally.whose)
)
_since_midnight = (bindparam("midnight", type_=Moment), bindparam("now", type_=Moment))


def _with_earlier_days(figure: str, rest: Select[Any]) -> Prepared:
    earlier = select(func.coalesce(func.sum(_tally.number), 0)).where(
        _tally.figure == literal(figure), _tally.whose < bindparam("day")
    )
    return Prepared(select((earlier.scalar_subquery() + rest.scalar_subquery()).label("number")))


_WAITING = _with_earlier_days(
    "waits",
    select(func.count())
    .select_from(_customer)
    .where(_customer.c.waits_from.between(*_since_midnight)),
)
_OVERDUE = _with_earlier_days(
    "due",
    select(func.count())
    .select_from(_cases_table)
    .where(_cases_table.c.closed_at.is_(None), _cases_table.c.review_by.between(*_since_midnight)),
)
