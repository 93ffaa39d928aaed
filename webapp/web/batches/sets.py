"""Sets of changes: the list, the page of one, and everything that is pressed there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webapp.batches import bulk, change_set, selection, steering, undoing, working
from webapp.batches.models import ChangeRow, ChangeSet, Kind, Outcome, State, Verdict
from webapp.history.eyes import eyes_of
from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.fields import parse_int, printable
from webapp.kernel.refusals import Conflict, Invalid, Refusal
from webapp.search.timeout import SearchTooWide
from webapp.staff.permissions import Permission
from webapp.transfer.csv_format import BYTE_ORDER_MARK, lines_of, unguarded
from webapp.web.batches import batches, words
from webapp.web.batches.pages import (
    ListSets,
    Offers,
    Progress,
    SetView,
    ShowSet,
)
from webapp.web.batches.rows import ROWS, SAMPLES, Part, part_of
from webapp.web.frame.auth import actor, ask_to_sign_in, is_fresh, may_visitor
from webapp.web.frame.htmx import flash_success, go_to, refused, whole_or_part
from webapp.web.frame.reading_budget import count_read
from webapp.web.search.addresses import filters_of
from webapp.web.words.formats import long_span, reader_zone

SET = "<int(max=999999999):seq>"
SHOWN = 50


def limit() -> int:
    """Above how many customers a second person agrees."""
    return int(current_app.config["SECOND_PERSON_ABOVE"])


def daily_budget() -> int:
    return int(current_app.config["DELETIONS_PER_DAY"])


def view_of(one: ChangeSet) -> SetView:
    return SetView(one=one, title=words.title_of(one), state=words.state_of(one))


def set_for_reader(seq: int) -> ChangeSet:
    """A set that the reader may see: their own, or as a manager any.

    Raises:
        NotFound: `set_not_found`.
    """
    one = change_set.find_set(seq)
    if not may_visitor(Permission.REVIEW) and one.actor.accountable_id != actor().id:
        raise change_set.NoSuchSet
    return one


@batches.get("/sets")
@needs(Permission.BLACKLIST)
def list_sets() -> ResponseReturnValue:
    before = parse_int(request.args.get("before"), least=1)
    own = None if may_visitor(Permission.REVIEW) else actor()
    sets = change_set.list_sets(by=own, limit=SHOWN + 1, before=before)
    older = sets[SHOWN - 1].seq if len(sets) > SHOWN else None
    return ListSets(sets=[view_of(one) for one in sets[:SHOWN]], before=older)


@batches.get(f"/sets/{SET}")
@needs(Permission.BLACKLIST)
def show_set(seq: int) -> ResponseReturnValue:
    return whole_or_part(_page(set_for_reader(seq)))


def _page(one: ChangeSet, refusal: Refusal | None = None) -> ShowSet:
    groups = _groups(one)
    group = _asked_group(one, [name for name, _, _ in groups])
    part = _part(one, group)
    count_read(len(part.rows))
    return ShowSet(
        shown=view_of(one),
        progress=_progress(one),
        group=group,
        groups=groups,
        rows=part.rows,
        older=part.after,
        offers=_offers(one),
        since=_number_since(one),
        cases=len(bulk.cases_waiting(one.seq)) if _may_have_cases(one) else 0,
        undone_by=_undone_by(one),
        refusal=refusal,
        typed=printable(request.form.get("count", "")[:20], instead=""),
    )


def _groups(one: ChangeSet) -> list[tuple[str, str, int]]:
    """The verdicts and outcomes that any row has, with what they are called."""
    return [
        (name, text, one.counts[name])
        for name, text in words.GROUPS.items()
        if one.counts.get(name)
    ]


def _asked_group(one: ChangeSet, names: list[str]) -> str:
    """The group that the address asks for; at first, what came of the rows, or would."""
    asked = request.args.get("rows", "")
    has_ended = one.state in (State.APPLIED, State.UNDONE)
    first = next((name for name in names if not has_ended or name in set(Outcome)), "")
    return asked if asked in names else first or next(iter(names), "")


def _part(one: ChangeSet, group: str) -> Part:
    after = parse_int(request.args.get("after"), least=0) or 0
    most = ROWS if "rows" in request.args else SAMPLES
    is_other = one.actor.accountable_id not in eyes_of(actor().id)
    may_decide = is_other and may_visitor(Permission.REVIEW)
    return part_of(one, group, after=after, most=most, may_decide=may_decide)


def _may_have_cases(one: ChangeSet) -> bool:
    has_opened = one.kind in (Kind.BLACKLIST, Kind.IMPORT) and one.state == State.APPLIED
    return has_opened and may_visitor(Permission.REVIEW)


def _progress(one: ChangeSet) -> Progress | None:
    if one.began_at is None:
        return None
    seconds = max((clock.now() - one.began_at).total_seconds(), 0.1)
    if one.state == State.DRAFTED:
        done, total = one.total, one.arguments.get("rows", 0)
    else:
        done, total = sum(one.counts.get(name, 0) for name in Outcome), one.number_to_apply
    rate = done / seconds
    left = max(total - done, 0) / rate if rate else 0
    return Progress(done, total, round(rate), long_span(timedelta(seconds=left)) if left else "")


def _number_since(one: ChangeSet) -> int:
    listed = one.arguments.get("list")
    if not listed or one.state not in (State.CHECKED, State.APPLIED):
        return 0
    try:
        return selection.number_since(one, filters_of(listed), reader_zone())
    except (SearchTooWide, Invalid):
        return 0


def _undone_by(one: ChangeSet) -> int | None:
    its_undo = select(ChangeSet.seq).where(
        ChangeSet.undoes_seq == one.seq, ChangeSet.state != State.ABANDONED
    )
    return db.session.scalar(its_undo.order_by(ChangeSet.seq.desc()).limit(1))


def _offers(one: ChangeSet) -> Offers:
    me, may_so = actor(), may_visitor(change_set.permission_of(one))
    is_own = change_set.refusal_of_others(one, me) is None
    is_checked = one.state == State.CHECKED and not one.began_at
    needs_second = is_checked and change_set.needs_second_person(one, limit())
    undo = change_set.refusal_to_undo(one)
    can_undo = one.state == State.APPLIED and not isinstance(undo, change_set.NotInThisState)
    return Offers(
        apply=change_set.refusal_to_apply(one, above=limit()),
        agree=change_set.refusal_to_agree(one, by=me, above=limit()),
        undo=undo,
        may_apply=may_so and is_own and is_checked,
        may_agree=needs_second and may_visitor(Permission.REVIEW) and may_so,
        may_undo=may_so and can_undo,
        may_steer=is_own or may_visitor(Permission.REVIEW),
    )


@batches.post(f"/sets/{SET}/apply")
@needs(Permission.BLACKLIST)
def apply_set(seq: int) -> ResponseReturnValue:
    return _begun(seq, change_set.apply)


def _begun(seq: int, begin: Callable[..., ChangeSet]) -> ResponseReturnValue:
    """Begin to apply a set; before many are deleted, their number must be typed."""
    one = set_for_reader(seq)
    refuse_without(change_set.permission_of(one))
    if one.kind == Kind.DELETE and not is_fresh():
        return ask_to_sign_in(is_again=True)
    try:
        bulk.refuse_wrong_count(one, request.form.get("count", ""))
    except Invalid as refusal:
        return refused(whole_or_part(_page(one, refusal)), refusal)
    one = begin(seq, above=limit(), by=actor())
    working.apply_few(one, daily_budget=daily_budget())
    return back(seq)


def refuse_without(permission: Permission) -> None:
    if not may_visitor(permission):
        abort(403, f"You may not {permission.value}. Ask an admin if you need more.")


def back(seq: int) -> ResponseReturnValue:
    return go_to(url_for("batches.show_set", seq=seq))


@batches.post(f"/sets/{SET}/agree")
@needs(Permission.REVIEW)
def agree_to_set(seq: int) -> ResponseReturnValue:
    return _begun(seq, change_set.agree)


@batches.post(f"/sets/{SET}/stop")
@needs(Permission.BLACKLIST)
def stop_set(seq: int) -> ResponseReturnValue:
    return _steered(seq, steering.stop)


@batches.post(f"/sets/{SET}/go-on")
@needs(Permission.BLACKLIST)
def go_on_with_set(seq: int) -> ResponseReturnValue:
    return _steered(seq, steering.go_on)


@batches.post(f"/sets/{SET}/abandon")
@needs(Permission.BLACKLIST)
def abandon_set(seq: int) -> ResponseReturnValue:
    return _steered(seq, steering.abandon)


def _steered(seq: int, deed: Any) -> ResponseReturnValue:
    set_for_reader(seq)
    deed(seq)
    return back(seq)


@batches.post(f"/sets/{SET}/undo")
@needs(Permission.BLACKLIST)
def undo_set(seq: int) -> ResponseReturnValue:
    """Show what an undo would do; it is applied from its own page."""
    one = set_for_reader(seq)
    refuse_without(change_set.permission_of(one))
    return back(undoing.propose(seq, by=actor()).seq)


@batches.post("/customers/<uuid:customer_id>/changes/<int(max=2147483647):number>/undo")
@needs(Permission.EDIT_CUSTOMERS)
def undo_change(customer_id: UUID, number: int) -> ResponseReturnValue:
    """Take back one change of details at once: a set of one."""
    one = undoing.propose_edit(customer_id, number, by=actor())
    one = change_set.apply(one.seq, above=limit(), by=actor())
    seq = one.seq
    working.apply_few(one, daily_budget=daily_budget())
    one = change_set.find_set(seq)
    if not one.number_done:
        row = db.session.get_one(ChangeRow, (seq, 1))
        raise CannotTakeBack(what=" ".join(text for _, text in row.problems or ()))
    flash_success("The change is undone.")
    return go_to(url_for("customers.show_customer", customer_id=customer_id))


class CannotTakeBack(Conflict):
    code = "cannot_undo"
    sentence = "{what}"
    meaning = "A change cannot be undone; the message says why"


@batches.get(f"/sets/{SET}/problems.csv")
@needs(Permission.IMPORT)
def rows_to_correct(seq: int) -> ResponseReturnValue:
    """The rows that were refused, as they stood in the file, with a column that says why."""
    one = set_for_reader(seq)
    if one.kind != Kind.IMPORT or one.forgotten_at:
        raise change_set.NoSuchSet
    refused_rows = select(ChangeRow).where(
        ChangeRow.set_seq == seq,
        ChangeRow.verdict == Verdict.REFUSED,
        ChangeRow.cells.is_not(None),
    )
    rows = db.session.scalars(refused_rows.order_by(ChangeRow.number)).yield_per(1_000)
    width = len(one.arguments["headings"])
    lines = (
        [
            *map(unguarded, ((row.cells or []) + [""] * width)[:width]),
            " ".join(text for _, text in row.problems or ()),
        ]
        for row in rows
    )
    text = BYTE_ORDER_MARK + lines_of([[*one.arguments["headings"], "problem"], *lines])
    name = f'attachment; filename="rows-to-correct-{seq}.csv"'
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": name})
