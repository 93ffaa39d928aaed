"""The pages of staff, of one's own account and of signing in: what each template shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.history.entries import HistoryEntry
from webapp.history.proofs.explained import Explanation
from webapp.history.proofs.proved import Proof
from webapp.http.page import Layout, Page
from webapp.kernel.refusals import Invalid
from webapp.staff.models import ApiKey, StaffMember, StaffSession
from webapp.staff.permissions import Role
from webapp.staff.second_factor import Offer
from webapp.web.frame.histories import HistoryView
from webapp.web.frame.pages import FormPage
from webapp.web.staff.forms import (
    CodeForm,
    NameForm,
    NewMemberForm,
    NewPasswordForm,
    PreferencesForm,
    ProofForm,
    RoleForm,
    SecondFactorForm,
    SignInForm,
)


@dataclass(frozen=True, kw_only=True)
class SignIn(FormPage):
    """Signing in, on a page of its own or again over an open form.

    Attributes:
        made_for: For whom the form under the dialog was made, encrypted.
    """

    template = "staff/sign_in.html"
    layout: Layout = Layout.BARE
    form: SignInForm
    made_for: str = ""


@dataclass(frozen=True, kw_only=True)
class EnterCode(FormPage):
    """The second step of signing in."""

    template = "staff/enter_code.html"
    layout: Layout = Layout.BARE
    form: CodeForm
    made_for: str = ""


@dataclass(frozen=True, kw_only=True)
class WelcomeBack(Page):
    """Signed in again over an open form, into which the script puts the new CSRF token."""

    template = "staff/_welcome_back.html"
    token: str


@dataclass(frozen=True)
class SessionView:
    """A browser in which somebody is signed in.

    Attributes:
        name: The name by which it can be ended.
        is_present: Whether the present request belongs to it.
    """

    session: StaffSession
    name: str
    is_present: bool


@dataclass(frozen=True, kw_only=True)
class ShowAccount(FormPage):
    template = "staff/show_account.html"
    form: NameForm
    member: StaffMember
    sessions: Sequence[SessionView]
    codes_left: int


@dataclass(frozen=True, kw_only=True)
class ChangePassword(FormPage):
    template = "staff/change_password.html"
    form: NewPasswordForm


@dataclass(frozen=True, kw_only=True)
class ChangePreferences(FormPage):
    template = "staff/change_preferences.html"
    form: PreferencesForm


@dataclass(frozen=True, kw_only=True)
class SetSecondFactor(FormPage):
    template = "staff/set_second_factor.html"
    form: SecondFactorForm
    offer: Offer


@dataclass(frozen=True, kw_only=True)
class ShowSecondFactor(Page):
    """The second factor as it is set up.

    Attributes:
        codes: New recovery codes, shown once.
        left: How many recovery codes are unused.
        going_to: Where to go on after noting down new codes.
    """

    template = "staff/show_second_factor.html"
    codes: Sequence[str]
    left: int
    going_to: str | None


@dataclass(frozen=True, kw_only=True)
class RenewRecoveryCodes(FormPage):
    template = "staff/renew_recovery_codes.html"
    form: ProofForm


@dataclass(frozen=True, kw_only=True)
class RemoveSecondFactor(FormPage):
    template = "staff/remove_second_factor.html"
    form: ProofForm


@dataclass(frozen=True, kw_only=True)
class ListStaff(Page):
    """The members of staff.

    Attributes:
        guarded_roles: Roles that need a second factor.
        policy_changes: History entries about which roles need one.
        proof: That of the history, if it was ever proved.
        faults: How many its checks named.
        unexplained: How many of them two managers have not explained.
    """

    template = "staff/list_staff.html"
    members: Sequence[StaffMember]
    guarded_roles: Collection[Role]
    policy_changes: Sequence[HistoryEntry]
    roles: Sequence[Role]
    proof: Proof | None
    faults: int
    unexplained: int


@dataclass(frozen=True)
class FaultRow:
    """A fault of the history.

    Attributes:
        at: When it was first named.
        code: The word for it in forms.
        explanation: Why it is there.
    """

    sentence: str
    at: datetime
    code: str
    explanation: Explanation | None
    may_be_explained: bool


@dataclass(frozen=True, kw_only=True)
class ListFaults(Page):
    """What the last check of the history named.

    Attributes:
        was_checked: Whether there was a check.
        gone: Explanations of faults that are not found any more.
        eyes: Everybody who counts as the same person as the reader.
        refusal: Of the explanation of the fault whose code is `refused`.
        note: What was typed as that explanation.
    """

    template = "staff/list_faults.html"
    was_checked: bool
    faults: Sequence[FaultRow]
    gone: Sequence[Explanation]
    eyes: Collection[int]
    refusal: Invalid | None
    refused: str
    note: str


@dataclass(frozen=True, kw_only=True)
class NewMember(FormPage):
    template = "staff/new_member.html"
    form: NewMemberForm


@dataclass(frozen=True, kw_only=True)
class ShowMember(Page):
    """A member, with what an admin can do for them.

    Attributes:
        password: A one-time password, shown once.
        keys: The keys that stop when they leave, and `owners` who may take these over.
    """

    template = "staff/show_member.html"
    member: StaffMember
    form: RoleForm
    password: str | None
    sessions: Sequence[StaffSession]
    keys: Sequence[ApiKey]
    owners: Sequence[StaffMember]
    needs_second_factor: bool
    history: HistoryView
