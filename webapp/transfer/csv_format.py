"""Cells of CSV files (RFC 4180) that no spreadsheet takes for a formula, and their reading back.

A spreadsheet takes a cell for a formula if it begins with one of `= + - @`, a tab or a carriage
return (OWASP, CSV injection), some also if with their full-width forms. An apostrophe before such a
cell prevents that; so that it can be told from one of the text, every text that begins with one
gets another.
"""

import csv
from collections.abc import Iterable
from io import StringIO

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def guarded(text: str) -> str:
    """The text as a cell that is no formula; `unguarded` is its inverse."""
    return f"'{text}" if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    return text.startswith(STARTS) or text.lstrip().startswith(STARTS)


def unguarded(cell: str) -> str:
    """The text of a guarded cell: without exactly one apostrophe. One that guards nothing belongs
    to the text, such as that of 't Hooft in a file of others.
    """
    return cell[1:] if cell.startswith("'") and _is_guarded(cell[1:]) else cell


def lines_of(rows: Iterable[Iterable[str]]) -> str:
    """Rows as lines, each cell guarded and quoted."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()
