"""The session limits of these tests."""

import pytest

from tests.support.books import Book, settings_for
from webapp.staff.sessions import SessionLimits
from webapp.web.frame.auth import session_limits


@pytest.fixture
def limits(book: Book) -> SessionLimits:
    return session_limits(settings_for(book.url))
