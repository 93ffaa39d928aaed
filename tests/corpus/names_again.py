"""Names of blacklisted customers, as they give them when they come again."""

from tests.corpus.shapes import full_names

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
