"""Lists of entries on pages: send a version, look at what it changes, load, keep or remove it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.batches import value_lists
from webapp.blacklist.entries import list_steps, lists
from webapp.blacklist.entries.lists import EntryList
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.http.doors import needs
from webapp.http.uploads import files_folder, keep_sent, takes_files
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails
from webapp.staff.permissions import Permission
from webapp.web.entries import entries
from webapp.web.entries.forms import EntryDecisionForm, EntryListForm
from webapp.web.entries.pages import ListLists, NewList, ShowList
from webapp.web.frame.auth import actor, may_visitor
from webapp.web.frame.drafts import carried
from webapp.web.frame.histories import asked_history
from webapp.web.frame.htmx import flash_success, go_to, refused

SHOWN = 50
LIST = "<int(max=9223372036854775807):list_seq>"


@entries.get("/entries/lists")
@needs(Permission.BLACKLIST)
def list_lists() -> ResponseReturnValue:
    before = parse_int(request.args.get("before"), least=1)
    some = lists.lists(limit=SHOWN + 1, before=before)
    last = some[SHOWN - 1].seq if len(some) > SHOWN else None
    shown = [(one, lists.number_of(one.seq)) for one in some[:SHOWN]]
    more = url_for("entries.list_lists", before=last) if last else None
    return ListLists(lists=shown, more=more)


@entries.get("/entries/lists/new")
@needs(Permission.IMPORT)
def new_list() -> ResponseReturnValue:
    """The first version of a list, or the next of one that the address names."""
    number = parse_int(request.args.get("list"), least=1)
    return NewList(form=EntryListForm.next_of(lists.get_list(number) if number else None))


@entries.post("/entries/lists/new")
@needs(Permission.IMPORT)
@takes_files
def send_list() -> ResponseReturnValue:
    form = EntryListForm(request.form)
    try:
        about, name = lists.read_about(form.submitted), _sent_file()
        one = list_steps.propose(about, name, by=actor())
        keep_sent(name)
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return refused(NewList(form=form, refusal=refusal), refusal)
    return _worked_on(one)


def _sent_file() -> str:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidDetails.on("file", "Choose a file")
    name = Path(str(sent.stream.name)).name
    sent.stream.close()
    return name


def _worked_on(one: EntryList) -> ResponseReturnValue:
    """Show the list; one that is short is worked on first, and the worker finds nothing left."""
    if value_lists.is_small(one.seq, files_folder()):
        value_lists.work_on(one.seq, folder=files_folder(), beat=lambda: None)
    return go_to(url_for("entries.show_list", list_seq=one.seq))


@entries.get(f"/entries/lists/{LIST}")
@needs(Permission.BLACKLIST)
def show_list(list_seq: int) -> ResponseReturnValue:
    return _page(list_seq, EntryDecisionForm(None))


def _page(
    list_seq: int, form: EntryDecisionForm, refusal: Invalid | Conflict | None = None
) -> ShowList:
    one, by = lists.get_list(list_seq), actor()
    may_review = may_visitor(Permission.REVIEW) and one.waits(clock.now())
    return ShowList(
        form=form,
        refusal=refusal,
        one=one,
        number=lists.number_of(list_seq),
        may_keep=may_review and refusal_to_decide(one, by=by) is None,
        history=asked_history(one.subject, url_for("entries.show_list", list_seq=list_seq)),
    )


@entries.post(f"/entries/lists/{LIST}/load")
@needs(Permission.IMPORT)
def load_list(list_seq: int) -> ResponseReturnValue:
    return _worked_on(list_steps.load(list_seq, by=actor()))


@entries.post(f"/entries/lists/{LIST}/discard")
@needs(Permission.IMPORT)
def discard_list(list_seq: int) -> ResponseReturnValue:
    list_steps.discard(list_seq, by=actor())
    flash_success("This version is discarded.")
    return go_to(url_for("entries.show_list", list_seq=list_seq))


@entries.post(f"/entries/lists/{LIST}/keep")
@needs(Permission.REVIEW)
@carried
def keep_list(list_seq: int) -> ResponseReturnValue:
    return _decided(list_seq, list_steps.keep)


@entries.post(f"/entries/lists/{LIST}/remove")
@needs(Permission.IMPORT)
@carried
def remove_list(list_seq: int) -> ResponseReturnValue:
    return _decided(list_seq, list_steps.remove)


def _decided(list_seq: int, decide: Callable[..., Any]) -> ResponseReturnValue:
    form = EntryDecisionForm(request.form)
    try:
        one = decide(list_seq, note=form.submitted["note"] or "", by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return refused(_page(list_seq, form, refusal), refusal)
    return _worked_on(one)
