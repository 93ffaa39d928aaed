"""Sets of changes on pages: a selection, an import and an undo, without script."""

from io import BytesIO

import pytest

from tests.support.cast import actor, add, bad
from tests.support.sets import everybody, table, work
from webapp.batches import change_set
from webapp.batches.models import ChangeSet, State
from webapp.customers import edit
from webapp.kernel.database import db

ROWS = [
    ("Afia", "Osei", "afia@import.example", "020 123 4001", "GH"),
    ("Yaa", "Badu", "yaa@import.example", "12", "GH"),
]
TWIN = ("Kofi", "Annan", "k.annan@import.example", "020 123 4567", "GH")


@pytest.fixture
def people(book, desk_of):
    """Five whom Esi has added, newest last."""
    with book.app.app_context():
        names = ("Ada", "Bo", "Cy", "Di", "Efua")
        more = {"last_name": "Bulk", "phone": ""}
        return [str(add(first_name=n, email=f"{n}@b.example", **more).id) for n in names]


def select(desk, deed, ids=(), address="/customers", **more):
    desk.open(address)
    return desk.send("selection", deed=deed, customers=list(ids), **more)


def propose(desk, deed="blacklist", **typed):
    typed = {"reason": "fraud", "note": "One ring"} | typed
    assert desk.send("deed-form", **typed).status_code == 303, desk.page.text
    return desk.follow()


def press(desk, form, **typed):
    response = desk.send(form, **typed)
    assert response.status_code == 303, response.text
    return desk.follow()


def run_worker(book):
    """What the worker would do with the newest set."""
    with book.app.app_context():
        seq = db.session.scalar(db.select(db.func.max(ChangeSet.seq)))
        return work(change_set.find_set(seq), book.app.config["FILES_FOLDER"]).state


def blacklisted(book):
    with book.app.app_context():
        return [customer.first_name for customer in everybody() if customer.blacklisted]


def send_file(desk, content, name="people.csv"):
    desk.open("/imports/new")
    return desk.send("import-form", file=(BytesIO(content), name))


def import_file(book, desk, rows=ROWS, **chosen):
    """Send a file, take what is suggested, and let the worker check it."""
    assert send_file(desk, table(rows)).status_code == 303
    desk.follow()
    columns = ["first_name", "last_name", "email", "phone", "country"]
    press(desk, "columns-form", columns=columns, **chosen)
    run_worker(book)
    return desk.open(desk.page.request.path)


def test_those_who_were_ticked_are_blacklisted(book, desk_of, people):
    desk = desk_of("Esi")
    assert select(desk, "blacklist", people[1:3]).status_code == 200
    propose(desk)
    assert blacklisted(book) == []
    assert "Blacklist 2 customers" in desk.text
    press(desk, "apply-set")
    assert blacklisted(book) == ["Bo", "Cy"]
    assert "Applied" in desk.text


def test_a_refused_deed_keeps_what_was_typed(book, desk_of, people):
    desk = desk_of("Esi")
    select(desk, "blacklist", people[:2])
    assert desk.send("deed-form", reason="other", note="").status_code == 422
    assert "Say in a note what the reason is" in desk.text
    assert desk.send("deed-form", reason="other", note="x" * 2_001).status_code == 422
    assert "x" * 2_001 in desk.page.text
    propose(desk, note="They asked")
    press(desk, "apply-set")
    assert blacklisted(book) == ["Ada", "Bo"]


def test_nothing_selected_says_so(desk_of, people):
    desk = desk_of("Esi")
    assert select(desk, "blacklist").status_code == 303
    assert "Nothing is selected" in desk.follow().text


def test_all_that_match_are_those_who_were_counted(book, desk_of, people):
    desk = desk_of("Esi")
    select(desk, "blacklist", all="yes", address="/customers?standing=good")
    propose(desk)
    assert "5 customers (Active)" in desk.text
    with book.app.app_context():
        add(first_name="Late", email="late@b.example", phone="")
    press(desk, "apply-set")
    assert "Late" not in blacklisted(book)
    assert "1 customer matches by now who did not before" in desk.text


def test_many_need_a_second_person(book, desk_of, people, monkeypatch):
    monkeypatch.setitem(book.app.config, "SECOND_PERSON_ABOVE", 2)
    esi, ama = desk_of("Esi"), desk_of("Ama")
    select(esi, "blacklist", people[:3])
    address = propose(esi).request.path
    assert "another manager must agree" in esi.text
    assert esi.client.post(f"{address}/apply", data=esi_token(esi)).status_code == 409
    ama.open("/review/sets")
    assert "Agree as the second person" in ama.text
    ama.open(address)
    press(ama, "agree-to-set")
    assert len(blacklisted(book)) == 3
    assert "Ama agreed" in ama.text


def esi_token(desk):
    return {"csrf_token": desk.client.csrf_token("/customers")}


def test_deleting_many_asks_for_the_number(book, desk_of, people):
    desk = desk_of("Ama")
    select(desk, "delete", people[:2])
    propose(desk, reason="", note="")
    assert desk.send("apply-set", count="3").status_code == 422
    assert "Type 2 to delete 2 customers" in desk.text
    press(desk, "apply-set", count="2")
    with book.app.app_context():
        assert len(everybody()) == 3
    assert select(desk_of("Esi"), "delete", people[2:]).status_code == 403


def test_an_undo_shows_first_what_it_would_do(book, desk_of, people):
    desk = desk_of("Esi")
    select(desk, "blacklist", people[:3])
    propose(desk)
    press(desk, "apply-set")
    with book.app.app_context():
        edit.change(everybody()[0].id, {"first_name": "Abena"}, by=actor("Ama"))
    press(desk, "undo-set")
    assert "Undo 2 customers" in desk.text
    desk.open(f"{desk.page.request.path}?rows=refused")
    assert "Ama changed it since: first name" in desk.text
    press(desk, "apply-set")
    assert blacklisted(book) == ["Abena"]


