"""What programs may send: the bodies of calls, with the names of the wire."""

from typing import Any

from flask import current_app, g
from pydantic import Field

from webapp.api.wire.schemas import A_REFERENCE, RULE_NAMES, Wire
from webapp.blacklist.entries.models import Level
from webapp.blacklist.entries.values import ValueKind
from webapp.blacklist.models import REASONS_OFFERED
from webapp.blacklist.screening import MAX_AT_ONCE
from webapp.kernel.fields import MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, MAX_NOTE_LENGTH, printable
from webapp.lookalikes.duplicates import DuplicateCheck

# How many unknown names of one object are reported.
MAX_IGNORED = 100


EMAIL: dict[str, Any] = {"format": "email", "maxLength": MAX_EMAIL_LENGTH}


WHY = f"One of {', '.join(REASONS_OFFERED)}"


A_NOTE = "What the next person should know; needed for `other`"


A_BIRTHDAY = "ISO 8601, of somebody who is 13 to 120 years old"


A_NAME = "1 to 100 characters, in any script"


AN_EMAIL = "Unique without regard to case"


class Given(Wire):
    """What a body may say. Names that are not declared are
    named as ignored; what values mean, the rules decide.
    """

    @classmethod
    def taken_from(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The declared values of a body, under the names that the rules use."""
        unknown = sorted(body.keys() - {f.alias or n for n, f in cls.model_fields.items()})
        g.setdefault("ignored", []).extend(
            printable(name, instead="?")[:MAX_NAME_LENGTH] for name in unknown[:MAX_IGNORED]
        )
        names = {name: field.alias or name for name, field in cls.model_fields.items()}
        return {
            RULE_NAMES.get(name, name): body[wire] for name, wire in names.items() if wire in body
        }


class CustomerChanges(Given):
    """Any of these; what is absent stays. An international
    phone brings its code; `null` clears phone and code.
    """

    first_name: str | None = Field(
        default=None, max_length=MAX_NAME_LENGTH, description=A_NAME, examples=["Ama"]
    )
    last_name: str | None = Field(
        default=None, max_length=MAX_NAME_LENGTH, description=A_NAME, examples=["Mensah"]
    )
    email: str = Field(
        default="",
        json_schema_extra=EMAIL,
        description=AN_EMAIL,
        examples=["ama.mensah@example.com"],
    )
    phone: str | None = Field(
        default=None,
        description="International, or national together with `countryCode`, in any usual spelling",
        examples=["+233201234567", "020 123 4567"],
    )
    country_code: str | None = Field(
        default=None,
        description="`+234`, `234`, `NG` or `NGA`; reads a national phone",
        examples=["GH"],
    )
    date_of_birth: str | None = Field(default=None, description=A_BIRTHDAY, examples=["1985-12-31"])
    allow_duplicate: bool | None = Field(
        default=None,
        description="Saves them although a customer shares their phone or mailbox, where "
        "the operator has such customers refused (`probable_duplicate`)",
        examples=[True],
    )


class NewCustomer(CustomerChanges):
    """A customer to be added."""

    email: str = Field(
        json_schema_extra=EMAIL, description=AN_EMAIL, examples=["ama.mensah@example.com"]
    )
    reference: str | None = Field(
        default=None,
        pattern=A_REFERENCE,
        description="Yours, unique and fixed; ours if absent",
        examples=["A-1"],
    )
    blacklist_reason: str | None = Field(
        default=None,
        json_schema_extra={"enum": [*REASONS_OFFERED, None]},
        description="Blacklists them at once; needs the scope `blacklist` too",
    )
    blacklist_note: str | None = Field(
        default=None, max_length=MAX_NOTE_LENGTH, description="With `blacklistReason`"
    )


class CustomerByReference(CustomerChanges):
    """A customer as they should stand under a reference of yours."""

    email: str = Field(
        json_schema_extra=EMAIL, description=AN_EMAIL, examples=["ama.mensah@example.com"]
    )


class EmailGiven(Given):
    """Whom to fetch."""

    email: str = Field(description="In any spelling", examples=["ama.mensah@example.com"])


class BlacklistGiven(Given):
    """The flag, and why. Setting what is set already changes nothing."""

    blacklist: bool = Field(
        description="Whether the company still deals with them: not, if true", examples=[True]
    )
    reason: str | None = Field(
        default=None,
        json_schema_extra={"enum": [*REASONS_OFFERED, None]},
        description=WHY,
        examples=["fraud"],
    )
    until: str | None = Field(
        default=None,
        description="When it ends by itself; never, if it is left out (ISO 8601). One that stands "
        "keeps its end, and `ignored` says so",
        examples=["2030-12-31T18:00:00Z"],
    )
    note: str | None = Field(
        default=None,
        max_length=MAX_NOTE_LENGTH,
        description=A_NOTE,
        examples=["Two cards, one face."],
    )


class RemovalGiven(Given):
    """Why somebody should be removed from the blacklist."""

    note: str = Field(
        min_length=1,
        max_length=MAX_NOTE_LENGTH,
        description="For the manager who decides",
        examples=["Paid on 3 November."],
    )


class CheckGiven(Given):
    """A person, by whatever is known of them.
    What is no text cannot be compared, and `notRead` says so.
    """

    id: Any = Field(
        default=None, description="Of a customer", examples=["0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"]
    )
    reference: Any = Field(default=None, description="Of a customer", examples=["CUS-7K3M9Q2XVB"])
    email: Any = Field(
        default=None, description="In any spelling", examples=["ama.mensah@example.com"]
    )
    phone: Any = Field(
        default=None,
        description="International, or national with `countryCode`",
        examples=["020 123 4567"],
    )
    country_code: Any = Field(
        default=None, description="`+234`, `234`, `NG` or `NGA`", examples=["GH"]
    )
    first_name: Any = Field(default=None, description=A_NAME, examples=["Ama"])
    last_name: Any = Field(
        default=None,
        description="Names count together with `countryCode`, `phone`, `dateOfBirth` or `email`",
        examples=["Mensah"],
    )
    date_of_birth: Any = Field(default=None, description=A_BIRTHDAY, examples=["1985-12-31"])


class ChecksGiven(Given):
    """Several people."""

    customers: list[CheckGiven | Any] = Field(
        min_length=1, max_length=MAX_AT_ONCE, description="Answered in this order"
    )


class EntryGiven(Given):
    """What is to be denied, held back or allowed, whoever has it."""

    kind: str = Field(
        json_schema_extra={"enum": [*ValueKind]}, description="What it is", examples=["email"]
    )
    value: str | None = Field(
        default=None,
        description="An e-mail, a domain (with all under it), a phone, or `+` and the first digits "
        "of a range of phones; not for a name",
        examples=["bad@example.com"],
    )
    country_code: str | None = Field(
        default=None, description="Reads a national phone", examples=["GH"]
    )
    first_name: str | None = Field(default=None, description="Of a name", examples=["Kofi"])
    last_name: str | None = Field(default=None, description="Of a name", examples=["Mensah"])
    date_of_birth: str | None = Field(
        default=None, description="Of a name: too many people share one", examples=["1985-12-31"]
    )
    level: str = Field(
        json_schema_extra={"enum": [*Level]},
        description="What happens to whoever matches; `allow` counts once a manager agreed",
        examples=["deny"],
    )
    reason: str | None = Field(
        default=None,
        json_schema_extra={"enum": [*REASONS_OFFERED, None]},
        description=f"{WHY}; not with `allow`",
        examples=["fraud"],
    )
    note: str | None = Field(
        default=None,
        max_length=MAX_NOTE_LENGTH,
        description="Needed for `other` and `allow`",
        examples=["On the list of a partner."],
    )
    until: str | None = Field(
        default=None,
        description="When it stops counting (ISO 8601); `null` if it has no end",
        examples=["2030-12-31T18:00:00Z"],
    )


def duplicate_check(fields: dict[str, Any]) -> DuplicateCheck:
    """Refuses nobody, unless the operator wants probable duplicates refused and this call does not
    allow for one.
    """
    is_allowed = fields.pop("allow_duplicate", None) is True
    may_pass = is_allowed or not current_app.config["REFUSE_DUPLICATES"]
    return DuplicateCheck(None if may_pass else ())
