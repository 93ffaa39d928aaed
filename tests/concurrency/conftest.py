"""A book with staff, on each database."""

import pytest

from tests.support.books import Book
from tests.support.cast import hire


@pytest.fixture
def staff(book: Book) -> Book:
    with book.app.app_context():
        hire()
    return book
