"""Roots that were kept outside: the present book must continue each of them."""

import json
import shutil
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from tests.support.books import KEYS, Book
from tests.support.cast import SOMEBODY, add
from tests.support.commands import run
from tests.support.tampering import tampering
from webapp.customers import edit, erase
from webapp.history.proofs import roots
from webapp.kernel import crypto
from webapp.kernel.database import db

KEY = "a key of roots with 32 letters at least 1234567890"


@pytest.fixture
def kept(inside, tmp_path):
    """A book whose roots are kept in a file; `kept()` anchors it and returns the file."""
    file = tmp_path / "roots"
    use(KEY)
    inside.app.config["ROOTS_TO"] = (str(file),)

    def anchor():
        status, output = run(inside, "history", "anchor")
        assert status == 0, output
        return file

    yield anchor
    use("")
    inside.app.config["ROOTS_TO"] = ()


def use(root_key):
    crypto.use_keys(KEYS["GATEBOOK_SECRET_KEY"], KEYS["GATEBOOK_HISTORY_KEY"], root_key)


def against(book, file):
    return run(book, "history", "verify", "--against", str(file))


def test_a_book_that_goes_on_continues_every_root(inside, kept):
    kofi = add()
    for number in range(6):
        edit.change(kofi.id, {"first_name": f"Kofi {number}"}, by=SOMEBODY)
        file = kept()
    erase.delete_customer(kofi.id, by=SOMEBODY)
    assert against(inside, file)[0] == 0
    known = [roots.read_root(line) for line in file.read_text().splitlines()]
    assert [one.size for one in known] == [2, 3, 4, 5, 6, 7]
    assert [one.first for one in known] == [0, 2, 3, 4, 5, 6]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_fork_is_named_with_the_first_entry_that_differs(inside, kept):
    """Somebody with the history key writes another past, with its leaves."""
    kofi = add()
    edit.change(kofi.id, {"first_name": "Kobina"}, by=SOMEBODY)
    file = kept()
    with tampering(inside) as sql:
        for table in ("history_values", "history_entry", "log_leaf"):
            sql(f"DELETE FROM {table} WHERE number = 2")
        sql("UPDATE customer SET version = 1")
        db.session.commit()
    edit.change(kofi.id, {"first_name": "Kwesi"}, by=SOMEBODY)
    status, output = against(inside, file)
    assert status == 1
    assert "over 2 entries is that of another book: the first entry that differs is event 1." in (
        output
    )


def test_an_older_copy_is_named(tmp_path):
    book, file = Book(f"sqlite:///{tmp_path}/book.db", tmp_path), tmp_path / "roots"
    with book.app.app_context():
        kofi = add()
        db.session.remove()
        db.engine.dispose()
        shutil.copy(book.path, tmp_path / "older.db")
        edit.change(kofi.id, {"first_name": "Kobina"}, by=SOMEBODY)
        use(KEY)
        file.write_text(roots.sign_root().line)
    book.close()
    older = Book(f"sqlite:///{tmp_path}/older.db", tmp_path)
    status, output = against(older, file)
    older.close()
    assert status == 1
    assert "over 2 entries is newer: this book has only 1, and the first entry that is" in output
    assert "missing is event 1." in output


def test_a_root_that_somebody_else_signed_is_not_trusted(inside, kept):
    add()
    file = kept()
    said = json.loads(file.read_text())
    file.write_text(json.dumps(said | {"at": "2020-01-01T00:00:00.000Z"}))
    assert "is not signed by the key of this book." in against(inside, file)[1]
    use(KEY + " of somebody else")
    file.write_text(roots.sign_root().line)
    use(KEY)
    assert "is not signed by the key of this book." in against(inside, file)[1]


@pytest.mark.parametrize("text", ["{}", "x", '{"size": 1}', "[]", '"\\u0000"'])
def test_what_is_no_root_is_refused(inside, tmp_path, text):
    file = tmp_path / "roots"
    file.write_text(text)
    status, output = against(inside, file)
    assert (status, "this is not a root" in output) == (1, True)


class Taker(BaseHTTPRequestHandler):
    taken: ClassVar[list[bytes]] = []

    def do_POST(self):
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Nothing to say."""


def test_a_root_is_posted_and_logged_and_who_does_not_take_it_is_named(inside, kept, caplog):
    add()
    server = HTTPServer(("127.0.0.1", 0), Taker)
    Thread(target=server.serve_forever, daemon=True).start()
    inside.app.config["ROOTS_TO"] = ("log", f"http://127.0.0.1:{server.server_port}/roots")
    with caplog.at_level("INFO", logger="gatebook.history"):
        status, line = run(inside, "history", "anchor")
    server.shutdown()
    server.server_close()
    assert (status, Taker.taken[-1].decode()) == (0, line.strip())
    assert caplog.records[-1].root == line.strip()
    inside.app.config["ROOTS_TO"] = ("/nowhere/roots",)
    status, output = run(inside, "history", "anchor")
    assert (status, "/nowhere/roots did not take it" in output) == (1, True)


def test_without_a_key_a_sentence_says_so(inside):
    for command in ("anchor", "public-key"):
        status, output = run(inside, "history", command)
        assert (status, "GATEBOOK_ROOT_KEY is not set" in output) == (1, True)
