"""A selection on a list: one deed for all who were ticked, or for all that match."""

from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.batches import bulk, selection
from webapp.batches.models import Kind
from webapp.customers.fields import UUID_SHAPED
from webapp.http.doors import needs
from webapp.http.streaming import streamed
from webapp.kernel import clock
from webapp.kernel.refusals import Invalid
from webapp.search.filters import CustomerFilter
from webapp.staff.permissions import Permission
from webapp.transfer import exports
from webapp.web.batches import batches
from webapp.web.batches.forms import DeedForm
from webapp.web.batches.pages import ChooseDeed
from webapp.web.batches.sets import refuse_without
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import flash_notice, go_to, refused
from webapp.web.frame.redirects import came_from
from webapp.web.search.addresses import filters_of_address, list_arguments
from webapp.web.search.exports import describe, export_url, remembered_columns
from webapp.web.words.formats import counted, reader_zone

DEEDS = {
    "blacklist": (Kind.BLACKLIST, Permission.BLACKLIST),
    "ask": (Kind.ASK_TO_LIFT, Permission.BLACKLIST),
    "delete": (Kind.DELETE, Permission.DELETE_CUSTOMERS),
}


@dataclass(frozen=True)
class Selection:
    """Who is selected.

    Attributes:
        ids: Those who were ticked; nobody if all that match are meant.
        filters: Of the list.
        is_all: All that match are meant.
    """

    ids: list[str]
    filters: CustomerFilter
    is_all: bool

    @classmethod
    def of_form(cls) -> "Selection":
        ids = [one for one in request.form.getlist("customers") if UUID_SHAPED.fullmatch(one)]
        is_all = "all" in request.form
        return cls([] if is_all else ids[: bulk.MOST_CHOSEN], filters_of_address(), is_all)

    def seqs(self) -> list[int]:
        """The keys of the customers.

        Raises:
            Invalid: there are too many.
        """
        if self.is_all:
            return selection.all_that_match(self.filters, reader_zone())
        return selection.ticked([UUID(one) for one in self.ids])

    def describe(self, number: int) -> str:
        """How they were chosen, in words, without the text of a search."""
        people = counted(number, "customer", "customers")
        return f"{people} ({describe(self.filters)})" if self.is_all else people


@batches.post("/customers/selected")
@needs(Permission.BLACKLIST)
def choose_deed() -> ResponseReturnValue:
    """Ask what a deed for many needs; an export begins at once."""
    chosen, deed = Selection.of_form(), request.form.get("deed", "")
    if not chosen.is_all and not chosen.ids:
        flash_notice("Nothing is selected. Select customers first.")
        return go_to(came_from() or url_for("search.list_customers"))
    if deed == "export":
        refuse_without(Permission.EXPORT)
        return _export(chosen)
    return _page(chosen, deed if deed in DEEDS else "blacklist", DeedForm(None))


def _export(chosen: Selection) -> ResponseReturnValue:
    if chosen.is_all:
        return go_to(export_url(chosen.filters))
    seqs, columns = chosen.seqs(), remembered_columns()
    words = f"{counted(len(seqs), 'customer', 'customers')}, selected one by one"
    begun = exports.begin_with(seqs, description=words, columns=columns, by=actor())
    return streamed(
        lambda: exports.csv_of(begun, by=actor(), for_people=True),
        mimetype="text/csv",
        name=f"customers-{clock.now():%Y-%m-%d}.csv",
    )


def _page(
    chosen: Selection, deed: str, form: DeedForm, refusal: Invalid | None = None
) -> ResponseReturnValue:
    refuse_without(DEEDS[deed][1])
    try:
        number = len(chosen.seqs())
    except Invalid as too_many:
        number, refusal = 0, refusal or too_many
    page = ChooseDeed(
        deed=deed,
        form=form,
        number=number,
        ids=chosen.ids,
        arguments=list_arguments(chosen.filters),
        description=describe(chosen.filters) if chosen.is_all else "",
        refusal=refusal,
    )
    return refused(page, refusal) if refusal else page


@batches.post("/sets")
@needs(Permission.BLACKLIST)
def propose_set() -> ResponseReturnValue:
    """Freeze the selection, and show what would come of it."""
    chosen, deed, form = Selection.of_form(), request.form.get("deed", ""), DeedForm(request.form)
    kind, permission = DEEDS.get(deed, DEEDS["blacklist"])
    refuse_without(permission)
    try:
        seqs = chosen.seqs()
        one = bulk.propose(
            kind,
            seqs,
            reason=form.submitted["reason"],
            note=form.submitted["note"] or "",
            origin=chosen.describe(len(seqs)),
            listed=list_arguments(chosen.filters) if chosen.is_all else None,
            by=actor(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return _page(chosen, deed if deed in DEEDS else "blacklist", form, refusal)
    return go_to(url_for("batches.show_set", seq=one.seq))
