"""Calls that read the history: the feed of changes for programs that follow the book, and for
auditors its signed root and proofs of single entries.
"""

import time
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Annotated, Any, Self
from uuid import UUID

from flask import Flask, current_app, request
from pydantic import Field

from webapp.api import api
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.describing.examples import example_of
from webapp.api.describing.headers import LINK
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.query_params import link_to_next, whole_number
from webapp.api.wire.schemas import CustomerOut, Wire, WireMoment, one_of, where_known
from webapp.blacklist.ending import end_what_is_due
from webapp.customers import finding
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.finding import find_subject
from webapp.customers.models import Customer
from webapp.history.proofs import inclusion, roots
from webapp.history.proofs.inclusion import NoSuchEntry
from webapp.history.proofs.roots import Root
from webapp.http.doors import needs
from webapp.kernel.database import db
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidQuery
from webapp.kernel.submission import Submission
from webapp.programs.change_feed import (
    MAX_TAKEN,
    Stretch,
    ToldChange,
    changes_from,
)
from webapp.programs.cursors import Cursor
from webapp.programs.wire_names import on_the_wire
from webapp.staff.permissions import Permission

SINCE = {
    "name": "since",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1},
    "example": 1167471,
    "description": "The size of an earlier root: the answer shows that this one continues it",
}


MAX_WAIT, LOOK_EVERY = 25, 0.25
TAKEN = 100
AFTER = {
    "name": "after",
    "in": "query",
    "schema": {"type": "string"},
    "example": "YzEuNDI",
    "description": "`next` of the last answer; from the first change on, if it is left out",
}
TAKE = {
    "name": "take",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_TAKEN, "default": TAKEN},
    "example": 500,
    "description": "How many changes at most",
}
WAIT = {
    "name": "wait",
    "in": "query",
    "schema": {"type": "integer", "minimum": 0, "maximum": MAX_WAIT, "default": 0},
    "example": 25,
    "description": "Where there is nothing new, for how many seconds to wait for it. The answer "
    "may come earlier",
}
EXPAND = {
    "name": "expand",
    "in": "query",
    "schema": {"type": "string", "enum": ["customer"]},
    "example": "customer",
    "description": "Adds the customer as they are now",
}


class ChangeOut(Wire):
    """What happened to a customer."""

    type: str = Field(
        description="`customer.` created, changed, deleted, merged, merged_into, unmerged, "
        "came_back, recorded; `blacklist.` added, removed, reviewed, removal_asked, changed. "
        "Others may come: skip those that you do not know",
        examples=["customer.changed"],
    )
    customer_id: UUID = Field(examples=["0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"])
    version: int = Field(description="Of the customer from then on, as in its ETag", examples=[4])
    fields: list[str] = Field(description="The details that changed", examples=[["email"]])
    at: WireMoment
    door: Annotated[str, one_of(("page", "api", "command"))] = Field(
        description="Through which it came", examples=["api"]
    )
    customer: CustomerOut | None = where_known(
        "With `expand=customer`, as they are now; not if they are not in the book any more",
        example_of(CustomerOut),
    )

    @classmethod
    def of(cls, change: ToldChange, customer: Customer | None) -> Self:
        return cls.model_construct(
            type=change.type,
            customer_id=change.customer_id,
            version=change.version,
            fields=on_the_wire(change.fields),
            at=change.at,
            door=change.door,
            customer=CustomerOut.of(customer) if customer else None,
        )


class ChangesOut(Wire):
    """Changes in the order in which they happened."""

    changes: list[ChangeOut]
    next: str = Field(
        description="`after` of the next call, also where nothing is new yet", examples=["YzEuNDI"]
    )
    has_more: bool = Field(description="Whether others wait already", examples=[False])


def init_feed(app: Flask, *, threads: int) -> None:
    """Let at most half of the threads wait for changes, so that others are answered."""
    app.extensions["waiting_for_changes"] = BoundedSemaphore(max(1, threads // 2))


@api.get("/v1/changes")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Follow what happens to customers, in order",
        why="Each change once, the oldest first, on whatever database. Start with the "
        "`changes` of a walk, keep `next`, and ask again with it as `after`; `wait` "
        "spares empty answers.",
        tag=Tag.CHANGES,
        answer=ChangesOut,
        message="Changes",
        refusals=("invalid_query",),
        parameters=(AFTER, TAKE, WAIT, EXPAND),
        headers=LINK,
    )
)
def list_changes() -> ApiResponse:
    asked = _asked_changes()
    stretch = _with_patience(asked["after"], take=asked["take"], seconds=asked["wait"])
    seqs = [change.customer_seq for change in stretch.changes] if asked["expand"] else []
    customers = {one.seq: one for one in finding.customers_by_seq(seqs)}
    rows = [ChangeOut.of(change, customers.get(change.customer_seq)) for change in stretch.changes]
    following = Cursor.CHANGES.written(stretch.end)
    response = succeeded(
        ChangesOut.model_construct(changes=rows, next=following, has_more=stretch.has_more)
    )
    response.headers["Link"] = link_to_next(following)
    return response


def _asked_changes() -> dict[str, Any]:
    submission = Submission()
    text = request.args.get
    submission.read("after", Cursor.CHANGES.read, text("after") or Cursor.CHANGES.written(0))
    submission.read("take", whole_number(1, MAX_TAKEN), text("take", str(TAKEN)))
    submission.read("wait", whole_number(0, MAX_WAIT), text("wait", "0"))
    submission.read("expand", _read_expand, text("expand"))
    submission.refuse_if_wrong(InvalidQuery)
    return submission.values


def _read_expand(text: str | None) -> bool:
    if text not in (None, "customer"):
        raise ValueError("This must be customer")
    return text is not None


def _with_patience(start: int, *, take: int, seconds: int) -> Stretch:
    """The changes; where there are none, look again until there are, or the time is over. Not while
    too many wait already: they are told that nothing is new yet.
    """
    waiting: BoundedSemaphore = current_app.extensions["waiting_for_changes"]
    stretch, until = changes_from(start, take=take), time.monotonic() + seconds
    if stretch.changes or not seconds or not waiting.acquire(blocking=False):
        return stretch
    try:
        while not stretch.changes and time.monotonic() < until:
            db.session.rollback()  # nobody waits with a connection in their hand
            time.sleep(LOOK_EVERY)
            end_what_is_due()
            stretch = changes_from(stretch.end, take=take)
        return stretch
    finally:
        waiting.release()


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
        why="Keep it outside: whoever rewrites the history later cannot make it agree.",
        tag=Tag.CHANGES,
        names={"GET": "fetchRoot"},
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
        why="With the root, anybody can check it without this book: see `docs/verify_entry.py`.",
        tag=Tag.CHANGES,
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
