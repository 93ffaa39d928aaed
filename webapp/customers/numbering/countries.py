"""Countries and their dial codes: names from Unicode's CLDR, codes from the numbering plans of
`phonenumbers`.
"""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, country_code_for_region

from webapp.kernel.folding import fold

LENGTHS_OF_DIAL_CODES = (1, 2, 3)
# So many countries of one code are all named; of more, two.
MAX_NAMED = 4


@dataclass(frozen=True)
class Country:
    """A country or territory with a numbering plan.

    Attributes:
        code: ISO 3166-1 alpha-2, such as `NG`.
        name: In English, such as `Nigeria`.
        dial_code: E.164 country code (ITU-T) with a plus, such as `+234`; countries may share one.
    """

    code: str
    name: str
    dial_code: str


@cache
def countries() -> dict[str, Country]:
    """Every country by its code, in the order of an alphabet without accents."""
    names = Locale.parse("en").territories
    known = (
        Country(code, names[code], f"+{country_code_for_region(code)}")
        for code in SUPPORTED_REGIONS
    )
    return {
        country.code: country for country in sorted(known, key=lambda country: fold(country.name))
    }


@cache
def dial_codes() -> dict[str, str]:
    """Every dial code with a label of its countries, the main one first; sorted by label, in the
    order of an alphabet without accents.
    """
    shared = {
        f"+{number}": [countries()[code].name for code in codes if code in countries()]
        for number, codes in COUNTRY_CODE_TO_REGION_CODE.items()
    }
    labels = {code: _label(names) for code, names in shared.items() if names}
    return dict(sorted(labels.items(), key=lambda item: fold(item[1])))


def _label(names: list[str]) -> str:
    """All names of a few; of many the first two."""
    if len(names) <= MAX_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


def main_country(dial_code: str) -> Country | None:
    """The main country of a dial code such as `+234`; `None` if the code is not in use."""
    if not dial_code[1:].isdecimal():
        return None
    codes = COUNTRY_CODE_TO_REGION_CODE.get(int(dial_code[1:]), ())
    return next((countries()[code] for code in codes if code in countries()), None)


@cache
def other_countries() -> dict[str, Country]:
    """The countries that share their dial code with a larger one, by their codes."""
    return {
        code: country
        for code, country in countries().items()
        if country != main_country(country.dial_code)
    }


def dial_code_of(e164: str) -> str | None:
    """The dial code at the start of an international number."""
    codes = (
        e164[: 1 + length] for length in LENGTHS_OF_DIAL_CODES if e164[1 : 1 + length].isdecimal()
    )
    return next((code for code in codes if int(code[1:]) in COUNTRY_CODE_TO_REGION_CODE), None)


def find_country(text: str) -> Country | None:
    """The country meant by `+234`, `234`, `NG` or `NGA`; for a shared dial code, its
    main country.
    """
    text = text.strip().upper()
    if text.removeprefix("+").isdecimal() and text.isascii() and len(text) <= 5:
        return main_country("+" + text.removeprefix("+"))
    if len(text) == 3 and text.isalpha():
        text = (get_global("territory_aliases").get(text) or [text])[0]
    return countries().get(text)
