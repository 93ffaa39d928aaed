"""Tables in text: which encoding and delimiter a file has, and its rows (RFC 4180)."""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

import charset_normalizer
from charset_normalizer import CharsetMatch

from webapp.transfer.reading.refusals import CellTooLong, NotATable, NotReadable

SAMPLE, CHUNK = 256 * 1024, 1024 * 1024
MOST_IN_A_LINE, MOST_IN_A_CELL = 1_000_000, 100_000
ROWS_TO_COMPARE = 20
DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Those that a person may choose, by the name that Python has for them.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16 (Unicode text)",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "cp1252": "Western Europe (Windows-1252)",
    "latin-1": "Western Europe (Latin-1)",
    "cp1250": "Central Europe (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1256": "Arabic (Windows-1256)",
    "mac-roman": "Macintosh",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "cp932": "Japanese (Shift JIS)",
    "euc-kr": "Korean (EUC-KR)",
}


def encoding_of(file: Path) -> str:
    """The encoding of a text: by its mark, else UTF-8 if all of it is, else by its letters.

    Raises:
        NotATable: it is no text.
    """
    with file.open("rb") as start:
        sample = start.read(SAMPLE)
    for mark, encoding in MARKS.items():
        if sample.startswith(mark):
            return encoding
    without_mark = _wide_without_mark(sample)
    if without_mark:
        return without_mark
    if b"\0" in sample:
        raise NotATable("This is not a table. Save the table as CSV or XLSX and send that")
    problem = _first_that_is_no_utf8(file)
    return _guess(problem) if problem else "utf-8"


def _wide_without_mark(sample: bytes) -> str | None:
    """UTF-16 of mostly Latin letters: every other byte is zero."""
    half = len(sample) // 2
    sample = sample[: half * 2]
    if half and sample[1::2].count(0) > half * 0.6:
        return "utf-16-le"
    return "utf-16-be" if half and sample[0::2].count(0) > half * 0.6 else None


def _first_that_is_no_utf8(file: Path) -> bytes:
    """What stands around the first bytes that are no UTF-8; nothing if all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as text:
        while chunk := text.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return chunk[:SAMPLE] if _is_odd(chunk[:SAMPLE]) else chunk
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return b"\xff"
    return b""


def _is_odd(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return True
    return False


def _guess(sample: bytes) -> str:
    """By its letters; where they do not say, what most computers in the west write."""
    matches = list(charset_normalizer.from_bytes(sample))
    if any("cp1252" in _names(one) for one in matches if _is_as_good(one, matches[0])):
        return "cp1252"
    offered = {codecs.lookup(name).name: name for name in ENCODINGS}
    names = (offered[name] for one in matches for name in _names(one) if name in offered)
    return next(names, "cp1252")


def _names(one: CharsetMatch) -> list[str]:
    """All encodings in which the text would be the same."""
    return [codecs.lookup(name).name for name in one.could_be_from_charset]


def _is_as_good(one: CharsetMatch, best: CharsetMatch) -> bool:
    return one.chaos <= best.chaos and one.coherence >= best.coherence


def delimiter_of(file: Path, encoding: str) -> str:
    """What separates the cells: that by which the first rows have most columns, equally many."""
    columns = {mark: _columns(file, encoding, mark) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: columns[mark])


def _columns(file: Path, encoding: str, delimiter: str) -> int:
    try:
        first = [row for row in islice(rows_of(file, encoding, delimiter), ROWS_TO_COMPARE) if row]
    except NotATable:
        return 0
    widths = [len(row) for row in first]
    return widths[0] if widths and widths.count(widths[0]) * 2 >= len(widths) else 0


def rows_of(file: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a text.

    Raises:
        NotATable: a cell is too long, or something is not in this encoding.
    """
    csv.field_size_limit(MOST_IN_A_CELL)
    with file.open(encoding=encoding, newline="") as text:
        reader = csv.reader(_lines(text), delimiter=delimiter)
        number = 0
        try:
            for number, row in enumerate(reader, 1):  # noqa: B007 - told by the refusal
                yield row
        except UnicodeError:
            raise NotReadable(encoding=ENCODINGS.get(encoding, encoding)) from None
        except csv.Error:
            raise CellTooLong(number=number + 1) from None


def _lines(text: TextIOWrapper) -> Iterator[str]:
    """The lines, none of them longer than memory should hold, without Excel's `sep=`."""
    first = text.readline(MOST_IN_A_LINE + 1)
    if not first.lower().startswith("sep="):
        yield first
    while line := text.readline(MOST_IN_A_LINE + 1):
        if len(line) > MOST_IN_A_LINE:
            raise csv.Error
        yield line
