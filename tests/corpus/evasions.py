"""Somebody blacklisted, and what they then say to a check: never "allow"."""

from tests.corpus.shapes import Evasion, full_names, mailbox, number


def _national(kind: str, blacklisted: str, country: str, *numbers: str) -> list[Evasion]:
    """One number, and its spellings at home."""
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
    # Argentina: with and without the 9 of mobiles, with 15 at home
    *number("number-argentina", "+5491155501493", "+54 11 5550-1493", "+541155501493"),
    *number("number-argentina", "+541155501486", "+54 9 11 5550-1486"),
    *number("number-argentina", "+5493415550149", "+54 341 555-0149"),
    *_national("number-argentina", "+5491155501493", "AR", "011 15-5550-1493", "11 5550 1493"),
    # Mexico: the 1 that is gone
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

TURNED = [
    *full_names("name-turned", "GH", "+233205550111", ("Kwadwo", "Antobam"), ("Antobam", "Kwadwo")),
    *full_names(
        "name-turned", "NG", "+2348025550112", ("Ngozika", "Udemba"), ("UDEMBA", "ngozika")
    ),
    *full_names("name-turned", "KE", "+254712550113", ("Akinyi", "Osewe"), ("Osewe", "Akinyi")),
    *full_names("name-turned", "ET", "+251911550114", ("ሀብታሙ", "ታደሰ"), ("ታደሰ", "ሀብታሙ")),
    *full_names(
        "name-turned",
        "CN",
        "+8613855501115",
        ("子轩", "欧阳"),
        ("欧阳", "子轩"),
        ("欧阳子轩", ""),
    ),
    *full_names(
        "name-turned", "KR", "+821055501116", ("도윤", "서"), ("서", "도윤"), ("", "서도윤")
    ),
    *full_names("name-turned", "HU", "+36205550117", ("Réka", "Zsombori"), ("Zsombori", "Reka")),
    *full_names(
        "name-turned", "RW", "+250788550118", ("Jean Bosco", "Ndayi"), ("Ndayi", "Jean Bosco")
    ),
]

JOINED = [
    *full_names(
        "name-joined",
        "CI",
        "+2250708555021",
        ("Marie-Claire", "N’Guettia"),
        ("Marie Claire", "NGuettia"),
        ("Marieclaire", "N Guettia"),
        ("Marie\u2011Claire", "N`Guettia"),
    ),
    *full_names(
        "name-joined", "IE", "+353855550122", ("Tadhg", "O'Dalaigh"), ("Tadhg", "ODalaigh")
    ),
    *full_names(
        "name-joined",
        "ZA",
        "+27825550123",
        ("Danie", "van der Spuyt"),
        ("Danie", "Vanderspuyt"),
    ),
    *full_names(
        "name-joined", "MR", "+22245550124", ("Sidi", "Ould Brahime"), ("Sidi", "Ouldbrahime")
    ),
    *full_names(
        "name-joined",
        "MA",
        "+212655550125",
        ("Abd el Hak", "Ben Slimani"),
        ("Abdelhak", "Benslimani"),
    ),
    *full_names(
        "name-joined", "EG", "+201005550126", ("عبد الحليم", "البنا"), ("عبدالحليم", "البنا")
    ),
    *full_names(
        "name-joined", "KE", "+254712550127", ("Njeri", "Ng'ang'ula"), ("Njeri", "Ngangula")
    ),
    *full_names(
        "name-joined", "NG", "+2348025550128", ("A.B.", "Osinubi-Cole"), ("AB", "Osinubi Cole")
    ),
    *full_names(
        "name-joined",
        "JP",
        "+818055501129",
        ("ジャン・リュック", "モロー"),
        ("ジャンリュック", "モロー"),
    ),
]

MARKS = [
    *full_names("name-marks", "NG", "+2348025550131", ("Ɗahiru", "Ƙaraye"), ("Dahiru", "Karaye")),
    *full_names("name-marks", "NG", "+2348025550132", ("Ọmọ́tọ́lá", "Àjàgbé"), ("Omotola", "Ajagbe")),
    *full_names("name-marks", "NG", "+2348025550133", ("Ụzọamaka", "Ọfọma"), ("Uzoamaka", "Ofoma")),
    *full_names("name-marks", "GH", "+233205550134", ("Kɔjo", "Ɔbɛng"), ("Kojo", "Obeng")),
    *full_names("name-marks", "SN", "+221775550135", ("Ndèye", "Séŋe"), ("Ndeye", "Sene")),
    *full_names("name-marks", "CI", "+2250708555036", ("Anaïs", "Kéïtaba"), ("Anais", "Keitaba")),
    *full_names("name-marks", "SA", "+966505550137", ("فاطمة", "أبو العز"), ("فاطمه", "ابو العز")),
    *full_names("name-marks", "MA", "+212655550138", ("يحيى", "الصديق"), ("يحيي", "الصـديق")),
    *full_names("name-marks", "ET", "+251911550139", ("ሠናይት", "ኃይሉ"), ("ሰናይት", "ሀይሉ")),
    *full_names("name-marks", "JP", "+818055501140", ("愛", "髙邊"), ("愛", "高辺")),
    *full_names("name-marks", "KZ", "+77015550141", ("Қанат", "Әбенов"), ("Канат", "Абенов")),
    *full_names("name-marks", "VN", "+84905550143", ("Đạt", "Đoàn"), ("Dat", "Doan")),
]

