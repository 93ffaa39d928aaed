"""Contacts as vCards (RFC 6350, and versions 2.1 and 3.0 as phones still write them)."""

import quopri
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from webapp.transfer.reading.refusals import NotReadable
from webapp.transfer.reading.texts import ENCODINGS, MOST_IN_A_LINE

HEADINGS = ["Given Name", "Family Name", "Name", "E-mail", "Phone", "Birthday"]
BEGIN, END = "BEGIN:VCARD", "END:VCARD"
MOST_LINES = 2_000


def is_vcard(file: Path, encoding: str) -> bool:
    with file.open(encoding=encoding, errors="replace") as text:
        return text.readline(100).strip("\ufeff \r\n").upper() == BEGIN


def rows_of(file: Path, encoding: str) -> Iterator[list[str]]:
    """A row of headings, then one for each contact.

    Raises:
        NotATable: something is not in this encoding.
    """
    yield HEADINGS
    try:
        with file.open(encoding=encoding) as text:
            lines: list[str] = []
            while line := text.readline(MOST_IN_A_LINE):
                if line.strip().upper() == END:
                    yield _row(_unfolded(lines))
                    lines = []
                elif len(lines) < MOST_LINES:
                    lines.append(line.rstrip("\r\n"))
    except UnicodeError:
        raise NotReadable(encoding=ENCODINGS.get(encoding, encoding)) from None


def _unfolded(lines: list[str]) -> list[str]:
    """Lines that were folded (RFC 6350 §3.2), or broken softly in quoted-printable, made whole."""
    whole: list[str] = []
    for line in lines:
        if whole and whole[-1].endswith("=") and "QUOTED-PRINTABLE" in whole[-1].upper():
            whole[-1] = whole[-1][:-1] + line
        elif whole and line[:1] in (" ", "\t"):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return whole


def _row(lines: list[str]) -> list[str]:
    values: dict[str, str] = {}
    for line in lines:
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        name = name.rpartition(".")[2].upper()
        values.setdefault(name, _decoded(value, parameters))
    family, first = [*_parts(values.get("N", "")), "", ""][:2]
    phone = values.get("TEL", "").removeprefix("tel:")
    return [
        first,
        family,
        _plain(values.get("FN", "")),
        _plain(values.get("EMAIL", "")),
        phone,
        _plain(values.get("BDAY", "")),
    ]


def _decoded(value: str, parameters: list[str]) -> str:
    if not any("QUOTED-PRINTABLE" in one.upper() for one in parameters):
        return value
    return quopri.decodestring(value.encode()).decode(errors="replace")


def _parts(value: str) -> list[str]:
    """The parts of a name between semicolons that are not escaped."""
    marked = value.replace("\\;", "\0")
    return [_plain(part.replace("\0", "\\;")) for part in islice(marked.split(";"), 5)]


def _plain(value: str) -> str:
    for escape, text in (("\\n", " "), ("\\N", " "), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        value = value.replace(escape, text)
    return value.strip()
