"""Tables in workbooks of Excel (ISO/IEC 29500, XLSX): the rows of the first sheet.

A workbook is a ZIP of XML. Before it is opened, its unpacked size is held against a limit; the
parser (defusedxml, which openpyxl takes where it is installed) expands no entities.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from webapp.transfer.reading.refusals import NotATable

MOST_UNPACKED, MOST_TIMES, MOST_PARTS = 200_000_000, 200, 500
SMALL, MOST_EMPTY = 1_000_000, 10_000
SHEETS = "xl/workbook.xml"
TOO_LARGE = "This workbook is too large when it is unpacked. Save the sheet as CSV and send that"
NO_WORKBOOK = "This is a ZIP of other files, not a workbook. Send one table, as CSV or XLSX"
BROKEN = "This workbook is damaged. Open it in Excel, save it anew and send that"


def refuse_unless_safe(file: Path) -> None:
    """Refuse what is no workbook, and what would fill the memory.

    Raises:
        NotATable: with the reason.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise NotATable(BROKEN) from None
    if len(parts) > MOST_PARTS or SHEETS not in {part.filename for part in parts}:
        raise NotATable(NO_WORKBOOK)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or any(_is_bomb(part) for part in parts):
        raise NotATable(TOO_LARGE)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > MOST_TIMES * max(part.compress_size, 1)


def rows_of(file: Path) -> Iterator[list[str]]:
    """The rows of the first sheet, cells as text; a formula as it was written, from its `=`.

    Raises:
        NotATable: it is damaged.
    """
    refuse_unless_safe(file)
    try:
        with file.open("rb") as content:
            # As a stream, because by a name it must end in .xlsx.
            sheet: Any = openpyxl.load_workbook(content, read_only=True).worksheets[0]
            sheet.reset_dimensions()  # which a file may claim to be of any size
            empty = 0
            for row in sheet.iter_rows(values_only=True):
                empty = 0 if row else empty + 1
                if empty > MOST_EMPTY:  # a file may claim that its next row has any number
                    return
                cells = [_text(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                yield cells
    except Exception:  # whatever a library says of a file that anybody can send
        raise NotATable(BROKEN) from None


def _text(value: Any) -> str:
    """A cell as it would stand in a text: whole numbers without a point, days as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
