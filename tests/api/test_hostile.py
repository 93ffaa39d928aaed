"""Whatever a program sends, on purpose or by mistake: a 4xx with a sentence, nothing written, and
no growth in memory.
"""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from tests.api.program import AMA
from webapp.api.refusals import BY_CODE
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry
from webapp.kernel.database import db

DEEP = 100_000
MEMORY_GROWTH = 64 * 1024 * 1024
BODIES = {
    "nothing": b"",
    "spaces": b"   ",
    "half an object": b'{"email": ',
    "an array": b"[]",
    "a text": b'"ama"',
    "a number": b"7",
    "null": b"null",
    "NaN": b'{"firstName": NaN}',
    "infinity": b'{"firstName": Infinity}',
    "minus infinity": b'{"firstName": -Infinity}',
    "a huge exponent": b'{"email": 1e400}',
    "a huge number": b'{"email": ' + b"9" * 5_000 + b"}",
    "2^63": b'{"email": 9223372036854775808}',
    "deep arrays": b'{"email": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a name twice": b'{"email": "a@example.com", "email": "b@example.com"}',
    "a name twice below": b'{"x": {"a": 1, "a": 2}}',
    "UTF-16": json.dumps(AMA).encode("utf-16"),
    "UTF-32": json.dumps(AMA).encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(AMA).encode(),
    "Latin-1": '{"firstName": "Jörg"}'.encode("latin-1"),
    "a broken escape": b'{"firstName": "\\x41"}',
    "a raw control character": b'{"firstName": "a\x00b"}',
    "two objects": b"{}{}",
    "a comment": b'{"a": 1 /* x */}',
    "single quotes": b"{'a': 1}",
    "ten megabytes": b'{"firstName": "' + b"x" * (10 << 20) + b'"}',
    "a form": b"firstName=Ama&lastName=Mensah",
    "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
}
WRONG = {
    "a number": 7,
    "zero": 0,
    "a huge number": 2**63,
    "true": True,
    "false": False,
    "a list": [],
    "a full list": ["a"],
    "an object": {},
    "NUL": "a\0b",
    "a lone surrogate": "\ud800",
    "an escape": "\x1b[31m",
    "a line break": "a\nb",
    "an override": "a\u202eb",
    "long": "x" * 10_000,
    "longer": "é" * 100_000,
}


def written(site):
    with site.book.app.app_context():
        return [
            db.session.scalar(select(func.count()).select_from(model))
            for model in (Customer, HistoryEntry)
        ]


def is_refused(answer):
    said = answer.json
    assert 400 <= answer.status < 500, said
    assert said["statusCode"] == answer.status
    assert BY_CODE[said["code"]].status == answer.status
    assert len(said["message"]) > 10
    assert not any(
        word in answer.raw.decode().lower()
        for word in ("traceback", "sqlalchemy", "psycopg", "sqlite", "select ")
    )


@pytest.fixture
def ama(site, shop):
    customer = shop.create()
    return f"customers/{customer['id']}", f"customers/blacklist/{customer['id']}"


@pytest.fixture
def unwritten(site, ama):
    before = written(site)
    yield
    assert written(site) == before


def paths(ama):
    one, flag = ama
    return [
        ("POST", "customers"),
        ("POST", "customers/fetch_customer"),
        ("PUT", one),
        ("PATCH", one),
        ("POST", flag),
    ]


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_json_object(shop, ama, body):
    for method, path in paths(ama):
        is_refused(shop.call(method, path, raw=BODIES[body]))


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("value", WRONG)
def test_a_value_of_the_wrong_kind_in_every_field(shop, ama, value):
    one, flag = ama
    for field in ("firstName", "lastName", "email", "phone", "countryCode", "reference"):
        answer = shop.post("customers", AMA | {"email": "b@example.com", field: WRONG[value]})
        is_refused(answer)
        assert field in answer.json["fields"]
        if field != "reference":
            is_refused(shop.call("PATCH", one, {field: WRONG[value]}))
    is_refused(shop.post("customers/fetch_customer", {"email": WRONG[value]}))
    for field in ("reason", "note"):
        if isinstance(WRONG[value], str) and field == "note" and value == "a line break":
            continue  # a note may have several lines
        is_refused(shop.post(flag, {"blacklist": True, "reason": "fraud", field: WRONG[value]}))
        is_refused(shop.post(flag, {"blacklist": False, field: WRONG[value]}))
    if not isinstance(WRONG[value], bool):
        is_refused(shop.post(flag, {"blacklist": WRONG[value]}))


