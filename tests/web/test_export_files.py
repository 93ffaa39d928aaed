"""Long exports: made by the worker, kept for a day for the one who asked."""

import stat

import pytest

from tests.support.cast import add
from tests.support.commands import run
from webapp.kernel.database import db
from webapp.transfer import export_files
from webapp.transfer.export_files import ExportFile


@pytest.fixture
def long(book, desk_of, monkeypatch):
    """A list that is too long for a stream, although it has three."""
    monkeypatch.setattr(export_files, "MOST_IN_A_STREAM", 2)
    with book.app.app_context():
        for number in range(3):
            add(first_name="=1+1", email=f"p{number}@example.com", phone=None)
        add(first_name="Not", email="ghana@example.com", phone="+233201234567")


def ask(desk, address="/customers/export?created_from=2020-01-01"):
    desk.open(address)
    assert desk.send("export-form", columns=["email", "firstName"]).status_code == 303
    return desk.follow()


def work(book):
    with book.app.app_context():
        assert run(book, "work", "--once")[0] == 0


def link_of(desk):
    desk.open("/customers/export/files")
    links = [one.get("href") for one in desk.page.tree.iter("a")]
    return next((one for one in links if one and "/files/" in one), None)


def test_a_long_list_becomes_a_file_that_its_asker_gets(book, desk_of, long):
    desk = desk_of("Ama")
    ask(desk)
    assert "Being made" in desk.text
    assert link_of(desk) is None
    work(book)
    response = desk.client.get(link_of(desk))
    assert response.data.decode("utf-8-sig").count("'=1+1") == 3
    assert "Get 4 customers" in desk.text
    response.close()
    assert desk_of("Adwoa").open(link_of(desk)).status_code == 404
    assert desk_of("Esi").open(link_of(desk)).status_code == 403


def test_the_file_is_private_and_goes_after_a_day(book, desk_of, long, the_clock):
    the_clock.moment = the_clock.now()
    desk = desk_of("Ama")
    ask(desk)
    work(book)
    with book.app.app_context():
        name = db.session.scalar(db.select(ExportFile.file))
        file = book.app.config["FILES_FOLDER"] / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        the_clock.forward(hours=25)
        export_files.forget_old(file.parent)
        assert not file.exists()
        assert db.session.scalar(db.select(ExportFile.seq)) is None


def test_who_may_not_any_more_gets_no_file(book, desk_of, long):
    desk = desk_of("Ama")
    ask(desk)
    before = set(book.app.config["FILES_FOLDER"].glob("export-*"))
    with book.app.app_context():
        db.session.execute(db.text("UPDATE staff_member SET role = 'agent' WHERE name = 'Ama'"))
        db.session.commit()
    work(book)
    with book.app.app_context():
        assert db.session.scalar(db.select(ExportFile.seq)) is None
        assert set(book.app.config["FILES_FOLDER"].glob("export-*")) == before
