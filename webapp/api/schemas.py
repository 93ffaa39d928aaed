"""How things look on the wire: what is sent, what is understood, each declared once for code and description alike."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from flask import Response, g
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from webapp.blacklist.models import MAX_NOTE_LENGTH, REASONS_OFFERED
from webapp.blacklist.screening import MAX_AT_ONCE, Answer, Verdict
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.fields import MAX_NAME_LENGTH, printable
from webapp.search.results import Listed, Page

T = TypeVar("T")
A_MOMENT = Field(description="UTC, in milliseconds (ISO 8601)", examples=["2026-11-05T12:34:56.000Z"])
WireMoment = Annotated[datetime, PlainSerializer(in_iso, return_type=str), A_MOMENT]


class Wire(BaseModel):
    """Names in camelCase; a value is taken as it is."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class CustomerOut(Wire):
    """A customer."""

    id: UUID = Field(examples=["0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"])
    reference: str = Field(examples=["CUS-7K3M9Q2XVB"])
    first_name: str | None = Field(description="`null` where it is not known", examples=["Ama"])
    last_name: str | None = Field(description="`null` where it is not known", examples=["Mensah"])
    email: str = Field(examples=["ama.mensah@example.com"])
    phone: str | None = Field(description="ITU-T E.164", examples=["+233201234567"])
    country_code: str | None = Field(description="Dial code", examples=["+233"])
    blacklist: bool = Field(examples=[False])
    created_at: WireMoment
    updated_at: WireMoment

    @classmethod
    def of(cls, customer: Customer | Listed) -> "CustomerOut":
        return cls.model_construct(
            id=customer.id,
            reference=customer.reference,
            first_name=customer.first_name or None,
            last_name=customer.last_name or None,
            email=customer.email,
            phone=customer.phone,
            country_code=customer.dial_code,
            blacklist=customer.blacklisted,
            created_at=customer.created_at,
            updated_at=customer.updated_at,
        )


