"""A real Chromium against the shipped server. A missing browser is an error that
says what to install.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright
from sqlalchemy import update

from tests.browser.places import places_on
from tests.browser.queues import fill_queue
from tests.browser.visits import Site, Visit
from tests.support import cast
from tests.support.books import Book
from tests.support.cast import actor
from tests.support.find_browser import NAMES, SENTENCE, system_browser
from tests.support.server import running_server
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db, writing
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
    """The system's Chromium, or else Playwright's own."""
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
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def running_site(folder: Path, url: str | None = None) -> Iterator[Site]:
    """A site on the database at this URL, by default SQLite."""
    book = make_site(url or f"sqlite:///{folder}/book.db", folder)
    with running_server(book.url, folder / "log") as address:
        yield Site(address, book, folder / "log")
    book.close()


@pytest.fixture(scope="session")
def places(site: Site) -> dict[str, str]:
    """Addresses of each kind of page, some with unusual content."""
    return places_on(site)


@pytest.fixture(scope="session")
def quiet_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, whose queue is filled only by `queue`."""
    with running_site(tmp_path_factory.mktemp("review")) as site:
        yield site


@pytest.fixture
def queue(quiet_site: Site) -> Callable[..., list[int]]:
    """`queue(20)` leaves that many cases waiting, opened by Esi; returns their numbers in order."""
    return partial(fill_queue, quiet_site)


@pytest.fixture
def kofi(site: Site, request: pytest.FixtureRequest) -> Customer:
    return site.add(
        email=f"k{abs(hash(request.node.name))}@example.com", first_name="Kofi", last_name="Mensah"
    )


@pytest.fixture
def opened(site: Site, kofi: Customer) -> Customer:
    """A case of Kofi's that Esi opened a while ago."""
    with site.book.app.app_context():
        case = opening.open_case(kofi.id, reason="fraud", note="Two cards.", by=actor("Esi")).case
        with writing():
            its_own = update(Blacklisting).where(Blacklisting.seq == case.seq)
            db.session.execute(its_own.values(opened_at=clock.now() - timedelta(minutes=11)))
    return kofi


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """`visit("Esi", width=390, dark=True, script=False)` opens a browser window for her; at the end
    no window may have complaints.
    """
    visits: list[Visit] = []

    def open_window(name: str | None, **kwargs: object) -> Visit:
        visits.append(Visit(browser, kwargs.pop("site", site), name, **kwargs))
        return visits[-1]

    yield open_window
    for one in visits:
        one.close()
    assert [complaint for one in visits for complaint in one.complaints] == []
