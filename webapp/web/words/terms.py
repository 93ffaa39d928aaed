"""What people read for the codes of the book: one word for one thing, the same on every page."""

from dataclasses import dataclass

from webapp.blacklist.filters import CaseEvent, Opener
from webapp.blacklist.models import Decision, State
from webapp.search.filters import Period, Standing

FIELD_NAMES = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "dial_code": "Country code",
    "birthday": "Birthday",
    "reference": "Reference",
    "reason": "Reason",
    "note": "Note",
    "evidence": "Evidence",
    "review_by": "Next review",
    "name": "Name",
    "role": "Role",
    "value": "Value",
    "level": "What happens",
    "until": "Ends on",
    "ended_at": "Ended on",
    "url": "Address",
    "description": "What it is for",
    "kinds": "What it is told",
    "since": "Since",
}
ENTRY_KINDS = {
    "created": "added this customer",
    "changed": "changed the details",
    "changed_on_blacklist": "changed the details of a blacklisted customer",
    "blacklisted": "blacklisted this customer",
    "undone": "undid the blacklisting",
    "upheld": "kept this customer blacklisted",
    "review_undone": "undid the review",
    "lift_asked": "asked to remove the blacklisting",
    "ended": "saw the blacklisting come to its end",
    "end_set": "set when the blacklisting ends",
    "told_apart": "marked this and another customer as different people",
    "apart_agreed": "agreed that this and another customer are different people",
    "compared_again": "wants this and another customer compared again",
    "overturned": "removed the blacklisting: it was a mistake",
    "lifted": "removed the blacklisting: no longer needed",
    "deleted": "deleted this customer",
    "deletion_asked": "asked to delete this customer; a second person must agree",
    "deletion_refused": "decided that this customer stays",
    "removal_agreed": "agreed that the blacklisting is removed",
    "reopened": "blacklisted this customer again, after it was removed",
    "merged": "merged another record into this customer",
    "merged_into": "merged this record into another customer",
    "merge_undone": "undid a merge",
    "came_back": "made this record a customer again",
    "merge_asked": "asked to merge this and another customer; a second person must agree",
    "unmerge_asked": "asked to undo a merge; a second person must agree",
    "merge_refused": "decided that both customers stay as they are",
    "disclosed": "gave out everything about this customer",
    "entry_added": "added this entry",
    "entry_kept": "kept this entry",
    "entry_undone": "undid this entry",
    "entry_overturned": "removed this entry: it was a mistake",
    "entry_removed": "removed this entry: no longer needed",
    "entry_removal_asked": "asked to remove this entry",
    "entry_end_set": "set when this entry ends",
    "list_proposed": "sent a version of this list",
    "list_loaded": "loaded this version",
    "list_discarded": "discarded the version",
    "list_kept": "kept this list",
    "list_removed": "removed this list and its entries",
    "note_added": "added a note",
    "note_edited": "edited a note",
    "note_pinned": "pinned a note",
    "note_unpinned": "unpinned a note",
    "key_handed_over": "made another member the owner of this key",
    "export_began": "began to export customers",
    "exported": "exported customers",
    "read_much": "looked at more customers in an hour than one person should",
    "added": "added this member",
    "renamed": "chose another name",
    "role_changed": "changed the role",
    "deactivated": "deactivated this member",
    "reactivated": "reactivated this member",
    "password_reset": "gave out a one-time password",
    "password_changed": "chose a new password",
    "sessions_ended": "ended all sessions",
    "second_factor_set": "set up a second factor",
    "second_factor_removed": "removed the second factor",
    "second_factor_reset": "removed the lost second factor",
    "key_created": "made this key",
    "key_revoked": "revoked this key",
    "key_rolled": "made another secret for this key",
    "key_limit_set": "set the limit of this key",
    "endpoint_added": "added this webhook",
    "endpoint_changed": "changed this webhook",
    "endpoint_secret_rolled": "made another secret",
    "endpoint_off": "switched this webhook off",
    "endpoint_on": "switched this webhook on",
    "endpoint_all_again": "let everything be sent again",
    "endpoint_removed": "removed this webhook",
    "recovery_codes_renewed": "made new recovery codes",
}
STATE_NAMES = {
    State.WAITING: "needs review",
    State.OVERDUE: "review overdue",
    State.UPHELD: "kept",
    State.OVERTURNED: "removed: it was a mistake",
    State.LIFTED: "removed: no longer needed",
    State.UNDONE: "undone",
    State.JOINED: "joined with another",
    State.ENDED: "came to its end",
}
DECISION_NAMES = {
    Decision.UPHELD: "Keep blacklisted",
    Decision.OVERTURNED: "Remove: it was a mistake",
}
EVENT_NAMES = {
    CaseEvent.OPENED: "Opened",
    CaseEvent.REVIEWED: "Reviewed",
    CaseEvent.FIRST_REVIEWED: "Reviewed for the first time",
    CaseEvent.UPHELD: "Kept",
    CaseEvent.OVERTURNED: "Removed: it was a mistake",
    CaseEvent.LIFTED: "Removed: no longer needed",
    CaseEvent.UNDONE: "Undone",
}
STANDING_NAMES = {
    Standing.GOOD: "Active",
    Standing.BLACKLISTED: "Blacklisted",
    Standing.WAITING: "Needs review",
}
PERIOD_NAMES = {
    Period.TODAY: "Today",
    Period.LAST_7_DAYS: "Last 7 days",
    Period.THIS_MONTH: "This month",
}
SIGNAL_NAMES = {
    "phone": "same phone",
    "email": "same e-mail in another form",
    "name": "same name and country code",
    "close_email": "nearly the same e-mail",
    "birthday": "same birthday and a similar name",
    "moved_email": "same e-mail at another service",
    "close_name": "nearly the same name, with the same phone or e-mail domain",
    "close_birthday": "nearly the same birthday and a similar name",
    "like_name": "similar name",
}
SHARED_NAMES = {"phone": "This phone", "email": "This e-mail"}
VALUE_KINDS = {
    "": "By what you type",
    "email": "E-mail",
    "domain": "Domain, with all under it",
    "phone": "Phone",
    "phone_range": "Phones that begin so",
    "name": "Name with birthday",
    "customer": "A customer",
}
ENTRY_LEVELS = {"deny": "Deny", "review": "Look closer", "watch": "Watch", "allow": "Allow"}
ENTRY_STATES = {
    "waiting": "Needs review",
    "overdue": "Overdue",
    "kept": "Kept",
    "ended": "Ended",
    "undone": "Undone",
    "overturned": "Removed: it was a mistake",
    "removed": "Removed: no longer needed",
}
MATCH_NAMES = {
    "id": "id",
    "reference": "reference",
    "email": "e-mail",
    "phone": "phone",
    "name": "name",
    "close_email": "nearly the e-mail",
    "close_name": "nearly the name",
    "birthday": "birthday and name",
    "close_birthday": "nearly the birthday",
    "email_entry": "an entry for the e-mail",
    "domain_entry": "an entry for the domain",
    "phone_entry": "an entry for the phone",
    "phone_range_entry": "an entry for such phones",
    "name_entry": "an entry for the name",
    "customer_entry": "an entry for the customer",
}


