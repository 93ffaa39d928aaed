"""Addresses of each kind of page, some with unusual content."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from tests.browser.faults import name_faults
from tests.browser.hooks import webhooks
from tests.browser.sets import sets_in
from tests.browser.visits import Site
from tests.support.cast import actor, add, member
from webapp.batches import value_lists
from webapp.blacklist import opening
from webapp.blacklist.entries import list_steps
from webapp.blacklist.entries import opening as entries
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers import edit, erase
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.lookalikes import distinct
from webapp.merging.merging import merge
from webapp.programs import api_keys
from webapp.transfer.private_files import new_file

LONG = {
    "first_name": "x" * 100,
    "last_name": 'O\'Brien "the <b>"',
    "email": f"long.{'y' * 55}@{'z' * 60}.example.com",
}
SALMAN = {
    "first_name": "محمد",
    "last_name": "بن سلمان",
    "email": "salman@example.com",
    "phone": "+966512345678",
}
GONE = {"first_name": "Gone", "last_name": "Gone", "email": "gone@example.com"}
BAD = {
    "first_name": "y" * 100,
    "last_name": "z" * 100,
    "email": "bad.one@gmail.com",
    "phone": "+233201230000",
}
SUSPECT = {
    "first_name": "Not",
    "last_name": "Them",
    "email": "badone@googlemail.com",
    "phone": "+233201230000",
}
REMOVED = {"first_name": "w" * 100, "email": "removed@example.com", "phone": "+233201230009"}
LINK = f"https://example.com/{'e' * 300}"
ADDRESSES = {
    "home": "/",
    "check": "/check",
    "review": "/review",
    "review case": "/review/{waiting}",
    "own case": "/review/{own}",
    "nothing waits": "/review?reason=terms&which=overdue",
    "review list": "/review/list",
    "look-alikes": "/review/lookalikes",
    "removals": "/review/removals",
    "waiting sets": "/review/sets",
    "sets": "/sets",
    "applied set": "/sets/{applied}",
    "set to decide": "/sets/{applied}/decide",
    "import": "/imports/new",
    "checked import": "/sets/{imported}",
    "refused rows": "/sets/{imported}?rows=refused",
    "held rows": "/sets/{imported}?rows=held",
    "columns": "/sets/{sent}/columns",
    "set at work": "/sets/{at_work}",
    "everything": "/customers/{long}/everything",
    "sign in again": "/sign-in?again=1",
    "overview": "/blacklist",
    "help": "/help",
    "cases": "/blacklist/cases?which=open",
    "evidence": "/blacklist/cases/{waiting}/evidence",
    "faults": "/history/faults",
    "no cases": "/blacklist/cases?first=2001-01-01&last=2001-01-02",
    "blacklist then": "/blacklist/cases?at=2026-08-01T12:00Z",
    "customer then": "/customers/{blacklisted}?at=2026-10-30T12:00Z",
    "ask for a lift": "/customers/{arabic}/blacklisting/ask-for-lift",
    "suspect": "/customers/{suspect}",
    "marked": "/customers/{marked}",
    "mark": "/customers/{suspect}/apart?other={bad}",
    "export": "/customers/export?standing=blacklisted",
    "exports": "/exports",
    "files": "/customers/export/files",
    "waiting": "/customers?standing=waiting",
    "gone": "/customers/{gone}",
    "blacklist": "/customers/{long}/blacklisting",
    "lift": "/customers/{arabic}/blacklisting/lift",
    "set the end": "/customers/{arabic}/blacklisting/end",
    "delete": "/customers/{long}/delete",
    "cannot delete": "/customers/{arabic}/delete",
    "staff": "/staff",
    "new member": "/staff/new",
    "member": "/staff/{kwame}",
    "oneself": "/staff/1",
    "keys": "/api-keys",
    "new key": "/api-keys/new",
    "revoke": "/api-keys/{key}/revoke",
    "edit a key": "/api-keys/{key}/edit",
    "roll a key": "/api-keys/{key}/secret",
    "webhooks": "/webhooks",
    "new webhook": "/webhooks/new",
    "webhook": "/webhooks/{hook}",
    "webhook that is off": "/webhooks/{off_hook}",
    "messages given up": "/webhooks/{hook}?show=failed",
    "change a webhook": "/webhooks/{off_hook}/edit",
    "another secret": "/webhooks/{hook}/secret",
    "remove a webhook": "/webhooks/{off_hook}/remove",
    "reference": "/api/docs",
    "account": "/account",
    "second factor": "/account/second-factor",
    "recovery codes": "/account/second-factor/codes",
    "no second factor": "/account/second-factor/remove",
    "list": "/customers",
    "many": "/customers?rows=100&page=3",
    "filtered": "/customers?standing=blacklisted&dial_code=%2B234"
    "&created_from=2020-01-01&sort=created",
    "nobody": "/customers?created_from=2001-01-01&created_to=2001-01-02",
    "customer": "/customers/{blacklisted}",
    "long": "/customers/{long}",
    "arabic": "/customers/{arabic}",
    "new": "/customers/new",
    "entries": "/entries",
    "waiting entries": "/entries?show=waiting",
    "matched entries": "/entries?show=matches",
    "no entries": "/entries?show=ended",
    "new entry": "/entries/new",
    "entry": "/entries/{entry}",
    "lists": "/entries/lists",
    "new list": "/entries/lists/new",
    "list to load": "/entries/lists/{list}",
    "loaded list": "/entries/lists/{loaded_list}",
    "merge": "/customers/{alike}/merge?other={long}",
    "merge with": "/customers/{long}/merge",
    "merged": "/customers/{survivor}",
    "undo a merge": "/merged/{merged}/undo",
    "merges": "/review/merges",
    "merge to decide": "/review/merges/{alike}/{bad}",
    "edit": "/customers/{long}/edit",
    "preferences": "/account/preferences",
    "password": "/account/password",
    "missing": "/nothing",
    "odd": "/customers?page=x",
}
# The same pages with more rows; axe would take seconds for each.
LIKE_OTHERS = {"many", "filtered", "waiting", "refused rows", "held rows", "messages given up"}


def places_on(site: Site) -> dict[str, str]:
    """Create what the pages are about; returns their addresses by kind."""
    with site.book.app.app_context():
        found = {"kwame": member("Kwame").id, "key": _keys()}
        found |= _people() | _cases() | _entries() | sets_in(site.book.app.config["FILES_FOLDER"])
        found |= _merges(UUID(str(found["bad"])))
        found |= webhooks()
        found |= _lists(site.book.app.config["FILES_FOLDER"])
        _removal()
        name_faults()
        found["blacklisted"] = db.session.scalars(
            select(Customer.id).where(Customer.blacklisted).limit(1)
        ).one()
    return {kind: address.format(**found) for kind, address in ADDRESSES.items()}


def _keys() -> int:
    """A key with a long name, and a revoked one; returns the number of the first."""
    key, _ = api_keys.create_key(
        name="Till " + "x" * 95, scopes=["read", "write"], by=actor("Adwoa")
    )
    old, _ = api_keys.create_key(name="Old", scopes=["read"], by=actor("Ama"))
    api_keys.revoke_key(old.id, by=actor("Adwoa"))
    return key.id


def _people() -> dict[str, UUID]:
    """A customer with long words and many cases, one whose name is written right to
    left, and a deleted one.
    """
    long, arabic, gone = add(**LONG, phone=None), add(**SALMAN), add(**GONE)
    for number in range(5):
        seq = opening.open_case(
            long.id, reason="other", note=f"{'y' * 300}\n{number}", by=actor("Esi")
        ).case.seq
        review.lift(long.id, case_seq=seq, note="z" * 300, by=actor("Ama"))
    opening.open_case(arabic.id, reason="other", note="لا يدفع\nSecond line", by=actor("Esi"))
    erase.delete_customer(gone.id, by=actor("Ama"))
    return {"long": long.id, "arabic": arabic.id, "gone": gone.id}


def _cases() -> dict[str, UUID | int]:
    """A customer with a lift request and a look-alike, and a case that Adwoa opened."""
    bad, suspect, note = add(**BAD), add(**SUSPECT), "y" * 2000
    waiting = opening.open_case(
        bad.id, reason="fraud", note=note, evidence=LINK, by=actor("Esi")
    ).case.seq
    review.decide(waiting, Decision.UPHELD, note=note, by=actor("Ama"))
    opening.ask_for_lift(bad.id, case_seq=waiting, note=note, by=actor("Kwame"))
    adwoas = add(first_name="Own", email="own@example.com", phone=None)
    own = opening.open_case(adwoas.id, reason="abuse", by=actor("Adwoa")).case.seq
    marked = add(**SUSPECT | {"email": "marked@example.com"})
    distinct.mark_distinct(marked.id, bad.id, note=note, by=actor("Kwame"))
    return {
        "bad": bad.id,
        "suspect": suspect.id,
        "marked": marked.id,
        "waiting": waiting,
        "own": own,
    }


def _entries() -> dict[str, int]:
    """An entry that Adwoa added, with a long note and a request to remove it, which matches; and
    one that allows and waits.
    """
    note, matched = "y" * 2000, {"email": "m@entry.example", "phone": None}
    add(first_name="Matched " + "x" * 90, **matched)
    raw = {"kind": "domain", "value": "entry.example", "level": "deny", "reason": "other"}
    raw |= {"note": note, "evidence": LINK, "until": "2090-01-01 08:00"}
    seq = entries.add_entry(raw, by=actor("Adwoa")).entry.seq
    entries.ask_for_removal(seq, note=note, by=actor("Kwame"))
    born = {"first_name": "Life", "last_name": "z" * 60, "birthday": "1985-12-31"}
    entries.add_entry({"kind": "name", "level": "allow", "note": "Hers.", **born}, by=actor("Esi"))
    return {"entry": seq}


def _lists(folder: Path) -> dict[str, int]:
    """A list that is loaded, and the first version of another, with rows that cannot be read."""
    seqs = []
    for name, by in (("Loaded " + "x" * 90, "Adwoa"), ("Police " + "y" * 90, "Ama")):
        file, content = new_file("import", folder)
        with content:
            content.write(f"value\n{by}@list.example\ngmail.com\n{'z' * 300}\n".encode())
        about = {"name": name, "source": "s" * 300, "dated": "2026-11-01", "level": "deny"}
        about |= {"reason": "other", "note": "n" * 2000}
        seqs.append(list_steps.propose(about, file, by=actor(by)).seq)
        value_lists.work_on(seqs[-1], folder=folder, beat=lambda: None)
    list_steps.load(seqs[0], by=actor("Adwoa"))
    value_lists.work_on(seqs[0], folder=folder, beat=lambda: None)
    return {"loaded_list": seqs[0], "list": seqs[1]}


def _merges(bad: UUID) -> dict[str, UUID]:
    """A merged record with long words, one like somebody with longer ones, and a merge that waits
    for a second person.
    """
    long = {"first_name": "Alike " + "x" * 90, "phone": None, "birthday": "1985-12-31"}
    alike = add(email="alike@example.com", **long)
    survivor, other = (add(**long | {"email": f"{name}@merge.example"}) for name in ("one", "two"))
    merge(survivor.id, other.id, choices={"email": "other"}, note="y" * 300, by=actor("Adwoa"))
    edit.change(survivor.id, {"email": "three@merge.example"}, by=actor("Esi"))
    merge(alike.id, bad, choices={"phone": "other"}, note="y" * 2000, by=actor("Ama"))
    return {"alike": alike.id, "survivor": survivor.id, "merged": other.id}


def _removal() -> None:
    """A removal by a program, which a manager must look at."""
    key, _ = api_keys.create_key(name="Till", scopes=["blacklist"], by=actor("Ama"))
    customer = add(**REMOVED)
    opening.open_case(customer.id, reason="fraud", by=actor("Esi"))
    opening.clear(customer.id, by=api_keys.actor_of(key, request_id=None))
