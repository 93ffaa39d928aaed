"""Phone numbers: reading any usual spelling, storing E.164, showing them to people, and what a search for one means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from webapp.customers.countries import Country, countries, main_country
from webapp.customers.folding import fold

LONGEST_SPELLING = 40
# A plus and fifteen digits, although some numbering plans go beyond.
LONGEST_E164 = 16
LENGTHS_OF_DIAL_CODES = (1, 2, 3)
FEWEST_WITHOUT_ZEROS = 5
PHONE_LIKE = re.compile(r"^(?:tel:)?[+0-9(][0-9()+./\-]*$")
MARKS_AND_SPACES = re.compile(r"[^0-9]+")


class NotAPhone(ValueError):
    """Why a text is not a phone number that can be saved, as a sentence for the person who typed it."""


@dataclass(frozen=True)
class ShownPhone:
    """A stored number as people read it: international spelling, its country if known, and the zones it may be in."""

    number: PhoneNumber
    international: str
    country: Country | None

    @cached_property
    def time_zones(self) -> tuple[str, ...]:
        return tuple(zone for zone in time_zones_for_number(self.number) if zone != UNKNOWN_TIMEZONE)

    def local_time(self, now: datetime) -> datetime | None:
        """The time where the number is; `None` where its zones differ now, as they do in large countries."""
        times = [now.astimezone(ZoneInfo(zone)) for zone in self.time_zones]
        return times[0] if len({time.utcoffset() for time in times}) == 1 else None


def read_phone(text: str, country: Country | None) -> tuple[str, str]:
    """Understand a phone number in any usual spelling.

    Args:
        text: Such as `+234 801-234-5678`, `0801 234 5678`, `234…`, `00234…`, `tel:`, in digits of any script.
        country: Where a national number is read; an international one does not need it.

    Returns:
        The number as ITU-T E.164, `+2348012345678`, and its dial code, `+234`.

    Raises:
        NotAPhone: with the reason.
    """
    spelled = fold(text).strip()
    if len(spelled) > LONGEST_SPELLING:
        raise NotAPhone("This is too long for a phone number")
    if re.search(r"[a-z]", spelled.removeprefix("tel:")):
        raise NotAPhone("Use digits only; leave out letters and extensions")
    number = _parse(spelled, country)
    if number.extension:
        raise NotAPhone("Leave out the extension")
    _refuse_unusable(number, country)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if len(e164) > LONGEST_E164:
        raise NotAPhone(f"This number is too long for {_place(number, country)}")
    return e164, f"+{number.country_code}"


def _parse(spelled: str, country: Country | None) -> PhoneNumber:
    attempts = [(spelled, country.code if country else None), *_as_international(spelled)]
    parsed = [number for attempt in attempts if (number := _parsed(*attempt))]
    if not parsed:
        raise NotAPhone(_why_unreadable(spelled, country))
    return next((number for number in parsed if phonenumbers.is_valid_number(number)), parsed[0])


def _as_international(spelled: str) -> Iterable[tuple[str, None]]:
    digits = MARKS_AND_SPACES.sub("", spelled)
    if not spelled.removeprefix("tel:").startswith("+") and digits:
        yield "+" + digits.removeprefix("00"), None


def _parsed(spelled: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(spelled, region)
    except NumberParseException:
        return None


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
            raise NotAPhone(f"This number is too short for {place}")
        case ValidationResult.TOO_LONG:
            raise NotAPhone(f"This number is too long for {place}")
        case ValidationResult.INVALID_LENGTH:
            raise NotAPhone(f"No number in {place} has this many digits")
        case ValidationResult.INVALID_COUNTRY_CODE:
            raise NotAPhone("No country has this code")
        case _:
            raise NotAPhone(f"No number in {place} begins like this; check the first digits")


def _place(number: PhoneNumber, country: Country | None) -> str:
    dial_code = f"+{number.country_code}"
    if country and country.dial_code == dial_code:
        return country.name
    main = main_country(dial_code)
    return main.name if main else dial_code


@lru_cache(maxsize=20_000)
def shown_phone(e164: str) -> ShownPhone:
    """How a stored number is shown; remembered, because lists show the same numbers again and again."""
    number = _stored(e164)
    return ShownPhone(
        number=number,
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        country=countries().get(phonenumbers.region_code_for_number(number) or ""),
    )


def _stored(e164: str) -> PhoneNumber:
    """What was formatted as E.164; there is nothing to guess in it, so that it need not be parsed."""
    digits = e164.removeprefix("+")
    length = next(length for length in LENGTHS_OF_DIAL_CODES if int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE)
    national = digits[length:]
    zeros = len(national) - len(national.lstrip("0"))
    return PhoneNumber(
        country_code=int(digits[:length]),
        national_number=int(national),
        italian_leading_zero=bool(zeros) or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def looks_like_phone(word: str) -> bool:
    """Whether a folded word of a search may be part of a phone number."""
    return bool(PHONE_LIKE.match(word))


def searched_digits(spelled: str) -> list[str]:
    """What to look for among stored digits when somebody searches for this part of a number.

    Stored numbers have neither trunk zeros nor international prefixes: `0801 234` is sought as `801234`,
    `00234 801` as `234801`, `+44 (0)20` as `4420`. Digits may also be the middle or the end of a number, so they are
    sought as they are too, and without their zeros only where enough are left to mean something.
    """
    digits = MARKS_AND_SPACES.sub("", spelled.replace("(0)", ""))
    if spelled.startswith("+"):
        return [digits]
    without_zeros = digits.lstrip("0")
    spellings = (digits, without_zeros if len(without_zeros) >= FEWEST_WITHOUT_ZEROS else "")
    return list(dict.fromkeys(spelling for spelling in spellings if spelling))
