"""A real Chromium against the shipped server. A missing browser is an error that says what to
install.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.browser.visits import Site, Visit
from tests.support import cast
from tests.support.books import Book
from tests.support.find_browser import NAMES, SENTENCE, system_browser
from tests.support.server import running_server
from webapp.transfer.samples.load import load_people

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]
FLAGS += ["--disable-gpu", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


def launch(playwright: Playwright, *, names: Sequence[str] = NAMES, **options: object) -> Browser:
    """The system's Chromium, else Playwright's own."""
    path = system_browser(names)
    try:
        return playwright.chromium.launch(executable_path=path, args=FLAGS, **options)
    except Error as error:
        pytest.fail(f"{SENTENCE}\n{error}", pytrace=False)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


def make_site(database_url: str, folder: Path, *, people: int = 2_000) -> Book:
    book = Book(database_url, folder)
    book.empty()
    with book.app.app_context():
        load_people(people, seed=1, progress=lambda _: None)
        cast.hire()
    return book


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on SQLite with two thousand sample people, shared by the tests of one process."""
    folder = tmp_path_factory.mktemp("site")
    book = make_site(f"sqlite:///{folder}/book.db", folder)
    with running_server(book.url, folder / "log") as address:
        yield Site(address, book, folder / "log")
    book.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """`visit("Esi", width=390, dark=True, script=False)` opens a browser window of hers, and in the
    end looks back.
    """
    visits: list[Visit] = []

    def open_window(name: str | None, **kwargs: object) -> Visit:
        visits.append(Visit(browser, kwargs.pop("site", site), name, **kwargs))
        return visits[-1]

    yield open_window
    for one in visits:
        one.close()
    assert [complaint for one in visits for complaint in one.complaints] == []
