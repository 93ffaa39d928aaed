"""The version of the rules that derive keys: `book check` reports an older one, and repairs it
while people work.
"""

from sqlalchemy import text, update

from tests.support.cast import actor, add
from webapp.blacklist import opening, screening
from webapp.customers import edit
from webapp.customers.models import Customer
from webapp.history.book import find_fact, set_fact
from webapp.kernel.database import db, writing
from webapp.lookalikes import derived_keys, name_words
from webapp.lookalikes.known_identifiers import CaseIdentifier
from webapp.search.filters import CustomerFilter
from webapp.search.results import page_of

BLINDLY = {"synchronize_session": False}


def made_by_older_rules():
    """A book of the previous version: keys by older rules, and no known identifiers
    of open cases.
    """
    with writing():
        db.session.execute(
            update(Customer).values(name_key="old  key", email_person="old"),
            execution_options=BLINDLY,
        )
        db.session.execute(text("DELETE FROM case_identifier"))
        set_fact(derived_keys.FACT, "1")
    db.session.expunge_all()


def test_a_new_book_is_of_the_present_rules(inside):
    assert not derived_keys.are_of_older_rules()
    add()
    assert list(derived_keys.faults()) == []


def test_old_keys_are_told_and_made_anew(staffed):
    kofi, other = add(), add(first_name="Ọlá", email="ola@example.com", phone="+2348012345678")
    opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    edit.change(kofi.id, {"email": "new@example.com"}, by=actor("Kwame"))
    other_id = other.id
    before = keys()
    made_by_older_rules()
    run = staffed.app.test_cli_runner().invoke
    told = run(args=["book", "check"])
    assert told.exit_code == 1
    assert "rules 1" in told.output
    assert [row.id for row in page_of(CustomerFilter(text="ola")).rows] == [other_id], (
        "searches go on answering"
    )
    mended = run(args=["book", "check", "--repair"])
    assert mended.exit_code == 0, mended.output
    db.session.expunge_all()
    assert keys() == before
    assert screening.check({"email": "kofi.annan@example.com"}).answer == "deny", (
        "the address that it had"
    )
    assert run(args=["book", "check"]).exit_code == 0


def keys():
    """The keys of customers, and the known identifiers of their cases."""
    return (
        {one.seq: (one.name_key, one.email_person) for one in db.session.query(Customer)},
        {(row.kind, row.key) for row in db.session.query(CaseIdentifier)},
    )


def test_one_wrong_key_is_told_although_the_rules_are_the_same(staffed):
    kofi = add()
    with writing():
        db.session.execute(
            update(Customer).where(Customer.seq == kofi.seq).values(email_person="wrong"),
            execution_options=BLINDLY,
        )
    db.session.expunge_all()
    assert len(list(derived_keys.faults())) == 1


def test_what_was_broken_off_goes_on(staffed, monkeypatch):
    for number in range(3):
        add(email=f"n{number}@example.com", phone=None)
    made_by_older_rules()
    monkeypatch.setattr(name_words, "BATCH", 1)

    def stop(_):
        raise KeyboardInterrupt

    try:
        derived_keys.derive_anew(progress=stop)
    except KeyboardInterrupt:
        assert derived_keys.are_of_older_rules()
    assert find_fact(derived_keys.PROGRESS) == f"1 by {derived_keys.present_rules()}"
    done: list[int] = []
    derived_keys.derive_anew(progress=done.append)
    assert sum(done) == 2, "the first one was done"
    assert list(derived_keys.faults()) == []
    assert staffed.app.test_cli_runner().invoke(args=["book", "renew-keys"]).output == ""
