"""Sets of changes in a browser: few actions, by keyboard, and without script."""

import pytest

from tests.browser.sets import COLUMNS
from tests.browser.visits import WITH_AND_WITHOUT
from tests.support.sets import table, work
from webapp.batches import change_set
from webapp.batches.models import ChangeSet
from webapp.kernel.database import db


@pytest.fixture
def worker(site):
    """Does what the worker would, when it is called."""

    def run():
        with site.book.app.app_context():
            seq = db.session.scalar(db.select(db.func.max(ChangeSet.seq)))
            work(change_set.find_set(seq), site.book.app.config["FILES_FOLDER"])
            db.session.remove()

    return run


def people(site, number, name):
    for place in range(number):
        details = {"first_name": name, "last_name": f"{name} {place}", "phone": None}
        site.add(email=f"{name}{place}@sets.example", **details)


@WITH_AND_WITHOUT
def test_a_known_file_is_imported_in_five_actions(visit, worker, script, tmp_path, figure):
    name = f"Afia{script}"
    file = tmp_path / "people.csv"
    file.write_bytes(table([(name, "Osei", f"{name}@five.example", "", "")] * 1))
    ama = visit("Ama", script=script).open("/sets")
    before = ama.actions
    ama.click(".page-head .primary")
    ama.page.locator("#file").set_input_files(file)
    ama.actions += 1
    ama.click("#import-form .primary")
    ama.page.locator("#preview", has_text=name).wait_for()
    ama.click("#columns-form .primary")
    ama.page.locator("#state", has_text="Being checked").wait_for()
    worker()
    if not script:
        ama.page.locator("#progress a", has_text="Look again").click()
    ama.page.locator("#apply-set button", has_text="Import 1 customer").wait_for()
    ama.click("#apply-set button")
    ama.page.locator("#state", has_text="Applied").wait_for()
    assert ama.actions - before == len(COLUMNS)
    figure(f"a known file imported: {ama.actions - before} actions")
    assert ama.open("/customers?rows=25").page.locator("tbody", has_text=name).count()


@WITH_AND_WITHOUT
def test_all_that_match_are_blacklisted_in_six_actions_and_back_in_two(visit, site, script, figure):
    name = "Zuri" if script else "Zola"
    people(site, 3, name)
    esi = visit("Esi", script=script).open("/customers?rows=25")
    esi.fill("#q", name)
    esi.press("Enter") if script else esi.click("[name=open]")
    esi.page.locator("tbody tr", has_text=f"{name} 2").wait_for()
    before = esi.actions
    for row in esi.page.locator("tbody [name=customers]").all():
        row.check()
    esi.actions += 1
    esi.click("[value=blacklist]")
    esi.page.locator("#deed-form").wait_for()
    esi.press("1") if script else esi.click("#reason input >> nth=0")
    esi.click("#deed-form .primary")
    esi.click("#apply-set button")
    esi.page.locator("#state", has_text="Applied").wait_for()
    assert esi.actions - before <= 6
    figure(f"all that match blacklisted: {esi.actions - before} actions")
    before = esi.actions
    esi.click("#undo-set button")
    esi.click("#apply-set button")
    esi.page.locator("#state", has_text="Applied").wait_for()
    assert esi.actions - before == 2
    figure(f"a set undone: {esi.actions - before} actions")


def test_how_many_are_selected_is_always_in_sight(visit):
    esi = visit("Esi").open("/customers")
    count = esi.page.locator("#selected-count")
    assert count.inner_text() == "Nothing selected"
    boxes = esi.page.locator("tbody [name=customers]")
    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    assert count.inner_text() == "4 selected"
    esi.press("x")
    esi.page.locator("#selected-count", has_text=f"{boxes.count()} selected").wait_for()
    esi.page.locator("#select-matching").check()
    esi.page.locator("#selected-count", has_text="All ").wait_for()
    esi.page.mouse.wheel(0, 2_000)
    esi.page.wait_for_function("() => window.scrollY > 100")
    assert count.is_visible()
    box = count.bounding_box()
    assert 0 <= box["y"] < 200, "it stays at the top"


def test_nothing_selected_says_so_in_a_browser(visit):
    esi = visit("Esi").open("/customers")
    esi.click("[value=blacklist]")
    esi.page.locator(".toast", has_text="Nothing is selected").wait_for()


def send(visit, file):
    visit.page.locator("#file").set_input_files(file)
    visit.click("#import-form .primary")
    visit.click("#columns-form .primary")


def test_progress_moves_by_itself_and_can_be_stopped(visit, worker, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(table([(f"A{n}", "Osei", f"a{n}@moves.example", "", "") for n in range(70)]))
    ama = visit("Ama").open("/imports/new")
    send(ama, file)
    worker()
    ama.page.locator("#apply-set button").wait_for()
    ama.click("#apply-set button")
    ama.page.locator("#state", has_text="Being applied").wait_for()
    ama.looks_right()
    ama.click("#stop-set button")
    ama.page.locator("#state", has_text="Stopped").wait_for()
    ama.click("#go-on button")
    ama.page.locator("#state", has_text="Being applied").wait_for()
    worker()
    ama.page.locator("#state", has_text="Applied").wait_for()
    ama.looks_right()


def test_a_change_is_undone_by_a_press_in_the_history(visit, site):
    one = site.add(email="undone@sets.example", first_name="Wrong", phone=None)
    esi = visit("Esi").open(f"/customers/{one.id}/edit")
    esi.fill("#first_name", "Right")
    esi.press("Enter")
    esi.page.locator("#timeline button").first.wait_for()
    esi.click("#timeline button >> nth=0")
    esi.page.locator(".toast", has_text="The change is undone").wait_for()
    assert "Wrong" in esi.page.locator("h1").inner_text()
