"""Files of others as tables: how they are written, what their headings say, and what is refused."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from webapp.transfer.reading import files, texts
from webapp.transfer.reading.files import look_at, open_table
from webapp.transfer.reading.headings import (
    Field,
    picked,
    read_yes,
    source_of,
    suggested,
)
from webapp.transfer.reading.refusals import NotATable

ROW = ("Zoë", "Müller-Ångström", "zoe@example.com")
HEADS = ("First Name", "Last Name", "Email")
RUSSIAN = "First Name,Last Name,Email\n" + "".join(
    f"Иван,{name},{n}@example.com\n"
    for n, name in enumerate(("Петров", "Сидоров", "Кузнецов", "Попов", "Васильев", "Новиков"))
)
TEXT = "\n".join(",".join(line) for line in (HEADS, ROW))


def kept(folder, content):
    file = folder / "file"
    file.write_bytes(content)
    return file


def read(folder, content):
    """The layout of a file, its headings and all of its rows."""
    glance = look_at(kept(folder, content))
    return glance.layout, glance.headings, glance.first


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("latin-1"), "cp1252"),
        ((TEXT + "\nRené,“Né” Gonçalves,rene@example.com" * 9).encode("cp1252"), "cp1252"),
        (RUSSIAN.encode("cp1251"), "cp1251"),
    ],
)
def test_the_encoding_is_recognised(tmp_path, content, encoding):
    layout, headings, rows = read(tmp_path, content)
    assert (layout.encoding, headings) == (encoding, list(HEADS))
    assert rows[0][2].endswith("@example.com")
    assert "\ufffd" not in "".join(rows[0])


@pytest.mark.parametrize("delimiter", texts.DELIMITERS)
def test_the_delimiter_is_that_which_makes_columns(tmp_path, delimiter):
    lines = [HEADS, ROW, ("a", "b", "c@example.com")]
    content = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    layout, headings, rows = read(tmp_path, content.encode())
    assert (layout.delimiter, headings, rows[0]) == (delimiter, list(HEADS), list(ROW))


def test_the_line_by_which_excel_names_its_delimiter_is_none_of_the_table(tmp_path):
    layout, headings, _ = read(tmp_path, ("sep=;\n" + TEXT.replace(",", ";")).encode())
    assert (layout.delimiter, headings) == (";", list(HEADS))


def test_rows_are_numbered_as_a_spreadsheet_counts(tmp_path):
    content = 'Email,Note\n\na@example.com,"two\nlines"\n,\nb@example.com,x\n'
    file = kept(tmp_path, content.encode())
    table = open_table(file, look_at(file).layout)
    assert [(number, cells[0]) for number, cells in table.rows] == [
        (3, "a@example.com"),
        (5, "b@example.com"),
    ]


def workbook(*rows):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_is_read_as_text(tmp_path):
    number, day = 2348012345678, date(2026, 1, 2)
    layout, headings, rows = read(
        tmp_path, workbook(HEADS, ("A", number, 1.5), (True, day, "=1+1"), (None, None, "x"))
    )
    assert (layout.form, headings) == ("xlsx", list(HEADS))
    assert rows == [
        ["A", "2348012345678", "1.5"],
        ["true", "2026-01-02T00:00:00", "=1+1"],
        ["", "", "x"],
    ]


def packed(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), part)
    return content.getvalue()


ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
)
REFUSED = {
    "a directory of 1,000 files": packed(**{f"file{n}": b"x" for n in range(1_000)}),
    "a ZIP of something else": packed(readme=b"hello"),
    "a bomb": packed(xl__workbook_xml=b"<x/>", xl__bomb_xml=bytes(50_000_000)),
    "entities": packed(xl__workbook_xml=ENTITIES),
    "a broken workbook": packed(xl__workbook_xml=b"<x/>"),
    "half a workbook": workbook(HEADS, ROW)[:3_000],
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a PDF": b"%PDF-1.7 x",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "nothing": b"",
    "300 columns": ",".join(f"c{n}" for n in range(300)).encode(),
    "a row of 300 columns": TEXT.encode() + b"\n" + b"x," * 300,
    "an endless cell": TEXT.encode() + b'\n"' + b"y" * 3_000_000,
    "a cell of many lines": TEXT.encode() + b'\n"' + b"y\n" * 200_000,
    "bytes": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, name):
    with pytest.raises(NotATable) as refused:
        read(tmp_path, REFUSED[name])
    assert refused.value.message.rstrip(".")[0].isupper()
    assert refused.value.fields == {"file": [refused.value.message]}


# The headings of real exports; what each marks as blocked stands with `True`.
SOURCES = {
    "Gatebook": (
        "id,reference,firstName,lastName,email,phone,countryCode,blacklist,reason,blacklistedAt,"
        "createdAt,updatedAt",
        "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55,CUS-7K3M9Q2XVB,Ama,Mensah,ama@example.com,"
        "'+233201234567,'+233,true,fraud,2026-01-01T00:00:00.000Z,2025-01-01T00:00:00.000Z,x",
        {"blacklist": "true", "country": "'+233", "reference": "CUS-7K3M9Q2XVB"},
    ),
    "Bitnob": (
        "id,firstName,lastName,email,phone,countryCode,blacklist,createdAt",
        "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55,Ama,Mensah,ama@example.com,201234567,+233,true,x",
        {"blacklist": "true", "country": "+233", "first_name": "Ama"},
    ),
    "Paystack": (
        "customer_code,first_name,last_name,email,phone,metadata,risk_action,id,integration",
        "CUS_xnxdt6s1zg1f4nx,Ama,Mensah,ama@example.com,+233201234567,{},deny,1173,100032",
        {"blacklist": "deny", "reference": "CUS_xnxdt6s1zg1f4nx"},
    ),
    "Stripe": (
        "id,Description,Email,Name,Created (UTC),Delinquent,Card ID,Card Last4,"
        "Card Address Country",
        "cus_NffrFeUfNV2Hib,,ama@example.com,Ama Mensah,2026-01-01 10:00,true,card_1,4242,GH",
        {"reference": "cus_NffrFeUfNV2Hib", "name": "Ama Mensah", "home": "GH"},
    ),
    "HubSpot": (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,"
        "Country/Region",
        "101,Ama,Mensah,ama@example.com,+233201234567,Esi,UNQUALIFIED,Ghana",
        {"first_name": "Ama", "phone": "+233201234567", "home": "Ghana"},
    ),
    "Zoho": (
        "Record Id,Contact Owner,First Name,Last Name,Email,Phone,Mobile,Mailing Country,"
        "Email Opt Out",
        "zcrm_1,Esi,Ama,Mensah,ama@example.com,,+233201234567,Ghana,false",
        {"last_name": "Mensah", "phone": "+233201234567"},
    ),
    "Chatwoot": (
        "id,name,email,phone_number,identifier,blocked,created_at",
        "17,Ama Mensah,ama@example.com,+233201234567,shop-17,true,x",
        {"blacklist": "true", "name": "Ama Mensah", "reference": "shop-17"},
    ),
    "Google": (
        "First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value",
        "Ama,,Mensah,* myContacts,* Home,ama@example.com,020 123 4567",
        {"email": "ama@example.com", "phone": "020 123 4567"},
    ),
    "Outlook": (
        "First Name,Middle Name,Last Name,E-mail Address,Home Phone,Business Phone,Mobile Phone,"
        "Home Country/Region",
        "Ama,,Mensah,ama@example.com,,,+233201234567,Ghana",
        {"email": "ama@example.com", "phone": "+233201234567", "home": "Ghana"},
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_headings_of_real_exports_map_without_a_hand(tmp_path, source):
    heads, row, expected = SOURCES[source]
    _, headings, rows = read(tmp_path, f"{heads}\n{row}\n".encode())
    assert source_of(headings) == source
    values = picked(suggested(headings, rows), rows[0])
    assert {name.value: values.get(name) for name in Field} | expected == {
        name.value: values.get(name) for name in Field
    }
    assert read_yes(values.get(Field.BLACKLIST, "")) is (expected.get("blacklist") is not None)


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Mensah;Ama;;Dr.;
FN:Dr. Ama
  Mensah
item1.EMAIL;type=INTERNET:ama@example.com
TEL;type=CELL:+233 20 123 4567
BDAY:19851231
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=
=C3=BCrgen
EMAIL:juergen@example.com
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Esi\\, the Only
EMAIL:esi@example.com
TEL;VALUE=uri:tel:+233201234568
END:VCARD
"""


def test_contacts_come_as_vcards(tmp_path):
    layout, headings, rows = read(tmp_path, CARDS.encode())
    assert layout.form == "vcf"
    assert suggested(headings, rows) == [
        Field.FIRST_NAME, Field.LAST_NAME, Field.NAME, Field.EMAIL, Field.PHONE, Field.BIRTHDAY,
    ]  # fmt: skip
    assert rows == [
        ["Ama", "Mensah", "Dr. Ama Mensah", "ama@example.com", "+233 20 123 4567", "19851231"],
        ["Jürgen", "Müller", "", "juergen@example.com", "", ""],
        ["", "", "Esi, the Only", "esi@example.com", "+233201234568", ""],
    ]


@pytest.mark.parametrize("word", ["perhaps", "2", "locked"])
def test_a_word_that_says_neither_is_refused(word):
    with pytest.raises(ValueError, match="yes or no"):
        read_yes(word)


def test_a_limit_of_columns_is_one(tmp_path):
    wide = ",".join(f"c{n}" for n in range(files.MOST_COLUMNS))
    assert len(read(tmp_path, wide.encode())[1]) == files.MOST_COLUMNS
