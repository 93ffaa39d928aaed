"""Pages on which an admin manages staff."""

from flask import request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.history.entries import latest_about
from webapp.history.proofs import explained, proved
from webapp.http.doors import needs
from webapp.kernel.database import writing
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import Invalid
from webapp.programs import key_changes
from webapp.staff import members, second_factor
from webapp.staff import sessions as staff_sessions
from webapp.staff.models import StaffMember
from webapp.staff.permissions import Permission, Role
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor, limits
from webapp.web.frame.drafts import carried_once
from webapp.web.frame.histories import asked_history
from webapp.web.frame.htmx import flash_success, go_to, refused
from webapp.web.frame.session_cookie import shown_once
from webapp.web.staff import staff
from webapp.web.staff.forms import NewMemberForm, RoleForm
from webapp.web.staff.pages import ListStaff, NewMember, ShowMember
from webapp.web.words.formats import counted

POLICY_CHANGES_SHOWN = 5
STAFF_ID = "<int(max=2147483647):staff_id>"


@staff.get("/staff")
@needs(Permission.MANAGE_STAFF)
def list_staff() -> ResponseReturnValue:
    return ListStaff(
        members=members.list_members(),
        guarded_roles=second_factor.roles_that_need_one(),
        policy_changes=latest_about("role", limit=POLICY_CHANGES_SHOWN),
        roles=list(Role),
        proof=proved.find_proof(),
        faults=len(proved.find_faults() or ()),
        unexplained=len(explained.unexplained() or ()),
    )


@staff.post("/staff/second-factor")
@needs(Permission.MANAGE_STAFF, fresh=True)
def require_second_factor() -> ResponseReturnValue:
    second_factor.require_for(request.form.getlist("roles"), by=actor())
    flash_success("Saved. Members of these roles must set up a second factor first.")
    return go_to(url_for("staff.list_staff"))


@staff.get("/staff/new")
@needs(Permission.MANAGE_STAFF, fresh=True)
def new_member() -> ResponseReturnValue:
    return NewMember(form=NewMemberForm(drafts.restored(), role="agent"))


@staff.post("/staff/new")
@needs(Permission.MANAGE_STAFF, fresh=True)
@carried_once
def add_member() -> ResponseReturnValue:
    form = NewMemberForm(request.form)
    try:
        member, password = members.add_member(**form.typed(), by=actor())
    except Invalid as refusal:
        form.show(refusal)
        return refused(NewMember(form=form), refusal)
    drafts.forget()
    flash_success(f"{member.name} can sign in now.")
    return _show_once(member.id, password)


def _show_once(staff_id: int, password: str) -> ResponseReturnValue:
    """Keep the password, encrypted, for the next page, the only one that shows it."""
    session["one_time_password"] = [staff_id, password]
    return go_to(_address(staff_id))


def _address(staff_id: int) -> str:
    return url_for("staff.show_member", staff_id=staff_id)


@staff.get(f"/staff/{STAFF_ID}")
@needs(Permission.MANAGE_STAFF)
def show_member(staff_id: int) -> ResponseReturnValue:
    member = members.get_member(staff_id)
    password = shown_once("one_time_password", staff_id)
    return ShowMember(
        member=member,
        form=RoleForm(None, role=member.role),
        password=password,
        sessions=staff_sessions.sessions_of(staff_id, limits()),
        keys=key_changes.keys_of(staff_id),
        owners=[one for one in members.list_members() if one.active and one.id != staff_id],
        needs_second_factor=member.role in second_factor.roles_that_need_one(),
        history=asked_history(member.subject, _address(staff_id)),
    )


@staff.post(f"/staff/{STAFF_ID}/role")
@needs(Permission.MANAGE_STAFF, fresh=True)
def change_role(staff_id: int) -> ResponseReturnValue:
    member = members.change_role(staff_id, role=request.form.get("role", ""), by=actor())
    return _done(
        member,
        f"{member.name} is {'an' if member.role[0] in 'a' else 'a'} {member.role} from now on.",
    )


def _done(member: StaffMember, message: str) -> ResponseReturnValue:
    flash_success(message)
    return go_to(_address(member.id))


@staff.post(f"/staff/{STAFF_ID}/deactivate")
@needs(Permission.MANAGE_STAFF, fresh=True)
def deactivate_member(staff_id: int) -> ResponseReturnValue:
    typed = request.form.get("next_owner", "")
    next_owner = parse_int(typed, least=1, most=2**31 - 1)
    if typed and next_owner is None:
        raise members.NobodyLikeThis
    with writing():
        keys = key_changes.keys_of(staff_id) if next_owner else ()
        member = members.set_active(staff_id, active=False, by=actor())
        for key in keys:
            key_changes.hand_over(key.id, owner_id=next_owner or 0, by=actor())
    return _done(member, f"{member.name} cannot sign in any more; all their sessions have ended.")


@staff.post(f"/staff/{STAFF_ID}/reactivate")
@needs(Permission.MANAGE_STAFF, fresh=True)
def reactivate_member(staff_id: int) -> ResponseReturnValue:
    member = members.set_active(staff_id, active=True, by=actor())
    return _done(member, f"{member.name} can sign in again.")


@staff.post(f"/staff/{STAFF_ID}/password")
@needs(Permission.MANAGE_STAFF, fresh=True)
def reset_password(staff_id: int) -> ResponseReturnValue:
    return _show_once(staff_id, members.reset_password(staff_id, by=actor()))


@staff.post(f"/staff/{STAFF_ID}/sessions")
@needs(Permission.MANAGE_STAFF, fresh=True)
def end_sessions(staff_id: int) -> ResponseReturnValue:
    ended = members.end_all_sessions(staff_id, by=actor())
    flash_success(f"{counted(ended, 'session has', 'sessions have')} ended.")
    return go_to(_address(staff_id))


@staff.post(f"/staff/{STAFF_ID}/second-factor")
@needs(Permission.MANAGE_STAFF, fresh=True)
def reset_second_factor(staff_id: int) -> ResponseReturnValue:
    members.reset_second_factor(staff_id, by=actor())
    flash_success("The second factor is removed; all their sessions have ended.")
    return go_to(_address(staff_id))
