"""The README's five minutes with the API, run as written."""

import json
import os
import re
import shutil
import subprocess
import sys

from tests.support.books import KEYS, Book
from tests.support.server import running_server
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.settings import PROJECT
from webapp.staff import members


def typed():
    """The commands in that section."""
    section = (PROJECT / "docs" / "integrate.md").read_text()
    return re.search(r"```bash\n(.*?)```", section, re.DOTALL)[1]


def test_five_minutes_with_the_api(tmp_path):
    assert shutil.which("curl"), "install curl, as the README's first lines say"
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    with book.app.app_context():
        by = Actor(kind="system", id=None, name="operator", door="command")
        members.add_member(
            email="ama.manager@example.com", name="Ama Mensah", role="manager", by=by
        )
        db.session.remove()
    with running_server(book.url, tmp_path / "log") as address:
        done = type_all(book, address)
    book.close()
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line]
    assert [answer["status"] for answer in answers] == [True] * 10
    created, fetched, listed, changed, flagged, batch, checked, one, entries, followed = (
        answer["data"] for answer in answers
    )
    assert (followed["changes"], followed["hasMore"]) == ([], False)
    assert entries["entries"] == [one]
    assert [row["outcome"] for row in batch["results"]] == ["unchanged", "created"]
    assert created == fetched == listed["customers"][0]
    assert (created["phone"], changed["firstName"], flagged["blacklist"]) == (
        "+233201234567",
        "Kwesi",
        True,
    )
    assert (checked["decision"], checked["matchedOn"], checked["reasons"]) == (
        "deny",
        ["phone"],
        ["fraud"],
    )


def type_all(book, address):
    script = (
        typed()
        .replace("http://127.0.0.1:8000", address)
        .replace(".venv/bin/flask", f"{sys.executable} -m flask")
    )
    environment = (
        os.environ | KEYS | {"GATEBOOK_DATABASE_URL": book.url, "GATEBOOK_PUBLIC_URL": address}
    )
    words = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(
        words, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
