"""What programs receive: the answers on the wire,
each declared once for both the code and the description.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import g
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from webapp.customers.fields import MAX_REFERENCE_LENGTH
from webapp.customers.models import Customer
from webapp.kernel.clock import in_iso
from webapp.kernel.fields import MAX_EMAIL_LENGTH
from webapp.search.results import ListRow, Page

# Names of fields in the rules, and on the wire.
RULE_NAMES = {"country_code": "country", "date_of_birth": "birthday"}
A_REFERENCE = f"^[A-Za-z0-9._-]{{1,{MAX_REFERENCE_LENGTH}}}$"
ANOTHER_ID = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e56"
A_MOMENT = Field(
    description="UTC, in milliseconds (ISO 8601)",
    examples=["2026-11-05T12:34:56.000Z"],
    json_schema_extra={"format": "date-time"},
)
WireMoment = Annotated[datetime, PlainSerializer(in_iso, return_type=str), A_MOMENT]


def one_of(values: Iterable[str]) -> WithJsonSchema:
    """Text that is described as one of these."""
    return WithJsonSchema({"type": "string", "enum": [*values]})


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
    reference: str = Field(pattern=A_REFERENCE, examples=["CUS-7K3M9Q2XVB"])
    first_name: str | None = Field(description="`null` where it is not known", examples=["Ama"])
    last_name: str | None = Field(description="`null` where it is not known", examples=["Mensah"])
    email: str = Field(
        max_length=MAX_EMAIL_LENGTH,
        json_schema_extra={"format": "email"},
        examples=["ama.mensah@example.com"],
    )
    phone: str | None = Field(
        description="ITU-T E.164", pattern=r"^\+[0-9]{4,15}$", examples=["+233201234567"]
    )
    country_code: str | None = Field(
        description="Dial code", pattern=r"^\+[0-9]{1,4}$", examples=["+233"]
    )
    date_of_birth: str | None = where_known(
        "ISO 8601; only where it is known, and the key has the scope `write`", "1985-12-31"
    )
    blacklist: bool = Field(examples=[False])
    version: int = Field(description="Counts changes, as the ETag does", ge=1, examples=[4])
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
            version=customer.version,
            created_at=customer.created_at,
            updated_at=customer.updated_at,
            merged_from=merged_from,
        )


class Meta(Wire):
    """Where a page stands in its list."""

    page: int = Field(ge=1, examples=[1])
    take: int = Field(ge=0, examples=[10])
    item_count: int = Field(
        description="Every match, exactly; with `search` at most 1,000", ge=0, examples=[318]
    )
    item_count_capped: bool | None = where_known(
        "`true` where a search found more than it tells; else left out", True
    )
    page_count: int = Field(ge=0, examples=[32])
    has_previous_page: bool = Field(examples=[False])
    has_next_page: bool = Field(examples=[True])

    @classmethod
    def of(cls, page: Page, *, take: int) -> "Meta":
        """Of a page, or of one without rows: `take` is 0."""
        return cls(
            page=page.number,
            take=take,
            item_count=page.total,
            item_count_capped=page.capped or None,
            page_count=-(-page.total // take) if take else 0,
            has_previous_page=take > 0 and page.number > 1,
            has_next_page=take > 0 and page.number * take < page.total,
        )


class Deleted(Wire):
    """What a repeated deletion is answered with: nothing of the person is kept."""

    id: UUID
    deleted_at: WireMoment


class CustomersOut(Wire):
    """One page of a list, or a stretch of a walk."""

    customers: list[CustomerOut]
    meta: Meta | None = where_known("Of a page; not of a walk", None)
    next: str | None = where_known(
        "Of a walk: `after` of the next call, if there is more", "bDEuNDI"
    )
    changes: str | None = where_known(
        "Of the beginning of a walk: `after` of the first call of `GET changes`, which tells what "
        "changed during the walk and since",
        "YzEuNDI",
    )


class Failure(Wire):
    """What every error looks like. Branch on `code`."""

    status_code: int
    error: str
    code: str
    message: str
    fields: dict[str, list[str]] = Field(description="Sentences by field")
    request_id: str
    data: CustomerOut | None = where_known(
        "With `changed_meanwhile`, the customer as they stand", None
    )
    deleted_at: WireMoment | None = where_known("With `customer_deleted`", None)
    customer_id: UUID | None = where_known(
        "With `email_taken` and `reference_taken`, who has it; with the scope `read`", None
    )


PROBLEM = "application/problem+json"


class Problem(Failure):
    """The same as a problem (RFC 9457), for whoever asks for that."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