COLUMN_NAMES = {
    "id": "Id",
    "reference": "Reference",
    "firstName": "First name",
    "lastName": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "countryCode": "Country code",
    "dateOfBirth": "Birthday",
    "blacklist": "Blacklisted or not",
    "reason": "Reason",
    "blacklistedAt": "Blacklisted on",
    "createdAt": "Created on",
    "updatedAt": "Changed on",
}

CHANGE_NAMES = {
    "customer.created": "A customer was added",
    "customer.changed": "Details of a customer changed",
    "customer.merged": "Another record was merged into a customer",
    "customer.merged_into": "A record was merged into a customer, and is gone",
    "customer.unmerged": "A merge was undone",
    "customer.came_back": "A merged record is a customer again",
    "customer.deleted": "A customer was deleted",
    "blacklist.added": "A customer was blacklisted",
    "blacklist.removed": "A blacklisting was removed, or ended",
    "blacklist.reviewed": "A blacklisting was reviewed",
    "blacklist.removal_asked": "Somebody asked to remove a blacklisting",
    "blacklist.changed": "A blacklisting got another end",
    "customer.recorded": "Something else was recorded about a customer",
}
OFF_NAMES = {
    "by hand": "An admin switched it off.",
    "gone": "It answered that it is gone (410).",
    "failing": "It took nothing for five days.",
}


@dataclass(frozen=True)
class Finding:
    """What a check of a person found, in words, with a tone (a class of banners) and an icon."""

    tone: str
    icon: str
    title: str
    sentence: str


BLACKLISTED = Finding("bad", "ban", "Deny", "This person is blacklisted. Do not accept them.")
SIMILAR = Finding(
    "warned",
    "triangle-alert",
    "Look closer",
    "Similar to somebody who is blacklisted. Compare them before you go on, or ask a manager.",
)
NO_SUCH_REFERENCE = Finding(
    "warned", "search", "No such reference", "No customer has this reference. Check each letter."
)
KNOWN = Finding(
    "ok", "check", "Known and active", "This person is in the book. You can accept them."
)
DENIED_BY_ENTRY = Finding("bad", "ban", "Deny", "An entry says so. Do not accept this person.")
WATCHED_BY_ENTRY = Finding(
    "warned", "triangle-alert", "Look closer", "An entry says so. Ask a manager before you go on."
)
ALLOWED_BY_ENTRY = Finding("ok", "check", "Allow", "An entry says so. You can accept this person.")
UNKNOWN = Finding(
    "", "info", "Not in the book", "Nobody on the blacklist is similar. You can accept this person."
)
HELP = {
    "Customer": "A person in this book.",
    "Reference": "The customer's short name, such as CUS-7K3M9Q2XVB. O is 0 there, I and L are 1.",
    "Active": "We deal with this customer.",
    "Blacklisted": "We do not deal with this customer. The page shows why, and who did it.",
    "Needs review": "A manager must decide: it is new or overdue, or somebody asked to remove it.",
    "Keep blacklisted": "A second person agrees. It needs review again, mostly after 90 days.",
    "Remove: it was a mistake": "It should never have been blacklisted.",
    "Remove: no longer needed": "It was right then. It is not needed now.",
    "Ask to remove": "An agent asks. A manager decides.",
    "Undo": "Reverse your own last step. You have ten minutes.",
    "Entry": "An e-mail, domain, phone or name that we deny or allow, also outside the book.",
    "Similar customer": "A record that may be the same person.",
    "Merge": "Make one customer of two records of the same person. Both references go on working.",
    "Mark as different people": "Say that two similar customers are not the same.",
    "Note": "A few words about a call or a visit. All colleagues can read it.",
    "History": "Who did what, and when. Nobody can change it.",
}


def opener_name(opener: Opener) -> str:
    """Who opened cases, told apart from others of the same name."""
    kind = {"key": "API key", "system": "command line"}.get(opener.kind)
    return f"{opener.name} ({kind})" if kind else opener.name
