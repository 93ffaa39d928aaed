"""A small book on SQLite; one database is enough for the projections."""

import pytest

from tests.support.books import Book
from tests.support.cast import hire
from webapp.search.paging import page_counts


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a handful of customers, so that few customers are enough to split them."""
    monkeypatch.setattr(page_counts, "RUN", 4)
    monkeypatch.setattr(page_counts, "MAX_RUN_LENGTH", 8)


@pytest.fixture
def on_sqlite(tmp_path):
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    with book.app.app_context():
        hire()
        yield book
    book.close()
