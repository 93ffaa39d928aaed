"""The page on which a list is taken along as a file, and the page of who took what."""

from urllib.parse import urlencode

from flask import request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.customers.numbering.countries import dial_codes, other_countries
from webapp.http.doors import needs
from webapp.http.streaming import streamed
from webapp.http.uploads import files_folder
from webapp.kernel import clock
from webapp.kernel.refusals import Invalid
from webapp.search.filters import CustomerFilter
from webapp.search.timeout import SearchTooWide
from webapp.staff.permissions import Permission
from webapp.transfer import export_files, exports, taken
from webapp.web.frame.auth import actor, ask_to_sign_in, is_fresh
from webapp.web.frame.cookie import COLUMNS
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.search import search
from webapp.web.search.addresses import filters_of_address, list_arguments
from webapp.web.search.pages import ExportCustomers, ListExports, ListFiles
from webapp.web.search.visitor_cookie import keep_for_visitor, kept_for_visitor
from webapp.web.words.formats import reader_zone
from webapp.web.words.terms import STANDING_NAMES

SHOWN = 100
PURPOSE, DAYS_KEPT = "export columns", 400


@search.get("/customers/export")
@needs(Permission.EXPORT)
def choose_export() -> ResponseReturnValue:
    return _page(filters_of_address(), remembered_columns(), None)


def export_url(filters: CustomerFilter) -> str:
    """The address of the page that exports a list."""
    query = urlencode(list_arguments(filters))
    return url_for("search.choose_export") + (f"?{query}" if query else "")


def remembered_columns() -> list[str]:
    """Those that were chosen last; at first, all."""
    last = kept_for_visitor(COLUMNS, PURPOSE, path=url_for("search.choose_export")) or b""
    names = last.decode().split()
    return [name for name in exports.COLUMNS if name in names] or list(exports.COLUMNS)


def _page(filters: CustomerFilter, chosen: list[str], refusal: Invalid | None) -> ExportCustomers:
    try:
        number = exports.number_of(filters, reader_zone())
        if exports.is_too_wide(filters, number):
            refusal = refusal or exports.TooManyFound()
    except SearchTooWide as too_wide:
        number, refusal = 0, refusal or too_wide
    return ExportCustomers(
        filters=filters,
        description=describe(filters),
        arguments=list_arguments(filters),
        number=number,
        is_capped=exports.is_too_wide(filters, number),
        columns=list(exports.COLUMNS),
        chosen=chosen,
        refusal=refusal,
    )


def describe(filters: CustomerFilter) -> str:
    """The filters in words, without the text of a search, which may be somebody's name."""
    days = [str(day) for day in (filters.created_from, filters.created_to) if day]
    numbers = filters.numbers_of
    parts = [
        STANDING_NAMES[filters.standing] if filters.standing else "",
        _country(numbers) if numbers else "",
        f"created {' to '.join(days)}" if days else "",
        "found by a search" if filters.understood.terms else "",
    ]
    return ", ".join(part for part in parts if part) or "All customers"


def _country(numbers: str) -> str:
    other = other_countries().get(numbers)
    return other.name if other else f"{dial_codes().get(numbers, '')} {numbers}"


@search.post("/customers/export")
@needs(Permission.EXPORT)
def export_customers() -> ResponseReturnValue:
    filters, chosen = filters_of_address(), request.form.getlist("columns")
    try:
        columns = exports.read_columns(chosen)
        number = exports.number_of(filters, reader_zone())
        if exports.is_too_wide(filters, number):
            raise exports.TooManyFound
        if number > exports.MANY and not is_fresh():
            return ask_to_sign_in(is_again=True)
        _remember(columns)
        if number > export_files.MOST_IN_A_STREAM:
            return _ask_for_file(filters, columns)
        return streamed(
            lambda: exports.csv_of(_begin(filters, columns), by=actor(), for_people=True),
            mimetype="text/csv",
            name=f"customers-{clock.now():%Y-%m-%d}.csv",
        )
    except Invalid as refusal:
        return refused(_page(filters, chosen, refusal), refusal)


def _ask_for_file(filters: CustomerFilter, columns: list[str]) -> ResponseReturnValue:
    """A list that is too long for a stream becomes a file."""
    zone = getattr(reader_zone(), "key", "UTC")
    listed, words = list_arguments(filters), describe(filters)
    export_files.ask(listed, zone, description=words, columns=columns, by=actor())
    flash_success("The file is being made. You find it here for a day.")
    return go_to(url_for("search.list_files"))


@search.get("/customers/export/files")
@needs(Permission.EXPORT)
def list_files() -> ResponseReturnValue:
    return ListFiles(files=export_files.files_of(actor()))


@search.get("/customers/export/files/<int(max=999999999):file_seq>")
@needs(Permission.EXPORT)
def download_file(file_seq: int) -> ResponseReturnValue:
    path = export_files.find_file(file_seq, files_folder(), by=actor())
    name = f"customers-{clock.now():%Y-%m-%d}.csv"
    return send_file(path, mimetype="text/csv", as_attachment=True, download_name=name, max_age=0)


def _remember(columns: list[str]) -> None:
    content, path = " ".join(columns).encode(), url_for("search.choose_export")
    keep_for_visitor(COLUMNS, PURPOSE, content, max_age=DAYS_KEPT * 86_400, path=path)


def _begin(filters: CustomerFilter, columns: list[str]) -> exports.Export:
    words = describe(filters)
    return exports.begin(filters, reader_zone(), description=words, columns=columns, by=actor())


@search.get("/exports")
@needs(Permission.MANAGE_STAFF)
def list_exports() -> ResponseReturnValue:
    return ListExports(entries=taken.latest(SHOWN))
