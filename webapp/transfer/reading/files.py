"""A file that somebody sent, as a table: its headings, and its rows one after another.

Nothing is read into memory as a whole, and nothing that such a file can claim is believed before it
is held against a limit.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from webapp.transfer.reading import texts, vcards, workbooks
from webapp.transfer.reading.refusals import Empty, NotATable, TooWide

MOST_COLUMNS = 200
MOST_SHOWN = 10
# How files begin that are no tables, with what they are.
SIGNATURES = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a sound",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
    b"Rar!": "a compressed file",
    b"\xd0\xcf\x11\xe0": "a workbook of an old Excel",
}
HOW = "Save the table as CSV or XLSX and send that"


@dataclass(frozen=True)
class Layout:
    """How a file is written, as far as a person may change it.

    Attributes:
        form: `csv`, `xlsx` or `vcf`.
        encoding: Of a text.
        delimiter: Between the cells of a line.
    """

    form: str
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class Table:
    """A file as a table.

    Attributes:
        headings: The cells of its first row.
        rows: Each with its number, as a spreadsheet counts from 1.
    """

    headings: list[str]
    rows: Iterator[tuple[int, list[str]]]


@dataclass
class Glance:
    """What can be seen of a file at once: how it is written, its headings and first rows."""

    layout: Layout
    headings: list[str]
    first: list[list[str]] = field(default_factory=list)


def look_at(file: Path) -> Glance:
    """Recognise how a file is written.

    Raises:
        NotATable: it is no table, or is too large in some way; a sentence says why.
    """
    layout = _recognise(file)
    table = open_table(file, layout)
    return Glance(layout, table.headings, [cells for _, cells in islice(table.rows, MOST_SHOWN)])


def _recognise(file: Path) -> Layout:
    with file.open("rb") as start:
        first = start.read(8)
    if not first:
        raise Empty
    for signature, name in SIGNATURES.items():
        if first.startswith(signature):
            raise NotATable(f"This is {name}, not a table. {HOW}")
    if zipfile.is_zipfile(file):
        workbooks.refuse_unless_safe(file)
        return Layout("xlsx")
    encoding = texts.encoding_of(file)
    if vcards.is_vcard(file, encoding):
        return Layout("vcf", encoding)
    return Layout("csv", encoding, texts.delimiter_of(file, encoding))


def open_table(file: Path, layout: Layout) -> Table:
    """Read a file as the layout says.

    Raises:
        NotATable: it cannot be read so, now or at a later row.
    """
    rows = _without_empty(_rows(file, layout))
    _, headings = next(rows, (0, []))
    if not headings:
        raise Empty
    _refuse_too_wide(headings)
    return Table([cell.strip() for cell in headings], _held_to_width(rows))


def _rows(file: Path, layout: Layout) -> Iterator[list[str]]:
    if layout.form == "xlsx":
        return workbooks.rows_of(file)
    if layout.form == "vcf":
        return vcards.rows_of(file, layout.encoding)
    return texts.rows_of(file, layout.encoding, layout.delimiter)


def _without_empty(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        cells = [cell.replace("\0", "") for cell in row]  # which no database would take
        if any(cell.strip() for cell in cells):
            yield number, cells


def _held_to_width(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        _refuse_too_wide(cells)
        yield number, cells


def _refuse_too_wide(cells: list[str]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise TooWide(number=len(cells), most=MOST_COLUMNS)
