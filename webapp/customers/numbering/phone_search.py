"""Phone numbers in searches: whole numbers in any spelling, or a part of one."""

from collections.abc import Iterable

import phonenumbers
from phonenumbers import PhoneNumberFormat

from webapp.customers.numbering.countries import dial_code_of
from webapp.customers.numbering.dialling import exit_prefixes_of, regions_of_their_own
from webapp.customers.numbering.phones import (
    MARKS_AND_SPACES,
    MAX_SPELLING_LENGTH,
    MIN_WHOLE,
    MIN_WITHOUT_ZEROS,
    PHONE_LIKE,
    as_renumbered,
    is_international,
    parse_in_region,
)
from webapp.customers.numbering.renumbering import phone_person, present_forms


def looks_like_phone(word: str) -> bool:
    """Whether a folded word of a search may be part of a phone number."""
    return bool(PHONE_LIKE.match(word))


def searched_digits(spelled: str) -> list[str]:
    """What to look for among stored digits when somebody searches for a phone number or a part of
    one.

    Stored numbers have neither trunk zeros nor exit prefixes: `0801 234` is searched as `801234`,
    `00234 801` as `234801`, `+44 (0)20` as `4420`. Digits may also come from the middle or the end
    of a number, so they are searched as typed too; and without leading zeros only if enough digits
    are left to be distinctive. What may be a whole number is parsed as on saving, in every country
    with its own way of writing numbers.
    """
    spelled = spelled.replace("\u30fc", "-")
    digits = MARKS_AND_SPACES.sub("", spelled.replace("(0)", ""))
    spellings = [digits]
    if is_international(spelled):
        spellings.append(_without_zero_behind_dial_code(digits))
    else:
        without_zeros = digits.lstrip("0")
        spellings.append(without_zeros if len(without_zeros) >= MIN_WITHOUT_ZEROS else "")
        spellings += [
            _without_zero_behind_dial_code(way) for way in spellings if len(way) >= MIN_WHOLE
        ]
    if MIN_WHOLE <= len(digits) <= MAX_SPELLING_LENGTH:
        numbers = list(_whole_numbers(spelled, digits))
        spellings += [
            number[1:]
            for one in numbers
            for number in (one, phone_person(one), *present_forms(one))
        ]
    return list(dict.fromkeys(way for way in spellings if way))


def _without_zero_behind_dial_code(digits: str) -> str:
    """`234 0803` as `234803`; empty if no zero follows a dial code."""
    dial_code = dial_code_of("+" + digits)
    national = digits[len(dial_code) - 1 :] if dial_code else ""
    return digits[: -len(national)] + national.lstrip("0") if national.startswith("0") else ""


def _whole_numbers(spelled: str, digits: str) -> Iterable[str]:
    """Every valid number that these digits may stand for."""
    attempts: list[tuple[str, str | None]] = [("+" + digits, None)]
    if not is_international(spelled):
        attempts += [("+" + digits[len(prefix) :], None) for prefix in exit_prefixes_of(digits)]
        attempts += [(digits, region) for region in regions_of_their_own()]
    for attempt in attempts:
        number = parse_in_region(*attempt)
        for way in (number, as_renumbered(number) if number else None):
            if way and phonenumbers.is_valid_number(way):
                yield phonenumbers.format_number(way, PhoneNumberFormat.E164)
