"""Calls that decide whether a person may proceed, for one or for up to 500 at once."""

from flask import Response

from webapp.api import api
from webapp.api.auth import program
from webapp.api.inputs import CheckGiven, ChecksGiven
from webapp.api.openapi import Call, described, succeeded
from webapp.api.request_body import read_object
from webapp.api.schemas import Decision, DecisionsOut
from webapp.blacklist import screening
from webapp.http.doors import needs
from webapp.kernel.refusals import InvalidDetails
from webapp.staff.permissions import Permission


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
