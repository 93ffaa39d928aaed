"""What programs receive: the answers on the wire,
each declared once for both the code and the description.
"""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from flask import Response, g
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.entries.values import told_value
from webapp.blacklist.screening import Answer, Verdict
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.search.results import ListRow, Page

T = TypeVar("T")
# Names of fields in the rules, and on the wire.
RULE_NAMES = {"country_code": "country", "date_of_birth": "birthday"}
WIRE_NAMES = {
    "first_name": "firstName",
    "last_name": "lastName",
    "country": "countryCode",
    "dial_code": "countryCode",
    "birthday": "dateOfBirth",
    "blacklisted": "blacklist",
}
MAX_HEADER_LENGTH = 500
ANOTHER_ID = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e56"
A_MOMENT = Field(
    description="UTC, in milliseconds (ISO 8601)", examples=["2026-11-05T12:34:56.000Z"]
)
WireMoment = Annotated[datetime, PlainSerializer(in_iso, return_type=str), A_MOMENT]


class Wire(BaseModel):
    """Names in camelCase; a value is taken as it is."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


def where_known(description: str, example: Any) -> Any:
    """A field that is left out where there is nothing to say."""
    return Field(
        default=None,
        exclude_if=lambda value: not value,
        description=description,
        examples=[example],
    )


class CustomerOut(Wire):
    """A customer."""

    id: UUID = Field(examples=["0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"])
    reference: str = Field(examples=["CUS-7K3M9Q2XVB"])
    first_name: str | None = Field(description="`null` where it is not known", examples=["Ama"])
    last_name: str | None = Field(description="`null` where it is not known", examples=["Mensah"])
    email: str = Field(examples=["ama.mensah@example.com"])
    phone: str | None = Field(description="ITU-T E.164", examples=["+233201234567"])
    country_code: str | None = Field(description="Dial code", examples=["+233"])
    date_of_birth: str | None = where_known(
        "ISO 8601; only where it is known, and the key has the scope `write`", "1985-12-31"
    )
    blacklist: bool = Field(examples=[False])
    created_at: WireMoment
    updated_at: WireMoment
    merged_from: list[UUID] | None = where_known(
        "The ids of records merged into this one; only where there are any", [ANOTHER_ID]
    )

    @classmethod
    def of(
        cls, customer: Customer | ListRow, *, merged_from: list[UUID] | None = None
    ) -> "CustomerOut":
        return cls.model_construct(
            id=customer.id,
            reference=customer.reference,
            first_name=customer.first_name or None,
            last_name=customer.last_name or None,
            email=customer.email,
            phone=customer.phone,
            country_code=customer.dial_code,
            date_of_birth=customer.birthday if g.get("may_see_birthdays") else None,
            blacklist=customer.blacklisted,
            created_at=customer.created_at,
            updated_at=customer.updated_at,
            merged_from=merged_from,
        )


class Meta(Wire):
    """Where a page stands in its list."""

    page: int = Field(examples=[1])
    take: int = Field(examples=[10])
    item_count: int = Field(
        description="Every match, exactly; with `search` at most 1,000", examples=[318]
    )
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
    """One page of a list, or a stretch of a walk."""

    customers: list[CustomerOut]
    meta: CappedMeta | Meta | None = where_known("Of a page; not of a walk", None)
    next: str | None = where_known(
        "Of a walk: `after` of the next call, if there is more", "bDEuNDI"
    )
    changes: str | None = where_known(
        "Of the beginning of a walk: `after` of the first call of `GET changes`, which tells what "
        "changed during the walk and since",
        "YzEuNDI",
    )


class Success(Wire, Generic[T]):
    """What every answer looks like that is no error. It never has a key `statusCode`."""

    status: bool = True
    message: str
    data: T
    ignored: list[str] | None = Field(
        default=None, description="Fields of the body that mean nothing here"
    )
    outcome: Literal["created", "changed", "unchanged"] | None = None


class Failure(Wire):
    """What every error looks like. Branch on `code`."""

    status_code: int
    error: str
    code: str
    message: str
    fields: dict[str, list[str]] = Field(description="Sentences by field")
    request_id: str
    data: CustomerOut | None = Field(
        default=None, description="With `changed_meanwhile`, the customer as they stand"
    )
    deleted_at: WireMoment | None = Field(default=None, description="With `customer_deleted`")
    customer_id: UUID | None = Field(
        default=None,
        description="With `email_taken` and `reference_taken`, who has it; with the scope `read`",
    )


class Decision(Wire):
    """Whether a person may proceed. Nothing personal is in it."""

    decision: Answer = Field(
        description="`deny`: blacklisted; `review`: looks like somebody who is; "
        "`allow`: else, also if unknown",
        examples=["review"],
    )
    matched_on: list[str] = Field(
        description="`id`, `reference`, `email`, `phone`, `name`, `birthday`, "
        "`close_email`, `close_name`, `close_birthday`; `email_entry`, `domain_entry`, "
        "`phone_entry`, `phone_range_entry`, `name_entry`",
        examples=[["phone", "close_name"]],
    )
    reasons: list[str] = Field(
        description="Reason codes of the blacklistings", examples=[["fraud"]]
    )
    not_read: list[str] = Field(
        description="Fields that could not be compared", examples=[["phone"]]
    )
    problem: str | None = Field(
        description="Why nothing could be compared; then the decision is `review`", examples=[None]
    )
    customer_id: UUID | None = Field(
        description="Who was recognised by id, reference or e-mail; with the scope `read`",
        examples=[None],
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


class EntryOut(Wire):
    """A value that is denied, held back or allowed, whoever has it."""

    number: int = Field(examples=[12])
    kind: str = Field(description="See the call that adds one", examples=["email"])
    value: str = Field(
        description="In normal form; birthdays need the scope `write`", examples=["bad@example.com"]
    )
    level: str = Field(description="`deny`, `review`, `watch` or `allow`", examples=["deny"])
    reason: str | None = Field(description="A reason code", examples=["fraud"])
    state: str = Field(
        description="`waiting`, `overdue`, `kept`, `ended`, `undone`, `overturned`, `removed`",
        examples=["waiting"],
    )
    opened_at: WireMoment
    until: WireMoment | None = Field(description="When it stops counting", examples=[None])

    @classmethod
    def of(cls, entry: BlacklistEntry) -> "EntryOut":
        return cls.model_construct(
            number=entry.seq,
            kind=entry.kind,
            value=told_value(entry.kind, entry.value, tells_birthday=g.may_see_birthdays),
            level=entry.level,
            reason=entry.reason,
            state=entry.state(clock.now()).value,
            opened_at=entry.opened_at,
            until=entry.until,
        )


class EntriesOut(Wire):
    """Entries that stand, the newest first."""

    entries: list[EntryOut]
    next: int | None = Field(
        description="`before` of the next call; `null` at the end", examples=[None]
    )


class DecisionsOut(Wire):
    """One decision for each person who was asked about, in the same order."""

    decisions: list[Decision]


class ApiResponse(Response):
    """An answer, with what its idempotency record needs.

    Attributes:
        customer_seq: The customer it is about; deleting them deletes the record.
        kept_body: The body to keep instead, if not all of it may be kept.
    """

    customer_seq: int | None = None
    kept_body: str | None = None


def as_json(model: Wire, *, status: int = 200, leave_out: set[str] | None = None) -> ApiResponse:
    body = model.model_dump_json(by_alias=True, exclude=leave_out)
    return ApiResponse(body, status=status, mimetype="application/json")


def success(message: str, data: Any, *, status: int = 200) -> ApiResponse:
    ignored = list(dict.fromkeys(g.get("ignored", ())))
    answer = Success[Any].model_construct(
        status=True, message=message, data=data, ignored=ignored or None, outcome=g.get("outcome")
    )
    absent = {name for name in ("ignored", "outcome") if getattr(answer, name) is None}
    response = as_json(answer, status=status, leave_out=absent)
    if ignored:
        names = ", ".join(name for name in ignored if name.isascii() and name.isprintable())
        response.headers["X-Ignored"] = names[:MAX_HEADER_LENGTH]
    return response
