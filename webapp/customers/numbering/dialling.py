"""Dialling conventions of the world's countries, from their numbering plans."""

import re
from functools import cache
from typing import Any

from phonenumbers import PhoneMetadata

from webapp.customers.numbering.countries import countries
from webapp.customers.numbering.renumbering import RENUMBERED

NANPA = 1


def exit_prefixes_of(digits: str) -> list[str]:
    """The exit prefixes with which these digits may begin: 00, 011, 0011, 009, 810 …"""
    return list(
        dict.fromkeys(match[0] for prefix in _exit_prefixes() if (match := prefix.match(digits)))
    )


@cache
def _exit_prefixes() -> tuple[re.Pattern[str], ...]:
    prefixes = {plan.international_prefix for plan in numbering_plans().values()}
    return tuple(re.compile(prefix) for prefix in sorted(prefixes))


@cache
def regions_of_their_own() -> tuple[str, ...]:
    """Regions whose national numbers have a trunk prefix other than 0, or were renumbered; one for
    each distinct plan.
    """
    regions: dict[Any, str] = {}
    for code, plan in numbering_plans().items():
        is_main = plan.country_code != NANPA or code == "US"
        if is_main and (
            plan.national_prefix_for_parsing not in (None, "0")
            or f"+{plan.country_code}" in RENUMBERED
        ):
            regions[plan.country_code, plan.national_prefix_for_parsing] = code
    return tuple(regions.values())


@cache
def numbering_plans() -> dict[str, Any]:
    """The numbering plan of every country."""
    return {code: PhoneMetadata.metadata_for_region(code) for code in countries()}
