"""The page on which managers explain faults of the history, and agree to explanations."""

from hashlib import sha256

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.history.eyes import eyes_of
from webapp.history.proofs import explained, proved
from webapp.http.doors import needs
from webapp.kernel.refusals import Invalid
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import actor, visitor
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.staff import staff
from webapp.web.staff.pages import FaultRow, ListFaults


@staff.get("/history/faults")
@needs(Permission.REVIEW)
def list_faults() -> ResponseReturnValue:
    return _page(None)


def _page(refusal: Invalid | None) -> ListFaults:
    named, known = proved.find_faults(), explained.explanations()
    sentences = {one.sentence for one in named or ()}
    return ListFaults(
        was_checked=named is not None,
        faults=[
            FaultRow(
                one.sentence,
                one.at,
                _code(one.sentence),
                known.get(one.sentence),
                may_be_explained=explained.may_be_explained(one.sentence),
            )
            for one in named or ()
        ],
        gone=[one for fault, one in known.items() if fault not in sentences],
        eyes=eyes_of(visitor().id),
        refusal=refusal,
        refused=request.form.get("fault", ""),
        note=request.form.get("note", ""),
    )


def _code(sentence: str) -> str:
    """A short word for a fault, which its form sends back."""
    return sha256(sentence.encode()).hexdigest()[:16]


@staff.post("/history/faults")
@needs(Permission.REVIEW, fresh=True)
def explain_fault() -> ResponseReturnValue:
    code, named = request.form.get("fault", ""), proved.find_faults() or ()
    sentences = {_code(one.sentence): one.sentence for one in named}
    try:
        note = request.form.get("note", "")
        explained.explain(sentences.get(code, ""), note=note, by=actor())
    except Invalid as refusal:
        return refused(_page(refusal), refusal)
    flash_success("Your explanation is saved. Another manager must agree.")
    return go_to(url_for("staff.list_faults"))


@staff.post("/history/faults/<int(max=2147483647):number>/agree")
@needs(Permission.REVIEW, fresh=True)
def agree_to_explanation(number: int) -> ResponseReturnValue:
    explained.agree(number, by=actor())
    flash_success("You agreed. The next check names this fault as explained.")
    return go_to(url_for("staff.list_faults"))
