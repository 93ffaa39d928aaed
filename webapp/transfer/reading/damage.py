"""What Excel has broken in a cell, by name: it keeps numbers, where somebody had digits."""

import re
from collections.abc import Callable

SHORTENED = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+", re.ASCII)
DAY_NUMBER = re.compile(r"[2-6]\d,?\d{3}(\.\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+)?", re.ASCII)
ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")
HOW = "Format the column as text in Excel, then type it again"
SHORTENED_SAYS = f"Excel shortened this number. {HOW}"
ZERO_SAYS = f"Excel took away a zero at the beginning. {HOW}"
DAY_SAYS = f"Excel made a date of this. {HOW}"
ERROR_SAYS = "Excel wrote an error here. Mend the formula, or type the value"
FORMULA_SAYS = "This is a formula. Type its value, or an apostrophe before it"


def damage_in(cell: str) -> str:
    """What is wrong with a cell of any kind, in a sentence; the empty text if nothing is."""
    text = cell.strip()
    if text.startswith("="):
        return FORMULA_SAYS
    is_error = text in ERRORS or (len(text) > 1 and not text.strip("#"))
    return ERROR_SAYS if is_error else ""


def damage_in_a_name(cell: str) -> str:
    is_day = DAY_NUMBER.fullmatch(cell.strip()) or DAY.fullmatch(cell.strip())
    return DAY_SAYS if is_day else damage_in(cell)


def damage_in_digits(cell: str) -> str:
    return SHORTENED_SAYS if SHORTENED.fullmatch(cell.strip()) else damage_in(cell)


def damage_in_a_phone(cell: str, is_readable: Callable[[str], bool]) -> str:
    """Why a number that cannot be read cannot, if Excel is to blame.

    Args:
        is_readable: Whether another spelling of it can be read.
    """
    text = cell.strip()
    if text.isdecimal() and not text.startswith("0") and is_readable(f"0{text}"):
        return ZERO_SAYS
    return DAY_SAYS if DAY_NUMBER.fullmatch(text) else ""