@pytest.mark.usefixtures("unwritten")
def test_null_where_something_must_be(shop, ama):
    one, flag = ama
    is_refused(shop.post("customers", AMA | {"email": None}))
    is_refused(shop.call("PATCH", one, {"email": None}))
    is_refused(shop.post(flag, {"blacklist": None}))
    is_refused(shop.post(flag, {}))


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize(
    "name", ["search", "email", "countryCode", "createdFrom", "page", "take", "order", "blacklist"]
)
@pytest.mark.parametrize(
    "value",
    [
        "%00",
        "%ED%A0%80",
        "%F0%9F%A6%86" * 100,
        "9" * 400,
        "%EF%BC%91",
        "'%22%5C%25_",
        "-1",
        "%0d%0aX: y",
    ],
)
def test_odd_values_in_the_query(shop, name, value):
    answer = shop.get(f"customers?{name}={value.replace(' ', '%20')}")
    if name == "search":
        assert answer.status == 200
    else:
        is_refused(answer)


@pytest.mark.usefixtures("unwritten")
def test_wrong_methods_on_every_path(shop, ama):
    one, flag = ama
    for path, allowed in {
        "customers": {"GET", "POST"},
        "customers/fetch_customer": {"POST"},
        one: {"GET", "PUT", "PATCH", "DELETE"},
        flag: {"POST", "PUT", "PATCH"},
        "openapi.json": {"GET"},
    }.items():
        for method in {
            "GET",
            "POST",
            "PUT",
            "PATCH",
            "DELETE",
            "TRACE",
            "CONNECT",
            "FOO",
            "PROPFIND",
        } - allowed:
            answer = shop.call(method, path)
            is_refused(answer)
            assert answer.status in (404, 405), (method, path)
    is_refused(shop.call("POST", one, {"firstName": "A"}, X_HTTP_Method_Override="PATCH"))
    is_refused(shop.call("POST", f"{one}?_method=DELETE"))


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "x",
        "é",
    ],
)
def test_wrong_media_types_on_every_path(shop, ama, kind):
    for method, path in paths(ama):
        answer = shop.call(method, path, AMA, Content_Type=kind.encode("utf-8").decode("latin-1"))
        is_refused(answer)
        assert answer.status == 415


@pytest.mark.usefixtures("unwritten")
def test_a_compressed_body_is_not_opened(shop):
    assert shop.post("customers", AMA, Content_Encoding="gzip").status == 415


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize(
    "value",
    ["é", "x" * 300, '"1', '"7", "8"', "W/", '"' + "9" * 400 + '"', '""', 'W/"O", ""', ",", "W/,"],
)
def test_odd_headers(shop, ama, value):
    one, _ = ama
    assert shop.call("PATCH", one, {"firstName": "A"}, If_Match=value).status == 412
    assert shop.get(one, If_None_Match=value).status == 200
    assert (
        shop.get(one, X_Request_Id=value, Accept=value, Accept_Encoding=value, Range=value).status
        == 200
    )


def test_nothing_of_the_internals_is_set_from_outside(site, shop):
    customer = shop.create()
    forged = {
        "id": "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55",
        "reference": "X",
        "blacklist": False,
        "version": 99,
    }
    forged |= {
        "createdAt": "2001-01-01T00:00:00.000Z",
        "updatedAt": "2001-01-01T00:00:00.000Z",
        "seq": 1,
        "search": "x",
    }
    forged |= {
        "first_name": "Z",
        "name_key": "z",
        "email_key": "z",
        "dial_code": "+1",
        "home": "NG",
        "country": "NG",
    }
    changed = shop.call("PATCH", f"customers/{customer['id']}", forged).data
    assert changed == customer


def memory_of(site):
    """Resident memory of the processes that serve a site, identified by their port."""
    port, total = f"PORT={urlsplit(site.address).port}".encode(), 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if port in path.read_bytes().split(b"\0"):
                total += int((path.parent / "statm").read_text().split()[1]) * os.sysconf(
                    "SC_PAGE_SIZE"
                )
        except OSError:
            continue
    return total


def test_memory_stays_flat(site, shop, ama, figure):
    def attack():
        for name in ("ten megabytes", "deep arrays", "deep objects", "a huge number", "UTF-16"):
            for method, path in paths(ama):
                is_refused(shop.call(method, path, raw=BODIES[name]))

    attack()
    before = memory_of(site)
    for _ in range(10):
        attack()
    grown = memory_of(site) - before
    assert before > 0
    assert grown < MEMORY_GROWTH
    figure(
        f"memory of the API's server after 250 hostile bodies on {site.book.kind}: "
        f"{grown / 2**20:+.1f} MiB"
    )
