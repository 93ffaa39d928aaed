"""Files of customers: calls that take all of a list along, and that bring others in."""

from datetime import UTC
from typing import Any, Literal

from flask import Response, g, request
from pydantic import Field

from webapp.api import api
from webapp.api.auth import actor, program
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.describing.openapi import BY_ID
from webapp.api.refusals import ScopeMissing
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.query_params import PARAMETERS, asked_list
from webapp.api.wire.schemas import Wire
from webapp.batches import change_set, steering, uploads
from webapp.batches.imports import EXISTING, MATCH_BY
from webapp.batches.models import OPENING, ChangeRow, ChangeSet, Kind, State, Verdict
from webapp.http.doors import needs
from webapp.http.streaming import streamed
from webapp.http.uploads import files_folder, takes_files
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidDetails, InvalidQuery
from webapp.search.filters import CustomerFilter
from webapp.staff.permissions import Permission
from webapp.transfer import exports
from webapp.transfer.exports import COLUMNS, Export
from webapp.transfer.reading import headings

# Not of a file: it has everybody, in the order of creation.
OF_PAGES = {"page", "take", "order"}
# What may be somebody's name or address does not stand in the history.
PERSONAL = {"search", "email", "phone", "reference"}
AN_ID = BY_ID["example"]
COLUMNS_ASKED = {
    "name": "columns",
    "in": "query",
    "schema": {"type": "string"},
    "example": "id,reference,email",
    "description": f"Comma-separated, all if it is left out: {', '.join(COLUMNS)}; "
    "`dateOfBirth` needs the scope `write` too",
}
MOST_PROBLEMS = 100
BIRTHDAY = "dateOfBirth"


class ImportProblem(Wire):
    """Why a row is refused or held back."""

    row: int = Field(description="As a spreadsheet counts, with the headings", examples=[17])
    column: str = Field(description="Empty where it is about the whole row", examples=["phone"])
    problem: str = Field(examples=["Excel shortened this number"])


class ImportOut(Wire):
    """An import: a set of changes from a file."""

    number: int = Field(examples=[12])
    state: Literal["drafted", "checked", "applied", "abandoned", "undone"] = Field(
        examples=["checked"]
    )
    at_work: bool = Field(description="It is being checked or applied", examples=[False])
    problem: str | None = Field(description="Why it goes no further", examples=[None])
    columns: dict[str, str | None] = Field(
        description="What each column is", examples=[{"Email": "email"}]
    )
    counts: dict[str, int] = Field(
        description="Rows by what would come of them (new, change, same, refused, held), and by "
        "what came of them (done, unchanged, failed, asked, discarded)",
        examples=[{"new": 98, "refused": 2}],
    )
    problems: list[ImportProblem] = Field(description="The first hundred", examples=[[]])


def _parameter(name: str, description: str, example: str) -> dict[str, Any]:
    about = {"description": description, "example": example}
    return {"name": name, "in": "query", "schema": {"type": "string"}} | about


FILTERS = tuple(one.description for one in PARAMETERS if one.name not in OF_PAGES)
IN_WORDS = [one.name for one in PARAMETERS if one.name not in OF_PAGES | PERSONAL]


