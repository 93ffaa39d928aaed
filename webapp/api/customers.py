"""The calls about customers, with the same rules, queries and changes as the pages."""

from typing import Any
from uuid import UUID

from flask import current_app, g, request

from webapp.api import api
from webapp.api.auth import actor, program
from webapp.api.errors import answer_refusal
from webapp.api.idempotency import carried_out_once
from webapp.api.inputs import (
    BlacklistGiven,
    CustomerByReference,
    CustomerChanges,
    EmailGiven,
    NewCustomer,
    duplicate_check,
)
from webapp.api.openapi import IF_MATCH, IF_NONE_MATCH, SIMILAR, Call, described, succeeded
from webapp.api.query_params import PARAMETERS, asked_list
from webapp.api.refusals import DeletionWaits, NoCustomerWithEmail, ScopeMissing
from webapp.api.request_body import read_object
from webapp.api.schemas import ApiResponse, CustomerOut, CustomersOut, Deleted, Meta
from webapp.blacklist import opening
from webapp.customers import edit, erase, finding, register
from webapp.customers.changes import NoCustomerWithId, Taken, locked_customer, refuse_other_versions
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.models import Customer, Tombstone
from webapp.http.doors import needs
from webapp.kernel.database import writing
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidDetails
from webapp.search import results
from webapp.staff.permissions import Permission


class EmailMissing(InvalidDetails):
    sentence = "Say whose e-mail address"


class FlagMissing(InvalidDetails):
    sentence = "Set or clear the flag"


@api.post("/v1/customers")
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Add a customer",
        body=NewCustomer,
        answer=CustomerOut,
        message="Customer created",
        status=201,
        also=(200,),
        refusals=("email_taken", "reference_taken", "probable_duplicate"),
        headers=SIMILAR,
        once=True,
    )
)
@carried_out_once
def create_customer() -> ApiResponse:
    fields = _without_flag(NewCustomer.taken_from(body := read_object()), body)
    reason, note = fields.pop("blacklist_reason", None), fields.pop("blacklist_note", None)
    check = duplicate_check(fields)
    if reason is not None and not program().may(Permission.BLACKLIST):
        raise ScopeMissing(
            why="This key lacks the scope blacklist, without which nobody is added blacklisted"
        )
    try:
        with writing():
            customer = register.register(fields, by=actor(), check=check)
            if reason is not None:
                customer = opening.open_case(
                    customer.id, reason=reason, note=note, by=actor()
                ).customer
            response = _told(customer)
            response.headers["Similar"] = str(len(check.duplicates))
            return response
    except Taken as taken:
        there = finding.find_customer(taken.customer_id)
        is_repeat = there and fields.get("reference") and taken.code == "reference_taken"
        if there and is_repeat and register.says_the_same(there, fields):
            if reason is not None:
                there = opening.open_case(there.id, reason=reason, note=note, by=actor()).customer
            return _told(there, status=200)
        raise


def _without_flag(
    fields: dict[str, Any], body: dict[str, Any], customer: Customer | None = None
) -> dict[str, Any]:
    """Refuse a flag that differs from the present one; another call sets it.

    Raises:
        Invalid: `invalid_details`, naming the call that sets the flag.
    """
    flag = body.get("blacklist", False)
    if flag is not (customer.blacklisted if customer else False) and flag is not None:
        sentence = "This call does not set the flag; use POST customers/blacklist/{id}"
        raise InvalidDetails.on("blacklist", sentence)
    return fields


@api.put("/v1/customers/by-reference/<handle:reference>")
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Let a customer stand under your reference as you say: "
        "added, changed, or as they were",
        body=CustomerByReference,
        answer=CustomerOut,
        message="Customer saved",
        refusals=("email_taken", "probable_duplicate", "customer_not_found", "changed_meanwhile"),
        parameters=(IF_MATCH,),
        once=True,
    )
)
@carried_out_once
def put_by_reference(reference: str) -> ApiResponse:
    fields = CustomerByReference.taken_from(body := read_object())
    _without_flag(fields, body, finding.find_by_reference(reference))
    check = duplicate_check(fields)
    customer, g.outcome = register.put_by_reference(
        reference, fields, by=actor(), only_versions=_only_versions(), check=check
    )
    return _told(customer)


def _told(customer: Customer, *, status: int | None = None) -> ApiResponse:
    """The answer with a customer, and their version as ETag."""
    response = succeeded(CustomerOut.of(customer))
    response.customer_seq = customer.seq
    response.status_code = status or response.status_code
    response.set_etag(str(customer.version))
    return response


