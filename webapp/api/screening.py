"""Calls that decide whether a person may proceed, and about the entries that decide it."""

from typing import Any

from flask import Response, request

from webapp.api import api
from webapp.api.auth import actor, program
from webapp.api.describing.openapi import Call, described, succeeded
from webapp.api.idempotency import carried_out_once
from webapp.api.inputs import CheckGiven, ChecksGiven, EntryGiven
from webapp.api.requests import read_object
from webapp.api.schemas import ApiResponse, Decision, DecisionsOut, EntriesOut, EntryOut
from webapp.blacklist import screening
from webapp.blacklist.entries import listing, opening
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidDetails, InvalidQuery
from webapp.staff.permissions import Permission

ENTRIES_AT_ONCE = 100
BEFORE: dict[str, Any] = {
    "name": "before",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1},
    "description": "Entries with a lower number only: `next` of the last answer",
}


@api.post("/v1/customers/check")
@needs(Permission.CHECK)
@described(
    Call(
        summary="Ask whether a person may proceed",
        body=CheckGiven,
        answer=Decision,
        message="Checked",
    )
)
def check_person() -> Response:
    return succeeded(
        Decision.of(screening.check(CheckGiven.taken_from(read_object())), may_name=_may_name())
    )


def _may_name() -> bool:
    """Whether the program may see who is in the book."""
    return program().may(Permission.SEE_CUSTOMERS)


@api.post("/v1/customers/check/batch")
@needs(Permission.CHECK)
@described(
    Call(
        summary="Ask it about up to 500 people",
        body=ChecksGiven,
        answer=DecisionsOut,
        message="Checked",
    )
)
def check_people() -> Response:
    people = ChecksGiven.taken_from(read_object()).get("customers")
    if not isinstance(people, list):
        raise InvalidDetails.on("customers", "Send a list of people")
    screening.refuse_too_many(people)
    verdicts = screening.check_all(
        [CheckGiven.taken_from(one) if isinstance(one, dict) else one for one in people]
    )
    may_name = _may_name()
    return succeeded(
        DecisionsOut(decisions=[Decision.of(verdict, may_name=may_name) for verdict in verdicts])
    )


@api.get("/v1/blacklist-entries")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="List the entries that stand",
        answer=EntriesOut,
        message="Entries",
        refusals=("invalid_query",),
        parameters=(BEFORE,),
    )
)
def list_blacklist_entries() -> Response:
    before = request.args.get("before")
    known = parse_int(before, least=1)
    if before is not None and known is None:
        raise InvalidQuery({"before": ["This must be a number from 1 on"]})
    some = listing.entries(limit=ENTRIES_AT_ONCE + 1, before=known)
    rows = [EntryOut.of(one) for one in some[:ENTRIES_AT_ONCE]]
    following = rows[-1].number if len(some) > len(rows) else None
    return succeeded(EntriesOut.model_construct(entries=rows, next=following))


@api.post("/v1/blacklist-entries")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Deny, hold back or allow whoever has an e-mail, a domain, a phone or a name",
        body=EntryGiven,
        answer=EntryOut,
        message="Entry added",
        status=201,
        also=(200,),
        refusals=("too_wide",),
        once=True,
    )
)
@carried_out_once
def add_blacklist_entry() -> ApiResponse:
    opened = opening.add_entry(EntryGiven.taken_from(read_object()), by=actor())
    response = succeeded(EntryOut.of(opened.entry))
    response.status_code = 201 if opened.is_new else 200
    return response


@api.delete("/v1/blacklist-entries/<int(max=9223372036854775807):seq>")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Take back an entry that this key added, within ten minutes",
        answer=EntryOut,
        message="Entry undone",
        refusals=("blacklist_entry_not_found", "entry_closed", "not_yours", "reviewed", "too_late"),
        once=True,
    )
)
@carried_out_once
def remove_blacklist_entry(seq: int) -> ApiResponse:
    return succeeded(EntryOut.of(opening.undo(seq, by=actor())))
