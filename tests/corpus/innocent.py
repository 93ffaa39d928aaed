"""Somebody blacklisted, and somebody else who merely resembles them: always "allow"."""

from tests.corpus.shapes import Evasion, asked, name


def _mailbox(kind: str, blacklisted: str, *addresses: str) -> list[Evasion]:
    """One mailbox, and those of other people."""
    return [Evasion(kind, {"email": blacklisted}, {"email": text}) for text in addresses]


def _number(kind: str, blacklisted: str, *numbers: str) -> list[Evasion]:
    """One number, and those of other people."""
    return [Evasion(kind, {"phone": blacklisted}, {"phone": text}) for text in numbers]


def _name(
    kind: str,
    country: str,
    phone: str,
    was: tuple[str, str],
    *now: tuple[str, str],
) -> list[Evasion]:
    """Somebody's first and last name, and other people of the same country."""
    blacklisted = name(*was, phone=phone)
    return [Evasion(kind, blacklisted, asked(first, last, country)) for first, last in now]


MAILBOXES = [
    *_mailbox("dots-matter", "unreal.mensa@example.com", "unrealmensa@example.com"),
    *_mailbox("dots-matter", "unreal.mensa@outlook.com", "unrealmensa@outlook.com"),
    *_mailbox("dots-matter", "unreal.kamau@yahoo.com", "unrealkamau@yahoo.com"),
    *_mailbox("dots-matter", "unreal.balde@icloud.com", "unrealbalde@icloud.com"),
    *_mailbox("hyphens-matter", "unreal-sow@outlook.com", "unreal.sow@outlook.com"),
    *_mailbox(
        "hyphens-matter",
        "unreal-obi@gmail.com",
        "unreal.obi@gmail.com",
        "unrealobi@gmail.com",
    ),
    *_mailbox("hyphens-matter", "shop-awa@example.com", "shop-binta@example.com"),
    *_mailbox("hyphens-matter", "unreal-tine@icloud.com", "unrealtine@me.com"),
    *_mailbox(
        "other-provider",
        "unreal.afi@gmail.com",
        "unreal.afi@yahoo.com",
        "unreal.afi@outlook.com",
    ),
    *_mailbox("other-provider", "unreal.kone@proton.me", "unreal.kone@icloud.com"),
    *_mailbox("other-provider", "unreal.orlov@yandex.ru", "unreal.orlov@mail.ru"),
    *_mailbox("other-provider", "info@unreal-one.example.com", "info@unreal-two.example.com"),
    *_mailbox("other-word", "unrealword-a@yahoo.com", "otherword-a@yahoo.com"),
    *_mailbox("other-word", "unreal.seck1@gmail.com", "unreal.seck2@gmail.com"),
    *_mailbox("other-word", "unreal+one@example.com", "one+unreal@example.com"),
    *_mailbox("other-word", "unreal_dia@gmail.com", "unrealdia@gmail.com"),
]

NUMBERS = [
    *_number("one-digit", "+233205550221", "+233205550222", "+233 20 555 0231"),
    *_number("one-digit", "+2348025550223", "+234 802 555 0224"),
    *_number("one-digit", "+254712550225", "+254 712 550 252"),
    *_number("other-country", "+233205550226", "+221 77 555 02 26"),
    *_number("other-country", "+27825550227", "+44 7402 550227"),
    *_number("other-area", "+5491155502281", "+54 341 555-0228", "+54 9 11 5550-2282"),
    *_number("other-area", "+5511955502281", "+55 21 95550-2281", "+55 11 95550-2282"),
    *_number("other-area", "+525555502281", "+52 33 5550 2281"),
    *_number("other-plan", "+22508555092", "+225 05 08 55 50 92"),
    *_number("other-plan", "+2290196555024", "+229 01 97 55 50 24"),
    *_number("other-plan", "+24107555024", "+241 74 55 50 24"),
]