@api.get("/v1/customers")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="List customers, or search for them",
        answer=CustomersOut,
        message="Customers",
        refusals=("invalid_query", "search_too_wide"),
        parameters=tuple(parameter.description for parameter in PARAMETERS),
    )
)
def list_customers() -> ApiResponse:
    page = results.page_of(asked_list(), beyond_the_last=True)
    rows = [CustomerOut.of(row) for row in page.rows]
    return succeeded(CustomersOut.model_construct(customers=rows, meta=Meta.of(page)))


@api.get("/v1/customers/<any_handle:handle>")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Fetch a customer by id, reference or e-mail address",
        answer=CustomerOut,
        message="Customer",
        refusals=("customer_not_found", "changed_meanwhile"),
        parameters=(IF_MATCH, IF_NONE_MATCH),
    )
)
def fetch_by_handle(handle: str) -> ApiResponse:
    customer = finding.read_by_handle(handle.rstrip("/"))
    refuse_other_versions(customer, _only_versions())
    response = _told(customer)
    # If-Match was checked above.
    response.make_conditional(request.environ | {"HTTP_IF_MATCH": ""})
    return response


@api.post("/v1/customers/fetch_customer")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Fetch a customer by e-mail address, kept out of addresses and logs",
        body=EmailGiven,
        answer=CustomerOut,
        message="Customer",
        refusals=("customer_not_found",),
    )
)
def fetch_customer() -> ApiResponse:
    email = EmailGiven.taken_from(read_object()).get("email")
    if not isinstance(email, str) or not email.strip():
        raise EmailMissing({"email": ["Enter an e-mail address"]})
    customer = finding.find_by_typed_email(email)
    if customer is None:
        raise NoCustomerWithEmail
    return _told(customer)


@api.route("/v1/customers/<handle:handle>", methods=["PUT", "PATCH"])
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Change a customer; what is absent stays",
        body=CustomerChanges,
        answer=CustomerOut,
        message="Customer updated",
        refusals=("email_taken", "probable_duplicate", "customer_not_found", "changed_meanwhile"),
        parameters=(IF_MATCH,),
        once=True,
    )
)
@carried_out_once
def change_customer(handle: str) -> ApiResponse:
    fields = CustomerChanges.taken_from(body := read_object())
    if "blacklist" in body:
        _without_flag(fields, body, finding.get_customer(_id(handle)))
    check = duplicate_check(fields)
    done = edit.change(_id(handle), fields, by=actor(), only_versions=_only_versions(), check=check)
    return _told(done.customer)


def _id(text: str) -> UUID:
    if not UUID_SHAPED.fullmatch(text):
        raise NoCustomerWithId
    return UUID(text)


def _only_versions() -> set[int] | None:
    """The versions that `If-Match` names (RFC 9110 §13.1.1); `None` when it is absent or `*`.

    A tag that names no version of ours matches nothing. Compression may have added a suffix to the
    tag, after a colon.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    named = {
        parse_int((tag or "").partition(":")[0])
        for tag in request.if_match.as_set(include_weak=True)
    }
    return {version for version in named if version}


@api.route("/v1/customers/blacklist/<handle:handle>", methods=["POST", "PUT", "PATCH"])
@needs(Permission.BLACKLIST)
@described(
    Call(
        summary="Blacklist a customer, or clear the flag",
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
    known = _id(handle)
    if not isinstance(flag, bool):
        raise FlagMissing({"blacklist": ["This must be true or false"]})
    if flag:
        opened = opening.open_case(
            known, reason=reason, note=note, by=actor(), only_versions=_only_versions()
        )
        return _told(opened.customer)
    return _told(
        opening.clear(known, reason=reason, note=note, by=actor(), only_versions=_only_versions())
    )


@api.delete("/v1/customers/<handle:handle>")
@needs(Permission.DELETE_CUSTOMERS)
@described(
    Call(
        summary="Delete a customer; the answer is the customer as they were",
        answer=CustomerOut,
        message="Customer deleted",
        refusals=(
            "customer_not_found",
            "blacklisted_customer",
            "deletion_waits",
            "changed_meanwhile",
        ),
        parameters=(IF_MATCH,),
        once=True,
    )
)
@carried_out_once
def delete_customer(handle: str) -> ApiResponse:
    known = _id(handle)
    with writing():
        response = _told(locked_customer(known, only_versions=_only_versions()))
        budget = current_app.config["DELETIONS_PER_DAY"]
        done = erase.delete_customer(known, by=actor(), daily_budget=budget)
        if not isinstance(done, Tombstone):
            return answer_refusal(DeletionWaits())
        deleted = Deleted(id=done.customer_id, deleted_at=done.deleted_at)
        response.kept_body = succeeded(deleted).get_data(as_text=True)
        return response
