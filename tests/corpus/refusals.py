"""What is typed when a customer is added, and must be refused."""

from tests.corpus.shapes import Refused, name


def _first(kind: str, text: str) -> Refused:
    return Refused(kind, name(text, "Ampem"), "first_name")


def _last(kind: str, text: str) -> Refused:
    return Refused(kind, name("Serwaa", text), "last_name")


def _email(kind: str, text: str) -> Refused:
    return Refused(kind, name("Serwaa", "Ampem", email=text), "email")


def _phone(kind: str, country: str, text: str) -> Refused:
    return Refused(kind, name("Serwaa", "Ampem", phone=text, country=country), "phone")


# Digits without a plus, one typing error away from a number of the given country. With a plus they
# would be a number of the country in the comment.
SLIPS = [
    _phone("slip", "NG", "208005550115"),  # 0800 555 0115; Egypt
    _phone("slip", "NG", "78045550164"),  # 0804 555 0164; Russia
    _phone("slip", "GH", "6235550135"),  # 023 555 0135; Indonesia
    _phone("slip", "GH", "3235550187"),  # 023 555 0187; Belgium
    _phone("slip", "GH", "50235550152"),  # 023 555 0152; Guatemala
    _phone("slip", "TZ", "3625550152"),  # 062 555 0152; Hungary
    _phone("slip", "TZ", "6625550149"),  # 062 555 0149; Thailand
    _phone("slip", "RW", "40725550175"),  # 072 555 0175; Romania
    _phone("slip", "MW", "4995550159"),  # 099 555 0159; Germany
    _phone("slip", "ZM", "50955550197"),  # 095 555 0197; Haiti
    _phone("slip", "CD", "4995550123"),  # 099 555 0123; Germany
    _phone("slip", "GB", "27405550197"),  # 07405 550197; South Africa
    _phone("slip", "GB", "17405550175"),  # 07405 550175; United States
    _phone("slip", "US", "20255501118"),  # 202 555 0118; Egypt
    _phone("slip", "US", "2435550167"),  # 203 555 0167; DR Congo
    _phone("slip", "US", "23055550138"),  # 205 555 0138; Mauritius
    _phone("slip", "CA", "50955501122"),  # 509 555 0112; Haiti
    _phone("slip", "CN", "3905550161"),  # 139 0555 0161; Italy
    _phone("slip", "CN", "31525550134"),  # 135 2555 0134; Netherlands
    _phone("slip", "MX", "22825550176"),  # 228 555 0176; Togo
    _phone("slip", "FR", "9615550168"),  # 06 15 55 01 68; Lebanon
    _phone("slip", "DE", "115135550140"),  # 01513 5550140; United States
    _phone("slip", "IN", "38115550145"),  # 081155 50145; Serbia
    _phone("slip", "RU", "59125550159"),  # 8 912 555 01 59; Bolivia
]

PHONES = [
    _phone("no-number", "GH", "not known"),
    _phone("no-number", "NG", "12345"),
    _phone("no-number", "KE", "0000000000"),
    _phone("no-number", "GH", "+999 20 555 0148"),
    _phone("no-number", "UG", "+256 772"),
    _phone("no-number", "TZ", "0754 550 14"),
]

NAMES = [
    _first("bidirectional", "Ser\u202ewaa"),
    _last("bidirectional", "Am\u202dpem"),
    _first("bidirectional", "Ser\u2067waa\u2069 Afia"),
    _last("bidirectional", "Am\u202apem\u202c Osei"),
    _first("zero-width-between", "Ser\u200bwaa"),
    _last("zero-width-between", "Am\u200bpem"),
    _last("zero-width-between", "Ow\u200busu-Ampem"),
    _first("zero-width-between", "Ser\u2060waa"),
    _last("zero-width-between", "Am\ufeffpem"),
    _first("control", "Ser\x00waa"),
    _last("control", "Am\x07pem"),
    _first("control", "\x1b[31mSerwaa"),
    _last("control", "Am\x7fpem"),
    _first("control", "Serwaa\nAfia"),
    _last("control", "Ampem\r\nOsei"),
    _last("control", "Ampem\u2028Osei"),
    _first("noncharacter", "Ser\ufdd0waa"),
    _last("noncharacter", "Ampem\uffff"),
    _last("noncharacter", "Am\ufffepem"),
    _first("noncharacter", "Serwaa \U0001fffe"),
    _first("too-long", "Nana" * 25 + "a"),
    _last("too-long", "Ampem " * 20),
    _last("too-long", "\u1ecd" * 101),
    _first("too-long", "阿" * 101),
]

EMAILS = [
    _email("two-dots", "serwaa..ampem@example.com"),
    _email("two-dots", "serwaa...a@example.com"),
    _email("two-dots", "serwaa.@example.com"),
    _email("two-dots", "ken..sakai@jp.example.com"),
    _email("two-dots", "ken..sakai@mobile.example.jp.example.com"),
    _email("two-dots", "serwaa@example..com"),
    _email("two-dots", "serwaa@mobile..example.jp"),
    _email("no-address", "serwaa"),
    _email("no-address", "serwaa@example"),
    _email("no-address", "serwaa@@example.com"),
    _email("no-address", "@example.com"),
    _email("no-address", "serwaa ampem@example.com"),
    _email("no-address", "serwaa@exam ple.com"),
    _email("no-address", "serwaa@example,com"),
    _email("no-address", "serwaa@-example.com"),
    _email("no-address", "serwaa@[192.0.2.7]"),
    _email("no-address", "serwaa@example.com, kofi@example.com"),
    _email("no-address", "ser\u202ewaa@example.com"),
    _email("no-address", "ser\x00waa@example.com"),
]

REFUSED: list[Refused] = [
    *SLIPS,
    *PHONES,
    *NAMES,
    *EMAILS,
]
