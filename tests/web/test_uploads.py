"""Files that people send: nothing is kept of whoever may not send any."""

import pytest

from tests.support.cast import actor
from tests.support.sets import begin_import, table


def send(client, size):
    """A file as a browser sends it, without a token."""
    head = 'Content-Disposition: form-data; name="file"; filename="people.csv"'
    body = f"--b\r\n{head}\r\n\r\n{'x' * size}\r\n--b--\r\n".encode()
    return client.post("/imports/new", data=body, content_type="multipart/form-data; boundary=b")


@pytest.mark.parametrize("name", [None, "Esi"])
def test_who_may_not_send_files_leaves_none(book, desk_of, name):
    folder = book.app.config["FILES_FOLDER"]
    before = set(folder.glob("*"))
    client = desk_of(name).client
    for size in (700_000, 3_000_000):
        assert send(client, size).status_code in (400, 401, 403, 413)
    assert set(folder.glob("*")) == before


def test_a_form_without_a_token_leaves_no_file(book, desk_of):
    folder = book.app.config["FILES_FOLDER"]
    before = set(folder.glob("*"))
    client = desk_of("Ama").client
    assert send(client, 700_000).status_code == 400
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
