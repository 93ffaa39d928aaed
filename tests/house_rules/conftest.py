"""A maker of cases to decide about."""

import pytest

from tests.support.cases import Maker


@pytest.fixture
def maker(book, desk_of, the_clock):
    with book.app.app_context():
        desk_of(None)
        return Maker(the_clock)
