"""Files that people send: nothing is kept of whoever may not send any."""

from io import BytesIO

import pytest

from tests.support.cast import actor
from tests.support.sets import begin_import, table


@pytest.mark.parametrize("name", [None, "Esi"])
def test_who_may_not_send_files_leaves_none(book, desk_of, name):
    folder = book.app.config["FILES_FOLDER"]
    before = set(folder.glob("*"))
    client = desk_of(name).client
    sent = client.post("/imports/new", data={"file": (BytesIO(b"x" * 700_000), "people.csv")})
    assert sent.status_code in (400, 401, 403)
    large = client.post("/imports/new", data={"file": (BytesIO(b"x" * 3_000_000), "people.csv")})
    assert large.status_code in (400, 401, 403, 413)
    assert set(folder.glob("*")) == before


def test_a_form_without_a_token_leaves_no_file(book, desk_of):
    folder = book.app.config["FILES_FOLDER"]
    before = set(folder.glob("*"))
    client = desk_of("Ama").client
    sent = client.post("/imports/new", data={"file": (BytesIO(b"x" * 700_000), "people.csv")})
    assert sent.status_code == 400
    assert set(folder.glob("*")) == before


def test_nobody_alters_the_import_of_another(book, desk_of):
    desk = desk_of("Adwoa")
    with book.app.app_context():
        folder = book.app.config["FILES_FOLDER"]
        content = table([("Afia", "Osei", "afia@upload.example", "", "")])
        one = begin_import(content, folder, actor("Ama")).seq
    assert desk.open(f"/sets/{one}/columns").status_code == 409
    token = {"csrf_token": desk.client.csrf_token("/customers")}
    assert desk.client.post(f"/sets/{one}/columns", data=token).status_code == 409
