"""The words of the pages (`docs/glossary.md`): short sentences, one word for one thing, verbs first
on buttons.
"""

import re

import pytest

from tests.house_rules.messages import all_messages

MAX_WORDS = 20
MESSAGES = all_messages()
# A word that people do not read, and the one that stands for it.
REPLACED = {
    r"up(hold|holds|held)": "keep, kept",
    r"overturn(s|ed)?": "remove: it was a mistake",
    r"lift(s|ed|ing)?": "remove: no longer needed, ask to remove",
    r"look[- ]?alikes?|possible duplicates?": "similar customer",
    r"not the same person|two people": "different people",
    r"dial(ling)? codes?": "country code",
    r"(good )?standing": "status",
    r"waiting|wait(s)? for review": "needs review",
    r"tak(e|en|ing) (it |this |that )?back|took .* back": "undo, undone",
    r"(?<!WHEN )cases?(?! WHEN)": "blacklisting",
    r"pair of eyes": "count as one person",
    r"(?<!-)e?mail": "e-mail",
    r"log(ged)?[- ]?(in|out)": "sign in, sign out",
    r"admit|whoever|whom|shall|hence|thus|thereby": "a plainer word",
}
VERBS = set(
    """add agree apply ask back blacklist cancel check choose clear close compare copy deactivate
    delete edit end explain export get give go help import keep leave look make mark merge next open
    previous reactivate read remove renew
    review revoke save select send set show sign skip start stop undo""".split()  # noqa: SIM905 - a list of words
)


@pytest.mark.parametrize("pattern", REPLACED)
def test_one_word_stands_for_one_thing(pattern):
    found = {
        (message.place, message.text)
        for message in MESSAGES
        if re.search(rf"\b({pattern})\b", message.text, re.IGNORECASE)
    }
    assert not found, f"say: {REPLACED[pattern]}"


def test_a_sentence_has_at_most_twenty_words():
    long = {
        (message.place, sentence)
        for message in MESSAGES
        for sentence in re.split(r"[.!?:;](?:\s|$)", message.text)
        if len(re.findall(r"[\w’'-]+", sentence)) > MAX_WORDS
    }
    assert not long


def test_a_button_begins_with_a_verb():
    first = {
        (message.place, message.text)
        for message in MESSAGES
        if message.is_button
        and (words := re.findall(r"[A-Za-z-]{2,}", message.text))
        and words[0].lower() not in VERBS
        and not re.fullmatch("Page …( …)?", message.text)
    }
    assert not first


def test_the_messages_of_every_kind_are_walked():
    """The walk must not pass because it finds nothing."""
    places = {message.place.split("/")[0] for message in MESSAGES}
    assert places == {"templates", "webapp", "static"}
    assert len(MESSAGES) > 500
    assert sum(message.is_button for message in MESSAGES) > 60
