"""The calls about customers, with the same rules, queries and changes as the pages."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import current_app, g, request, url_for

from webapp.api import api
from webapp.api.auth import actor, program
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.describing.headers import IF_MATCH, IF_NONE_MATCH, SIMILAR
from webapp.api.errors import answer_refusal
from webapp.api.idempotency import carried_out_once
from webapp.api.refusals import DeletionWaits, NoCustomerWithEmail, ScopeMissing
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.inputs import (
    CustomerByReference,
    CustomerChanges,
    EmailGiven,
    NewCustomer,
    duplicate_check,
)
from webapp.api.wire.requests import (
    AT,
    only_versions,
    past_moment,
    read_id,
    read_object,
    version_tag,
)
from webapp.api.wire.schemas import CustomerOut, Deleted
from webapp.blacklist import as_of, opening
from webapp.customers import edit, erase, finding, merged, register
from webapp.customers.changes import Taken, locked_customer, refuse_other_versions
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.merged import is_led_on, merged_ids
from webapp.customers.models import Customer, Tombstone
from webapp.http.doors import needs
from webapp.kernel.database import writing
from webapp.kernel.refusals import InvalidDetails
from webapp.staff.permissions import Permission


class EmailMissing(InvalidDetails):
    sentence = "Say whose e-mail address"


@api.post("/v1/customers")
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Add a customer",
        why="They are active at once. With `Idempotency-Key` a repeated call adds nobody "
        "twice; with a `reference` of yours neither: the same content under the same "
        "reference is answered 200.",
        tag=Tag.CUSTOMERS,
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
    fields = without_flag(NewCustomer.taken_from(body := read_object()), body)
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
            response = answer_about(customer)
            response.headers["Similar"] = str(len(check.duplicates))
            return response
    except Taken as taken:
        there = finding.find_customer(taken.customer_id)
        is_repeat = there and fields.get("reference") and taken.code == "reference_taken"
        if there and is_repeat and register.says_the_same(there, fields):
            if reason is not None:
                there = opening.open_case(there.id, reason=reason, note=note, by=actor()).customer
            return answer_about(there, status=200)
        raise


def without_flag(
    fields: dict[str, Any], body: dict[str, Any], customer: Customer | None = None
) -> dict[str, Any]:
    """Refuse a flag that differs from the present one; another call sets it. Without one, all is
    well: what is absent stays.

    Raises:
        Invalid: `invalid_details`, naming the call that sets the flag.
    """
    flag = body.get("blacklist")
    if flag is not None and flag is not (customer.blacklisted if customer else False):
        sentence = "This call does not set the flag; use POST customers/blacklist/{id}"
        raise InvalidDetails.on("blacklist", sentence)
    return fields


@api.put("/v1/customers/by-reference/<handle:reference>")
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Let a customer stand under your reference as you say: "
        "added, changed, or as they were",
        why="For a sync: say how the customer is in your system, as often as you like. "
        "`outcome` says whether they were `created`, `changed` or `unchanged`.",
        tag=Tag.CUSTOMERS,
        names={"PUT": "saveCustomerByReference"},
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
    without_flag(fields, body, finding.find_by_reference(reference))
    check = duplicate_check(fields)
    customer, g.outcome = register.put_by_reference(
        reference, fields, by=actor(), only_versions=only_versions(reference), check=check
    )
    return answer_about(customer, asked=reference)


def answer_about(
    customer: Customer, *, status: int | None = None, asked: UUID | str | None = None
) -> ApiResponse:
    """The answer with a customer, and their version as ETag.

    Args:
        asked: By which id, reference or address they were asked for: where it is that of a record
            that was merged into this one, the answer says where the customer is.
    """
    leads_on = asked is not None and is_led_on(customer, asked)
    response = succeeded(CustomerOut.of(customer, merged_from=merged_ids(customer)))
    response.customer_seq = customer.seq
    response.status_code = status or response.status_code
    if response.status_code == HTTPStatus.CREATED:
        response.headers["Location"] = _address_of(customer)
    response.set_etag(version_tag(customer, leads_on=leads_on))
    if leads_on:
        response.headers["Content-Location"] = _address_of(customer)
    return response


def _address_of(customer: Customer) -> str:
    return url_for("api.fetch_by_handle", handle=str(customer.id))


@api.get("/v1/customers/<any_handle:handle>")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Fetch a customer by id, reference or e-mail address",
        why="The ETag is the version: send it as `If-None-Match` to be told 304 while nothing"
        " changes. Ids of merged records lead to the customer that they are part of. With `at`,"
        " as they were, without an ETag.",
        tag=Tag.CUSTOMERS,
        names={"GET": "fetchCustomer"},
        answer=CustomerOut,
        message="Customer",
        refusals=("customer_not_found", "not_yet", "invalid_query", "changed_meanwhile"),
        parameters=(AT, IF_MATCH, IF_NONE_MATCH),
    )
)
def fetch_by_handle(handle: str) -> ApiResponse:
    handle = handle.rstrip("/")
    customer = finding.read_by_handle(handle)
    if "at" in request.args:
        return _as_it_was(handle, customer.id, past_moment(request.args["at"]))
    refuse_other_versions(customer, only_versions(customer.id))
    response = answer_about(customer, asked=handle)
    # If-Match was checked above.
    response.make_conditional(request.environ | {"HTTP_IF_MATCH": ""})
    return response


def _as_it_was(handle: str, customer_id: UUID, at: datetime) -> ApiResponse:
    """The customer as of a moment; of a merged record's id, that record."""
    record = merged.find_merged(UUID(handle)) if UUID_SHAPED.fullmatch(handle) else None
    customer = merged.as_customer(record) if record else finding.get_customer(customer_id)
    then = as_of.as_it_was(customer, at)
    response = succeeded(CustomerOut.of(then.customer))
    response.customer_seq = customer.seq
    return response


