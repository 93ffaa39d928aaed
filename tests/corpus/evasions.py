"""A blacklisted customer, and the details they give when checked later: never "allow"."""

from tests.corpus.names_again import JOINED, LOOK_ALIKES, MARKS, SECOND_NAME, SPELLINGS, TURNED
from tests.corpus.shapes import Evasion, mailbox, number


def _national(kind: str, blacklisted: str, country: str, *numbers: str) -> list[Evasion]:
    """One number, and its national spellings."""
    was = {"phone": blacklisted}
    return [Evasion(kind, was, {"phone": text, "countryCode": country}) for text in numbers]


MAILBOXES = [
    *mailbox(
        "mailbox-domains",
        "zed.okoampa@proton.me",
        "zed.okoampa@protonmail.com",
        "zed.okoampa@pm.me",
        "zed.okoampa@protonmail.ch",
        "zedokoampa@proton.me",
        "zed-okoampa@protonmail.com",
        "zed_okoampa@pm.me",
        "Zed.Okoampa+shop@proton.me",
    ),
    *mailbox("mailbox-domains", "tundebakr77x@protonmail.com", "tunde.bakr77x@proton.me"),
    *mailbox(
        "mailbox-domains",
        "invented.awuah@icloud.com",
        "invented.awuah@me.com",
        "invented.awuah@mac.com",
        "INVENTED.AWUAH@me.com",
        "invented.awuah+2@icloud.com",
    ),
    *mailbox("mailbox-domains", "nobody.kiprotich@mac.com", "nobody.kiprotich@icloud.com"),
    *mailbox(
        "mailbox-domains",
        "vymysel.petrov@yandex.ru",
        "vymysel.petrov@ya.ru",
        "vymysel.petrov@yandex.com",
        "vymysel.petrov@yandex.by",
        "vymysel.petrov@yandex.kz",
        "vymysel-petrov@yandex.ru",
        "vymysel-petrov@ya.ru",
        "vymysel.petrov+7@yandex.com",
    ),
    *mailbox("mailbox-domains", "net-takogo@ya.ru", "net.takogo@yandex.kz"),
    *mailbox(
        "mailbox-gmail",
        "not.real.abena@gmail.com",
        "notrealabena@gmail.com",
        "n.o.t.realabena@gmail.com",
        "not.real.abena@googlemail.com",
        "notrealabena+pay@gmail.com",
        "NotRealAbena+1@googlemail.com",
    ),
    *mailbox("mailbox-gmail", "fakegichuru+old@googlemail.com", "fake.gichuru@gmail.com"),
    *mailbox("mailbox-yahoo", "inventedbase3@yahoo.com", "inventedbase3-shop@yahoo.com"),
    *mailbox("mailbox-yahoo", "madeupword-a1@yahoo.com", "madeupword-b2@yahoo.com"),
    *mailbox(
        "mailbox-plus",
        "madeup.chanda@outlook.com",
        "madeup.chanda+x@outlook.com",
        "Madeup.Chanda+payments@outlook.com",
    ),
    *mailbox("mailbox-plus", "madeup.sesay+1@outlook.com", "madeup.sesay+2@outlook.com"),
    *mailbox("mailbox-plus", "madeup.phiri@hotmail.com", "madeup.phiri+new@hotmail.com"),
    *mailbox("mailbox-plus", "madeup.diop@fastmail.com", "madeup.diop+two@fastmail.com"),
]

NUMBERS = [
    # Argentina: with and without the 9 for mobiles, and with 15 in national spelling
    *number("number-argentina", "+5491155501493", "+54 11 5550-1493", "+541155501493"),
    *number("number-argentina", "+541155501486", "+54 9 11 5550-1486"),
    *number("number-argentina", "+5493415550149", "+54 341 555-0149"),
    *_national("number-argentina", "+5491155501493", "AR", "011 15-5550-1493", "11 5550 1493"),
    # Mexico: the former 1
    *number("number-mexico", "+525555501493", "+52 1 55 5550 1493", "+5215555501493"),
    *number("number-mexico", "+5213355501493", "+52 33 5550 1493"),
    *_national("number-mexico", "+528155501493", "MX", "044 81 5550 1493", "01 81 5550 1493"),
    # Brazil: the ninth digit, and a carrier's code
    *number("number-brazil", "+5511985501493", "+55 11 8550-1493", "+551185501493"),
    *number("number-brazil", "+552185550149", "+55 21 98555-0149"),
    *_national("number-brazil", "+5571985550149", "BR", "(71) 8555-0149", "0 41 71 98555-0149"),
    # Plans that have changed
    *number("number-renumbered", "+22508555093", "+225 07 08 55 50 93"),
    *number("number-renumbered", "+2250545555093", "+225 45 55 50 93"),
    *number("number-renumbered", "+22997555093", "+229 01 97 55 50 93"),
    *number("number-renumbered", "+2290166555093", "+229 66 55 50 93"),
    *number("number-renumbered", "+23775550193", "+237 6 75 55 01 93"),
    *number("number-renumbered", "+24107555093", "+241 77 55 50 93"),
    *number("number-renumbered", "+841635550193", "+84 33 555 0193"),
    *number("number-renumbered", "+84795550193", "+84 121 555 0193"),
    # Trunk and exit prefixes, other digits, other signs
    *_national("number-spelling", "+79265550193", "RU", "8 926 555-01-93"),
    *_national("number-spelling", "+36205550193", "HU", "06 20 555 0193"),
    *_national("number-spelling", "+2348025550193", "NG", "0802\u2011555\u20110193"),
    *_national("number-spelling", "+233205550193", "GH", "٠٢٠ ٥٥٥ ٠١٩٣", "020 555 0193"),
    *number("number-spelling", "+254712550193", "+254 (0) 712 550 193", "00254 0712 550193"),
]

EVASIONS: list[Evasion] = [
    *MAILBOXES,
    *NUMBERS,
    *TURNED,
    *JOINED,
    *MARKS,
    *LOOK_ALIKES,
    *SECOND_NAME,
    *SPELLINGS,
]