def _file(media: str, *, summary: str, example: str) -> Call:
    return Call(
        summary=summary,
        why="All that the filters of the list match, in the order in which they were added, as one "
        "file that never has to fit into memory.",
        tag=Tag.FILES,
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
    asked = [one for one in request.args.get("columns", "").split(",") if one]
    names = asked or [one for one in COLUMNS if one != BIRTHDAY or g.may_see_birthdays]
    if BIRTHDAY in names and not g.may_see_birthdays:
        raise ScopeMissing(
            why=f"This key lacks the scope write, without which nobody gets {BIRTHDAY}"
        )
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


IMPORT_PARAMETERS = (
    _parameter("name", "What you call the file", "people.csv"),
    _parameter(
        "columns",
        "What each column is, comma-separated: " + ", ".join(headings.Field),
        "email,name,phone",
    ),
    _parameter("match", "Find customers by one of: " + ", ".join(MATCH_BY), "any"),
    _parameter("existing", "Customers in the book: " + ", ".join(EXISTING), "fill"),
    _parameter("country", "The country of national numbers whose row names none", "GH"),
    _parameter("reason", "The reason code of blacklistings whose row has none", "other"),
)
FILES = (
    "text/csv",
    "text/vcard",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)


@api.post("/v1/imports")
@needs(Permission.IMPORT)
@takes_files
@described(
    Call(
        summary="Send a file of customers, to be checked",
        why="CSV, XLSX or vCard. It is read and checked in the background; nothing is written"
        " until it is applied.",
        tag=Tag.FILES,
        answer=ImportOut,
        message="The file is being checked",
        status=202,
        takes=FILES,
        refusals=("invalid_query", "not_a_table"),
        parameters=IMPORT_PARAMETERS,
    )
)
def begin_import() -> ApiResponse:
    """Nothing is written before the import is applied."""
    name = uploads.keep(request.stream, files_folder())
    called = request.args.get("name", "a file")
    one = uploads.begin(name, files_folder(), called=called, by=actor())
    columns = request.args.get("columns")
    try:
        uploads.choose(
            one.seq,
            columns=columns.split(",") if columns else [c or "" for c in one.arguments["columns"]],
            home=request.args.get("country", ""),
            existing=request.args.get("existing", "fill"),
            match=request.args.get("match", "any"),
            reason=request.args.get("reason", "other"),
        )
    except InvalidDetails as refusal:
        steering.abandon(one.seq)
        raise InvalidQuery(refusal.fields) from None
    change_set.check(one.seq)
    return succeeded(_told(one.seq))


@api.get("/v1/imports/<string:seq>")
@needs(Permission.IMPORT)
@described(
    Call(
        summary="Fetch an import of this key: how far it is, and its problems",
        why="Ask until `atWork` is false.",
        tag=Tag.FILES,
        answer=ImportOut,
        message="Import",
        refusals=("set_not_found",),
    )
)
def fetch_import(seq: str) -> ApiResponse:
    return succeeded(_told(_own_import(seq).seq))


@api.post("/v1/imports/<string:seq>/apply")
@needs(Permission.IMPORT)
@described(
    Call(
        summary="Apply an import that was checked",
        why="Adds and changes the customers of the file, row by row; refused rows stay out.",
        tag=Tag.FILES,
        answer=ImportOut,
        message="The import is being applied",
        status=202,
        refusals=("set_not_found", "other_state", "nothing_to_apply"),
    )
)
def apply_import(seq: str) -> ApiResponse:
    one = change_set.apply(_own_import(seq).seq, above=0, by=actor())
    return succeeded(_told(one.seq))


def _problem(row: ChangeRow, text: str) -> str:
    """Whom somebody looks like is for keys that may see customers."""
    may_see = program().may(Permission.SEE_CUSTOMERS)
    return text if may_see or row.verdict != Verdict.HELD else "A manager must look at this first"


def _own_import(number: str) -> ChangeSet:
    """An import that this key has begun; of others, a key hears nothing."""
    seq = parse_int(number, least=1)
    if seq is None:
        raise change_set.NoSuchSet
    one = change_set.find_set(seq)
    if (one.kind, one.by_kind, one.by_id) != (Kind.IMPORT, "key", actor().id):
        raise change_set.NoSuchSet
    return one


def _told(seq: int) -> ImportOut:
    one = change_set.find_set(seq)
    more = {"headings": [], "columns": []} | one.arguments
    columns = zip(more["headings"], more["columns"], strict=True)
    return ImportOut(
        number=one.seq,
        state=State(one.state).value,
        at_work=one.is_at_work,
        problem=one.problem,
        columns=dict(columns),
        counts={name: number for name, number in one.counts.items() if name != OPENING},
        problems=[
            ImportProblem(row=row.number, column=column, problem=_problem(row, text))
            for row in change_set.rows_with_problems(seq, limit=MOST_PROBLEMS)
            for column, text in row.problems or ()
        ],
    )
