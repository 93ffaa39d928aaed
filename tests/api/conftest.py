"""The shipped server on each database, and programs that call it. Its book is
emptied before each test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.api.program import Program
from tests.support import cast
from tests.support.books import Book
from tests.support.server import running_server
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.staff.models import ApiKey

SCOPES = ("read", "write", "blacklist")
WITHOUT_LIMIT = {"GATEBOOK_API_REQUESTS_PER_MINUTE": "1000000"}
ROOT_KEY = {"GATEBOOK_ROOT_KEY": "a key of roots with 32 letters at least 1234567890"}
# In an order that the foreign keys allow.
EMPTIED = [
    "case_move",
    "entry_match",
    "entry_key",
    "blacklist_entry",
    "entry_list",
    "case_identifier",
    "deletion_request",
    "merge_request",
    "merged_customer",
    "kept_answer",
    "attempt_bucket",
    "review",
    "resemblance",
]
EMPTIED += ["webhook_delivery", "webhook_endpoint"]
EMPTIED += ["blacklisting", "tombstone", "customer", "history_values", "history_entry"]
EMPTIED += ["log_leaf", "log_node", "log_pending", "change_row", "change_set", "job"]


@dataclass(frozen=True)
class ApiSite:
    address: str
    book: Book
    log: Path

    def key(
        self, name: str = "Shop", *, scopes: tuple[str, ...] = SCOPES, owner: str = "Ama"
    ) -> str:
        """Make a key; returns its secret."""
        with self.book.app.app_context():
            return api_keys.create_key(name=name, scopes=scopes, by=cast.actor(owner))[1]

    def end_keys(self, how: str) -> None:
        """Let the keys be `revoked`, `expired`, or of an owner who left; `restored` undoes that."""
        now = clock.to_milliseconds(clock.now())
        changes = {
            "revoked": "UPDATE api_key SET revoked_at = :now",
            "expired": "UPDATE api_key SET expires_at = :now",
            "owner_left": "UPDATE staff_member SET active = :now < 0 WHERE name = 'Kwame'",
            "restored": "UPDATE staff_member SET active = :now > 0 WHERE name = 'Kwame'",
        }
        with self.book.app.app_context(), writing():
            db.session.execute(text(changes[how]), {"now": now})

    def empty(self) -> None:
        """Delete everything except the staff. The server keeps its connections, so
        the file cannot be replaced.
        """
        with self.book.app.app_context(), writing():
            if self.book.kind == "sqlite":
                for name in ("history_entry_not_delete", "history_entry_not_update"):
                    db.session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            else:
                db.session.execute(text("SET LOCAL session_replication_role = replica"))
            for table in EMPTIED:
                db.session.execute(text(f"DELETE FROM {table}"))
            db.session.query(ApiKey).delete()
            changes.rebuild()


def own_database(url: str, name: str) -> str:
    """Create a database on the PostgreSQL server of this test process; returns its URL."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def api_book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Book]:
    folder = tmp_path_factory.mktemp("api")
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/book.db"
    else:
        url = own_database(request.getfixturevalue("postgres_url"), "api")
    book = Book(url, folder)
    with book.app.app_context():
        cast.hire()
    yield book
    book.close()


@pytest.fixture(scope="session")
def served(api_book: Book, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiSite]:
    log = tmp_path_factory.mktemp("log") / "log"
    files = {"GATEBOOK_FILES_TO": str(api_book.app.config["FILES_FOLDER"])}
    with running_server(api_book.url, log, **WITHOUT_LIMIT, **ROOT_KEY, **files) as address:
        yield ApiSite(address, api_book, log)


@pytest.fixture
def site(served: ApiSite) -> ApiSite:
    served.empty()
    return served


@pytest.fixture
def program(site: ApiSite) -> Iterator[Callable[..., Program]]:
    """`program("read")` is a program whose key has this scope; without scopes, the
    key has them all.
    """
    programs: list[Program] = []

    def start(*scopes: str, name: str = "Shop", owner: str = "Ama") -> Program:
        name = f"{name} {len(programs) + 1}" if programs else name  # names of keys are unique
        secret = site.key(name, scopes=scopes or SCOPES, owner=owner)
        programs.append(Program(site.address, secret))
        return programs[-1]

    yield start
    for one in programs:
        one.close()


@pytest.fixture
def stranger(site: ApiSite) -> Iterator[Program]:
    """A program without a key."""
    program = Program(site.address, None)
    yield program
    program.close()


@pytest.fixture
def shop(program: Callable[..., Program]) -> Program:
    return program()


@pytest.fixture
def asking(program: Callable[..., Program]) -> Program:
    """A program that may also call check."""
    return program("check", "read", "write", "blacklist")
