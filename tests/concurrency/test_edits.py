"""Many people at once, over real HTTP, on the shipped server with two workers."""

import multiprocessing

from tests.support.cast import add, hire, session_token
from tests.support.editors import nothing_was_lost
from tests.support.edits import edit_and_tell
from tests.support.proofs import rounds
from tests.support.server import running_server
from tests.support.wire import WireBrowser, at_sign_in
from webapp.history import changes
from webapp.staff import brute_force

EDITORS, EDITS = 8, rounds(8, 100)


def test_eight_editors_of_one_customer_lose_no_accepted_change(book, tmp_path, figure):
    with book.app.app_context():
        hire()
        kofi = add()
        tokens = [session_token(book.app, "Esi") for _ in range(EDITORS)]
    with running_server(book.url, tmp_path / "log") as address:
        accepted = edit_at_once(address, tokens, f"/customers/{kofi.id}/edit")
    assert len(accepted) == EDITORS * EDITS
    with book.app.app_context():
        merged = nothing_was_lost(kofi, accepted)
        assert list(changes.faults()) == []
    figure(
        f"{len(accepted)} edits of one customer by {EDITORS} processes on {book.kind}: all "
        f"kept, {merged} merged"
    )


def edit_at_once(address, tokens, path):
    """Run the editors as separate processes; returns the accepted changes."""
    context = multiprocessing.get_context("spawn")
    outcomes = context.Queue()
    editors = [
        context.Process(target=edit_and_tell, args=(outcomes, address, token, path, number, EDITS))
        for number, token in enumerate(tokens)
    ]
    for editor in editors:
        editor.start()
    accepted = [change for _ in editors for change in outcomes.get(timeout=240)]
    for editor in editors:
        editor.join()
    return accepted


def test_a_session_that_was_signed_out_is_refused_in_every_worker(book, tmp_path):
    with book.app.app_context():
        hire()
        token = session_token(book.app, "Esi")
    with running_server(book.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:

        def statuses():
            found = []
            for _ in range(24):
                browser = WireBrowser(address, token)
                found.append(browser.get("/customers")[0])
                browser.close()
            return set(found)

        assert statuses() == {200}
        browser = WireBrowser(address, token)
        fields = browser.form("/customers", "sign-out")
        assert browser.post("/sign-out", fields)[0] == 303
        browser.close()
        assert statuses() == {303}


def test_guessing_is_slowed_down_across_workers(book, tmp_path):
    with book.app.app_context():
        hire("Esi")
    with running_server(book.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:
        statuses = []
        for _ in range(12):
            browser, fields = at_sign_in(address)
            statuses.append(
                browser.post(
                    "/sign-in", fields | {"email": "esi@example.com", "password": "wrong"}
                )[0]
            )
            browser.close()
    assert statuses.count(422) == brute_force.PASSWORD.at_address.size
    assert statuses.count(429) == 12 - brute_force.PASSWORD.at_address.size


def test_the_server_runs_with_warnings_as_errors(book, tmp_path):
    with running_server(book.url, tmp_path / "log", PYTHONWARNINGS="error") as address:
        browser = WireBrowser(address, "")
        assert browser.get("/sign-in")[0] == 200
        browser.close()
