"""Calls for programs that take all customers of a list along, as a file."""

from datetime import UTC

from flask import Response, request

from webapp.api import api
from webapp.api.auth import actor
from webapp.api.openapi import BY_ID, Call, described
from webapp.api.query_params import PARAMETERS, asked_list
from webapp.http.doors import needs
from webapp.http.streaming import streamed
from webapp.kernel.refusals import InvalidDetails, InvalidQuery
from webapp.search.filters import CustomerFilter
from webapp.staff.permissions import Permission
from webapp.transfer import exports
from webapp.transfer.exports import COLUMNS, Export

# Not of a file: it has everybody, in the order of creation.
OF_PAGES = {"page", "take", "order"}
# What may be somebody's name or address does not stand in the history.
PERSONAL = {"search", "email", "phone", "reference"}
AN_ID = BY_ID["example"]
COLUMNS_ASKED = {
    "name": "columns",
    "in": "query",
    "schema": {"type": "string", "examples": ["id,reference,email"]},
    "description": f"Comma-separated, all if it is left out: {', '.join(COLUMNS)}",
}
FILTERS = tuple(one.description for one in PARAMETERS if one.name not in OF_PAGES)
IN_WORDS = [one.name for one in PARAMETERS if one.name not in OF_PAGES | PERSONAL]


def _file(media: str, *, summary: str, example: str) -> Call:
    return Call(
        summary=summary,
        media=media,
        example=example,
        refusals=("invalid_query", "search_too_wide", "export_too_wide"),
        parameters=(*FILTERS, COLUMNS_ASKED),
    )


@api.get("/v1/customers.csv")
@needs(Permission.EXPORT)
@described(
    _file(
        "text/csv",
        summary="Take the customers of a list along as CSV",
        example=f'"id","email"\r\n"{AN_ID}","ama.mensah@example.com"\r\n',
    )
)
def export_csv() -> Response:
    return streamed(
        lambda: exports.csv_of(_begin(), by=actor(), for_people=False),
        mimetype="text/csv",
        name="customers.csv",
    )


@api.get("/v1/customers.ndjson")
@needs(Permission.EXPORT)
@described(
    _file(
        "application/x-ndjson",
        summary="Take the customers of a list along, a JSON object a line",
        example=f'{{"id": "{AN_ID}", "email": "ama.mensah@example.com"}}\n',
    )
)
def export_ndjson() -> Response:
    return streamed(
        lambda: exports.ndjson_of(_begin(), by=actor()),
        mimetype="application/x-ndjson",
        name="customers.ndjson",
    )


def _begin() -> Export:
    names = [one for one in request.args.get("columns", "").split(",") if one] or list(COLUMNS)
    try:
        columns = exports.read_columns(names)
    except InvalidDetails:
        raise InvalidQuery({"columns": ["Name columns that there are"]}) from None
    filters = asked_list()
    return exports.begin(filters, UTC, description=_words(filters), columns=columns, by=actor())


def _words(filters: CustomerFilter) -> str:
    words = [f"{name}={request.args[name]}" for name in IN_WORDS if request.args.get(name)]
    is_searched = filters.understood.terms or filters.email or filters.phone or filters.reference
    return ", ".join(words + (["found by a search"] if is_searched else [])) or "All customers"
