"""Adding a customer and correcting one: a single form,
checked while it is typed and again when it is saved.
"""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.customers import edit, finding, register
from webapp.customers.clashes import GROUPS, ChangedMeanwhile
from webapp.customers.edit import Edit
from webapp.customers.fields import Details, read_details
from webapp.customers.models import Customer, new_id
from webapp.customers.numbering.phones import shown_phone
from webapp.http.doors import needs
from webapp.kernel import crypto
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid, NotFound, Refusal
from webapp.lookalikes.duplicates import DuplicateCheck, ProbableDuplicate
from webapp.lookalikes.signals import Lookalike, possible_duplicates
from webapp.search.query import understand
from webapp.staff.permissions import Permission
from webapp.web.customers import customers
from webapp.web.customers.forms import CustomerForm
from webapp.web.customers.lookalike_view import lookalike_views
from webapp.web.customers.pages import DuplicateWarning, EditCustomer, FieldNote
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import (
    flash_notice,
    flash_success,
    go_to,
    partial,
    refused,
    wants_fragment,
    whole_or_part,
)
from webapp.web.frame.jinja import country_of
from webapp.web.frame.reading_budget import count_read
from webapp.web.search.addresses import unseal_text
from webapp.web.words.terms import FIELD_NAMES


class NoSuchField(NotFound):
    sentence = "There is no such field"


@customers.get("/customers/new")
@needs(Permission.EDIT_CUSTOMERS)
def new_customer() -> ResponseReturnValue:
    form = _form(drafts.restored(), _prefilled(unseal_text(request.args.get("s", ""))))
    return _page(form, None)


@customers.post("/customers/new")
@needs(Permission.EDIT_CUSTOMERS)
@carried
def add_customer() -> ResponseReturnValue:
    form = _form(request.form)
    try:
        made_before = _unsealed_id(form.customer_id.data or "")
        check = DuplicateCheck(_seen(), made=made_before)
        customer = register.register(form.typed(), by=actor(), customer_id=made_before, check=check)
    except (Invalid, ProbableDuplicate) as refusal:
        return _refused(form, None, refusal)
    drafts.forget()
    flash_success(f"{customer.full_name} is in the book.")
    return go_to(url_for("customers.show_customer", customer_id=customer.id))


@customers.get("/customers/<uuid:customer_id>/edit")
@needs(Permission.EDIT_CUSTOMERS)
def edit_customer(customer_id: UUID) -> ResponseReturnValue:
    customer = finding.get_customer(customer_id)
    count_read(1)
    form = _form(drafts.restored(), _stored(customer))
    return _page(form, customer)


@customers.post("/customers/<uuid:customer_id>/edit")
@needs(Permission.EDIT_CUSTOMERS)
@carried
def change_customer(customer_id: UUID) -> ResponseReturnValue:
    form, customer = _form(request.form), finding.get_customer(customer_id)
    try:
        done = edit.change(
            customer_id,
            _submitted(form),
            based_on=_based_on(form),
            by=actor(),
            check=DuplicateCheck(_seen()),
        )
    except (Invalid, ChangedMeanwhile, ProbableDuplicate) as refusal:
        return _refused(form, customer, refusal)
    drafts.forget()
    _flash_outcome(done)
    return go_to(url_for("customers.show_customer", customer_id=customer_id))


@customers.post("/customers/check/<field>")
@needs(Permission.EDIT_CUSTOMERS)
def check_field(field: str) -> ResponseReturnValue:
    """The note under a field that was just left:
    what is wrong, who has the value already, how it will be saved.
    """
    if field not in GROUPS:
        raise NoSuchField
    form = _form(request.form)
    customer = finding.find_customer(UUID(form.customer_id.data)) if _is_edit(form) else None
    raw = _submitted(form) if customer else form.typed()
    submission = read_details(raw, stored=customer.details if customer else None)
    submission.problems = {
        name: problems for name, problems in submission.problems.items() if form[name].data
    }
    if not wants_fragment():
        return _page(form, customer)
    owner = _owner_of(submission.values, customer)
    note = FieldNote(field=field, submission=submission, owner=owner).html()
    duplicates = _lookalikes(submission.values, customer)
    warning = DuplicateWarning(duplicates=duplicates).html()
    return note + partial("#duplicates", warning, swap="outerHTML")


def _form(typed: MultiDict[str, str] | None, start: dict[str, Any] | None = None) -> CustomerForm:
    return CustomerForm(
        typed, first_countries=current_app.config["FIRST_COUNTRIES"], data=start or {}
    )


def _seen() -> set[UUID]:
    """The similar customers that this person was shown before they decided to save."""
    return {UUID(one) for one in request.form.get("seen", "").split() if _is_uuid(one)}


def _prefilled(text: str) -> dict[str, Any]:
    """A new customer, prefilled from a search that found nobody: a phone, an e-mail or a name."""
    start: dict[str, Any] = {"customer_id": crypto.encrypt_token("new customer", new_id().bytes)}
    kind = understand(text).kind
    if kind in ("email", "phone"):
        return start | {kind: text}
    first, _, last = text.partition(" ")
    return start | ({"first_name": first, "last_name": last} if kind == "name" else {})


