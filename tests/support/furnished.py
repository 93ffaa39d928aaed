"""A book with one of everything that an address may refer to."""

from typing import Any

from tests.support.books import Book
from tests.support.cast import actor, add, hire, member
from webapp.batches import bulk, value_lists
from webapp.batches.models import Kind
from webapp.blacklist import opening
from webapp.blacklist.entries import list_steps
from webapp.blacklist.entries.opening import add_entry
from webapp.customers import finding, notes
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.merging.merging import merge
from webapp.programs import api_keys
from webapp.programs.webhooks import deliveries, endpoints
from webapp.search import saved_views
from webapp.transfer.private_files import new_file


def furnished(book: Book) -> dict[str, Any]:
    """Fill a book with everything that an address may refer to; returns the arguments."""
    book.empty()
    with book.app.app_context():
        hire()
        values = {
            "field": "email",
            "filename": "favicon.svg",
            "name": "gatebook.css",
            "number": 1,
            "file_seq": 1,
            "staff_id": member("Kwame").id,
        }
        values["key_id"] = api_keys.create_key(name="Shop", scopes=["read"], by=actor("Ama"))[0].id
        values["customer_id"] = add().id
        values["view_seq"] = saved_views.save_view(
            "Nigeria", {"dial_code": "+234"}, is_shared=True, owner_id=member("Kwame").id
        ).seq
        values["note_seq"] = notes.add_note(values["customer_id"], "Hi.", by=actor("Esi")).seq
        yao = add(first_name="Yao", email="yao@example.com")
        kofi = finding.get_customer(values["customer_id"]).seq
        values["seq"] = bulk.propose(
            Kind.BLACKLIST, [kofi], reason="fraud", origin="1 customer", by=actor("Esi")
        ).seq
        raw = {"kind": "email", "value": "bad@example.com", "level": "deny", "reason": "fraud"}
        values["entry_seq"] = add_entry(raw, by=actor("Esi")).entry.seq
        values["case_seq"] = opening.open_case(yao.id, reason="fraud", by=actor("Esi")).case.seq
        values |= _webhook()
        values |= _merges(yao) | {"list_seq": _list(book)}
        db.session.remove()
    return values


def _webhook() -> dict[str, Any]:
    """An address that is told what changes, with a message that waits."""
    raw = {"url": "https://shop.example.com/"}
    one = endpoints.add_endpoint(raw, by=actor("Adwoa"), loopback=False)[0].id
    delivery = deliveries.send_test(one).seq
    return {"endpoint_id": one, "delivery_seq": delivery, "delivery": delivery}


def _list(book: Book) -> int:
    """A list of entries that is checked, and not loaded."""
    folder = book.app.config["FILES_FOLDER"]
    name, file = new_file("import", folder)
    with file:
        file.write(b"listed@example.com")
    about = {"name": "Police", "source": "Police", "dated": "2026-11-01", "level": "deny"}
    one = list_steps.propose({**about, "reason": "fraud", "note": ""}, name, by=actor("Ama"))
    value_lists.work_on(one.seq, folder=folder, beat=lambda: None)
    return one.seq


def _merges(blacklisted: Customer) -> dict[str, Any]:
    """A merged record, and a merge that waits for a second person."""
    one, other, third = (add(email=f"{name}@example.com", phone=None) for name in "abc")
    merge(one.id, other.id, choices={}, note="One passport.", by=actor("Ama"))
    merge(third.id, blacklisted.id, choices={}, note="One passport.", by=actor("Ama"))
    return {"record_id": other.id, "survivor_id": third.id, "other_id": blacklisted.id}