@api.post("/v1/customers/fetch_customer")
@needs(Permission.SEE_CUSTOMERS)
@described(
    Call(
        summary="Fetch a customer by e-mail address, kept out of addresses and logs",
        why="Addresses of pages stand in logs of proxies; bodies do not.",
        tag=Tag.CUSTOMERS,
        names={"POST": "fetchCustomerByEmail"},
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
    return answer_about(customer, asked=email)


@api.route("/v1/customers/<handle:handle>", methods=["PUT", "PATCH"])
@needs(Permission.EDIT_CUSTOMERS)
@described(
    Call(
        summary="Change a customer; what is absent stays",
        why="Send only what changes. With `If-Match` nothing that somebody else changed "
        "meanwhile is written over.",
        tag=Tag.CUSTOMERS,
        names={"PATCH": "changeCustomer", "PUT": "updateCustomer"},
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
    if body.get("blacklist") is not None:
        without_flag(fields, body, finding.get_customer(read_id(handle)))
    check = duplicate_check(fields)
    known = read_id(handle)
    done = edit.change(known, fields, by=actor(), only_versions=only_versions(known), check=check)
    return answer_about(done.customer, asked=known)


@api.delete("/v1/customers/<handle:handle>")
@needs(Permission.DELETE_CUSTOMERS)
@described(
    Call(
        summary="Delete a customer; the answer is the customer as they were",
        why="Erases the person for good. Only so many a day: beyond that, a manager has to agree.",
        tag=Tag.CUSTOMERS,
        answer=CustomerOut,
        message="Customer deleted",
        refusals=(
            "customer_not_found",
            "blacklisted_customer",
            "customer_merged",
            "deletion_waits",
            "changed_meanwhile",
        ),
        parameters=(IF_MATCH,),
        once=True,
    )
)
@carried_out_once
def delete_customer(handle: str) -> ApiResponse:
    known = read_id(handle)
    with writing():
        response = answer_about(locked_customer(known, only_versions=only_versions(known)))
        budget = current_app.config["DELETIONS_PER_DAY"]
        done = erase.delete_customer(known, by=actor(), daily_budget=budget)
        if not isinstance(done, Tombstone):
            return answer_refusal(DeletionWaits())
        deleted = Deleted(id=done.customer_id, deleted_at=done.deleted_at)
        response.kept_body = succeeded(deleted).get_data(as_text=True)
        return response
