"""Calls that decide whether a person may proceed, and about what decides it: blacklistings of
customers, and entries about whoever has a value.
"""

from typing import Any

from flask import Response, g

from webapp.api import api
from webapp.api.auth import actor, program
from webapp.api.customers import answer_about
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.describing.headers import IF_MATCH
from webapp.api.errors import may_know
from webapp.api.idempotency import carried_out_once
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.decisions import (
    CaseOut,
    CasesOut,
    DecisionOut,
    DecisionsOut,
    EntriesOut,
    EntryOut,
)
from webapp.api.wire.inputs import BlacklistGiven, CheckGiven, ChecksGiven, EntryGiven, RemovalGiven
from webapp.api.wire.requests import asked_before, only_versions, read_id, read_object
from webapp.api.wire.schemas import CustomerOut
from webapp.blacklist import opening, screening
from webapp.blacklist.case import cases_of, find_open
from webapp.blacklist.entries import listing
from webapp.blacklist.entries import opening as entry_opening
from webapp.customers import finding
from webapp.customers.models import Customer
from webapp.http.doors import needs
from webapp.kernel.refusals import InvalidDetails
from webapp.staff.permissions import Permission

ENTRIES_AT_ONCE = 100
BEFORE: dict[str, Any] = {
    "name": "before",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1},
    "example": 40,
    "description": "Entries with a lower number only: `next` of the last answer",
}


class FlagMissing(InvalidDetails):
    sentence = "Set or clear the flag"


@api.post("/v1/customers/check")
@needs(Permission.CHECK)
@described(
    Call(
        summary="Ask whether a person may proceed",
        why="Before somebody pays or is added. What cannot be read is named in `notRead` and "
        "never refuses the rest; nothing is kept of whom you asked about.",
        tag=Tag.BLACKLIST,
        body=CheckGiven,
        answer=DecisionOut,
        message="Checked",
    )
)
def check_person() -> Response:
    return succeeded(
        DecisionOut.of(screening.check(CheckGiven.taken_from(read_object())), may_name=may_know())
    )


@api.post("/v1/customers/check/batch")
@needs(Permission.CHECK)
@described(
    Call(
        summary="Ask it about up to 500 people",
        why="Each has an own decision, in the order of the question; it counts as one call.",
        tag=Tag.BLACKLIST,
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
    may_name = may_know()
    return succeeded(
        DecisionsOut(decisions=[DecisionOut.of(verdict, may_name=may_name) for verdict in verdicts])
    )


@api.route("/v1/customers/blacklist/<handle:handle>", methods=["POST", "PUT", "PATCH"])
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Blacklist a customer, or clear the flag",
        why="Opens a case for the managers, with a reason and a note; or closes one that no "
        "manager has kept, after which a manager looks at the removal.",
        tag=Tag.BLACKLIST,
        names={"POST": "setBlacklist", "PUT": "updateBlacklist", "PATCH": "changeBlacklist"},
        body=BlacklistGiven,
        answer=CustomerOut,
        message="Blacklist updated",
        refusals=("customer_not_found", "own_decision", "upheld", "changed_meanwhile"),
        parameters=(IF_MATCH,),
        once=True,
    )
)
@carried_out_once
def set_blacklist(handle: str) -> ApiResponse:
    fields = BlacklistGiven.taken_from(read_object())
    flag, reason, note = fields.get("blacklist"), fields.get("reason"), fields.get("note")
    known = read_id(handle)
    if not isinstance(flag, bool):
        raise FlagMissing({"blacklist": ["This must be true or false"]})
    if flag:
        opened = opening.open_case(
            known,
            reason=reason,
            note=note,
            until=fields.get("until"),
            by=actor(),
            only_versions=only_versions(known),
        )
        if not opened.is_new and fields.get("until"):
            g.setdefault("ignored", []).append("until")
        return answer_about(opened.customer, asked=known)
    cleared = opening.clear(
        known, reason=reason, note=note, by=actor(), only_versions=only_versions(known)
    )
    return answer_about(cleared, asked=known)


@api.get("/v1/customers/<handle:handle>/blacklistings")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Read why and since when a customer is blacklisted, now and before",
        why="For a program that has to say more than yes or no. Notes only with the scope `cases`.",
        tag=Tag.BLACKLIST,
        answer=CasesOut,
        message="Blacklistings",
        refusals=("customer_not_found",),
    )
)
def list_blacklistings(handle: str) -> Response:
    return succeeded(_blacklistings_of(finding.get_customer(read_id(handle))))


def _blacklistings_of(customer: Customer) -> CasesOut:
    with_notes = program().may(Permission.READ_CASES)
    cases = [CaseOut.of(one, with_notes=with_notes) for one in cases_of(customer.seq)]
    return CasesOut.model_construct(blacklistings=cases)


@api.post("/v1/customers/<handle:handle>/blacklistings/removal-request")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Ask the managers to remove a customer from the blacklist",
        why="Nothing changes until a manager, who is not the owner of the key that opened it, has "
        "decided.",
        tag=Tag.BLACKLIST,
        names={"POST": "requestRemoval"},
        body=RemovalGiven,
        answer=CasesOut,
        message="A manager will decide",
        status=202,
        refusals=("customer_not_found", "not_blacklisted", "lift_asked", "other_case"),
        once=True,
    )
)
@carried_out_once
def request_removal(handle: str) -> ApiResponse:
    note = RemovalGiven.taken_from(read_object()).get("note")
    customer = finding.get_customer(read_id(handle))
    case = find_open(customer)
    case_seq = case.seq if case else None
    customer = opening.ask_for_lift(customer.id, case_seq=case_seq, note=note, by=actor())
    response = succeeded(_blacklistings_of(customer))
    response.customer_seq = customer.seq
    return response


@api.get("/v1/blacklist-entries")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="List the entries that stand",
        why="Values that are denied, held back or allowed, whoever has them.",
        tag=Tag.BLACKLIST,
        answer=EntriesOut,
        message="Entries",
        refusals=("invalid_query",),
        parameters=(BEFORE,),
    )
)
def list_blacklist_entries() -> Response:
    some = listing.entries(limit=ENTRIES_AT_ONCE + 1, before=asked_before())
    rows = [EntryOut.of(one) for one in some[:ENTRIES_AT_ONCE]]
    following = rows[-1].number if len(some) > len(rows) else None
    return succeeded(EntriesOut.model_construct(entries=rows, next=following))


@api.post("/v1/blacklist-entries")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Deny, hold back or allow whoever has an e-mail, a domain, a phone or a name",
        why="For somebody who is not in the book yet. It counts at once and waits for a "
        "manager; what allows counts once a manager agreed.",
        tag=Tag.BLACKLIST,
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
    opened = entry_opening.add_entry(EntryGiven.taken_from(read_object()), by=actor())
    response = succeeded(EntryOut.of(opened.entry))
    response.status_code = 201 if opened.is_new else 200
    return response


@api.delete("/v1/blacklist-entries/<int(max=9223372036854775807):seq>")
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Take back an entry that this key added, within ten minutes",
        why="For slips. Later a manager removes it.",
        tag=Tag.BLACKLIST,
        answer=EntryOut,
        message="Entry undone",
        refusals=("blacklist_entry_not_found", "entry_closed", "not_yours", "reviewed", "too_late"),
        once=True,
    )
)
@carried_out_once
def remove_blacklist_entry(seq: int) -> ApiResponse:
    return succeeded(EntryOut.of(entry_opening.undo(seq, by=actor())))