class Meta(Wire):
    """Where a page stands in its list."""

    page: int = Field(examples=[1])
    take: int = Field(examples=[10])
    item_count: int = Field(description="Every match, exactly; with `search` at most 1,000", examples=[318])
    page_count: int = Field(examples=[32])
    has_previous_page: bool = Field(examples=[False])
    has_next_page: bool = Field(examples=[True])

    @staticmethod
    def of(page: Page) -> "Meta":
        kind = CappedMeta if page.capped else Meta
        return kind(
            page=page.number,
            take=page.rows_per_page,
            item_count=page.total,
            page_count=-(-page.total // page.rows_per_page),
            has_previous_page=page.number > 1,
            has_next_page=page.number * page.rows_per_page < page.total,
        )


class CappedMeta(Meta):
    """The same for a search that found more than it tells."""

    item_count_capped: Literal[True] = True


class Deleted(Wire):
    """What a repeated deletion is answered with: nothing of the person is kept."""

    id: UUID
    deleted_at: WireMoment


class CustomersOut(Wire):
    """One page of a list."""

    customers: list[CustomerOut]
    meta: CappedMeta | Meta


class Success(Wire, Generic[T]):
    """What every answer looks like that is no error. It never has a key `statusCode`."""

    status: bool = True
    message: str
    data: T
    ignored: list[str] | None = Field(default=None, description="Fields of the body that mean nothing here")
    outcome: Literal["created", "changed", "unchanged"] | None = None


class Failure(Wire):
    """What every error looks like. Branch on `code`."""

    status_code: int
    error: str
    code: str
    message: str
    fields: dict[str, list[str]] = Field(description="Sentences by field")
    request_id: str
    data: CustomerOut | None = Field(default=None, description="With `changed_meanwhile`, the customer as they stand")
    deleted_at: WireMoment | None = Field(default=None, description="With `customer_deleted`")
    customer_id: UUID | None = Field(
        default=None, description="With `email_taken` and `reference_taken`, who has it; with the scope `read`"
    )


RULE_NAMES = {"country_code": "country"}
# What the rules call a field, and what the wire calls it.
WIRE_NAMES = {"first_name": "firstName", "last_name": "lastName", "country": "countryCode", "dial_code": "countryCode"}
# So many unknown names are told of one object, and so much of them in a header.
MAX_IGNORED = 100
MAX_HEADER_LENGTH = 500
EMAIL: dict[str, Any] = {"format": "email"}
WHY = f"One of {', '.join(REASONS_OFFERED)}"
A_NOTE = "What the next person should know; needed for `other`"
A_NAME = "1 to 100 characters, in any script"
AN_EMAIL = "Unique without regard to case"


class Given(Wire):
    """What a body may say. Names that are not declared are named as ignored; what values mean, the rules decide."""

    @classmethod
    def taken_from(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The declared values of a body, under the names of the rules."""
        unknown = sorted(body.keys() - {f.alias or n for n, f in cls.model_fields.items()})
        g.setdefault("ignored", []).extend(
            printable(name, instead="?")[:MAX_NAME_LENGTH] for name in unknown[:MAX_IGNORED]
        )
        names = {name: field.alias or name for name, field in cls.model_fields.items()}
        return {RULE_NAMES.get(name, name): body[wire] for name, wire in names.items() if wire in body}


class CustomerChanges(Given):
    """Any of these; what is absent stays. An international phone brings its code; `null` clears phone and code."""

    first_name: str | None = Field(default=None, max_length=MAX_NAME_LENGTH, description=A_NAME, examples=["Ama"])
    last_name: str | None = Field(default=None, max_length=MAX_NAME_LENGTH, description=A_NAME, examples=["Mensah"])
    email: str = Field(default="", json_schema_extra=EMAIL, description=AN_EMAIL, examples=["ama.mensah@example.com"])
    phone: str | None = Field(
        default=None,
        description="International, or national together with `countryCode`, in any usual spelling",
        examples=["+233201234567", "020 123 4567"],
    )
    country_code: str | None = Field(
        default=None, description="`+234`, `234`, `NG` or `NGA`; reads a national phone", examples=["GH"]
    )


class NewCustomer(CustomerChanges):
    """A customer to be added."""

    email: str = Field(json_schema_extra=EMAIL, description=AN_EMAIL, examples=["ama.mensah@example.com"])
    reference: str | None = Field(default=None, description="Yours, unique and fixed; ours if absent", examples=["A-1"])
    blacklist_reason: str | None = Field(
        default=None,
        json_schema_extra={"enum": [*REASONS_OFFERED, None]},
        description="Blacklists them at once; needs the scope `blacklist` too",
    )
    blacklist_note: str | None = Field(default=None, max_length=MAX_NOTE_LENGTH, description="With `blacklistReason`")


class CustomerByReference(CustomerChanges):
    """A customer as they should stand under a reference of yours."""

    email: str = Field(json_schema_extra=EMAIL, description=AN_EMAIL, examples=["ama.mensah@example.com"])


class EmailGiven(Given):
    """Whom to fetch."""

    email: str = Field(description="In any spelling", examples=["ama.mensah@example.com"])


class BlacklistGiven(Given):
    """The flag, and why. Setting what is set already changes nothing."""

    blacklist: bool = Field(description="Whether the company still deals with them: not, if true", examples=[True])
    reason: str | None = Field(
        default=None, json_schema_extra={"enum": [*REASONS_OFFERED, None]}, description=WHY, examples=["fraud"]
    )
    note: str | None = Field(
        default=None, max_length=MAX_NOTE_LENGTH, description=A_NOTE, examples=["Two cards, one face."]
    )


class CheckGiven(Given):
    """A person, by whatever is known of them. What is no text cannot be compared, and `notRead` says so."""

    id: Any = Field(default=None, description="Of a customer", examples=["0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"])
    reference: Any = Field(default=None, description="Of a customer", examples=["CUS-7K3M9Q2XVB"])
    email: Any = Field(default=None, description="In any spelling", examples=["ama.mensah@example.com"])
    phone: Any = Field(
        default=None, description="International, or national with `countryCode`", examples=["020 123 4567"]
    )
    country_code: Any = Field(default=None, description="`+234`, `234`, `NG` or `NGA`", examples=["GH"])
    first_name: Any = Field(default=None, description=A_NAME, examples=["Ama"])
    last_name: Any = Field(
        default=None, description="Names count together with `countryCode`, `phone` or `email`", examples=["Mensah"]
    )


class ChecksGiven(Given):
    """Several people."""

    customers: list[CheckGiven | Any] = Field(
        min_length=1, max_length=MAX_AT_ONCE, description="Answered in this order"
    )


class Decision(Wire):
    """Whether a person may proceed. Nothing personal is in it."""

    decision: Answer = Field(
        description="`deny`: blacklisted; `review`: looks like somebody who is; `allow`: else, also if unknown",
        examples=["review"],
    )
    matched_on: list[str] = Field(
        description="`id`, `reference`, `email`, `phone`, `name`, `close_name`", examples=[["phone", "close_name"]]
    )
    reasons: list[str] = Field(description="Reason codes of the blacklistings", examples=[["fraud"]])
    not_read: list[str] = Field(description="Fields that could not be compared", examples=[["phone"]])
    problem: str | None = Field(
        description="Why nothing could be compared; then the decision is `review`", examples=[None]
    )
    customer_id: UUID | None = Field(
        description="Who was recognised by id, reference or e-mail; with the scope `read`", examples=[None]
    )
    decided_at: WireMoment

    @classmethod
    def of(cls, verdict: Verdict, *, may_name: bool) -> "Decision":
        return cls(
            decision=verdict.answer,
            matched_on=list(verdict.matched_on),
            reasons=list(verdict.reasons),
            not_read=[WIRE_NAMES.get(name, name) for name in verdict.not_read],
            problem=verdict.problem or None,
            customer_id=verdict.known[0].id if may_name and verdict.known else None,
            decided_at=clock.now(),
        )


class DecisionsOut(Wire):
    """One decision for each person who was asked about, in the same order."""

    decisions: list[Decision]


def as_json(said: Wire, *, status: int = 200, leave_out: set[str] | None = None) -> Response:
    body = said.model_dump_json(by_alias=True, exclude=leave_out)
    return Response(body, status=status, mimetype="application/json")


def success(message: str, data: Any, *, status: int = 200) -> Response:
    ignored = list(dict.fromkeys(g.get("ignored", ())))
    said = Success[Any].model_construct(
        status=True, message=message, data=data, ignored=ignored or None, outcome=g.get("outcome")
    )
    absent = {name for name in ("ignored", "outcome") if getattr(said, name) is None}
    response = as_json(said, status=status, leave_out=absent)
    if ignored:
        told = ", ".join(name for name in ignored if name.isascii() and name.isprintable())
        response.headers["X-Ignored"] = told[:MAX_HEADER_LENGTH]
    return response
