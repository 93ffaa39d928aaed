"""The pages of programs and their keys: what each template shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.http.page import Page
from webapp.staff.models import ApiKey, StaffMember
from webapp.web.frame.pages import FormPage
from webapp.web.programs.forms import KeyForm


@dataclass(frozen=True)
class KeyView:
    """A key with its owner; `standing` is `good`, `revoked`, `expired` or `owner left`."""

    key: ApiKey
    owner: StaffMember | None
    standing: str


@dataclass(frozen=True, kw_only=True)
class ListKeys(Page):
    """All keys.

    Attributes:
        name: The name of a key that was just made.
        secret: Its secret, shown once.
    """

    template = "programs/list_keys.html"
    keys: Sequence[KeyView]
    name: str | None
    secret: str | None


@dataclass(frozen=True, kw_only=True)
class NewKey(FormPage):
    template = "programs/new_key.html"
    form: KeyForm


@dataclass(frozen=True, kw_only=True)
class RevokeKey(Page):
    template = "programs/revoke_key.html"
    key: ApiKey
