"""Which column of somebody's file is what: the headings that real exports have, as a table.

A column that is not listed here is not used, unless a person says what it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Field(StrEnum):
    """What a column can be used as. `home` only helps to read a national number; `blacklist` says
    yes for people who are to be blacklisted.
    """

    ID = "id"
    REFERENCE = "reference"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    HOME = "home"
    BIRTHDAY = "birthday"
    BLACKLIST = "blacklist"
    REASON = "reason"


FIELD_NAMES = {
    Field.ID: "Id in Gatebook",
    Field.REFERENCE: "Reference",
    Field.FIRST_NAME: "First name",
    Field.LAST_NAME: "Last name",
    Field.NAME: "Whole name",
    Field.EMAIL: "E-mail",
    Field.PHONE: "Phone",
    Field.COUNTRY: "Country code of the phone",
    Field.HOME: "Country where they live",
    Field.BIRTHDAY: "Birthday",
    Field.BLACKLIST: "Blacklisted: yes or no",
    Field.REASON: "Reason of the blacklisting",
}

# Headings without case, accents, spaces and signs. What of several columns is filled first is used.
SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.ID: ("id", "customerid", "gatebookid"),
    Field.REFERENCE: (
        "reference", "customercode", "customerreference", "customerref", "externalid", "identifier",
        "customernumber", "accountnumber",
    ),
    Field.FIRST_NAME: (
        "firstname", "givenname", "forename", "prenom", "nombre", "vorname", "customerfirstname",
    ),
    Field.LAST_NAME: (
        "lastname", "familyname", "surname", "nom", "nomdefamille", "apellido", "apellidos",
        "nachname", "customerlastname",
    ),
    Field.NAME: ("name", "fullname", "displayname", "customername", "contactname", "nomcomplet"),
    Field.EMAIL: (
        "email", "emailaddress", "mail", "email1value", "email2value", "email3value",
        "email2address", "email3address", "customeremail", "secondaryemail", "adressemail",
        "courriel", "correoelectronico", "personalemail", "workemail", "additionalemailaddresses",
    ),
    Field.PHONE: (
        "phone", "phonenumber", "mobile", "mobilephone", "mobilephonenumber", "mobilenumber",
        "phone1value", "primaryphone", "phone2value", "phone3value", "telephone", "tel",
        "homephone", "businessphone", "customerphone", "msisdn", "cellphone", "whatsapp",
        "whatsappphonenumber", "telefono", "otherphone", "portable",
    ),
    Field.COUNTRY: (
        "countrycode", "dialcode", "phonecountry", "phonecountrycode", "callingcode", "phonecode",
    ),
    Field.HOME: (
        "country", "countryregion", "mailingcountry", "addresscountry", "homecountryregion",
        "businesscountryregion", "homecountry", "address1country", "pays", "shippingcountry",
        "billingcountry", "cardaddresscountry",
    ),
    Field.BIRTHDAY: (
        "birthday", "dateofbirth", "dob", "birthdate", "datedenaissance", "naissance",
        "fechadenacimiento", "geburtsdatum", "geburtstag", "datadenascimento", "bday",
    ),
    Field.BLACKLIST: (
        "blacklist", "blacklisted", "isblacklisted", "blocked", "isblocked", "riskaction", "banned",
    ),
    Field.REASON: ("reason", "blacklistreason"),
}  # fmt: skip
_FIELDS = {heading: one for one, headings in SYNONYMS.items() for heading in headings}

# Whose export a file is, by headings that only theirs has; the first that fits.
SOURCES: dict[str, frozenset[str]] = {
    "Gatebook": frozenset({"reference", "firstname", "blacklist", "blacklistedat"}),
    "Paystack": frozenset({"customercode", "riskaction"}),
    "Bitnob": frozenset({"firstname", "countrycode", "blacklist"}),
    "Stripe": frozenset({"id", "delinquent"}),
    "Zoho": frozenset({"contactowner", "mailingcountry"}),
    "HubSpot": frozenset({"recordid", "contactowner"}),
    "Chatwoot": frozenset({"name", "phonenumber", "identifier"}),
    "Google": frozenset({"email1value"}),
    "Outlook": frozenset({"emailaddress", "businessphone"}),
}
# An id of another system; its prefix keeps it apart from those of all others.
PREFIXED = re.compile(r"[a-z]{2,8}_[A-Za-z0-9]{6,}", re.ASCII)
YES = {
    "true", "yes", "y", "1", "x", "on", "deny", "denied", "blocked", "blacklisted", "banned", "oui",
    "vrai", "si", "ja", "wahr", "verdadero", "sim",
}  # fmt: skip
NO = {
    "", "false", "no", "n", "0", "off", "allow", "allowed", "default", "none", "non", "faux",
    "nein", "falsch", "falso", "nao",
}  # fmt: skip


def comparable(heading: str) -> str:
    """A heading without case, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(character for character in plain if character.isalnum())


def suggested(headings: Sequence[str], first: Sequence[Sequence[str]]) -> list[Field | None]:
    """What each column is, as far as its heading says.

    Args:
        first: The first rows, which tell whose ids an `id` is.
    """
    fields = [_FIELDS.get(comparable(heading)) for heading in headings]
    for place, one in enumerate(fields):
        if one is Field.ID and _are_prefixed(place, first):
            fields[place] = Field.REFERENCE
    return fields


def _are_prefixed(place: int, first: Sequence[Sequence[str]]) -> bool:
    cells = [row[place] for row in first if place < len(row) and row[place]]
    return bool(cells) and all(PREFIXED.fullmatch(cell) for cell in cells)


def source_of(headings: Sequence[str]) -> str | None:
    """Whose export this is; `None` if its headings do not say."""
    there = {comparable(heading) for heading in headings}
    return next((name for name, needs in SOURCES.items() if needs <= there), None)


def read_yes(text: str) -> bool:
    """Whether a cell says yes, in the words that exports have for it.

    Raises:
        ValueError: it says neither yes nor no.
    """
    word = comparable(text)
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError("Write yes or no")


def picked(columns: Sequence[Field | None], cells: Sequence[str]) -> Mapping[Field, str]:
    """The cells by what they are; of several columns for one field, the first that is filled."""
    values: dict[Field, str] = {}
    for one, cell in zip(columns, cells, strict=False):
        if one and not values.get(one):
            values[one] = cell
    return values
