"""Fixtures: a book on each database, people, and staff clients."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.support import cast
from tests.support.books import SHARED, Book, let_go
from tests.support.desks import at_desk
from tests.support.postgres import postgres_server
from tests.support.strict import StaffClient
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.search import timeout

DATABASES = ("sqlite", "postgresql")


class BySharedBook(LoadScopeScheduling):
    """Tests that share a book which takes long to make run in one process, one after the other;
    all others wherever there is time.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        parameters = test.partition("[")[2]
        return f"{file} {parameters}" if SHARED in parameters else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharedBook:
    return BySharedBook(config, log)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only_on(database): there is nothing to test on the other")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    elsewhere = [item for item in items if _is_elsewhere(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


def _is_elsewhere(item: pytest.Item) -> bool:
    """Whether a test marked `only_on` one database would run on the other."""
    mark, call = item.get_closest_marker("only_on"), getattr(item, "callspec", None)
    database = call and (call.params.get("session_book") or call.params.get("api_book"))
    return bool(mark and database) and database != mark.args[0]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Record a figure for the summary, from whichever process the test ran in."""
    return lambda text: request.node.user_properties.append(("figure", text))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    figures = [
        text for report in reports for name, text in report.user_properties if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for text in figures:
            terminalreporter.line(text)


@pytest.fixture(autouse=True)
def patient_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search results must not depend on how busy this machine is; the timeout has
    tests of its own.
    """
    monkeypatch.setattr(timeout, "SECONDS", 30.0)


@pytest.fixture(autouse=True)
def no_connection_is_left() -> Iterator[None]:
    """Applications that a test made for itself let go of their databases."""
    before = set(db._app_engines)
    yield
    if not before.issuperset(db._app_engines):
        let_go()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session", params=DATABASES)
def session_book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Book]:
    folder: Path = tmp_path_factory.mktemp("book")
    on_postgres = request.param == "postgresql"
    book = Book(
        request.getfixturevalue("postgres_url") if on_postgres else f"sqlite:///{folder}/book.db",
        folder,
    )
    yield book
    book.close()


@pytest.fixture
def book(session_book: Book) -> Iterator[Book]:
    """An empty book; a test that uses it runs on SQLite and on PostgreSQL."""
    session_book.empty()
    yield session_book
    with session_book.app.app_context():
        db.session.remove()


@pytest.fixture
def inside(book: Book) -> Iterator[Book]:
    """Inside the application context, where services can be called."""
    with book.app.app_context():
        yield book


@pytest.fixture
def staffed(inside: Book) -> Book:
    cast.hire()
    return inside


class Clock:
    """The application's clock, which a test can set."""

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self._real = clock.now

    def now(self) -> datetime:
        return self.moment or self._real()

    def forward(self, **span: float) -> None:
        self.moment = self.now() + timedelta(**span)


@pytest.fixture
def the_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    fake = Clock()
    monkeypatch.setattr(clock, "now", fake.now)
    return fake


@pytest.fixture
def standing_clock(the_clock: Clock) -> None:
    """Time moves only when a test moves it."""
    the_clock.moment = clock.now()


@pytest.fixture
def desk_of(book: Book) -> Callable[[str | None], StaffClient]:
    """`desk_of("Esi")` is Esi signed in at her browser; `desk_of(None)` is a stranger."""
    with book.app.app_context():
        cast.hire()

    def sit_down(name: str | None) -> StaffClient:
        return at_desk(book, name)

    return sit_down