LOOK_ALIKES = [
    # Cyrillic letters in Latin names
    *full_names(
        "name-look-alikes",
        "GH",
        "+233205550151",
        ("Rosemond", "Aboraah"),
        ("R\u043esemond", "Aboraah"),
        ("Rosemond", "\u0410boraah"),
        ("R\u043es\u0435m\u043end", "\u0410b\u043er\u0430\u0430h"),
    ),
    *full_names(
        "name-look-alikes",
        "NG",
        "+2348025550152",
        ("Patience", "Ochepo"),
        ("Patien\u0441e", "Ochepo"),
    ),
    *full_names(
        "name-look-alikes",
        "KE",
        "+254712550153",
        ("Hope", "Sichei"),
        ("H\u043e\u0440\u0435", "Sichei"),
    ),
    *full_names(
        "name-look-alikes",
        "UG",
        "+256772550154",
        ("Joyce", "Apio"),
        ("J\u043eyce", "\u0391pio"),
    ),
    # Greek letters in Latin names
    *full_names(
        "name-look-alikes",
        "TZ",
        "+255754550155",
        ("Neema", "Komba"),
        ("\u039deema", "\u039a\u03bfmba"),
    ),
    *full_names(
        "name-look-alikes",
        "ZA",
        "+27825550156",
        ("Thabo", "Mokoka"),
        ("Thab\u03bf", "M\u03bfk\u03bfka"),
    ),
    # Latin letters in Cyrillic names
    *full_names(
        "name-look-alikes", "UA", "+380505550157", ("Оксана", "Сорока"), ("Oксана", "Cорока")
    ),
]

SECOND_NAME = [
    *full_names(
        "name-second-given",
        "GH",
        "+233205550161",
        ("Prince Kwasi", "Asamoanin"),
        ("Prince", "Asamoanin"),
    ),
    *full_names(
        "name-second-given",
        "NG",
        "+2348025550162",
        ("Blessing Ifeoma", "Ekwueze"),
        ("Blessing", "Ekwueze"),
    ),
    *full_names(
        "name-second-given",
        "KE",
        "+254712550163",
        ("Kevin", "Barasao"),
        ("Kevin Wekesa", "Barasao"),
    ),
    *full_names(
        "name-second-given",
        "CM",
        "+237675550164",
        ("Paul Emile", "Mbargane"),
        ("Paul", "Mbargane"),
    ),
    *full_names(
        "name-second-given",
        "ZM",
        "+260975550165",
        ("Mutale J.", "Bwalyana"),
        ("Mutale", "Bwalyana"),
    ),
    *full_names(
        "name-second-given",
        "BJ",
        "+2290196555066",
        ("Sètondji Luc", "Adankpo"),
        ("Setondji", "Adankpo"),
    ),
]

SPELLINGS = [
    *full_names(
        "name-german-nordic",
        "DE",
        "+4915155501171",
        ("Jörn", "Schäublein"),
        ("Joern", "Schaeublein"),
    ),
    *full_names(
        "name-german-nordic",
        "DE",
        "+4915155501172",
        ("Guenter", "Poetzsch"),
        ("Günter", "Pötzsch"),
    ),
    *full_names(
        "name-german-nordic",
        "AT",
        "+436645550173",
        ("Käthe", "Rüßler"),
        ("Kaethe", "Ruessler"),
    ),
    *full_names("name-german-nordic", "CH", "+41795550174", ("Ueli", "Zürrer"), ("Üli", "Zuerrer")),
    *full_names(
        "name-german-nordic",
        "DK",
        "+4520555175",
        ("Søren", "Brændgård"),
        ("Soeren", "Braendgaard"),
    ),
    *full_names(
        "name-german-nordic",
        "NO",
        "+4790555176",
        ("Håvard", "Bøgeberg"),
        ("Haavard", "Boegeberg"),
    ),
    *full_names(
        "name-german-nordic", "SE", "+46705550177", ("Åke", "Björling"), ("Aake", "Bjoerling")
    ),
    *full_names(
        "name-german-nordic",
        "DK",
        "+4520555178",
        ("Aase", "Kjaersgaard"),
        ("Åse", "Kjærsgård"),
    ),
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
