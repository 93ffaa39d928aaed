"""The rules for a customer's details: how a submission is read, what is stored, and every problem
at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from webapp.customers.numbering.countries import Country, find_country
from webapp.customers.numbering.phones import NotAPhone, is_spelling_of, read_phone
from webapp.kernel import clock
from webapp.kernel.fields import email_key, read_email, read_optional_name, read_text
from webapp.kernel.folding import fold
from webapp.kernel.submission import Submission

MAX_REFERENCE_LENGTH = 64
REFERENCE = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_REFERENCE_LENGTH}}}", re.ASCII)
UUID_SHAPED = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
# Our references: Crockford's base 32, in which O is read as 0, and I and L as 1.
OUR_REFERENCE = re.compile(r"(cus-?)?([0-9a-z]{10})", re.ASCII | re.IGNORECASE)
CROCKFORD_READING = str.maketrans("oil", "011")
# Years of age: below, nobody may have an account of their own; above, nobody has lived.
MIN_AGE, MAX_AGE = 13, 120
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WORDS_OF_THE_API = {"batch", "check", "blacklist", "fetch_customer", "by-reference"}


@dataclass(frozen=True)
class Provider:
    """How a mail provider reads addresses.

    Attributes:
        domain: The canonical one of all its domains that share mailboxes.
        unread: Translation table for characters before the @ that it ignores or treats as another.
        alias_mark: Starts an alias: what follows it is not part of the mailbox name.
    """

    domain: str
    unread: Mapping[int, int | None] = field(default_factory=dict)
    alias_mark: str = ""


def _mailboxes(
    *domains: str, unread: str = "", same: str = "  ", alias_mark: str = ""
) -> dict[str, Provider]:
    table = str.maketrans(same[0], same[1], unread)
    return dict.fromkeys(domains, Provider(domains[0], table, alias_mark))


YANDEX = (
    "yandex.ru",
    "ya.ru",
    "yandex.com",
    "yandex.by",
    "yandex.kz",
    "yandex.ua",
    "yandex.uz",
    "yandex.com.tr",
)
YAHOO = (
    "yahoo.com",
    "ymail.com",
    "rocketmail.com",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.de",
    "yahoo.es",
    "yahoo.it",
)
PROVIDERS = (
    _mailboxes("gmail.com", "googlemail.com", unread=".")
    | _mailboxes("proton.me", "protonmail.com", "protonmail.ch", "pm.me", unread=".-_")
    | _mailboxes("icloud.com", "me.com", "mac.com")
    | _mailboxes(*YANDEX, same="-.")
    | {domain: Provider(domain, alias_mark="-") for domain in YAHOO}
)


@dataclass(frozen=True)
class Details:
    """What the book stores about a person, in normal form.

    Attributes:
        birthday: As an ISO 8601 date, such as `1985-12-31`.
    """

    first_name: str
    last_name: str
    email: str
    phone: str | None = None
    dial_code: str | None = None
    birthday: str | None = None


def read_details(raw: Mapping[str, Any], *, stored: Details | None = None) -> Submission:
    """Read a submission, field by field; absent fields stay as stored.

    Args:
        raw: Any of `first_name`, `last_name`, `email`, `phone`, `country` (`+234`, `234`, `NG`,
            `NGA`), `birthday`, as typed. The phone must agree with `country`; `home` is a country
            that only helps to read a national number.
        stored: The customer's present details, for an edit.

    Returns:
        A submission whose `values` hold normal forms and whose `problems` hold everything that is
            wrong.
    """
    submission = Submission(
        values={f.name: getattr(stored, f.name) for f in fields(Details)} if stored else {}
    )
    readers = {
        "first_name": read_optional_name,
        "last_name": read_optional_name,
        "email": read_email,
    }
    for name, reader in readers.items():
        if stored is None or name in raw:
            submission.read(name, reader, raw.get(name))
    read_contact(submission, raw, stored)
    if stored is None or raw.get("birthday", stored.birthday) != stored.birthday:
        # A stored one that comes back is not checked again: who was 120 is 121 today.
        submission.read("birthday", read_birthday, raw.get("birthday"))
    return submission


def ask_for_a_name(submission: Submission, stored: Details | None = None) -> None:
    """Staff must enter at least one name. A program may know only an address; staff who edit such a
    record need not add a name.
    """
    had_none = stored is not None and not (stored.first_name or stored.last_name)
    values = submission.values
    if not had_none and values.get("first_name") == values.get("last_name") == "":
        submission.problems.setdefault("first_name", []).append(
            "Enter a name: a first name, a last name, or both"
        )


def read_contact(submission: Submission, raw: Mapping[str, Any], stored: Details | None) -> None:
    """Read phone and country of a submission into `phone` and `dial_code`, as
    `read_details` does.
    """
    if stored and "phone" not in raw and "country" not in raw:
        return
    phone, country = raw.get("phone", stored.phone if stored else None), raw.get("country")
    submission.read("country", read_country, country)
    submission.read("phone", read_text, phone)
    if {"phone", "country"} & submission.problems.keys():
        submission.values.pop("phone", None)
        return
    phone, chosen = submission.values["phone"], submission.values.pop("country")
    if not phone:
        submission.values |= {"phone": None, "dial_code": chosen.dial_code if chosen else None}
        return
    if (
        stored
        and stored.phone
        and is_spelling_of(phone, stored.phone)
        and _is_in(chosen, stored.dial_code)
    ):
        # A stored number that comes back unchanged is not checked again: numbering plans change.
        submission.values |= {"phone": stored.phone, "dial_code": stored.dial_code}
        return
    home = raw.get("home") or (stored.dial_code if stored else None)
    submission.values.pop("phone")
    submission.read("phone", _read_number, phone, chosen, find_country(home) if home else None)
    if "phone" not in submission.problems:
        submission.values["phone"], submission.values["dial_code"] = submission.values["phone"]


def read_birthday(raw: Any) -> str | None:
    """A birthday in ISO 8601; `None` for empty text.

    Raises:
        ValueError: it is no such date, or nobody that young or old is a customer.
    """
    text = read_text(raw)
    if not text:
        return None
    try:
        if not ISO_DATE.fullmatch(text):
            raise ValueError
        birthday = date.fromisoformat(text)
    except ValueError:
        raise ValueError("Write a birthday as year, month and day, such as 1985-12-31") from None
    if not MIN_AGE <= _age(birthday) <= MAX_AGE:
        raise ValueError(f"A customer is {MIN_AGE} to {MAX_AGE} years old; look at the year")
    return text


def _age(birthday: date) -> int:
    """In whole years, today."""
    today = clock.now().date()
    has_yet_to_come = (today.month, today.day) < (birthday.month, birthday.day)
    return today.year - birthday.year - has_yet_to_come


def _is_in(chosen: Country | None, dial_code: str | None) -> bool:
    return chosen is None or chosen.dial_code == dial_code


def read_country(raw: Any) -> Country | None:
    """The country meant by `+234`, `234`, `NG` or `NGA`; `None` for empty text.

    Raises:
        ValueError: there is no such country.
    """
    text = read_text(raw)
    country = find_country(text) if text else None
    if text and not country:
        raise ValueError("This is not a country or country code we know")
    return country


def _read_number(text: str, chosen: Country | None, home: Country | None) -> tuple[str, str]:
    e164, dial_code = read_phone(text, chosen or home)
    if chosen and chosen.dial_code != dial_code:
        raise NotAPhone(
            f"This number begins with {dial_code}, but {chosen.name} has {chosen.dial_code}"
        )
    return e164, dial_code


def read_reference(raw: Any) -> str:
    """A reference chosen by a program.

    Raises:
        ValueError: not `[A-Za-z0-9._-]{1,64}`, only dots, shaped like a UUID, or a word that
            already means something in that part of an API path.
    """
    text = read_text(raw)
    if not REFERENCE.fullmatch(text) or not text.strip("."):
        raise ValueError("A reference has 1 to 64 letters, digits, dots, hyphens or underscores")
    if UUID_SHAPED.fullmatch(text) or text.lower() in WORDS_OF_THE_API:
        raise ValueError("This word already has a meaning here; choose another reference")
    return text


def email_person(email: str) -> str:
    """The mailbox behind an address, so that different spellings of it are probably one person's.

    Drops the plus part everywhere, and dots or hyphens where the provider ignores them; the domains
    of one provider count as one.
    """
    local, domain = email_key(email).rsplit("@", 1)
    local = fold(local.split("+", 1)[0] or local)
    provider = PROVIDERS.get(domain, Provider(domain))
    if provider.alias_mark:
        local = local.split(provider.alias_mark, 1)[0] or local
    return f"{local.translate(provider.unread)}@{provider.domain}"


def reference_keys(typed: str) -> tuple[str, ...]:
    """What a reference may be stored as, in lower case: as it was typed, and one of ours as
    Crockford's base 32 is read, with or without `CUS-`.
    """
    as_typed = typed.strip().lower()
    ours = OUR_REFERENCE.fullmatch(as_typed.replace(" ", ""))
    reading = [f"cus-{ours[2].translate(CROCKFORD_READING)}"] if ours else []
    return tuple(dict.fromkeys([as_typed, *reading]))
