"""Sample staff: made once, with some days of work behind them."""

import stat
from datetime import timedelta

from sqlalchemy import select

from tests.support.arrivals import arriving
from tests.support.books import settings_for
from tests.support.commands import run
from webapp.blacklist import case_counts
from webapp.blacklist.reviewing import recent_activity
from webapp.blacklist.reviewing.decisions import decisions_to_read
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.staff.models import StaffMember
from webapp.staff.sign_in import sign_in
from webapp.transfer.samples import day, load
from webapp.web.frame.auth import session_limits


def test_sample_staff_are_made_once_and_their_passwords_kept_privately(book, tmp_path):
    book.app.instance_path = str(tmp_path)
    status, output = run(book, "sample-staff")
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == [
        "admin",
        "manager",
        "manager",
        "agent",
        "viewer",
    ]
    kept = tmp_path / "sample-staff"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run(book, "sample-staff") == (0, output)
    _, email, password = output.splitlines()[3].split()
    with book.app.app_context():
        context = arriving(session_limits(settings_for(book.url)))
        assert sign_in(email=email, password=password, context=context)
    book.empty()
    assert run(book, "sample-staff") == (0, output)
    assert len(run(book, "staff", "list")[1].splitlines()) == 5, (
        "the file's people work in any book"
    )
    kept.unlink()
    assert run(book, "sample-staff")[1] != output


def test_a_file_of_an_earlier_release_gets_those_whom_it_lacks(book, tmp_path):
    book.app.instance_path = str(tmp_path)
    kept = tmp_path / "sample-staff"
    run(book, "sample-staff")
    lines = [line for line in kept.read_text().splitlines() if "kwame.manager" not in line]
    kept.write_text("".join(f"{line}\n" for line in lines))
    book.empty()
    status, output = run(book, "sample-staff")
    assert (status, output.splitlines()[:4]) == (0, lines)
    assert kept.read_text() == output
    assert len(output.splitlines()) == 5


def test_a_day_that_was_broken_off_is_lived_whole_the_next_time(book, tmp_path, monkeypatch):
    book.app.instance_path = str(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(day, "_this_day", interrupted)
        assert run(book, "sample-staff")[0] != 0
    with book.app.app_context():
        assert results.page_of(CustomerFilter()).total == 0
    assert run(book, "sample-staff")[0] == 0
    with book.app.app_context():
        assert results.page_of(CustomerFilter()).total == len(day.PEOPLE)


def interrupted(*_):
    raise KeyboardInterrupt


def test_sample_staff_have_some_days_behind_them_and_nothing_is_overdue(book, tmp_path):
    book.app.instance_path = str(tmp_path)
    run(book, "sample-data", "--customers", "2000")
    assert run(book, "sample-staff")[0] == 0
    with book.app.app_context():
        now = clock.now()
        assert case_counts.number_overdue(now) == 0
        assert case_counts.number_waiting(now) >= 3
        esi = db.session.scalar(select(StaffMember).where(StaffMember.role == "agent"))
        assert [one.customer.first_name for one in decisions_to_read(esi.id, limit=9)] == ["Aya"]
        assert len(recent_activity.recent_customers(esi.id)) >= 8
        newest = results.page_of(CustomerFilter()).rows
        assert {row.first_name for row in newest[:10]} == {
            story.first_name for story in day.PEOPLE.values()
        }
        assert newest[10].created_at > now - load.SAMPLE_DAYS - timedelta(days=3)
    assert "all are as they were written" in run(book, "history", "verify")[1]
    members = run(book, "staff", "list")[1]
    assert run(book, "sample-staff")[0] == 0
    with book.app.app_context():
        assert results.page_of(CustomerFilter()).total == 2_010, "a day is lived once"
    assert run(book, "staff", "list")[1] == members
