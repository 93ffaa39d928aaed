"""Calls for auditors: the signed root of the history, and proofs of single entries."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from webapp.api import api
from webapp.api.openapi import Call, described, succeeded
from webapp.api.schemas import ApiResponse, Wire, WireMoment
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.finding import find_subject
from webapp.history.proofs import inclusion, roots
from webapp.history.proofs.inclusion import NoSuchEntry
from webapp.history.proofs.roots import Root
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


class RootOut(Wire):
    """The signed root of the history (RFC 9162, Ed25519)."""

    size: int = Field(description="How many entries it stands for", examples=[1167471])
    root: str = Field(description="In hexadecimal digits", examples=["6e" * 32])
    at: WireMoment
    first: int = Field(description="The event with which `marks` begin", examples=[1167471])
    marks: str = Field(description="The first bytes of leaves, in Base64", examples=[""])
    key: str = Field(description="The public key", examples=["d7" * 32])
    signature: str = Field(
        description="Of the canonical JSON of the five above", examples=["a0" * 64]
    )

    @classmethod
    def of(cls, root: Root) -> "RootOut":
        return cls.model_construct(None, **(root.fields | {"at": root.at}))


class RootProof(Wire):
    root: RootOut
    continuation: list[str] = Field(
        description="The consistency proof from the size that was asked for", examples=[["3f" * 32]]
    )


class ProofOut(Wire):
    """What `docs/verify_entry.py` checks."""

    entry: str = Field(
        description="The canonical JSON of the entry", examples=['{"kind":"blacklisted"}']
    )
    values: None = Field(
        description="Always `null`: a manager saves the evidence of a blacklisting with its values",
        examples=[None],
    )
    event: int = Field(description="The entry's number in the log, from 0", examples=[41])
    size: int = Field(examples=[1167471])
    proof: list[str] = Field(description="The inclusion proof", examples=[["3f" * 32]])
    root: RootOut

    @classmethod
    def of(cls, proof: Mapping[str, Any], root: Root) -> "ProofOut":
        """Without values: they hold notes and reasons, which keys may not read."""
        return cls.model_construct(**(dict(proof) | {"values": None}), root=RootOut.of(root))


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
