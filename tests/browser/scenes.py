"""People and cases in states worth a picture."""

from uuid import UUID

from sqlalchemy import select

from tests.browser.faults import name_faults
from tests.browser.visits import Site
from tests.support.cast import actor, add
from webapp.blacklist import opening
from webapp.blacklist.models import REASONS_OFFERED, Decision
from webapp.blacklist.reviewing import review
from webapp.customers import edit, erase
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.kernel.database import db

LONG = {"first_name": "x" * 100, "last_name": 'O\'Brien "the <b>"', "email": "long@example.com"}
HUONG = {
    "first_name": "Đặng",
    "last_name": "Thị Hương",
    "email": "huong@bücher.example.com",
    "phone": "+84912345678",
}
TWIN = {
    "first_name": "Huong",
    "last_name": "Dang",
    "email": "Huong+x@bücher.example.com",
    "reference": "ORDER-1",
}
ADAEZE = {
    "first_name": "Adaeze",
    "last_name": "Okonkwo",
    "email": "ada.okonkwo@gmail.com",
    "phone": "+2348012345678",
}
ADA = {
    "first_name": "Ada",
    "last_name": "Okonkwo",
    "email": "adaokonkwo+shop@googlemail.com",
    "phone": "+2348012345678",
}
NOTE = (
    "Two charge-backs in ten days on different cards, "
    "same delivery address. Denies placing the orders."
)
LINKS = (
    "https://evidence.example.com/cases/2026/1187/letters.pdf\nhttps://bank.example.com/dispute/88"
)
ADDRESSES = {
    "review-case": "/review/{case}",
    "customer-deleted": "/customers/{gone}",
    "customer-blacklisted": "/customers/{blacklisted}",
    "customer-busy": "/customers/{busy}",
    "customer-long": "/customers/{long}",
    "customer-good": "/customers/{good}",
    "form-edit": "/customers/{busy}/edit",
    "list": "/customers",
    "list-filtered": "/customers?standing=blacklisted&created_from=2024-01-01&sort=created",
    "account": "/account",
    "preferences": "/account/preferences",
    "password": "/account/password",
    "second-factor": "/account/second-factor",
    "error-404": "/nothing",
}


def scenes_on(site: Site) -> dict[str, str]:
    """Create what the pictures show; returns the addresses by picture name."""
    with site.book.app.app_context():
        found = {"long": _long(), "busy": _busy(), "good": add(**TWIN).id, "gone": _gone()}
        found["blacklisted"] = db.session.scalars(
            select(Customer.id).where(Customer.blacklisted).limit(1)
        ).one()
        found["case"] = _case_in_full()
        _other_cases()
        name_faults()
    return {name: address.format(**found) for name, address in ADDRESSES.items()}


def _long() -> UUID:
    """A customer with long words, blacklisted and cleared for every reason."""
    long = add(**LONG, phone=None)
    for reason in REASONS_OFFERED:
        seq = opening.open_case(
            long.id, reason=reason, note=f"{'y' * 300}\nSecond line", by=actor("Esi")
        ).case.seq
        review.lift(long.id, case_seq=seq, note="Paid what was owed.\nAll of it.", by=actor("Ama"))
    return long.id


def _busy() -> UUID:
    """A customer whom many have changed, and who is blacklisted."""
    busy = add(**HUONG)
    for number, name in enumerate(("Ama", "Esi", "Kwame"), start=1):
        new = {"first_name": f"Đặng {number}", "phone": f"+8491234567{number}"}
        edit.change(busy.id, new, based_on=number, by=actor(name))
    note = "He shouted at Ama.\nTwice."
    opening.open_case(busy.id, reason="other", note=note, by=actor("Kwame"))
    return busy.id


def _gone() -> UUID:
    gone = add(first_name="Gone", last_name="Gone", email="gone@example.com")
    seq = opening.open_case(gone.id, reason="fraud", note="Gone.", by=actor("Esi")).case.seq
    review.lift(gone.id, case_seq=seq, note="Gone.", by=actor("Ama"))
    erase.delete_customer(gone.id, by=actor("Ama"))
    return gone.id


def _case_in_full() -> int:
    """A case with an earlier one, look-alikes, evidence and a lift request."""
    old = add(**ADAEZE)
    add(**ADA)
    seq = opening.open_case(old.id, reason="chargeback", note="First.", by=actor("Kwame")).case.seq
    review.decide(seq, Decision.OVERTURNED, note="Another Adaeze Okonkwo.", by=actor("Adwoa"))
    seq = opening.open_case(
        old.id, reason="chargeback", note=NOTE, evidence=LINKS, by=actor("Esi")
    ).case.seq
    review.decide(seq, Decision.UPHELD, note="The letters are clear.", by=actor("Adwoa"))
    opening.ask_for_lift(
        old.id, case_seq=seq, note="Paid both back with interest.", by=actor("Kwame")
    )
    return seq


def _other_cases() -> None:
    """A case that Ama opened herself, and one that a program opened without a reason."""
    own = add(first_name="Own", last_name="Case", email="own@example.com", phone=None)
    opening.open_case(own.id, reason="abuse", note="Shouted.", by=actor("Ama"))
    nameless = {"first_name": "Nameless", "last_name": "Reason", "email": "program@example.com"}
    key = Actor(kind="key", id=1, name="Shop", door="api")
    opening.open_case(add(**nameless, phone=None).id, reason=None, by=key)
