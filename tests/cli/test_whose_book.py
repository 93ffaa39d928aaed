"""Who owns a book: samples go only into an empty book, another history key is refused, and expired
rows are deleted.
"""

import stat
from datetime import timedelta

import pytest

from tests.support.at_once import at_once
from tests.support.books import KEYS, Book, settings_for
from tests.support.cast import SOMEBODY, actor, add, hire, session_token
from tests.support.commands import run
from webapp.assembly import create_app
from webapp.customers.models import Customer
from webapp.history.book import (
    HISTORY_KEY,
    WrongHistoryKey,
    find_fact,
    forget_fact,
    refuse_another_history_key,
)
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs import api_keys
from webapp.programs.idempotency import KEPT_FOR, IdempotencyRecord
from webapp.settings import SettingsError
from webapp.staff import members
from webapp.staff.models import StaffMember


@pytest.fixture
def own(tmp_path):
    """A separate book on SQLite."""
    book = Book(f"sqlite:///{tmp_path}/data/book.db", tmp_path)
    book.app.instance_path = str(tmp_path / "instance")
    yield book
    book.close()


@pytest.mark.parametrize("somebody", ["a member", "a customer"])
def test_no_samples_go_into_a_real_book(own, somebody):
    with own.app.app_context():
        if somebody == "a member":
            members.add_member(email="real@example.com", name="Real", role="admin", by=SOMEBODY)
        else:
            add()
        before = db.session.query(StaffMember).count(), db.session.query(Customer).count()
    for words in (("sample-staff",), ("sample-data", "--customers", "5")):
        status, output = run(own, *words)
        assert status == 1, output
        assert "people of its own" in output or "has customers already" in output
    run(own, "sample-data", "--customers", "5", "--if-empty")
    with own.app.app_context():
        assert (db.session.query(StaffMember).count(), db.session.query(Customer).count()) == before


def test_samples_go_into_a_book_that_has_nobody_and_again_into_that(own):
    assert run(own, "sample-data", "--customers", "5")[0] == 0
    first = run(own, "sample-staff")
    assert first[0] == 0
    assert run(own, "sample-staff") == first
    with own.app.app_context():
        members.add_member(email="real@example.com", name="Real", role="admin", by=SOMEBODY)
    assert run(own, "sample-staff")[0] == 1, "somebody real works here now"


def test_the_book_is_for_its_owner_only(own):
    with own.app.app_context():
        add()
    folder = own.path.parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_a_book_that_others_could_read_is_closed_to_them(tmp_path):
    path = tmp_path / "book.db"
    path.touch()
    path.chmod(0o644)
    settings_for(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_both_keys_must_differ(tmp_path):
    with pytest.raises(SettingsError, match="must differ"):
        same = {"GATEBOOK_HISTORY_KEY": KEYS["GATEBOOK_SECRET_KEY"]}
        settings_for(f"sqlite:///{tmp_path}/book.db", **same)


OTHER_KEY = {"GATEBOOK_HISTORY_KEY": "another-history-key-0123456789abcdefghijklmnop"}


@pytest.mark.parametrize(
    "is_known", [True, False], ids=["a book that knows its key", "an older book"]
)
def test_another_history_key_is_refused_at_start(inside, is_known):
    add()
    if is_known:
        create_app(settings_for(inside.url))
        assert find_fact(HISTORY_KEY)
    try:
        with pytest.raises(WrongHistoryKey, match="is not the key of this book"):
            create_app(settings_for(inside.url, **OTHER_KEY))
    finally:
        create_app(settings_for(inside.url))
    assert find_fact(HISTORY_KEY)


def test_a_new_book_takes_the_key_it_is_made_with(inside):
    create_app(settings_for(inside.url))
    known = find_fact(HISTORY_KEY)
    assert known
    assert KEYS["GATEBOOK_HISTORY_KEY"] not in known


def test_opening_a_page_also_runs_the_housekeeping(book, the_clock):
    """An hour later, any page that is opened triggers the housekeeping."""
    the_clock.moment = clock.now()
    with book.app.app_context():
        hire()
        keep_an_answer()
    the_clock.forward(seconds=KEPT_FOR.total_seconds() + 3_600)
    client = book.app.test_client()
    with book.app.app_context():
        client.set_cookie("gatebook", session_token(book.app, "Esi"))
    client.get("/customers")
    with book.app.app_context():
        assert db.session.query(IdempotencyRecord).count() == 0


def keep_an_answer():
    key, _ = api_keys.create_key(name="Shop", scopes=["read"], by=actor("Ama"))
    row = {"api_key_id": key.id, "question": b"q" * 32, "answer": "sealed", "at": clock.now()}
    with writing():
        db.session.add(IdempotencyRecord(mark=b"m" * 32, **row))


def test_a_session_in_use_does_not_end_with_an_idle_limit_of_a_minute(tmp_path, the_clock):
    """The time a session was last seen must be written more often than the idle limit."""
    the_clock.moment = clock.now()
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    app = create_app(settings_for(book.url, GATEBOOK_SESSION_IDLE_MINUTES="1"))
    with app.app_context():
        hire()
        token = session_token(app, "Esi")
    client = app.test_client()
    client.set_cookie("gatebook", token)
    for _ in range(12):
        the_clock.moment += timedelta(seconds=20)
        assert client.get("/customers").status_code == 200
    the_clock.moment += timedelta(seconds=61)
    assert client.get("/customers").status_code == 303
    book.close()


def test_processes_that_start_at_once_store_the_key_once(book):
    """Both found a book that knows no key yet; the second compares with the first's."""
    for _ in range(10):
        with book.app.app_context(), writing():
            forget_fact(HISTORY_KEY)
        assert at_once(book, *[refuse_another_history_key] * 4) == [None] * 4
        with book.app.app_context():
            assert find_fact(HISTORY_KEY)