NAMES = [
    *_name(
        "same-first-name",
        "GH",
        "+233205550241",
        ("Kwabena", "Ofosuhene"),
        ("Kwabena", "Tawiah"),
        ("Kwabena", ""),
        ("Tawiah", "Kwabena"),
    ),
    *_name("same-first-name", "NG", "+2348025550242", ("Ibrahim", "Danjume"), ("Ibrahim", "Lawal")),
    *_name("same-first-name", "KE", "+254712550243", ("Faith", "Cherono"), ("Faith", "Muthomi")),
    *_name("same-first-name", "SN", "+221775550244", ("Fatou", "Mbacké"), ("Fatou", "Sarr")),
    *_name("same-first-name", "CN", "+8613855502245", ("静", "吴"), ("静", "赵")),
    *_name("same-first-name", "EG", "+201005550246", ("محمد", "الجزار"), ("محمد", "السمان")),
    *_name(
        "same-last-name",
        "GH",
        "+233205550251",
        ("Adwoa", "Owusuah"),
        ("Kofi", "Owusuah"),
        ("Efua", "Owusuah"),
    ),
    *_name(
        "same-last-name",
        "NG",
        "+2348025550252",
        ("Chinedu", "Okafore"),
        ("Amarachi", "Okafore"),
    ),
    *_name(
        "same-last-name",
        "ML",
        "+22365550253",
        ("Moussa", "Diarrassouba"),
        ("Aminata", "Diarrassouba"),
    ),
    *_name("same-last-name", "KR", "+821055502254", ("서준", "김"), ("민서", "김")),
    *_name("same-last-name", "JP", "+818055502255", ("太郎", "山内"), ("花子", "山内")),
    *_name("same-last-name", "VN", "+84905550256", ("Hương", "Nguyễn"), ("Tuấn", "Nguyễn")),
    *_name(
        "same-last-name",
        "MR",
        "+22245550257",
        ("Sidi", "Ould Mahfoudhe"),
        ("Ahmed", "Ould Mahfoudhe"),
    ),
    *_name("part-of-a-name", "ID", "+628125550261", ("", "Sumarnie"), ("Sumarnie", "Hartanto")),
    *_name(
        "part-of-a-name",
        "GH",
        "+233205550262",
        ("Ann", "Boakyewaa"),
        ("Annabella", "Boakyewaa"),
    ),
    *_name("part-of-a-name", "KE", "+254712550263", ("Grace", "Wanja"), ("Grace", "Wanjalena")),
    *_name("part-of-a-name", "NG", "+2348025550264", ("Ade", "Bamidele"), ("Adewunmi", "Bamidele")),
    *_name(
        "part-of-a-name",
        "NL",
        "+31655502651",
        ("Jan", "van den Broek"),
        ("Jan", "van der Linden"),
    ),
    *_name("part-of-a-name", "SN", "+221775550266", ("Abdou", "Ba"), ("Abdou", "Bathily")),
    *_name(
        "other-second-name",
        "GH",
        "+233205550271",
        ("Joseph Kwame", "Arhin"),
        ("Daniel Kwame", "Arhin"),
    ),
    *_name(
        "other-second-name",
        "CI",
        "+2250708555072",
        ("Jean-Marc", "Yapo"),
        ("Jean-Luc", "Yapo"),
    ),
    *_name(
        "other-second-name",
        "CI",
        "+2250708555073",
        ("Marie-Ange", "Assi"),
        ("Marie-Paule", "Assi"),
    ),
    *_name("near-name", "GH", "+233205550281", ("Yaw", "Asanteba"), ("Yaa", "Agyemang")),
    *_name("near-name", "NG", "+2348025550282", ("Aminu", "Bellore"), ("Amina", "Sulaiman")),
    *_name("near-name", "KE", "+254712550283", ("Otieno", "Odongo"), ("Otieno", "Odhiambo")),
    *_name("near-name", "ET", "+251911550284", ("አበበ", "በቀለ"), ("አበራ", "ከበደ")),
    *_name("near-name", "RU", "+79265550285", ("Анна", "Иванченко"), ("Анна", "Ивашова")),
    *_name("near-name", "DE", "+4915155502286", ("Jörg", "Baumert"), ("Jürgen", "Baumgart")),
    *_name("near-name", "IN", "+919855502287", ("സുനിൽ", "നായർ"), ("അനിൽ", "മേനോൻ")),
    *_name("near-name", "MA", "+212655550288", ("عبد الرحيم", "العلوي"), ("عبد الكريم", "العلوي")),
]

BOTH = [
    Evasion(
        "near-all",
        name("Esther", "Nyarkoa", email="esther.ny@example.com", phone="+233205550291"),
        {
            "firstName": "Esther",
            "lastName": "Tettey",
            "email": "esther.te@example.com",
            "phone": "+233205550292",
        },
    ),
    Evasion(
        "near-all",
        name("Brian", "Mutisyo", email="brian.mut@example.com", phone="+254712550293"),
        {
            "firstName": "Bryan",
            "lastName": "Kilonzo",
            "email": "brian.kil@example.com",
            "phone": "+254712550294",
        },
    ),
    Evasion(
        "near-all",
        name("Zainab", "Garbati", email="zainab1@example.com", phone="+2348025550295"),
        {"firstName": "Zainab", "lastName": "Yakubu", "email": "zainab2@example.com"},
    ),
    Evasion(
        "other-country",
        name("Samuel", "Mensaro", phone="+233205550296"),
        asked("Samuel", "Mensaro", "BR"),
    ),
    Evasion(
        "other-country",
        name("Amadou", "Diallare", phone="+221775550297"),
        asked("Amadou", "Diallare", "VN"),
    ),
]

INNOCENT: list[Evasion] = [
    *MAILBOXES,
    *NUMBERS,
    *NAMES,
    *BOTH,
]
