"""The list of customers: page by page, or as a walk through all of them."""

from dataclasses import replace

from flask import request

from webapp.api import api
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.describing.headers import LINK
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.query_params import PARAMETERS, asked_list, link_to_next
from webapp.api.wire.schemas import CustomerOut, CustomersOut, Meta
from webapp.http.doors import needs
from webapp.kernel.refusals import InvalidQuery
from webapp.kernel.submission import Submission
from webapp.programs.change_feed import end_of_feed
from webapp.programs.cursors import Cursor
from webapp.search import results
from webapp.search.timeout import SearchTooWide
from webapp.staff.permissions import Permission

# What goes with a walk; its order is that in which customers were added.
OF_A_WALK = {"after", "take", "blacklist", "updatedFrom", "updatedTo"}
AFTER = {
    "name": "after",
    "in": "query",
    "schema": {"type": "string"},
    "example": "bDEuNDI",
    "description": "Walks through all customers in the order in which they were added, each once, "
    "whatever changes meanwhile: empty at first, then `next` of the last answer. Goes with "
    "`take`, `blacklist`, `updatedFrom` and `updatedTo` only",
}


@api.get("/v1/customers")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="List customers, or search for them",
        why="Page by page with `page`: rows move between pages while the book changes. To see"
        " each customer exactly once, walk with `after`.",
        tag=Tag.CUSTOMERS,
        answer=CustomersOut,
        message="Customers",
        refusals=("invalid_query", "search_too_wide"),
        parameters=(AFTER, *(parameter.description for parameter in PARAMETERS)),
        headers=LINK,
    )
)
def list_customers() -> ApiResponse:
    """A page has a number, and its rows move while the book changes; a walk has neither fault."""
    if "after" in request.args:
        return _walk(request.args["after"])
    filters = asked_list()
    some = replace(filters, rows=max(1, filters.rows))
    page = results.page_of(some, beyond_the_last=True)
    rows = [CustomerOut.of(row) for row in page.rows[: filters.rows]]
    meta = Meta.of(page, take=filters.rows)
    return succeeded(CustomersOut.model_construct(customers=rows, meta=meta))


def _walk(after: str) -> ApiResponse:
    filters, start = asked_list(), _read_after(after)
    if filters.rows == 0:
        raise InvalidQuery({"take": ["A walk takes 1 or more"]})
    # Of before the first row is read: what changes during the walk is told from here on.
    changes = None if after else Cursor.CHANGES.written(end_of_feed())
    try:
        stretch = results.stretch_after(filters, start, filters.rows)
    except SearchTooWide:
        raise InvalidQuery(
            {"updatedFrom": ["Too many were changed since; walk through all"]}
        ) from None
    following = Cursor.CUSTOMERS.written(stretch.last) if stretch.has_more else None
    rows = [CustomerOut.of(row) for row in stretch.rows]
    answer = CustomersOut.model_construct(customers=rows, next=following, changes=changes)
    response = succeeded(answer)
    if following:
        response.headers["Link"] = link_to_next(following)
    return response


def _read_after(after: str) -> int:
    submission = Submission()
    for name in request.args.keys() - OF_A_WALK:
        submission.note(name, "This does not go with after")
    submission.read("after", Cursor.CUSTOMERS.read, after or Cursor.CUSTOMERS.written(0))
    submission.refuse_if_wrong(InvalidQuery)
    return int(submission.values["after"])
