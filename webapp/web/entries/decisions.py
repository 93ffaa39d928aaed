"""What is done about one entry: undone, asked to remove, kept, removed, or given an end."""

from collections.abc import Callable
from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist.entries import opening, reviewing
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.http.doors import needs
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid
from webapp.staff.permissions import Permission
from webapp.web.entries import entries
from webapp.web.entries.forms import EntryDecisionForm, EntryUntilForm
from webapp.web.entries.views import entry_page
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.words.formats import reader_zone

ENTRY = "<int(max=9223372036854775807):entry_seq>"


@entries.post(f"/entries/{ENTRY}/undo")
@needs(Permission.BLACKLIST)
def undo_entry(entry_seq: int) -> ResponseReturnValue:
    return _done(entry_seq, partial(opening.undo, entry_seq, by=actor()), "The entry is undone.")


@entries.post(f"/entries/{ENTRY}/ask")
@needs(Permission.BLACKLIST)
@carried
def ask_to_remove_entry(entry_seq: int) -> ResponseReturnValue:
    form = EntryDecisionForm(request.form)
    note = form.submitted["note"] or ""
    return _done(
        entry_seq,
        partial(opening.ask_for_removal, entry_seq, note=note, by=actor()),
        "You asked to remove this entry. A manager decides.",
        form,
    )


@entries.post(f"/entries/{ENTRY}/decide")
@needs(Permission.REVIEW)
@carried
def decide_entry(entry_seq: int) -> ResponseReturnValue:
    """Keep the entry, or remove it as a mistake or as no longer needed."""
    form = EntryDecisionForm(request.form)
    decision, note = request.form.get("decision", ""), form.submitted["note"] or ""
    deed, message = partial(reviewing.remove, is_mistake=decision == "mistake"), "removed"
    if decision == "keep":
        days = parse_int(form.submitted["look_again_after"] or "") or 0
        deed, message = partial(reviewing.keep, look_again_after=days), "kept"
    return _done(
        entry_seq, partial(deed, entry_seq, note=note, by=actor()), f"The entry is {message}.", form
    )


@entries.post(f"/entries/{ENTRY}/end")
@needs(Permission.REVIEW)
@carried
def end_entry(entry_seq: int) -> ResponseReturnValue:
    end_form = EntryUntilForm(request.form)
    until, note = end_form.submitted["until"] or "", end_form.submitted["note"]
    return _done(
        entry_seq,
        partial(reviewing.set_end, entry_seq, until, note=note, zone=reader_zone(), by=actor()),
        "The end of the entry is saved.",
        end_form=end_form,
    )


def _done(
    entry_seq: int,
    deed: Callable[[], BlacklistEntry],
    message: str,
    form: EntryDecisionForm | None = None,
    end_form: EntryUntilForm | None = None,
) -> ResponseReturnValue:
    form = form or EntryDecisionForm(None)
    try:
        deed()
    except (Invalid, Conflict) as refusal:
        (end_form or form).show(refusal)
        return refused(entry_page(entry_seq, form, end_form, refusal), refusal)
    flash_success(message)
    return go_to(url_for("entries.show_entry", entry_seq=entry_seq))
