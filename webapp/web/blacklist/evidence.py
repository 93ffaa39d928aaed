"""The evidence of a blacklisting, as a page and as a file for auditors."""

import json

from flask import Response
from flask.typing import ResponseReturnValue

from webapp.blacklist.reviewing.evidence import evidence_of
from webapp.http.doors import needs
from webapp.staff.permissions import Permission
from webapp.web.blacklist import blacklist
from webapp.web.blacklist.pages import ShowEvidence
from webapp.web.frame.reading_budget import count_read


@blacklist.get("/blacklist/cases/<int(max=9223372036854775807):case_seq>/evidence")
@needs(Permission.REVIEW)
def show_evidence(case_seq: int) -> ResponseReturnValue:
    count_read(1)
    return ShowEvidence(evidence=evidence_of(case_seq))


@blacklist.get("/blacklist/cases/<int(max=9223372036854775807):case_seq>/evidence.json")
@needs(Permission.REVIEW)
def download_evidence(case_seq: int) -> ResponseReturnValue:
    count_read(1)
    text = json.dumps(evidence_of(case_seq).document, ensure_ascii=False, indent=1)
    name = f'attachment; filename="evidence-{case_seq}.json"'
    return Response(text, mimetype="application/json", headers={"Content-Disposition": name})
