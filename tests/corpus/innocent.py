"""A blacklisted customer, and another person who merely resembles them: always "allow"."""

from tests.corpus.shapes import Evasion, asked, full_names, mailbox, name, number

MAILBOXES = [
    *mailbox("dots-matter", "unreal.mensa@example.com", "unrealmensa@example.com"),
    *mailbox("dots-matter", "unreal.mensa@outlook.com", "unrealmensa@outlook.com"),
    *mailbox("dots-matter", "unreal.kamau@yahoo.com", "unrealkamau@yahoo.com"),
    *mailbox("dots-matter", "unreal.balde@icloud.com", "unrealbalde@icloud.com"),
    *mailbox("hyphens-matter", "unreal-sow@outlook.com", "unreal.sow@outlook.com"),
    *mailbox(
        "hyphens-matter",
        "unreal-obi@gmail.com",
        "unreal.obi@gmail.com",
        "unrealobi@gmail.com",
    ),
    *mailbox("hyphens-matter", "shop-awa@example.com", "shop-binta@example.com"),
    *mailbox("hyphens-matter", "unreal-tine@icloud.com", "unrealtine@me.com"),
    *mailbox(
        "other-provider",
        "unreal.afi@gmail.com",
        "unreal.afi@yahoo.com",
        "unreal.afi@outlook.com",
    ),
    *mailbox("other-provider", "unreal.kone@proton.me", "unreal.kone@icloud.com"),
    *mailbox("other-provider", "unreal.orlov@yandex.ru", "unreal.orlov@mail.ru"),
    *mailbox("other-provider", "info@unreal-one.example.com", "info@unreal-two.example.com"),
    *mailbox("other-word", "unrealword-a@yahoo.com", "otherword-a@yahoo.com"),
    *mailbox("other-word", "unreal.seck1@gmail.com", "unreal.seck2@gmail.com"),
    *mailbox("other-word", "unreal+one@example.com", "one+unreal@example.com"),
    *mailbox("other-word", "unreal_dia@gmail.com", "unrealdia@gmail.com"),
]

NUMBERS = [
    *number("one-digit", "+233205550221", "+233205550222", "+233 20 555 0231"),
    *number("one-digit", "+2348025550223", "+234 802 555 0224"),
    *number("one-digit", "+254712550225", "+254 712 550 252"),
    *number("other-country", "+233205550226", "+221 77 555 02 26"),
    *number("other-country", "+27825550227", "+44 7402 550227"),
    *number("other-area", "+5491155502281", "+54 341 555-0228", "+54 9 11 5550-2282"),
    *number("other-area", "+5511955502281", "+55 21 95550-2281", "+55 11 95550-2282"),
    *number("other-area", "+525555502281", "+52 33 5550 2281"),
    *number("other-plan", "+22508555092", "+225 05 08 55 50 92"),
    *number("other-plan", "+2290196555024", "+229 01 97 55 50 24"),
    *number("other-plan", "+24107555024", "+241 74 55 50 24"),
]

NAMES = [
    *full_names(
        "same-first-name",
        "GH",
        "+233205550241",
        ("Kwabena", "Ofosuhene"),
        ("Kwabena", "Tawiah"),
        ("Kwabena", ""),
        ("Tawiah", "Kwabena"),
    ),
    *full_names(
        "same-first-name", "NG", "+2348025550242", ("Ibrahim", "Danjume"), ("Ibrahim", "Lawal")
    ),
    *full_names(
        "same-first-name", "KE", "+254712550243", ("Faith", "Cherono"), ("Faith", "Muthomi")
    ),
    *full_names("same-first-name", "SN", "+221775550244", ("Fatou", "Mbacké"), ("Fatou", "Sarr")),
    *full_names("same-first-name", "CN", "+8613855502245", ("静", "吴"), ("静", "赵")),
    *full_names("same-first-name", "EG", "+201005550246", ("محمد", "الجزار"), ("محمد", "السمان")),
    *full_names(
        "same-last-name",
        "GH",
        "+233205550251",
        ("Adwoa", "Owusuah"),
        ("Kofi", "Owusuah"),
        ("Efua", "Owusuah"),
    ),
    *full_names(
        "same-last-name",
        "NG",
        "+2348025550252",
        ("Chinedu", "Okafore"),
        ("Amarachi", "Okafore"),
    ),
    *full_names(
        "same-last-name",
        "ML",
        "+22365550253",
        ("Moussa", "Diarrassouba"),
        ("Aminata", "Diarrassouba"),
    ),
    *full_names("same-last-name", "KR", "+821055502254", ("서준", "김"), ("민서", "김")),
    *full_names("same-last-name", "JP", "+818055502255", ("太郎", "山内"), ("花子", "山内")),
    *full_names("same-last-name", "VN", "+84905550256", ("Hương", "Nguyễn"), ("Tuấn", "Nguyễn")),
    *full_names(
        "same-last-name",
        "MR",
        "+22245550257",
        ("Sidi", "Ould Mahfoudhe"),
        ("Ahmed", "Ould Mahfoudhe"),
    ),
    *full_names(
        "part-of-a-name", "ID", "+628125550261", ("", "Sumarnie"), ("Sumarnie", "Hartanto")
    ),
    *full_names(
        "part-of-a-name",
        "GH",
        "+233205550262",
        ("Ann", "Boakyewaa"),
        ("Annabella", "Boakyewaa"),
    ),
    *full_names(
        "part-of-a-name", "KE", "+254712550263", ("Grace", "Wanja"), ("Grace", "Wanjalena")
    ),
    *full_names(
        "part-of-a-name", "NG", "+2348025550264", ("Ade", "Bamidele"), ("Adewunmi", "Bamidele")
    ),
    *full_names(
        "part-of-a-name",
        "NL",
        "+31655502651",
        ("Jan", "van den Broek"),
        ("Jan", "van der Linden"),
    ),
    *full_names("part-of-a-name", "SN", "+221775550266", ("Abdou", "Ba"), ("Abdou", "Bathily")),
    *full_names(
        "other-second-name",
        "GH",
        "+233205550271",
        ("Joseph Kwame", "Arhin"),
        ("Daniel Kwame", "Arhin"),
    ),
    *full_names(
        "other-second-name",
        "CI",
        "+2250708555072",
        ("Jean-Marc", "Yapo"),
        ("Jean-Luc", "Yapo"),
    ),
    *full_names(
        "other-second-name",
        "CI",
        "+2250708555073",
        ("Marie-Ange", "Assi"),
        ("Marie-Paule", "Assi"),
    ),
    *full_names("near-name", "GH", "+233205550281", ("Yaw", "Asanteba"), ("Yaa", "Agyemang")),
    *full_names("near-name", "NG", "+2348025550282", ("Aminu", "Bellore"), ("Amina", "Sulaiman")),
    *full_names("near-name", "KE", "+254712550283", ("Otieno", "Odongo"), ("Otieno", "Odhiambo")),
    *full_names("near-name", "ET", "+251911550284", ("አበበ", "በቀለ"), ("አበራ", "ከበደ")),
    *full_names("near-name", "RU", "+79265550285", ("Анна", "Иванченко"), ("Анна", "Ивашова")),
    *full_names("near-name", "DE", "+4915155502286", ("Jörg", "Baumert"), ("Jürgen", "Baumgart")),
    *full_names("near-name", "IN", "+919855502287", ("സുനിൽ", "നായർ"), ("അനിൽ", "മേനോൻ")),
    *full_names(
        "near-name", "MA", "+212655550288", ("عبد الرحيم", "العلوي"), ("عبد الكريم", "العلوي")
    ),
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