def _unsealed_id(sealed: str) -> UUID | None:
    opened = crypto.decrypt_token("new customer", sealed)
    return UUID(bytes=opened) if opened else None


def _stored(customer: Customer) -> dict[str, Any]:
    shown = _shown(customer.details)
    hidden = {
        "version": str(customer.version),
        "customer_id": str(customer.id),
        "country_shown": shown["country"],
    }
    return shown | hidden


def _shown(details: Details) -> dict[str, Any]:
    """Details as the form shows them."""
    phone = shown_phone(details.phone).international if details.phone else ""
    return asdict(details) | {"country": country_of(details)["code"], "phone": phone}


def _is_edit(form: CustomerForm) -> bool:
    return bool(form.version.data) and _is_uuid(form.customer_id.data or "")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _submitted(form: CustomerForm) -> dict[str, Any]:
    """What was submitted, without the fields in which this person kept the others' values."""
    raw = form.typed()
    for name in _left_to_others(form):
        raw.pop(name, None)
    was_not_chosen = raw.get("phone") and raw["country"] == form.country_shown.data
    if "phone" not in raw or was_not_chosen:
        # Only a hint for reading a national number; an international one names its country.
        raw["home"] = raw.pop("country")
    return raw


def _left_to_others(form: CustomerForm) -> list[str]:
    return (
        [name for name in GROUPS if request.form.get(f"keep_{name}") == "theirs"]
        if _is_answered(form)
        else []
    )


def _is_answered(form: CustomerForm) -> bool:
    """Whether every question about a clash was answered;
    until then the original version counts and the questions are repeated.
    """
    asked = (form.asked.data or "").split()[1:]
    return bool(asked) and all(
        request.form.get(f"keep_{name}") in ("mine", "theirs") for name in asked
    )


def _answers(form: CustomerForm) -> dict[str, str]:
    """The answers about clashes, to be sent again with
    a form that is refused for another reason.
    """
    names = [f"keep_{name}" for name in GROUPS] if _is_answered(form) else []
    return {name: request.form[name] for name in names if name in request.form}


def _based_on(form: CustomerForm) -> int:
    """The version that the submission is based on; 0 if that was
    tampered with, so that everything is compared.
    """
    text = (form.asked.data or "").split()[0] if _is_answered(form) else form.version.data or ""
    return parse_int(text) or 0


def _refused(
    form: CustomerForm, customer: Customer | None, refusal: Refusal
) -> ResponseReturnValue:
    form.show(refusal)
    clashes = refusal.clashes if isinstance(refusal, ChangedMeanwhile) else []
    if isinstance(refusal, ChangedMeanwhile):
        form.asked.data = " ".join([str(refusal.version), *(clash.field for clash in clashes)])
        _take_over(form, refusal)
    similar = refusal.duplicates if isinstance(refusal, ProbableDuplicate) else []
    page = _page(form, customer)
    typed = _typed(read_details(form.typed()).values)
    question = lookalike_views(similar, typed)
    page = replace(page, refusal=refusal, clashes=clashes, question=question, typed=typed)
    return refused(page, refusal)


def _take_over(form: CustomerForm, refusal: ChangedMeanwhile) -> None:
    """Show the merged values in all fields without a clash."""
    asked = {clash.field for clash in refusal.clashes}
    shown = _shown(refusal.merged)
    for name in GROUPS.keys() - asked:
        form[name].data = shown[name]
    if "phone" not in asked:
        form.country.data = form.country_shown.data = shown["country"]


def _page(form: CustomerForm, customer: Customer | None) -> EditCustomer:
    values = read_details(form.typed()).values
    page = EditCustomer(
        form=form,
        customer=customer,
        owner=_owner_of(values, customer) if form.email.errors else None,
        duplicates=_lookalikes(values, customer),
        answers=_answers(form),
    )
    return whole_or_part(page)


def _owner_of(values: dict[str, Any], customer: Customer | None) -> Customer | None:
    owner = finding.find_by_email(values["email"]) if values.get("email") else None
    return owner if owner and (customer is None or owner.seq != customer.seq) else None


def _lookalikes(values: dict[str, Any], customer: Customer | None) -> list[Lookalike]:
    other_than = customer.seq if customer else None
    lookalikes = possible_duplicates(_typed(values), other_than=other_than)
    return [
        lookalike for lookalike in lookalikes if lookalike.customer.email != values.get("email")
    ]


def _typed(values: dict[str, Any]) -> Details:
    """What was typed, as far as it could be read."""
    return Details(**{name: values.get(name) for name in Details.__dataclass_fields__})  # type: ignore[arg-type]


def _flash_outcome(done: Edit) -> None:
    """Say what was saved, and which changes of others were kept."""
    name = done.customer.full_name
    flash_success(f"{name} is saved.")
    for entry in done.merged:
        fields = " and ".join(
            FIELD_NAMES[one].lower() for one in FIELD_NAMES if one in entry.fields
        )
        if done.fields and fields:
            flash_notice(
                f"{entry.actor_name} changed the {fields} while you were editing. Both "
                "changes are kept."
            )
