"""Errors have pages, partial requests get fragments, and neither discloses more than it may."""

import gzip
import logging

import brotli
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.support.strict import PARTIAL
from webapp.blacklist.reviewing import removals
from webapp.kernel.database import db
from webapp.search import results


@pytest.fixture
def broken(monkeypatch):
    def break_with(error):
        def fail(*_, **__):
            raise error

        monkeypatch.setattr(results, "page_of", fail)

    return break_with


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing", 404), ("/customers/search", 405), ("/static/", 404), ("/.env", 404)],
)
def test_errors_have_pages(desk_of, path, status):
    for name in ("Esi", None):
        page = desk_of(name).open(path)
        assert page.status_code == status
        assert page.headers["Content-Security-Policy"]


def test_405_says_what_is_allowed(desk_of):
    assert "POST" in desk_of("Esi").open("/customers/search").headers["Allow"]
    assert desk_of("Esi").client.open("/customers", method="TRACE").status_code == 405


def test_403_says_what_is_missing(desk_of):
    desk = desk_of("Yaw")
    assert desk.open("/customers/new").status_code == 403
    assert "You may not add or edit customers. Your role is viewer" in desk.text


def test_413_for_a_body_that_is_too_large(desk_of):
    desk = desk_of("Esi")
    response = desk.client.post("/customers/new", data={"first_name": "x" * (1024 * 1024 + 1)})
    assert response.status_code == 413


def test_a_mistake_of_ours_shows_a_request_id_and_nothing_else(desk_of, broken, caplog):
    broken(RuntimeError("secret of kofi@example.com"))
    desk = desk_of("Esi")
    with caplog.at_level(logging.ERROR):
        assert desk.open("/customers").status_code == 500
    assert desk.page.headers["X-Request-Id"] in desk.text
    for said in (desk.page.text, caplog.text, *(str(record.__dict__) for record in caplog.records)):
        assert "secret" not in said.lower().replace("secret_key", "")
    assert "RuntimeError" in str(caplog.records[-1].__dict__)


def test_a_database_that_is_away_is_503_and_says_when_to_come_back(desk_of, broken):
    broken(OperationalError("SELECT", {}, Exception("locked")))
    desk = desk_of("Esi")
    assert desk.open("/customers").status_code == 503
    assert int(desk.page.headers["Retry-After"]) > 0


def test_a_database_lost_while_rendering_is_503(desk_of, monkeypatch):
    """The count in the navigation is the last query of a page."""

    def fail(**_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    ama = desk_of("Ama")
    monkeypatch.setattr(removals, "count_for_managers", fail)
    assert ama.open("/check").status_code == 503
    assert int(ama.page.headers["Retry-After"]) > 0


def test_the_length_of_a_compressed_page_is_known(desk_of):
    page = desk_of("Esi").client.head("/check", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert int(page.headers["Content-Length"]) > 0


FILES = ("assets/gatebook.css", "assets/gatebook.js", "static/vendor/htmx-4.0.1.min.js")


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_smallest_by_brotli_and_the_same_in_every_coding(desk_of, file):
    client = desk_of("Esi").client

    def fetched(coding, **headers):
        with client.get(f"/{file}", headers={"Accept-Encoding": coding} | headers) as answer:
            answer.get_data()
            return answer

    plain, packed, refused = map(fetched, ("identity", "gzip, br, zstd", "br;q=0"))
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == refused.data == plain.data
    least = len(gzip.compress(plain.data))
    assert int(packed.headers["Content-Length"]) == len(packed.data) < least
    assert "Accept-Encoding" in packed.headers["Vary"]
    tag = packed.headers.get("ETag")
    if tag:
        assert tag != plain.headers["ETag"]
        assert fetched("br", **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("session_book", ["postgresql"], indirect=True)
def test_a_form_comes_back_from_a_database_that_takes_no_writes_and_can_be_sent_again(
    book, desk_of
):
    """As between the failure of one server and the promotion of another."""
    desk, name = desk_of("Esi"), make_url(book.url).database
    desk.open("/customers/new")
    operator = create_engine(book.url, isolation_level="AUTOCOMMIT")
    with operator.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        with book.app.app_context():
            db.engine.dispose()
        typed = {"first_name": "Ọlá <b>", "last_name": "Ìyá", "email": "ola@example.com"}
        try:
            answer = desk.send("customer-form", **typed)
        finally:
            connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
    operator.dispose()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert desk.send("again-form").status_code == 303
    desk.follow()
    assert "Ọlá <b> Ìyá" in desk.text


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError(), 500), (OperationalError("", {}, Exception()), 503)]
)
def test_partial_requests_get_a_message_that_leaves_the_page_alone(desk_of, broken, error, status):
    broken(error)
    page = desk_of("Esi").open("/customers", headers=PARTIAL)
    assert page.status_code == status
    assert page.text.startswith('<hx-partial hx-target="#toasts"')


def test_a_request_id_is_given_or_made(desk_of):
    desk = desk_of(None)
    for good in ("given-id-1", "x", "Root=1-67891233-abcdef012345678912345678"):
        assert desk.open("/sign-in", headers={"X-Request-Id": good}).headers["X-Request-Id"] == good
    for odd in ("ama@example.com", "a b c d e f g h", "é" * 9, "x" * 65):
        made = desk.open("/sign-in", headers={"X-Request-Id": odd}).headers["X-Request-Id"]
        assert made != odd
        assert len(made) == 24


def test_health_tells_of_the_process_and_readiness_of_the_database(desk_of):
    client = desk_of(None).client
    assert client.get("/healthz").json == {"status": "ok"}
    never = {"historyProvedAt": None, "historyProvedWholeAt": None, "historyFaults": None}
    assert client.get("/readyz").json == {"status": "ready"} | never


def test_static_files_are_kept_for_ever_by_their_mark(desk_of):
    client = desk_of(None).client
    page = client.get("/sign-in")
    sheet = page.tree.find(".//link[@rel='stylesheet']").get("href")
    for address, for_ever in (
        (sheet, True),
        ("/static/css/base.css", False),
        (sheet.split("?")[0], False),
    ):
        with client.get(address) as response:
            assert ("immutable" in response.headers["Cache-Control"]) is for_ever
