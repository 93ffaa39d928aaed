"""Kofi, who is in the book, and his case; Adwoa, signed in."""

from collections.abc import Callable

import pytest

from tests.support.books import Book
from tests.support.cast import actor, add
from tests.support.strict import StaffClient
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer


@pytest.fixture
def kofi(book: Book, desk_of: Callable[[str], StaffClient]) -> Customer:
    with book.app.app_context():
        return add()


@pytest.fixture
def case(book: Book, kofi: Customer) -> Blacklisting:
    """A case of Kofi's that Esi opened."""
    with book.app.app_context():
        links = "https://example.com/letter?a=1&b=2\nhttps://example.org/"
        return opening.open_case(
            kofi.id, reason="fraud", note="Two <cards>.", evidence=links, by=actor("Esi")
        ).case


@pytest.fixture
def adwoa(desk_of: Callable[[str], StaffClient]) -> StaffClient:
    return desk_of("Adwoa")
