"""Every route of the running application against every role; a route missing from
this table fails.
"""

import re

import pytest
from flask import Flask, url_for

from tests.support.access import CALLS, EVERYBODY, TABLE
from tests.support.cast import actor, add, hire, session_token
from tests.support.furnished import furnished
from tests.support.strict import StrictClient
from webapp.http.doors import needed_permission, refuse_undeclared_routes
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.staff.permissions import Permission, Scope

NOBODYS_ID = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"


def routes(app):
    return {
        (rule.endpoint, method): rule
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_the_table_has_every_route(book):
    assert set(routes(book.app)) == TABLE.keys() | CALLS.keys()


def test_an_application_with_a_route_that_says_nothing_does_not_start(book):
    app = Flask("silent")
    app.view_functions["static"] = book.app.view_functions["static"]
    app.add_url_rule("/silent", endpoint="silent", view_func=lambda: "")
    with pytest.raises(LookupError, match="silent does not say what it needs"):
        refuse_undeclared_routes(app)


def test_who_may_not_come_in(session_book):
    """All who may not, at every route, on the same data: it stays as it was."""
    book, values = session_book, furnished(session_book)
    for name in EVERYBODY:
        client, token = browser_of(book, name)
        for endpoint, method in TABLE:
            if name not in TABLE[endpoint, method]:
                address = address_of(book, endpoint, method, values)
                data = {"csrf_token": token} if method == "POST" else None
                is_refused(client.open(address, method=method, data=data), endpoint, name)


READ = [endpoint for endpoint, method in TABLE if method == "GET"]
SENT = [endpoint for endpoint, method in TABLE if method == "POST"]


def test_who_may_read(session_book):
    book, values = session_book, furnished(session_book)
    for name in EVERYBODY:
        client, _ = browser_of(book, name)
        for endpoint in READ:
            if name in TABLE[endpoint, "GET"]:
                with client.get(address_of(book, endpoint, "GET", values)) as response:
                    comes_in(response, endpoint)


@pytest.mark.parametrize("endpoint", SENT)
def test_who_may_send(session_book, endpoint):
    """Each of them with the data made anew, which the one before may have changed."""
    book = session_book
    for name in TABLE[endpoint, "POST"]:
        address = address_of(book, endpoint, "POST", furnished(book))
        client, token = browser_of(book, name)
        comes_in(client.post(address, data={"csrf_token": token}), endpoint)


def browser_of(book, name):
    """A browser of a member, or of nobody yet, and the token for its forms."""
    client = StrictClient(book.app, book.app.response_class, use_cookies=True)
    if name:
        client.set_cookie("gatebook", session_token(book.app, name))
    return client, client.csrf_token("/account/password" if name else "/sign-in")


def address_of(book, endpoint, method, values):
    with book.app.test_request_context():
        arguments = routes(book.app)[endpoint, method].arguments
        return url_for(endpoint, **{argument: values[argument] for argument in arguments})


# What a form with nothing in it is answered, where that is not a page, a redirect or a refusal.
ODD = {
    "merging.merge_customers": 404,
    "merging.show_result": 404,
    "staff.change_role": 400,
    "blacklist.decide_deletion": 400,
    "blacklist.undo_reviews": 404,
    "search.delete_view": 404,
    "blacklist.new_mark": 404,
    "blacklist.mark_distinct": 404,
    "blacklist.compare_again": 404,
    "search.download_file": 404,
    # Of a set that is no import.
    "batches.rows_to_correct": 404,
    "batches.choose_columns": 404,
    "batches.check_import": 404,
}


def comes_in(response, endpoint):
    assert response.status_code in (200, 204, 303, 409, 422, ODD.get(endpoint)), response.text
    assert (response.location or "").startswith("/sign-in") is (endpoint == "staff.sign_out")


def is_refused(response, endpoint, name):
    if name is None:
        assert response.status_code in (303, 401), endpoint
        assert response.status_code == 401 or response.location.startswith("/sign-in")
    else:
        assert response.status_code == 403, (endpoint, name)


ARGUMENTS = {"number": "1", "seq": 1, "delivery": 1}


@pytest.mark.parametrize(("endpoint", "method"), CALLS)
def test_which_program_may_make_which_call(session_book, endpoint, method):
    """No cookie gives access to the API, not even an admin's."""
    book, may = session_book, CALLS[endpoint, method]
    for scope in (None, *Scope):
        book.empty()
        with book.app.app_context():
            hire()
            _, secret = api_keys.create_key(
                name="Shop", scopes=[scope or "read"], by=actor("Adwoa")
            )
            kofi = str(add().id)
            db.session.remove()
        client = StrictClient(book.app, book.app.response_class, use_cookies=True)
        client.set_cookie("gatebook", session_token(book.app, "Adwoa"))
        address = address_of(
            book, endpoint, method, ARGUMENTS | {"handle": kofi, "reference": kofi}
        )
        body = {"blacklist": False, "email": "kofi.annan@example.com"} if method != "GET" else None
        headers = {"Authorization": f"Bearer {secret}"} if scope else {}
        with client.open(address, method=method, json=body, headers=headers) as response:
            status = response.status_code
        if scope is None:
            assert status == 401
        else:
            assert (status == 403) is (scope.value not in may)
            # 404 where there is no import, 409 where nothing is signed
            assert status in (200, 400, 403, 404, 409)


def test_head_and_options_give_no_more_than_get(book, desk_of):
    for endpoint, method in (key for key in TABLE if TABLE[key] != EVERYBODY):
        rule = routes(book.app)[endpoint, method]
        address = re.sub(r"<uuid[^>]*>", NOBODYS_ID, rule.rule).replace("<field>", "email")
        address = re.sub(r"<int[^>]*>", "1", address)
        for other in ("HEAD", "OPTIONS"):
            response = desk_of(None).client.open(address, method=other)
            assert response.status_code in (303, 405), (endpoint, other)


def test_what_a_route_needs_is_read_from_its_view(book):
    assert needed_permission(book.app, "customers.new_customer") is Permission.EDIT_CUSTOMERS
