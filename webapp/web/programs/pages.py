"""The pages of programs, their keys and webhooks: what each template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.http.page import Page
from webapp.programs.webhooks.deliveries import Which
from webapp.programs.webhooks.models import WebhookDelivery, WebhookEndpoint
from webapp.staff.models import ApiKey, StaffMember
from webapp.web.frame.histories import HistoryView
from webapp.web.frame.pages import FormPage
from webapp.web.programs.forms import EditKeyForm, KeyForm, RollKeyForm, SinceForm, WebhookForm


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
        usual: The limit of those that have none of their own.
    """

    template = "programs/list_keys.html"
    keys: Sequence[KeyView]
    name: str | None
    secret: str | None
    usual: int


@dataclass(frozen=True, kw_only=True)
class NewKey(FormPage):
    template = "programs/new_key.html"
    form: KeyForm
    usual: int


@dataclass(frozen=True, kw_only=True)
class EditKey(FormPage):
    """A key that is in use; `usual` is the limit of those that have none of their own."""

    template = "programs/edit_key.html"
    form: EditKeyForm
    key: ApiKey
    usual: int


@dataclass(frozen=True, kw_only=True)
class RollKey(FormPage):
    template = "programs/roll_key.html"
    form: RollKeyForm
    key: ApiKey


@dataclass(frozen=True, kw_only=True)
class RevokeKey(Page):
    template = "programs/revoke_key.html"
    key: ApiKey


@dataclass(frozen=True, kw_only=True)
class ListWebhooks(Page):
    """All webhooks, and how many messages wait at each."""

    template = "programs/list_webhooks.html"
    endpoints: Sequence[WebhookEndpoint]
    waiting: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class NewWebhook(FormPage):
    template = "programs/new_webhook.html"
    form: WebhookForm


@dataclass(frozen=True, kw_only=True)
class EditWebhook(FormPage):
    template = "programs/edit_webhook.html"
    form: WebhookForm
    one: WebhookEndpoint


@dataclass(frozen=True, kw_only=True)
class ShowWebhook(FormPage):
    """A webhook with what was sent to it.

    Attributes:
        secret: Its secret, shown once.
        more: The address of older deliveries, if there are any.
        waiting: How many messages wait.
        behind: How many changes are still to be looked at.
    """

    template = "programs/show_webhook.html"
    one: WebhookEndpoint
    secret: str | None
    which: Which
    deliveries: Sequence[WebhookDelivery]
    more: str | None
    waiting: int
    behind: int
    form: SinceForm
    history: HistoryView


@dataclass(frozen=True, kw_only=True)
class RollSecret(Page):
    template = "programs/roll_secret.html"
    one: WebhookEndpoint


@dataclass(frozen=True, kw_only=True)
class RemoveWebhook(Page):
    template = "programs/remove_webhook.html"
    one: WebhookEndpoint
