"""Phone numbers: reading any usual spelling, storing E.164, showing them, and comparing them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from webapp.customers.numbering.countries import Country, countries, dial_code_of, main_country
from webapp.customers.numbering.dialling import numbering_plans
from webapp.customers.numbering.renumbering import renumbered
from webapp.kernel.folding import fold

MAX_SPELLING_LENGTH = 40
# A plus and fifteen digits, although some numbering plans allow more.
MAX_E164_LENGTH = 16
# A text with at least so many digits may be a whole number.
MIN_WHOLE = 7
MIN_WITHOUT_ZEROS = 5
PHONE_LIKE = re.compile(r"^(?:tel:)?[+0-9(][0-9()+./~\-]*$")
MARKS_AND_SPACES = re.compile(r"[^0-9]+")


class NotAPhone(ValueError):
    """Why a text cannot be saved as a phone number, as a sentence for whoever typed it."""


@dataclass(frozen=True)
class PhoneView:
    """A stored number as people read it: international format, its country if known, and its
    possible time zones.
    """

    number: PhoneNumber
    international: str
    country: Country | None

    @cached_property
    def is_outdated(self) -> bool:
        """Whether the number is no longer valid in its numbering plan."""
        return not phonenumbers.is_valid_number(self.number)

    @cached_property
    def present(self) -> str | None:
        """The present form of the number, if its country has been renumbered."""
        number = as_renumbered(self.number)
        return (
            phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else None
        )

    @cached_property
    def time_zones(self) -> tuple[str, ...]:
        return tuple(
            zone for zone in time_zones_for_number(self.number) if zone != UNKNOWN_TIMEZONE
        )

    def local_time(self, now: datetime) -> datetime | None:
        """The time where the number is; `None` if its zones differ now, as in large countries."""
        times = [now.astimezone(ZoneInfo(zone)) for zone in self.time_zones]
        return times[0] if len({time.utcoffset() for time in times}) == 1 else None


def read_phone(text: str, country: Country | None) -> tuple[str, str]:
    """Read a phone number in any usual spelling.

    Args:
        text: Such as `+234 801-234-5678`, `0801 234 5678`, `234…`, `00234…`, `tel:`, in digits of
            any script.
        country: Where digits without `+` are dialled. A number of another country needs `+`, or an
            exit prefix and too many digits to be a typing slip.

    Returns:
        The number as ITU-T E.164, `+2348012345678`, and its dial code, `+234`.

    Raises:
        NotAPhone: with the reason.
    """
    spelled = _spelled(text)
    if len(spelled) > MAX_SPELLING_LENGTH:
        raise NotAPhone("This is too long for a phone number")
    if re.search(r"[a-z]", spelled.removeprefix("tel:")):
        raise NotAPhone("Use digits only; leave out letters and extensions")
    number = _parse(spelled, country)
    if number.extension:
        raise NotAPhone("Leave out the extension")
    _refuse_unusable(number, country)
    _refuse_a_slip(number, spelled, country)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if len(e164) > MAX_E164_LENGTH:
        raise NotAPhone(f"This number is too long for {_place(number, country)}")
    return e164, f"+{number.country_code}"


def _spelled(text: str) -> str:
    """A number as it was typed, folded; the kana long-vowel mark stands for a hyphen."""
    return fold(text).replace("\u30fc", "-").strip()


def _parse(spelled: str, country: Country | None) -> PhoneNumber:
    parsed = [
        number for attempt in _attempts(spelled, country) if (number := parse_in_region(*attempt))
    ]
    if not parsed:
        raise NotAPhone(_why_unreadable(spelled, country))
    ways = [*parsed, *(present for number in parsed if (present := as_renumbered(number)))]
    return next((number for number in ways if phonenumbers.is_valid_number(number)), parsed[0])


def _attempts(spelled: str, country: Country | None) -> Iterable[tuple[str, str | None]]:
    digits = MARKS_AND_SPACES.sub("", spelled)
    if is_international(spelled) or not digits:
        return [(spelled, None)]
    attempts: list[tuple[str, str | None]] = [(spelled, country.code)] if country else []
    if digits.startswith("00") or country is None:
        attempts.append(("+" + digits.removeprefix("00"), None))
    return attempts


def is_international(spelled: str) -> bool:
    return spelled.removeprefix("tel:").lstrip(" (").startswith("+")


def parse_in_region(spelled: str, region: str | None) -> PhoneNumber | None:
    """The number as its plan reads it in a region (ISO 3166-1), or as an international one."""
    try:
        return phonenumbers.parse(spelled, region)
    except NumberParseException:
        return None


def as_renumbered(number: PhoneNumber) -> PhoneNumber | None:
    present = renumbered(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return parse_in_region(present, None) if present else None


def _refuse_a_slip(number: PhoneNumber, spelled: str, country: Country | None) -> None:
    """One digit too many must not turn a national number into a foreign one through an apparent
    exit prefix.
    """
    if (
        country is None
        or is_international(spelled)
        or country.dial_code == f"+{number.country_code}"
    ):
        return
    if len(MARKS_AND_SPACES.sub("", spelled)) <= _longest_national(country) + 1:
        raise NotAPhone(
            f"This is no number of {country.name}; begin with + if it is of another country"
        )


def _longest_national(country: Country) -> int:
    """The most digits that a number can have when dialled within its country, trunk prefix
    included.
    """
    plan = numbering_plans()[country.code]
    return max(plan.general_desc.possible_length, default=0) + len(plan.national_prefix or "0")


def _why_unreadable(spelled: str, country: Country | None) -> str:
    if not MARKS_AND_SPACES.sub("", spelled):
        return "There are no digits in this"
    if country is None and not spelled.startswith("+"):
        return "Choose the country, or begin with + and its code"
    return "This is not a phone number in any country we know"


def _refuse_unusable(number: PhoneNumber, country: Country | None) -> None:
    if phonenumbers.is_valid_number(number):
        return
    place = _place(number, country)
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT | ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise NotAPhone(f"This number is too short for {place}{_length(number)}")
        case ValidationResult.TOO_LONG:
            raise NotAPhone(f"This number is too long for {place}{_length(number)}")
        case ValidationResult.INVALID_LENGTH:
            raise NotAPhone(f"No number in {place} has this many digits{_length(number)}")
        case ValidationResult.INVALID_COUNTRY_CODE:
            raise NotAPhone("No country has this code")
        case _:
            raise NotAPhone(f"No number in {place} begins like this; check the first digits")


def _length(number: PhoneNumber) -> str:
    """How many digits mobile numbers have there, as the end of a sentence."""
    main = main_country(f"+{number.country_code}")
    plan = numbering_plans()[main.code].mobile if main else None
    lengths = [str(length) for length in (plan.possible_length if plan else ()) if length > 0]
    if not lengths:
        return ""
    return f"; mobiles have {' or '.join(lengths)} digits after +{number.country_code}"


def _place(number: PhoneNumber, country: Country | None) -> str:
    dial_code = f"+{number.country_code}"
    if country and country.dial_code == dial_code:
        return country.name
    main = main_country(dial_code)
    return main.name if main else dial_code


@lru_cache(maxsize=20_000)
def shown_phone(e164: str) -> PhoneView:
    """How a stored number is shown; cached, because lists show the same numbers repeatedly."""
    number = _stored(e164)
    return PhoneView(
        number=number,
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        country=countries().get(phonenumbers.region_code_for_number(number) or ""),
    )


@lru_cache(maxsize=20_000)
def other_country(e164: str) -> str | None:
    """The code of a number's country, if that shares its dial code with a larger one, as Canada
    does with the United States; else `None`.
    """
    country, dial_code = shown_phone(e164).country, dial_code_of(e164)
    main = main_country(dial_code) if dial_code else None
    return country.code if country and country != main else None


def _stored(e164: str) -> PhoneNumber:
    """Split a stored E.164 number directly: it is unambiguous and needs no parsing."""
    digits = e164.removeprefix("+")
    length = len(dial_code_of(e164) or "+") - 1
    national = digits[length:]
    zeros = len(national) - len(national.lstrip("0"))
    return PhoneNumber(
        country_code=int(digits[:length]),
        national_number=int(national),
        italian_leading_zero=bool(zeros) or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def is_spelling_of(text: str, e164: str) -> bool:
    """Whether a text is a stored number as stored or as shown, so that it need not be checked
    again.
    """
    national = phonenumbers.format_number(_stored(e164), PhoneNumberFormat.NATIONAL)
    digits = MARKS_AND_SPACES.sub("", _spelled(text))
    return digits in (MARKS_AND_SPACES.sub("", e164), MARKS_AND_SPACES.sub("", national))


def comparable_phone(text: str, country: Country | None) -> str | None:
    """What to compare with stored numbers when somebody asks about one: the number as it would be
    saved, or else as it was typed.

    A number in the book may belong to an abolished numbering plan; with `+` it still identifies its
    owner.
    """
    try:
        return read_phone(text, country)[0]
    except NotAPhone:
        spelled = _spelled(text)
        e164 = "+" + MARKS_AND_SPACES.sub("", spelled)
        is_whole = is_international(spelled) and MIN_WHOLE <= len(e164) <= MAX_E164_LENGTH
        return (
            e164 if is_whole and dial_code_of(e164) and not re.search(r"[a-z]", spelled) else None
        )
