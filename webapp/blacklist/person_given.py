"""A person who is asked about: what was given, as far as it can be read, and whom it identifies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from webapp.customers.fields import (
    UUID_SHAPED,
    Details,
    read_birthday,
    read_country,
    reference_keys,
)
from webapp.customers.merged import MergedCustomer, survivor_of
from webapp.customers.models import Customer
from webapp.customers.numbering.countries import Country, dial_code_of
from webapp.customers.numbering.phones import comparable_phone, read_phone
from webapp.kernel.database import db
from webapp.kernel.fields import email_key, read_email, read_name, read_text
from webapp.kernel.refusals import InvalidDetails
from webapp.kernel.submission import Submission

HANDLES = ("id", "reference", "email")


class NothingToCompare(InvalidDetails):
    sentence = "Give an id, reference, e-mail or phone, or both names with a country or birthday"


@dataclass
class PersonGiven:
    """What was given about one person, as far as it could be read, and the customers whom its
    handles identify.
    """

    handles: dict[str, Any]
    details: Details
    not_read: Mapping[str, Sequence[str]]
    known: dict[str, Customer] = field(default_factory=dict)

    @property
    def can_be_compared(self) -> bool:
        return bool(self.handles or self.details.phone or _has_a_name_to_compare(self.details))


def read_person(raw: Mapping[str, Any]) -> PersonGiven:
    """Read what was given about a person, field by field; see `screening.check`."""
    submission = Submission()
    present = {name: value for name, value in raw.items() if value not in (None, "")}
    readers: dict[str, Any] = {"id": _read_id, "reference": _read_reference, "email": read_email}
    readers |= {"first_name": read_name, "last_name": read_name, "birthday": read_birthday}
    for name, reader in readers.items():
        if name in present:
            submission.read(name, reader, present[name])
    values = submission.values | _read_phone(submission, present)
    handles = {name: values[name] for name in HANDLES if name in values}
    return PersonGiven(handles, _details(values), submission.problems)


def _read_phone(submission: Submission, present: Mapping[str, Any]) -> dict[str, Any]:
    """The phone in the form in which it is compared, and the dial code of the country given, or
    else of the phone.
    """
    submission.read("country", read_country, present.get("country"))
    country = submission.values.pop("country", None)
    submission.read("phone", _comparable, present.get("phone"), country)
    phone = submission.values.pop("phone", None)
    dial_code = country.dial_code if country else dial_code_of(phone) if phone else None
    return {"phone": phone, "dial_code": dial_code}


def _comparable(raw: Any, country: Country | None) -> str | None:
    text = read_text(raw)
    phone = comparable_phone(text, country) if text else None
    if text and phone is None:
        read_phone(text, country)  # raises with what is wrong
    return phone


def _read_id(raw: Any) -> UUID:
    text = read_text(raw)
    if not UUID_SHAPED.fullmatch(text):
        raise ValueError("This is not an id")
    return UUID(text)


def _read_reference(raw: Any) -> str:
    return read_text(raw).lower()


def _details(values: Mapping[str, Any]) -> Details:
    first, last, email = (values.get(name) or "" for name in ("first_name", "last_name", "email"))
    more = (values.get(name) for name in ("phone", "dial_code", "birthday"))
    return Details(first, last, email, *more)


def _has_a_name_to_compare(details: Details) -> bool:
    is_told_apart_by = details.dial_code or details.birthday
    return bool(details.first_name and details.last_name and is_told_apart_by)


def find_known(people: Sequence[PersonGiven]) -> None:
    """Find the customers of all ids, references and addresses, with a few statements per kind."""
    columns = {
        "id": Customer.id,
        "reference": func.lower(Customer.reference),
        "email": Customer.email_key,
    }
    for name, column in columns.items():
        asked = {
            key
            for person in people
            if name in person.handles
            for key in _keys(name, person.handles[name])
        }
        if not asked:
            continue
        query: Select[Any] = select(column, Customer).where(column.in_(sorted(asked)))
        known: dict[Any, Customer] = {row[0]: row[1] for row in db.session.execute(query)}
        known = _by_merged(name, asked - known.keys()) | known
        for person in people:
            keys = _keys(name, person.handles[name]) if name in person.handles else ()
            for key in keys:
                if key in known:
                    person.known.setdefault(name, known[key])


def _by_merged(name: str, keys: Collection[Any]) -> dict[Any, Customer]:
    """The customers into whom records with such handles were merged, by handle."""
    record = MergedCustomer
    columns: dict[str, tuple[Any, ...]] = {
        "id": (record.id,),
        "reference": (func.lower(record.reference),),
        "email": (record.email_key, record.replaced_email_key),
    }
    known: dict[Any, Customer] = {}
    for column in columns[name] if keys else ():
        rows = db.session.execute(select(column, record).where(column.in_(sorted(keys))))
        known |= {key: survivor_of(one) for key, one in rows.all()}
    return known


def _keys(name: str, value: Any) -> tuple[Any, ...]:
    """What a handle may be stored as."""
    if name == "reference":
        return reference_keys(value)
    return (email_key(value) if name == "email" else value,)
