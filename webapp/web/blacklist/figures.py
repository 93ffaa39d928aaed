"""The blacklist for managers: figures, the list of cases
behind each figure, and the blacklist as of a moment.
"""

import csv
import io
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from webapp.blacklist import listing
from webapp.blacklist.figures import WEEKS_OFFERED, Overview, overview
from webapp.blacklist.filters import CaseEvent, CaseFilter
from webapp.history.eyes import Tie, ties
from webapp.http.doors import needs
from webapp.http.streaming import streamed
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.staff.members import list_members
from webapp.staff.permissions import Permission
from webapp.transfer import case_exports, exports
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.addresses import describe
from webapp.web.blacklist.pages import ListCases, ShowOverview
from webapp.web.frame.auth import actor, ask_to_sign_in, is_fresh
from webapp.web.frame.reading_budget import count_read
from webapp.web.words.formats import reader_zone

# Full-width forms too: spreadsheets treat them like the ASCII signs.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠", "|", "−", "'")
IN_WEEKS = (CaseEvent.OPENED, CaseEvent.UPHELD, CaseEvent.OVERTURNED, CaseEvent.LIFTED)


@blacklist.get("/blacklist")
@needs(Permission.REVIEW)
def show_overview() -> ResponseReturnValue:
    figures = overview(reader_zone(), _asked_weeks())
    return ShowOverview(
        figures=figures, weeks_offered=WEEKS_OFFERED, happenings=IN_WEEKS, resets=_resets()
    )


def _asked_weeks() -> int:
    weeks = parse_int(request.args.get("weeks"))
    return weeks if weeks in WEEKS_OFFERED else WEEKS_OFFERED[0]


def _resets() -> list[tuple[Tie, str]]:
    """Members whose credentials others have set lately; for them four eyes may be only two."""
    names = {member.id: member.name for member in list_members()}
    return [(tie, names.get(tie.member_id, "")) for tie in ties() if tie.kind != "added"]


@blacklist.get("/blacklist/figures.csv")
@needs(Permission.REVIEW)
def download_figures() -> ResponseReturnValue:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["figure", "of", "value"])
    writer.writerows(_rows(overview(reader_zone(), _asked_weeks())))
    headers = {"Content-Disposition": 'attachment; filename="blacklist-figures.csv"'}
    return Response(text.getvalue(), mimetype="text/csv", headers=headers)


def _rows(figures: Overview) -> list[tuple[str, str, Any]]:
    """Every figure of the overview: its name, whom or when it is about, and its value."""
    wait = figures.median_wait.total_seconds() if figures.median_wait is not None else ""
    return [
        *((name, "", getattr(figures, name)) for name in ("open", "waiting", "overdue", "again")),
        ("median_seconds_to_review", str(figures.since), wait),
        *(
            (name, str(figures.since), getattr(figures, name))
            for name in ("reviewed", "overturned")
        ),
        *(
            (f"{what}_in_week", str(week.first), week.counts[what])
            for week in figures.weeks
            for what in IN_WEEKS
        ),
        *(("open_by_reason", reason, number) for reason, number in figures.by_reason),
        *(
            ("open_by_person", _no_formula(opener.name), number)
            for opener, number in figures.by_person
        ),
        *(
            ("open_by_dial_code", code.removeprefix("+"), number)
            for code, number in figures.by_dial_code
        ),
    ]


def _no_formula(text: str) -> str:
    """The text, escaped so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) or text[:1].isspace() else text


@blacklist.post("/blacklist/cases.csv")
@needs(Permission.EXPORT)
def export_cases() -> ResponseReturnValue:
    """The list as a file; `POST`, because the history says who took it."""
    filters = CaseFilter.read(request.args, zone=reader_zone())
    if listing.count(filters, reader_zone()) > exports.MANY and not is_fresh():
        return ask_to_sign_in(is_again=True)
    words = ", ".join(describe(filters)) or "All blacklistings"
    return streamed(
        lambda: case_exports.csv_of(
            filters, reader_zone(), case_exports.begin(words, by=actor()), by=actor()
        ),
        mimetype="text/csv",
        name=f"blacklistings-{clock.now():%Y-%m-%d}.csv",
    )


@blacklist.get("/blacklist/cases")
@needs(Permission.REVIEW)
def list_cases() -> ResponseReturnValue:
    filters = CaseFilter.read(request.args, zone=reader_zone())
    page = listing.page_of(filters, reader_zone())
    count_read(len(page.rows))
    return ListCases(filters=filters, page=page, description=describe(filters))
