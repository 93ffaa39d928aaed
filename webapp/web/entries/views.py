"""Entries on pages: the list, adding one, and one by itself."""

import hashlib
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist.entries import drafting, listing, opening
from webapp.blacklist.entries.changes import get_entry
from webapp.blacklist.entries.drafting import EntryDraft
from webapp.blacklist.entries.listing import Which
from webapp.blacklist.entries.lists import get_list
from webapp.blacklist.entries.matching import customers_about
from webapp.blacklist.entries.models import Level
from webapp.blacklist.entries.values import ValueKind, kind_by_looks
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, InvalidAddress
from webapp.staff.permissions import Permission
from webapp.web.entries import entries
from webapp.web.entries.forms import EntryDecisionForm, EntryForm, EntryUntilForm
from webapp.web.entries.pages import ListEntries, NewEntry, ShowEntry
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor, may_visitor
from webapp.web.frame.drafts import carried
from webapp.web.frame.histories import asked_history
from webapp.web.frame.htmx import flash_notice, flash_success, go_to, refused
from webapp.web.frame.reading_budget import count_read
from webapp.web.words.formats import reader_zone

SHOWN, CUSTOMERS_SHOWN = 50, 10
MAX_COUNTED = 1_000
FIELDS = (
    "kind", "value", "country", "first_name", "last_name", "birthday", "level", "reason", "note",
    "evidence", "until",
)  # fmt: skip


@entries.get("/entries")
@needs(Permission.BLACKLIST)
def list_entries() -> ResponseReturnValue:
    which, at = _asked_which(), _asked_moment()
    if which is Which.MATCHES:
        return _list_matches()
    before = parse_int(request.args.get("before"), least=1)
    list_seq = None if at else parse_int(request.args.get("list"), least=1)
    of_list = get_list(list_seq) if list_seq else None
    shown = listing.entries(which, limit=SHOWN + 1, before=before, at=at, list_seq=list_seq)
    last = shown[SHOWN - 1].seq if len(shown) > SHOWN else None
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("show", "at", "list") if request.args.get(name)
    }
    return ListEntries(
        which=which,
        entries=shown[:SHOWN],
        waiting=listing.count_waiting(cap=MAX_COUNTED),
        more=url_for("entries.list_entries", **asked, before=last) if last else None,
        at=at,
        of_list=of_list,
        lists=listing.waiting_lists() if _begins_with_lists(which, before, list_seq) else (),
    )


def _begins_with_lists(which: Which, before: int | None, list_seq: int | None) -> bool:
    return which is Which.WAITING and before is None and list_seq is None


def _list_matches() -> ListEntries:
    page = parse_int(request.args.get("page"), least=1, most=MAX_COUNTED) or 1
    some = listing.matches(limit=SHOWN + 1, offset=(page - 1) * SHOWN)
    count_read(len(some))
    following = url_for("entries.list_entries", show="matches", page=page + 1)
    return ListEntries(
        which=Which.MATCHES,
        entries=(),
        waiting=listing.count_waiting(cap=MAX_COUNTED),
        more=following if len(some) > SHOWN else None,
        at=None,
        matches=some[:SHOWN],
    )


def _asked_which() -> Which:
    asked = request.args.get("show", "")
    try:
        return Which(asked) if asked else Which.LIVE
    except ValueError:
        raise InvalidAddress({"show": ["There is no such list"]}) from None


def _asked_moment() -> datetime | None:
    text = request.args.get("at", "")
    try:
        return clock.read_moment(text, reader_zone()) if text else None
    except (ValueError, OverflowError):
        raise InvalidAddress({"at": ["Write a day and a time"]}) from None


@entries.get("/entries/new")
@needs(Permission.BLACKLIST)
def new_entry() -> ResponseReturnValue:
    """The form; for a customer of whom staff shall look closer, if the address names one."""
    form = _form(drafts.restored())
    if request.args.get("customer"):
        form.value.data, form.kind.data = request.args["customer"], ValueKind.CUSTOMER.value
        form.level.data = Level.REVIEW.value
    return NewEntry(form=form)


@entries.post("/entries/new")
@needs(Permission.BLACKLIST)
@carried
def add_entry() -> ResponseReturnValue:
    """Show whom the entry would be about; once that was shown, add it."""
    form = _form(request.form)
    raw = _typed(form)
    try:
        made = drafting.draft(raw, by=actor())
        mark = _mark_of(made)
        if form.shown_for.data != mark:
            return _look_first(form, made, mark)
        opened = opening.add_entry(raw, by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return refused(NewEntry(form=form, refusal=refusal), refusal)
    drafts.forget()
    if opened.is_new:
        flash_success("The entry is in the book.")
    else:
        flash_notice(f"{opened.entry.opened_by_name} added this entry already. That stands.")
    return go_to(url_for("entries.show_entry", entry_seq=opened.entry.seq))


def _form(typed: Any) -> EntryForm:
    return EntryForm(typed, first_countries=current_app.config["FIRST_COUNTRIES"])


def _typed(form: EntryForm) -> dict[str, Any]:
    """What was submitted, under the names that the rules use."""
    raw: dict[str, Any] = {name: form.submitted[name] or "" for name in FIELDS}
    raw["kind"] = raw["kind"] or kind_by_looks(raw)
    raw["birthday"] = clock.as_iso_day(raw["birthday"])
    return raw | {"zone": reader_zone()}


def _mark_of(made: EntryDraft) -> str:
    """Of what was shown: something else must be shown anew."""
    content = f"{made.value.kind} {made.value.text} {made.level}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _look_first(form: EntryForm, made: EntryDraft, mark: str) -> ResponseReturnValue:
    form.shown_for.data = mark
    customers = customers_about(made.value, limit=CUSTOMERS_SHOWN)
    count_read(len(customers))
    return NewEntry(form=form, draft=made, customers=customers)


@entries.get("/entries/<int(max=9223372036854775807):entry_seq>")
@needs(Permission.BLACKLIST)
def show_entry(entry_seq: int) -> ResponseReturnValue:
    return entry_page(entry_seq, EntryDecisionForm(None))


def entry_page(
    entry_seq: int,
    form: EntryDecisionForm,
    end_form: EntryUntilForm | None = None,
    refusal: Invalid | Conflict | None = None,
) -> ShowEntry:
    """The page of an entry for the reader."""
    entry, by = get_entry(entry_seq), actor()
    customers = listing.matched_by(entry, limit=CUSTOMERS_SHOWN)
    count_read(len(customers))
    is_open = entry.closed_at is None and not entry.has_ended(clock.now())
    may_undo = is_open and not opening.refusal_to_undo(entry, by=by, now=clock.now())
    address = url_for("entries.show_entry", entry_seq=entry_seq)
    may_review = may_visitor(Permission.REVIEW)
    return ShowEntry(
        form=form,
        end_form=end_form or EntryUntilForm.about(entry),
        refusal=refusal,
        entry=entry,
        customers=customers,
        number=listing.count_matched(entry),
        may_undo=may_undo,
        refusal_to_decide=refusal_to_decide(entry, by=by) if may_review else None,
        history=asked_history(entry.subject, address),
    )
