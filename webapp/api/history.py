"""Calls for auditors: the signed root of the history, and proofs of single entries."""

from uuid import UUID

from flask import request

from webapp.api import api
from webapp.api.openapi import Call, described, succeeded
from webapp.api.schemas import ApiResponse, ProofOut, RootOut, RootProof
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.finding import find_subject
from webapp.history.proofs import inclusion, roots
from webapp.history.proofs.inclusion import NoSuchEntry
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidQuery
from webapp.staff.permissions import Permission

SINCE = {
    "name": "since",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1},
    "description": "The size of an earlier root: the answer shows that this one continues it",
}


@api.get("/v1/history/root")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Fetch the signed root of the history",
        answer=RootProof,
        message="Root",
        refusals=("invalid_query", "no_root_key"),
        parameters=(SINCE,),
    )
)
def tell_root() -> ApiResponse:
    root = roots.sign_present_root()
    since = _asked_since(root.size)
    path = roots.continuation(since, root) if since else []
    continuation = [one.hex() for one in path]
    return succeeded(RootProof(root=RootOut.of(root), continuation=continuation))


def _asked_since(size: int) -> int | None:
    if "since" not in request.args:
        return None
    since = parse_int(request.args["since"], least=1)
    if since is None or since > size:
        raise InvalidQuery({"since": [f"It must be a number from 1 to {size}"]})
    return since


@api.get("/v1/history/<handle:handle>/<string:number>")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Prove that an entry of a customer stands in the history",
        answer=ProofOut,
        message="Proof",
        refusals=("entry_not_found", "no_root_key"),
    )
)
def prove_entry(handle: str, number: str) -> ApiResponse:
    place = parse_int(number, least=1)
    known = UUID(handle) if UUID_SHAPED.fullmatch(handle) else None
    subject = find_subject(known) if known else None
    if subject is None or place is None:
        raise NoSuchEntry
    root = roots.sign_present_root()
    return succeeded(ProofOut.of(inclusion.prove(subject, place, root), root))
