"""The commands of an operator, as typed."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import unicodedata
from collections import Counter

import pytest
from sqlalchemy import select, text

from tests.support.books import KEYS, Book, in_one_process, own_book, settings_for
from tests.support.commands import run
from webapp.assembly import create_app
from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.customers.numbering.countries import countries
from webapp.customers.numbering.phones import shown_phone
from webapp.history.entries import entries_of
from webapp.history.rows import FOUND
from webapp.kernel.database import db
from webapp.kernel.folding import fold
from webapp.settings import PROJECT, Settings, SettingsError
from webapp.staff.models import StaffMember
from webapp.transfer.samples.load import load_people
from webapp.transfer.samples.names import REGIONS
from webapp.web.customers.forms import country_options


@pytest.mark.parametrize(
    "words",
    [
        ["sample-data"],
        ["sample-staff"],
        ["staff"],
        ["staff", "add"],
        ["staff", "list"],
        ["db", "upgrade"],
    ],
)
def test_every_command_has_help(book, words):
    status, output = run(book, *words, "--help")
    assert status == 0
    assert "Usage:" in output


def test_staff_are_added_listed_and_reset(book):
    status, password = run(
        book, "staff", "add", "--email", "ama@example.com", "--name", "Ama", "--role", "manager"
    )
    assert status == 0
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}\n", password)
    assert run(book, "staff", "list") == (0, "manager  active    ama@example.com  Ama\n")
    assert run(book, "staff", "reset-password", "--email", "AMA@example.com")[1] != password
    with book.app.app_context():
        ama = db.session.scalars(select(StaffMember)).one()
        assert ama.must_change_password
        assert [entry.kind for entry in entries_of(ama.subject)] == ["password_reset", "added"]


@pytest.mark.parametrize(
    "words",
    [
        ["staff", "add", "--email", "nobody", "--name", "A", "--role", "agent"],
        ["staff", "add", "--email", "a@example.com", "--name", "", "--role", "agent"],
        ["staff", "add", "--email", "a@example.com", "--name", "A", "--role", "king"],
        ["staff", "reset-password", "--email", "nobody@example.com"],
        ["sample-data", "--customers", "0"],
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(book, words):
    status, output = run(book, *words)
    assert status != 0
    assert "Error: " in output
    assert "Traceback" not in output


@pytest.fixture(scope="module", params=in_one_process("sqlite", "postgresql"))
def sampled(request, tmp_path_factory):
    """Three thousand sample people in a book that is only read."""
    with own_book(request.param, tmp_path_factory.mktemp("sampled")):
        load_people(3_000, seed=11, progress=lambda _: None)
        yield db.session.scalars(select(Customer).order_by(Customer.seq)).all()


def test_sample_data_is_the_same_for_the_same_seed(book):
    contents = []
    for seed in ("4", "4", "5"):
        book.empty()
        assert run(book, "sample-data", "--customers", "50", "--seed", seed)[0] == 0
        with book.app.app_context():
            rows = db.session.execute(
                select(Customer.id, Customer.email, Customer.phone, Customer.search).order_by(
                    Customer.seq
                )
            )
            contents.append([tuple(row) for row in rows])
    assert contents[0] == contents[1] != contents[2]


def test_sample_data_goes_into_an_empty_book_only(book):
    run(book, "sample-data", "--customers", "5")
    status, output = run(book, "sample-data", "--customers", "5")
    assert status == 1
    assert "has customers already" in output
    assert run(book, "sample-data", "--customers", "5", "--if-empty") == (0, "")


def test_a_load_that_was_broken_off_goes_on(tmp_path):
    """A load killed half-way and started again with the same arguments makes the same book."""
    books = {}
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
        book = Book(f"sqlite:///{tmp_path / name}/book.db", tmp_path / name)
        if name == "killed":
            load_and_kill(book)
            assert 0 < customers_in(book) < 12_000
            assert run(book, "sample-data", "--customers", "10500")[0] == 1, "another load"
        words = [*LOAD, "--if-empty"] if name == "killed" else LOAD
        subprocess.run(words, cwd=PROJECT, env=environment_of(book), check=True)
        with book.app.app_context():
            books[name] = [
                [
                    row
                    for row in db.session.execute(
                        text(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4")
                    )
                    if row[0] != FOUND  # found at another moment
                ]
                for table in LOADED
            ]
        assert run(book, "book", "check")[0] == 0
        book.close()
    assert books["killed"] == books["whole"]


LOAD = [sys.executable, "-m", "flask", "--app", "wsgi", "sample-data", "--customers", "12000"]
LOADED = ("customer", "blacklisting", "history_entry", "history_values", "page_block")


def environment_of(book):
    return os.environ | KEYS | {"GATEBOOK_DATABASE_URL": book.url}


def load_and_kill(book):
    """Where others work too, the load must not be through before it is seen to have begun."""
    gently = ["nice", "-n", "5", *LOAD]
    process = subprocess.Popen(
        gently, cwd=PROJECT, env=environment_of(book), start_new_session=True
    )
    while not customers_in(book):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def customers_in(book):
    with sqlite3.connect(book.path) as connection:
        return connection.execute("SELECT count(*) FROM customer").fetchone()[0]


def test_sample_people_come_from_everywhere(sampled, figure):
    dial_codes = {customer.dial_code for customer in sampled if customer.phone}
    shown = Counter(shown_phone(c.phone).country.code for c in sampled if c.phone)
    scripts = {script_of(c.last_name) for c in sampled}
    figure(
        f"sample data: {len(REGIONS)} regions, phones of {len(shown)} countries, "
        f"{len(scripts)} scripts"
    )
    assert len(REGIONS) >= 8
    assert len(dial_codes) >= 12
    assert set(shown) <= set(countries())
    assert len(scripts) >= 6
    assert any(fold(c.first_name) != c.first_name.lower() for c in sampled)


def script_of(name):
    return unicodedata.name(name[0]).split()[0]


def test_sample_people_stand_in_the_order_of_their_creation(sampled):
    times = [customer.created_at for customer in sampled]
    assert times == sorted(times)
    assert 2.9 < (times[-1] - times[0]).days / 365 < 3.1
    assert [customer.seq for customer in sampled] == list(range(1, len(sampled) + 1))


def test_two_in_a_hundred_sample_people_are_blacklisted_with_reason_and_history(sampled):
    blacklisted = [customer for customer in sampled if customer.blacklisted]
    assert 0.01 < len(blacklisted) / len(sampled) < 0.03
    open_cases = db.session.scalars(
        select(Blacklisting).where(Blacklisting.closed_at.is_(None))
    ).all()
    assert {case.customer_seq for case in open_cases} == {customer.seq for customer in blacklisted}
    for customer in blacklisted:
        entries = entries_of(customer.subject)
        assert "blacklisted" in {entry.kind for entry in entries}
        assert entries[0].version == customer.version
        assert entries[0].at == customer.updated_at


def test_every_sample_person_has_a_history_that_says_what_they_are(sampled):
    for customer in sampled[:300]:
        values = {}
        for entry in entries_of(customer.subject)[::-1]:
            values |= {name: entry.new(name) for name in entry.fields}
        assert values["first_name"] == customer.first_name
        assert values["reference"] == customer.reference


GOOD = KEYS["GATEBOOK_SECRET_KEY"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"GATEBOOK_SECRET_KEY": ""}, "GATEBOOK_SECRET_KEY is not set. Run `make env`"),
        ({"GATEBOOK_SECRET_KEY": "secret"}, "GATEBOOK_SECRET_KEY is too weak"),
        ({"GATEBOOK_SECRET_KEY": "x" * 64}, "GATEBOOK_SECRET_KEY is too weak"),
        ({"GATEBOOK_HISTORY_KEY": None}, "GATEBOOK_HISTORY_KEY is not set"),
        ({"GATEBOOK_DATABASE_URL": "mysql://x"}, "must start with sqlite"),
        ({"GATEBOOK_PUBLIC_URL": "gatebook.example.com"}, "must look like https://"),
        ({"GATEBOOK_PUBLIC_URL": "https://example.com/path"}, "must look like https://"),
        ({"GATEBOOK_WORKERS": "1"}, "a whole number from 2 to 64"),
        ({"GATEBOOK_WORKERS": "٣"}, "a whole number"),
        ({"GATEBOOK_SESSION_HOURS": "x"}, "a whole number"),
        ({"GATEBOOK_TIME_ZONE": "Mars"}, "IANA time zone"),
        ({"GATEBOOK_LOG_LEVEL": "LOUD"}, "DEBUG, INFO"),
        ({"GATEBOOK_WORKRES": "2"}, "GATEBOOK_WORKRES is not a setting"),
    ],
)
def test_a_setting_that_is_missing_or_odd_is_refused_with_what_to_do(changed, sentence):
    with pytest.raises(SettingsError, match=re.escape(sentence)):
        Settings.from_environment(KEYS | changed)


def test_without_a_key_the_server_ends_with_a_sentence(tmp_path):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GATEBOOK_")
    }
    environment |= {"GATEBOOK_SECRET_KEY": "weak", "GATEBOOK_HISTORY_KEY": GOOD}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.server", "wsgi:app"]
    result = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=30
    )
    assert result.returncode != 0
    assert "GATEBOOK_SECRET_KEY is too weak" in result.stderr
    assert "Traceback" not in result.stderr


def test_countries_of_the_company_come_first(book):
    app = create_app(settings_for(book.url, GATEBOOK_COUNTRIES="gh, NG"))
    assert app.config["FIRST_COUNTRIES"] == ("GH", "NG")
    drawn = country_options(app.config["FIRST_COUNTRIES"]).chosen(None)
    names = re.findall('<option value="([^"]*)"', drawn)
    assert names[:3] == ["", "GH", "NG"]
    assert len(names) == len(set(names))
