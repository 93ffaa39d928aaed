"""Numbers that ring the same phone: old numbering plans, and digits that some people write and
others omit.
"""

import re
from functools import lru_cache

import phonenumbers

from webapp.customers.numbering.countries import dial_code_of

# By dial code: rewrites a national number, of the old plan or in a spelling still in use, to its
# present form.
RENUMBERED: dict[str, tuple[tuple[str, str], ...]] = {
    "+52": ((r"1(\d{10})", r"\1"), (r"0(?:1|44|45)(\d{10})", r"\1")),  # Mexico, August 2019
    "+54": ((r"(\d{2,4})15(\d{6,8})", r"9\1\2"),),  # Argentina: mobiles as dialled at home
    "+55": ((r"(\d{2})(\d{8})", r"\g<1>9\2"),),  # Brazil, the ninth digit, until 2016
    "+57": ((r"([1-8]\d{7})", r"60\1"),),  # Colombia, September 2021
    "+84": tuple(  # Viet Nam, September 2018
        (rf"{old}(\d{{7}})", rf"{new}\1")
        for old, new in (
            *((f"16{n}", f"3{n}") for n in range(2, 10)),
            *zip(("120", "121", "122", "126", "128"), ("70", "79", "77", "76", "78"), strict=True),
            *zip(("123", "124", "125", "127", "129"), ("83", "84", "85", "81", "82"), strict=True),
            *zip(("186", "188", "199"), ("56", "58", "59"), strict=True),
        )
    ),
    # Côte d'Ivoire, January 2021: the operator's digits before mobiles, then before landlines
    "+225": (
        (r"([04-9][789]\d{6})", r"07\1"),
        (r"([04-9][456]\d{6})", r"05\1"),
        (r"([04-9][0123]\d{6})", r"01\1"),
        (r"([23]\d0\d{5})", r"25\1"),
        (r"([23]\d8\d{5})", r"21\1"),
        (r"([23]\d{7})", r"27\1"),
    ),
    "+229": ((r"(\d{8})", r"01\1"),),  # Benin, November 2024
    "+230": ((r"(\d{7})", r"5\1"),),  # Mauritius, September 2013
    "+237": ((r"([23]\d{7})", r"2\1"), (r"([5-9]\d{7})", r"6\1")),  # Cameroon, November 2014
    "+241": (  # Gabon, January 2019
        (r"0?1(\d{6})", r"11\1"),
        *((rf"0?{digit}(\d{{6}})", rf"6{digit}\1") for digit in "256"),
        *((rf"0?{digit}(\d{{6}})", rf"7{digit}\1") for digit in "47"),
    ),
}
# Countries whose old numbers still look valid although nobody has them any more.
REPLACED = {"+241"}
# Argentine mobile numbers have a 9 when dialled from abroad, but not at home.
LEFT_OUT = {"+54": (r"9(\d{10})", r"\1")}


@lru_cache(maxsize=20_000)
def renumbered(e164: str) -> str | None:
    """The present form of a number that is no longer valid in its country's plan; `None` for any
    other.
    """
    return None if _is_valid(e164) else next(iter(present_forms(e164)), None)


def present_forms(e164: str) -> list[str]:
    """The valid numbers that a number may have become, even if it is itself valid now."""
    dial_code = dial_code_of(e164) or ""
    candidates = (_changed(e164, dial_code, rule) for rule in RENUMBERED.get(dial_code, ()))
    return [number for number in candidates if number and _is_valid(number)]


def phone_person(e164: str) -> str:
    """A canonical form, shared by all numbers that ring the same phone."""
    present = (
        next(iter(present_forms(e164)), e164)
        if dial_code_of(e164) in REPLACED
        else renumbered(e164) or e164
    )
    rule = LEFT_OUT.get(dial_code_of(present) or "")
    return (_changed(present, dial_code_of(present) or "", rule) if rule else None) or present


def _changed(e164: str, dial_code: str, rule: tuple[str, str]) -> str | None:
    match = re.fullmatch(rule[0], e164.removeprefix(dial_code))
    return dial_code + match.expand(rule[1]) if match else None


def _is_valid(e164: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
