"""Everything about one person as a ZIP, to be given to them."""

import io
import json
import zipfile
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from webapp.customers import finding
from webapp.http.doors import needs
from webapp.kernel.fields import printable
from webapp.kernel.refusals import Invalid
from webapp.staff.permissions import Permission
from webapp.transfer.disclosure import disclose
from webapp.web.customers import customers
from webapp.web.customers.pages import ChooseDisclosure, Disclosure
from webapp.web.frame.auth import actor
from webapp.web.frame.htmx import refused
from webapp.web.frame.reading_budget import count_read

JSON, READABLE = (f"customer.{kind}" for kind in ("json", "html"))


@customers.get("/customers/<uuid:customer_id>/everything")
@needs(Permission.EXPORT)
def choose_disclosure(customer_id: UUID) -> ResponseReturnValue:
    return ChooseDisclosure(customer=finding.get_customer(customer_id))


@customers.post("/customers/<uuid:customer_id>/everything")
@needs(Permission.EXPORT)
def export_everything(customer_id: UUID) -> ResponseReturnValue:
    withhold, reason = "withhold" in request.form, request.form.get("reason", "")
    try:
        content = disclose(customer_id, withhold=withhold, reason=reason, by=actor())
    except Invalid as refusal:
        typed = printable(reason, instead="\ufffd")
        customer = finding.get_customer(customer_id)
        page = ChooseDisclosure(customer=customer, refusal=refusal, withhold=withhold, reason=typed)
        return refused(page, refusal)
    count_read(1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(JSON, json.dumps(content, ensure_ascii=False, indent=2))
        file.writestr(READABLE, Disclosure(content=content).html())
    name = f"customer-{content['details']['reference']}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed.getvalue(), mimetype="application/zip", headers=headers)