def test_agents_see_their_own_sets_only(desk_of, people):
    esi, kwame, ama = desk_of("Esi"), desk_of("Kwame"), desk_of("Ama")
    select(esi, "blacklist", people[:1])
    address = propose(esi).request.path
    assert kwame.open(address).status_code == 404
    assert "1 customer" not in kwame.open("/sets").text
    assert ama.open(address).status_code == 200
    assert "apply-set" not in ama.page.text
    assert "Blacklist: 1 customer" in ama.open("/sets").text


def test_a_file_is_sent_looked_at_checked_and_imported(book, desk_of):
    desk = desk_of("Ama")
    page = import_file(book, desk)
    assert "Checked, not applied yet" in desk.text
    assert "Import 1 customer" in desk.text
    seq = page.request.path.rsplit("/", 1)[1]
    desk.open(f"/sets/{seq}?rows=refused")
    assert "Yaa" in desk.text
    file = desk.client.get(f"/sets/{seq}/problems.csv").data.decode("utf-8-sig")
    assert file.splitlines()[0].endswith('"problem"')
    assert '"yaa@import.example"' in file
    desk.open(f"/sets/{seq}")
    press(desk, "apply-set")
    with book.app.app_context():
        assert [customer.phone for customer in everybody()] == ["+233201234001"]
    customer = desk.client.get("/customers").text
    assert "Afia" in customer


def test_the_first_rows_are_shown_as_they_will_be(desk_of):
    desk = desk_of("Ama")
    send_file(desk, table(ROWS))
    desk.follow()
    assert "+233201234001" in desk.text, "as it will be stored"
    assert "020 123 4001" in desk.text, "as it was written"


def test_a_file_that_is_no_table_is_refused_on_the_page(desk_of):
    desk = desk_of("Ama")
    assert send_file(desk, b"").status_code == 422
    assert "This file is empty" in desk.text
    desk.open("/imports/new")
    assert desk.send("import-form").status_code == 422
    assert "Choose a file first" in desk.text


def test_columns_that_name_nobody_are_refused(book, desk_of):
    desk = desk_of("Ama")
    send_file(desk, table(ROWS))
    desk.follow()
    assert (
        desk.send("columns-form", columns=["first_name"], existing="overwrite").status_code == 422
    )
    assert "Say which column is the e-mail" in desk.text
    assert 'value="overwrite" selected' in desk.page.text, "what was chosen is kept"


def test_who_was_held_back_waits_for_another_manager(book, desk_of):
    with book.app.app_context():
        bad()
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    address = import_file(book, ama, [TWIN]).request.path
    assert "Held back" in ama.text
    adwoa.open("/review/sets")
    assert "1 person" in adwoa.text
    adwoa.open(f"{address}?rows=held")
    token = {"csrf_token": adwoa.client.csrf_token("/customers"), "decision": "add"}
    assert ama.client.post(f"{address}/held/2", data=esi_token(ama)).status_code == 409
    assert adwoa.client.post(f"{address}/held/2", data=token).status_code == 303
    with book.app.app_context():
        assert len(everybody()) == 2


def test_the_blacklistings_of_a_set_are_reviewed_as_one(book, desk_of, people):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    select(esi, "blacklist", people[:3])
    address = propose(esi).request.path
    press(esi, "apply-set")
    ama.open("/review/sets")
    assert "3 blacklistings" in ama.text
    ama.open(f"{address}/decide")
    cases = [
        box.get("value")
        for box in ama.form("selection").iter("input")
        if box.get("name") == "cases"
    ]
    assert ama.send("selection", cases=cases, decision="overturned").status_code == 422
    press(ama, "selection", cases=cases[1:], decision="overturned", note="Not them")
    assert len(blacklisted(book)) == 1


def test_a_change_is_undone_from_the_history(book, desk_of, people):
    desk, address = desk_of("Esi"), f"/customers/{people[0]}"
    with book.app.app_context():
        edit.change(everybody()[0].id, {"first_name": "Abena"}, by=actor("Ama"))
        edit.change(everybody()[0].id, {"last_name": "Badu"}, by=actor("Ama"))
    desk.open(address)
    token = {"csrf_token": desk.client.csrf_token("/customers")}
    assert desk.page.text.count("/undo") == 2
    assert desk.client.post(f"{address}/changes/2/undo", data=token).status_code == 303
    with book.app.app_context():
        first = everybody()[0]
        assert (first.first_name, first.last_name) == ("Ada", "Badu")
    assert desk.client.post(f"{address}/changes/2/undo", data=token).status_code == 409
    desk.open(address)
    assert "in set 1" in desk.text
    assert desk_of("Yaw").open(address).text.count("/undo") == 0


def test_a_stopped_set_goes_on_or_is_given_up(book, desk_of):
    desk = desk_of("Ama")
    rows = [(f"A{n}", "Osei", f"a{n}@stop.example", "", "") for n in range(60)]
    address = import_file(book, desk, rows).request.path
    press(desk, "apply-set")
    assert "Being applied" in desk.text
    press(desk, "stop-set")
    press(desk, "go-on")
    press(desk, "stop-set")
    press(desk, "abandon-set")
    assert "Given up" in desk.text
    assert desk.client.post(f"{address}/go-on", data=esi_token(desk)).status_code == 409
    with book.app.app_context():
        assert change_set.find_set(int(address.rsplit("/", 1)[1])).state == State.ABANDONED
