"""What the next page says was done: kept in a cookie that only its session can read."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.cast import KOFI
from webapp.staff import sessions as staff_sessions
from webapp.web.frame import session_cookie


def test_a_lost_message_does_not_undo_what_was_done(book, desk_of, monkeypatch, caplog):
    def fail(*_):
        raise OperationalError("UPDATE", {"carried": "Kofi Annan"}, Exception("locked"))

    desk = desk_of("Esi")
    desk.open("/customers/new")
    monkeypatch.setattr(session_cookie, "MAX_MESSAGES_LENGTH", 10)
    monkeypatch.setattr(staff_sessions, "carry", fail)
    assert desk.send("customer-form", **KOFI).status_code == 303
    assert "Kofi" not in caplog.text


# Two messages take 150 characters, one takes half of that.
@pytest.mark.parametrize(
    "longest", [0, 110, session_cookie.MAX_MESSAGES_LENGTH], ids=["row", "one of two", "cookie"]
)
def test_every_message_is_told_once(desk_of, monkeypatch, longest):
    """Messages are kept in a cookie, or in the session's row if they are too long for one."""
    monkeypatch.setattr(session_cookie, "MAX_MESSAGES_LENGTH", longest)
    desk = desk_of("Esi")
    desk.open("/customers/new")
    first_page = desk.page
    for number in (1, 2):
        desk.page = first_page
        desk.send(
            "customer-form",
            **KOFI | {"email": f"{number}@example.com", "first_name": f"Kofi{number}"},
        )
    desk.follow()
    assert "Kofi1 Annan is in the book." in desk.text
    assert "Kofi2 Annan is in the book." in desk.text
    assert desk.client.get_cookie("gatebook-messages") is None
    desk.open("/customers")
    assert "is in the book" not in desk.text


def test_messages_in_a_cookie_can_be_read_by_nobody_else(book, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    esi.open("/customers/new")
    esi.send("customer-form", **KOFI)
    kept = esi.client.get_cookie("gatebook-messages").value
    assert "Kofi" not in kept
    ama.client.set_cookie("gatebook-messages", kept)
    ama.open("/customers")
    assert "is in the book" not in ama.text
    ama.client.set_cookie("gatebook-messages", kept[:-2] + "xx")
    assert ama.open("/customers").status_code == 200
