"""The rows of a set as its page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import or_, select

from webapp.batches.models import ChangeRow, ChangeSet, Verdict
from webapp.customers.clashes import values_of
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.fields import full_name
from webapp.web.batches.pages import Difference, RowView
from webapp.web.words.terms import FIELD_NAMES

SAMPLES = 10
ROWS = 50
COLUMNS = FIELD_NAMES | {
    "country": "Country code",
    "home": "Country",
    "blacklist": "Blacklisted",
    "id": "Id",
}


@dataclass(frozen=True)
class Part:
    """Some rows of one group; `older` is the number after which there are more."""

    rows: Sequence[RowView]
    after: int | None


def part_of(one: ChangeSet, group: str, *, after: int, most: int, may_decide: bool) -> Part:
    """The rows of a set with a verdict or outcome, behind a number."""
    is_in = or_(ChangeRow.verdict == group, ChangeRow.outcome == group)
    query = select(ChangeRow).where(ChangeRow.set_seq == one.seq, ChangeRow.number > after, is_in)
    there = db.session.scalars(query.order_by(ChangeRow.number).limit(most + 1)).all()
    rows = there[:most]
    people = _people([row.customer_seq for row in rows if row.customer_seq])
    views = [_view(row, people.get(row.customer_seq or 0), may_decide) for row in rows]
    return Part(views, rows[-1].number if len(there) > most else None)


def _people(seqs: Sequence[int]) -> Mapping[int, Customer]:
    if not seqs:
        return {}
    query = select(Customer).where(Customer.seq.in_(seqs))
    return {one.seq: one for one in db.session.scalars(query)}


def _view(row: ChangeRow, customer: Customer | None, may_decide: bool) -> RowView:
    proposed = row.proposed or {}
    details = proposed.get("details", {})
    name, email = _who(details, customer, row)
    is_held = row.verdict == Verdict.HELD and row.outcome is None
    there = url_for("customers.show_customer", customer_id=customer.id) if customer else None
    return RowView(
        number=row.number,
        name=name,
        email=email,
        address=there,
        differences=_differences(details, proposed, customer if not row.outcome else None),
        problems=[(COLUMNS.get(field, field), text) for field, text in row.problems or ()],
        verdict=row.verdict or "",
        outcome=row.outcome,
        may_decide=is_held and may_decide,
    )


def _who(details: Mapping[str, str], customer: Customer | None, row: ChangeRow) -> tuple[str, str]:
    if customer:
        return customer.full_name, customer.email
    if details.get("email"):
        names = (details.get("first_name", ""), details.get("last_name", ""))
        return full_name(*names, details["email"]), details["email"]
    cells = [cell for cell in row.cells or () if cell.strip()]
    return ", ".join(cells[:4])[:200] or "Somebody who is not in the book", ""


def _differences(
    details: Mapping[str, str], proposed: Mapping[str, Mapping[str, str]], customer: Customer | None
) -> list[Difference]:
    stands = values_of(customer.details) if customer else {}
    differences = [
        Difference(COLUMNS[name], stands.get(name) or "", value or "")
        for name, value in details.items()
        if (value or "") != (stands.get(name) or "")
    ]
    if "case" in proposed and proposed["case"] and isinstance(proposed["case"], dict):
        differences.append(Difference(COLUMNS["blacklist"], "", proposed["case"]["reason"]))
    return differences
