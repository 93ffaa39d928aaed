"""What many tests do as a staff client: sign in, save a customer, send requests that
have no form.
"""

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.books import Book
from tests.support.cast import PASSWORD, session_token
from tests.support.strict import StaffClient, StrictClient
from webapp.customers.models import Customer
from webapp.kernel.database import db


def at_desk(book: Book, name: str | None) -> StaffClient:
    """A member signed in at their own browser; `None` is a stranger."""
    client = StrictClient(book.app, book.app.response_class, use_cookies=True)
    if name:
        client.set_cookie("gatebook", session_token(book.app, name))
    return StaffClient(client)


def token_of(desk: StaffClient) -> str:
    """The CSRF token for a request that no form of a page sends."""
    return desk.client.csrf_token("/account/password")


def sign_in(desk: StaffClient, name: str = "Esi", password: str = PASSWORD) -> TestResponse:
    if desk.page is None:
        desk.open("/sign-in")
    return desk.send("sign-in-form", email=f"{name.lower()}@example.com", password=password)


def save(desk: StaffClient, **typed: str) -> TestResponse:
    """Fill in and send a customer's form."""
    return desk.send("customer-form", **typed)


def value(desk: StaffClient, name: str) -> str | None:
    """The value of a field in a customer's form."""
    return desk.form("customer-form").find(f".//input[@name='{name}']").get("value")


def everybody(book: Book) -> list[Customer]:
    """All customers in the order in which they were added."""
    with book.app.app_context():
        return list(db.session.scalars(select(Customer).order_by(Customer.seq)))
