"""What is exported comes back as it was, and no spreadsheet takes a cell of it for a formula."""

import random
import shutil
import subprocess

import openpyxl
import pytest

from tests.support import cast
from tests.support.proofs import rounds
from tests.support.sets import check_import, everybody
from webapp.customers.fields import Details
from webapp.customers.models import Customer, details_columns, new_id, new_reference
from webapp.customers.register import read_new
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.transfer import exports
from webapp.transfer.samples.people import CHUNK, people

PEOPLE, HOSTILE = rounds(1_000, 10_000), 500
STARTS = ("=", "+", "-", "@", "\t", "'", "''", '"', "＝", "=cmd|' /C calc'!A0", "\u202eevil", "💥")
MIDDLES = (
    "Ama",
    "O'Brien",
    "Ngũgĩ",
    "محمد",
    "a,b;c",
    'say "hi"',
    "1+1",
    "{x}",
    "‏עברית",
    "🇬🇭👩🏾‍💻",
)


def hostile():
    """Names such as somebody might type to do harm, or by chance, as far as a form takes them."""
    dice, number = random.Random(18), 0
    while number < HOSTILE:
        first = dice.choice(STARTS) + dice.choice(MIDDLES)
        raw = {"first_name": first, "last_name": dice.choice(STARTS) + dice.choice(MIDDLES)}
        submission = read_new(raw | {"email": f"={number}@hostile.example"}, by=cast.SOMEBODY)
        if not submission.problems:
            number += 1
            yield Details(**submission.values)


def stock():
    """Sample people and hostile ones, as rows: only reading is tried here."""
    chunks = range(-(-PEOPLE // CHUNK))
    everyone = [one.details for chunk in chunks for one in people(PEOPLE, 18, chunk)]
    everyone += list(hostile())
    now = clock.now()
    rows = [
        {"id": new_id(), "reference": new_reference(), "version": 1, "created_at": now}
        | {"updated_at": now, "blacklisted": False}
        | details_columns(details)
        for details in everyone
    ]
    with writing():
        db.session.execute(db.insert(Customer), rows)
        changes.rebuild()
    assert len(rows) == PEOPLE + HOSTILE


def exported(by):
    export = exports.begin(
        exports.CustomerFilter(), exports.UTC, description="All", columns=list(exports.COLUMNS),
        by=by,
    )  # fmt: skip
    return b"".join(exports.csv_of(export, by=by, for_people=True))


@pytest.fixture
def content(staffed):
    stock()
    return exported(cast.actor("Ama"))


def test_what_was_exported_comes_back_as_no_change(content, tmp_path, figure):
    before = [customer.details for customer in everybody()]
    one = check_import(content, tmp_path, cast.actor("Ama"), existing="overwrite")
    assert one.counts == {"same": PEOPLE + HOSTILE}
    assert [customer.details for customer in everybody()] == before
    figure(f"{PEOPLE:,} sample people and {HOSTILE} hostile names: exported, imported, no change")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
@pytest.mark.only_on("sqlite")
def test_libreoffice_sees_no_formula(content, tmp_path):
    (tmp_path / "people.csv").write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "people.csv")],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "people.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert len(cells) > PEOPLE * 12
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
