"""What templates can call: times in the reader's zone,
marked matches, addresses of lists, names of fields.
"""

from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from flask import Flask, current_app, g, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Field

from webapp.batches.imports import EXISTING, MATCH_BY
from webapp.batches.models import set_of
from webapp.blacklist.entries.values import shown_value
from webapp.blacklist.models import REASON_NAMES, REASONS_OFFERED, State
from webapp.blacklist.reviewing import removals
from webapp.customers.numbering.countries import dial_codes, main_country
from webapp.customers.numbering.phones import shown_phone
from webapp.kernel import clock
from webapp.search.filters import ROWS_OFFERED, Sort, Standing
from webapp.settings import Settings
from webapp.staff.permissions import Permission
from webapp.transfer.reading.headings import FIELD_NAMES
from webapp.transfer.reading.texts import DELIMITERS, ENCODINGS
from webapp.web.batches import words
from webapp.web.blacklist.addresses import cases_export_url, cases_url, queue_arguments, queue_url
from webapp.web.frame import drafts
from webapp.web.frame.auth import may_visitor
from webapp.web.search.addresses import list_arguments, list_url, page_numbers, seal_text
from webapp.web.words import formats, terms

MAX_COUNTED = 999


def init_jinja(app: Flask, settings: Settings) -> None:
    app.config["DEFAULT_ZONE"] = settings.zone
    app.config["FIRST_COUNTRIES"] = settings.countries
    app.config["LINKS"] = settings.links
    app.jinja_env.filters.update(_filters())
    app.jinja_env.globals.update(_terms(), **_functions())
    app.context_processor(lambda: {"visitor": g.get("visitor")})


def _filters() -> dict[str, Any]:
    return {
        "moment": formats.moment,
        "exact": clock.in_iso,
        "input_moment": formats.input_moment,
        "written_moment": formats.written_moment,
        "time_and_weekday": formats.time_and_weekday,
        "day": formats.day,
        "birthday": formats.birthday,
        "long_span": formats.long_span,
        "ago": formats.ago,
        "ago_inside": formats.ago_inside,
        "span_since": formats.span_since,
        "per_cent": formats.per_cent,
        "mailto": mailto,
        "shown_phone": shown_phone,
        "shown_value": shown_value,
        "number": formats.number,
    }


def _functions() -> dict[str, Any]:
    return {
        "cases_export_url": cases_export_url,
        "cases_url": cases_url,
        "country_of": country_of,
        "described": described,
        "dial_codes": dial_codes,
        "second_factor_picture": second_factor_picture,
        "State": State,
        "signals_told": signals_told,
        "hidden_fields": hidden_fields,
        "list_arguments": list_arguments,
        "links_out": links_out,
        "list_url": list_url,
        "may_visitor": may_visitor,
        "visitor_email": lambda: g.visitor.email,
        "now": formats.reading_at,
        "printed_at": clock.now,
        "counted": formats.counted,
        "waiting_count": waiting_count,
        "page_numbers": page_numbers,
        "queue_arguments": queue_arguments,
        "queue_url": queue_url,
        "rows_offered": ROWS_OFFERED,
        "seal_text": seal_text,
        "Permission": Permission,
        "Sort": Sort,
        "url_for": address,
        "Standing": Standing,
    }


def _terms() -> dict[str, Any]:
    return {
        "change_names": terms.CHANGE_NAMES,
        "decision_names": terms.DECISION_NAMES,
        "entry_kinds": terms.ENTRY_KINDS,
        "event_names": terms.EVENT_NAMES,
        "field_names": terms.FIELD_NAMES,
        "match_names": terms.MATCH_NAMES,
        "off_names": terms.OFF_NAMES,
        "opener_name": terms.opener_name,
        "column_names": terms.COLUMN_NAMES,
        "period_names": terms.PERIOD_NAMES,
        "apply_text": words.apply_text,
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "import_fields": FIELD_NAMES,
        "existing_names": EXISTING,
        "match_by_names": MATCH_BY,
        "reasons_offered": REASONS_OFFERED,
        "set_of": set_of,
        "reason_names": REASON_NAMES,
        "entry_levels": terms.ENTRY_LEVELS,
        "entry_states": terms.ENTRY_STATES,
        "value_kinds": terms.VALUE_KINDS,
        "shared_names": terms.SHARED_NAMES,
        "standing_names": terms.STANDING_NAMES,
        "state_names": terms.STATE_NAMES,
    }


def address(endpoint: str, **values: Any) -> str:
    """`url_for`, which takes 10 to 20 µs, made once for addresses without arguments and for those
    of a customer.
    """
    if not values:
        return _fixed_address(endpoint)
    if values.keys() == {"customer_id"}:
        before, after = _around_customer(endpoint)
        return f"{before}{values['customer_id']}{after}"
    return url_for(endpoint, **values)


@cache
def _fixed_address(endpoint: str) -> str:
    return url_for(endpoint)


@cache
def _around_customer(endpoint: str) -> tuple[str, str]:
    """An address before and after the customer's id."""
    nobody = UUID(int=0)
    before, _, after = url_for(endpoint, customer_id=nobody).partition(str(nobody))
    return before, after


def hidden_fields() -> Markup:
    """The token of a form, and for whom it was made; the same in all forms of a page."""
    if "hidden_fields" not in g:
        field = Markup('<input type="hidden" name="{}" value="{}">')
        token = field.format("csrf_token", generate_csrf())
        g.hidden_fields = token + field.format(drafts.OWNER_FIELD, form_owner())
    fields: Markup = g.hidden_fields
    return fields


@cache
def signals_told(signals: tuple[str, ...]) -> str:
    """Why two records are similar, in words."""
    return ", ".join(terms.SIGNAL_NAMES[signal] for signal in signals)


def waiting_count() -> str:
    """How many cases wait for managers, as the navigation shows it."""
    waiting = removals.count_for_managers(cap=MAX_COUNTED + 1)
    return f"{MAX_COUNTED}+" if waiting > MAX_COUNTED else str(waiting or "")


def mailto(address: str) -> str:
    """A `mailto:` address (RFC 6068)."""
    return "mailto:" + quote(address, safe="@")


def links_out(customer: Any) -> list[tuple[str, str]]:
    """Where other systems show this customer: names and addresses."""
    known = {"{reference}": customer.reference, "{id}": str(customer.id)}
    return [(name, _filled(url, known)) for name, url in current_app.config["LINKS"]]


def _filled(url: str, known: dict[str, str]) -> str:
    for mark, value in known.items():
        url = url.replace(mark, value)
    return url


def country_of(row: Any) -> dict[str, str]:
    """Code and name of the country of a number, or of a dial code alone."""
    country = shown_phone(row.phone).country if row.phone else None
    if country is None and row.dial_code:
        country = main_country(row.dial_code)
    return (
        {"code": country.code, "name": country.name}
        if country
        else {"code": "", "name": row.dial_code or ""}
    )


def described(field: Field, **more: str) -> dict[str, str | bool]:
    """The attributes that link a field to the note under it;
    `aria-invalid` only if something is wrong.
    """
    return {
        "aria-describedby": f"{field.id}-note",
        "aria-invalid": "true" if field.errors else False,
    } | more


def second_factor_picture(address: str) -> Markup:
    """The QR code of an `otpauth://` address as inline SVG,
    dark on light in both themes, so that cameras can read it.
    """
    drawn = segno.make(address, micro=False, error="m")
    return Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, light="#fff"))  # noqa: S704 - drawn here


def form_owner() -> str:
    visitor = g.get("visitor")
    return drafts.owner_token(visitor.id) if visitor else ""
