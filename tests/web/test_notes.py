"""Notes on the page of a customer."""

import pytest

from tests.support.desks import sign_in, token_of
from tests.support.strict import PARTIAL

NOTE = "He calls back on Monday.\n<b>Not bold.</b>"


def test_a_note_is_written_corrected_and_pinned(kofi, desk_of):
    esi, yaw = desk_of("Esi"), desk_of("Yaw")
    esi.open(f"/customers/{kofi.id}")
    esi.send("note-form", text=NOTE)
    esi.follow()
    assert "The note is saved." in esi.text
    assert "He calls back on Monday. <b>Not bold.</b> Esi, " in esi.text
    assert "Esi added a note" in esi.text
    yaw.open(f"/customers/{kofi.id}")
    assert "He calls back on Monday." in yaw.text
    assert yaw.page.tree.find(".//form[@id='note-form']") is None


@pytest.mark.parametrize("headers", [{}, PARTIAL], ids=["plain", "htmx"])
def test_a_note_that_is_refused_comes_back_as_it_was_typed(kofi, desk_of, headers):
    esi = desk_of("Esi")
    esi.open(f"/customers/{kofi.id}")
    data = {"csrf_token": token_of(esi), "text": "x" * 2001}
    path = f"/customers/{kofi.id}/notes"
    answer = esi.client.post(path, data=data, headers=headers)
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    assert "A note has at most 2,000 characters" in answer.text


def test_a_draft_of_a_note_survives_the_end_of_a_session(kofi, desk_of, the_clock):
    esi = desk_of("Esi")
    esi.open(f"/customers/{kofi.id}")
    the_clock.forward(hours=2)
    esi.send("note-form", text=NOTE)
    assert esi.page.status_code == 401
    sign_in(esi)
    esi.follow()
    typed = esi.form("note-form").find(".//textarea[@name='text']").text
    assert typed.strip() == NOTE
    esi.send("note-form")
    esi.follow()
    assert "The note is saved." in esi.text


def test_only_its_author_is_offered_to_edit_a_note(kofi, desk_of, the_clock):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    esi.open(f"/customers/{kofi.id}")
    esi.send("note-form", text="Called.")
    esi.follow()
    address = next(
        form.get("action") for form in esi.page.tree.iter("form")
        if "/notes/" in (form.get("action") or "") and not form.get("action").endswith("/pin")
    )  # fmt: skip
    ama.open(f"/customers/{kofi.id}")
    assert f'action="{address}"' not in ama.page.text
    data = {"csrf_token": token_of(ama), "text": "Changed."}
    refused = ama.client.post(address, data=data)
    assert refused.status_code == 409
    assert "Esi wrote this note; only they can change it" in refused.text
    data = {"csrf_token": token_of(esi), "text": "Called twice."}
    assert esi.client.post(address, data=data).status_code == 303
    data |= {"pinned": "yes"}
    assert esi.client.post(f"{address}/pin", data=data).status_code == 303
    esi.open(f"/customers/{kofi.id}")
    assert "Called twice. Esi, " in esi.text
    assert ", edited, pinned" in esi.text
