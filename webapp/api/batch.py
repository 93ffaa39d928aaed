"""Saving many customers in one call, as a nightly sync does: each row by itself."""

from collections.abc import Iterator
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.exc import DBAPIError

from webapp.api import api
from webapp.api.auth import actor
from webapp.api.customers import without_flag
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.errors import failure_of, may_know
from webapp.api.idempotency import done_row_by_row
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.inputs import CustomerByReference, Given, duplicate_check
from webapp.api.wire.requests import read_object
from webapp.api.wire.schemas import A_REFERENCE, ANOTHER_ID, Failure, Wire, where_known
from webapp.customers import finding, register
from webapp.customers.fields import read_reference
from webapp.customers.models import Customer
from webapp.http.doors import needs
from webapp.http.refusals import Unavailable
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.refusals import InvalidDetails, Refusal
from webapp.staff.permissions import Permission

MOST = 500


class CustomerInBatch(CustomerByReference):
    """A customer as they should stand, under your reference or else under their address."""

    reference: str | None = Field(
        default=None,
        pattern=A_REFERENCE,
        description="Yours; without one, the e-mail address says who it is",
        examples=["A-1"],
    )


class BatchGiven(Given):
    """Several customers."""

    customers: list[CustomerInBatch | Any] = Field(
        min_length=1, max_length=MOST, description="Saved in this order"
    )


class RowOut(Wire):
    """What came of a customer of a batch."""

    outcome: Literal["created", "changed", "unchanged", "refused"] = Field(examples=["created"])
    customer_id: UUID | None = where_known("Unless it was refused", ANOTHER_ID)
    version: int | None = where_known("Of the customer now", 1)
    problem: Failure | None = where_known("Why it was refused, as a call by itself is told", None)


class BatchOut(Wire):
    """What came of each customer, in the order of the call."""

    results: list[RowOut]


class WrongNumber(InvalidDetails):
    sentence = f"Send 1 to {MOST} customers at once"


@api.post("/v1/customers/batch")
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Save up to 500 customers: each is added, changed, or as they were",
        why="For a nightly sync. Each row has its own result, and counts although another is "
        "refused; all together count as one call. Sent again, nothing is done twice.",
        tag=Tag.CUSTOMERS,
        names={"POST": "saveCustomers"},
        body=BatchGiven,
        answer=BatchOut,
        message="Customers saved",
        once=True,
    )
)
@done_row_by_row
def save_customers() -> ApiResponse:
    rows = BatchGiven.taken_from(read_object()).get("customers")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST:
        raise WrongNumber({"customers": [WrongNumber.sentence]})
    results = list(_results(rows))
    response = succeeded(BatchOut.model_construct(results=results))
    response.may_be_kept = all(row.outcome != "refused" for row in results)
    return response


def _results(rows: list[Any]) -> Iterator[RowOut]:
    """Once the database is away, the rest is told so: what came before is done."""
    is_away = False
    for row in rows:
        try:
            yield _refused(Unavailable()) if is_away else _saved(row)
        except DBAPIError as error:
            if not is_unavailable(error):
                raise
            is_away = True
            yield _refused(Unavailable())


def _refused(refusal: Refusal) -> RowOut:
    return RowOut(outcome="refused", problem=failure_of(refusal))


def _saved(row: Any) -> RowOut:
    """Nothing personal is told: the answer is kept for a day with its key. Who was there already
    is for programs that may see customers.
    """
    try:
        customer, outcome = _save(row)
    except Refusal as refusal:
        return _refused(refusal)
    if outcome != "created" and not may_know():
        return RowOut(outcome=outcome)
    return RowOut(outcome=outcome, customer_id=customer.id, version=customer.version)


def _save(row: Any) -> tuple[Customer, Any]:
    if not isinstance(row, dict):
        raise InvalidDetails.on("customers", "Each of them must be an object")
    fields = CustomerInBatch.taken_from(row)
    reference = fields.pop("reference", None)
    check = duplicate_check(fields)
    if reference is None:
        without_flag(fields, row, _seen(finding.find_by_typed_email(str(fields.get("email")))))
        return register.put_by_email(fields, by=actor(), check=check)
    try:
        known = read_reference(reference)
    except ValueError as problem:
        raise InvalidDetails.on("reference", problem) from None
    without_flag(fields, row, _seen(finding.find_by_reference(known)))
    return register.put_by_reference(known, fields, by=actor(), check=check)


def _seen(customer: Customer | None) -> Customer | None:
    """Nobody, for a program that may not see customers: it must not hear of a flag either."""
    return customer if may_know() else None
