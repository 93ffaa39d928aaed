"""Names typed in full, in part, or with other signs between their parts."""

from tests.corpus.shapes import Pair, name, pairs

CHINESE = [
    *pairs("name-one-piece", name("雅婷", "林"), "林雅婷", "林 雅婷", "雅婷"),
    *pairs("name-one-piece", name("伟", "王"), "王伟"),
    *pairs("name-one-piece", name("明轩", "诸葛"), "诸葛明轩"),
    *pairs("name-one-piece", name("淑芬", "黃"), "黃淑芬", "黃\u3000淑芬"),
    *pairs("name-one-piece", name("俊傑", "蔡"), "蔡俊傑"),
    *pairs("name-one-piece", name("子涵", "上官"), "上官子涵"),
    *pairs("name-one-piece", name("张建国"), "张建国", "张 建国"),
    *pairs("name-one-piece", name(last="李思琪"), "李 思琪"),
]

JAPANESE = [
    *pairs("name-one-piece", name("美咲", "山本"), "山本美咲", "山本\u3000美咲"),
    *pairs("name-one-piece", name("健太", "佐々木"), "佐々木健太"),
    *pairs("name-one-piece", name("さくら", "小川"), "小川さくら"),
    *pairs("name-one-piece", name("ケイコ", "ミウラ"), "ミウラケイコ", "ﾐｳﾗｹｲｺ"),
    *pairs("name-one-piece", name("大和", "髙野"), "高野大和"),
    *pairs("name-one-piece", name("森本千尋"), "森本 千尋"),
]

KOREAN = [
    *pairs("name-one-piece", name("서연", "이"), "이서연", "이 서연"),
    *pairs("name-one-piece", name("지훈", "박"), "박지훈"),
    *pairs("name-one-piece", name("민재", "남궁"), "남궁민재"),
    *pairs("name-one-piece", name("은하", "황보"), "황보은하"),
    *pairs("name-one-piece", name("하늘", "한"), "한하늘", "\u1112\u1161\u11ab하늘"),
    *pairs("name-one-piece", name(last="최수빈"), "최 수빈"),
]

APOSTROPHE_LEFT_OUT = [
    *pairs(
        "name-apostrophe-left-out",
        name("Siobhán", "O'Hanlon"),
        "Siobhan OHanlon",
        "O Hanlon",
        "O`Hanlon",
        "O’Hanlon",
        "O´Hanlon",
    ),
    *pairs("name-apostrophe-left-out", name("Luca", "D'Alessio"), "DAlessio", "luca d alessio"),
    *pairs("name-apostrophe-left-out", name("Chantal", "N’Dri"), "Ndri", "N Dri", "N'Dri"),
    *pairs("name-apostrophe-left-out", name("Awa", "N'Dour-Sall"), "Ndour Sall"),
    *pairs("name-apostrophe-left-out", name("Aissata", "Ndiongue"), "N'Diongue", "N’diongue"),
    *pairs("name-apostrophe-left-out", name("Sa'adatu", "Ma'aruf"), "saadatu maaruf", "Saadatu"),
    *pairs("name-apostrophe-left-out", name("Umaru", "'Yar'aduwa"), "yaraduwa", "Yar'aduwa"),
    *pairs("name-apostrophe-left-out", name("Peter", "Ng'ang'ira"), "ngangira", "Peter Ng’ang’ira"),
    *pairs("name-apostrophe-left-out", name("Moraa", "Nyangau"), "Nyang'au"),
    *pairs("name-apostrophe-left-out", name("Eunice", "Ong'ondo"), "eunice ongondo"),
    *pairs("name-apostrophe-left-out", name("Brendan", "OSullivane"), "O'Sullivane"),
]

APOSTROPHES = [
    *pairs(
        "name-apostrophe-look-alikes",
        name("Gʻayrat", "Toʻraqulov"),
        "G'ayrat To'raqulov",
        "G‘ayrat To‘raqulov",
        "G`ayrat",
        "Gayrat Toraqulov",
    ),
    *pairs("name-apostrophe-look-alikes", name("Maʼmura", "Sa'dullayev"), "Ma’mura Saʼdullayev"),
    *pairs(
        "name-apostrophe-look-alikes",
        name("Дем'ян", "В'юненко"),
        "Дем’ян",
        "Демʼян Вʼюненко",
        "Дем`ян",
        "Демян Вюненко",
    ),
    *pairs("name-apostrophe-look-alikes", name("ז׳קלין", "צ׳רנוב"), "ז'קלין", "זקלין", "צ’רנוב"),
    *pairs("name-apostrophe-look-alikes", name("ʿAlī", "Saʿdān"), "Ali Sadan", "'Ali Sa'dan"),
    *pairs("name-apostrophe-look-alikes", name("Muʾādh", "Qāsim"), "Mu'adh", "Muadh Qasim"),
    *pairs(
        "name-apostrophe-look-alikes",
        name("Kemi", "D'Almeira"),
        "D′Almeira",
        "D＇Almeira",
        "D‛Almeira",
    ),
    *pairs("name-apostrophe-look-alikes", name("Sani", "ʼYanmaza"), "'Yanmaza", "Yanmaza"),
]

DOTS = [
    *pairs(
        "name-dots",
        name("A.K.", "Mensah-Addo"),
        "A. K. Mensah-Addo",
        "AK Mensah-Addo",
        "A K Mensah-Addo",
    ),
    *pairs("name-dots", name("P. J. N.", "Otieno"), "P.J.N. Otieno", "PJN Otieno", "P J N Otieno"),
    *pairs("name-dots", name("TK", "Bandawe"), "T.K. Bandawe", "T. K. Bandawe"),
    *pairs("name-dots", name("St. John", "Ekwere"), "St John Ekwere"),
    *pairs("name-dots", name("Musa", "Kamara Jr."), "Musa Kamara Jr"),
    *pairs("name-dots", name("M.", "Tounkara"), "m tounkara"),
    *pairs("name-dots", name("Md.", "Rahim"), "Md Rahim"),
    *pairs("name-dots", name("Grace W", "Njoroge"), "Grace W. Njoroge", "Njoroge, Grace W."),
]

HYPHENS = [
    *pairs(
        "name-hyphens",
        name("Marie-Ange", "Koffi-Amani"),
        "Marie Ange Koffi Amani",
        "Marieange",
        "KoffiAmani",
        "Marie\u2010Ange",
        "Marie\u2011Ange Koffi\u2011Amani",
        "Marie\u2012Ange",
        "Koffi–Amani",
        "Koffi—Amani",
        "Koffi\u2212Amani",
        "Koffi－Amani",
        "Koffi﹣Amani",
        "Marie - Ange",
    ),
    *pairs("name-hyphens", name("Paul\u2011Henri", "Mvondo"), "Paul-Henri", "paul henri mvondo"),
    *pairs("name-hyphens", name("Ruth Ann", "Odhiambo"), "Ruth-Ann Odhiambo"),
    *pairs("name-hyphens", name("נועה", "בר־לב"), "בר-לב", "בר לב", "ברלב"),
    *pairs("name-hyphens", name("Անի", "Տեր֊Պետրոս"), "Տեր-Պետրոս"),
    *pairs("name-hyphens", name("Al\u2010Hassan", "Seidu"), "Al-Hassan", "alhassan seidu"),
]

MIDDLE_DOTS = [
    *pairs(
        "name-middle-dots",
        name("アンヌ・マリー", "ルソー"),
        "アンヌマリー",
        "アンヌ＝マリー",
        "アンヌ゠マリー",
        "アンヌ マリー",
        "ｱﾝﾇ･ﾏﾘｰ",
        "アンヌ·マリー",
    ),
    *pairs("name-middle-dots", name("ジョンポール", "メンサー"), "ジョン・ポール"),
    *pairs("name-middle-dots", name("クワメ", "アサンテ＝アドゥ"), "アサンテ・アドゥ"),
    *pairs(
        "name-middle-dots",
        name("阿不都·热合曼"),
        "阿不都热合曼",
        "阿不都•热合曼",
        "阿不都・热合曼",
    ),
    *pairs("name-middle-dots", name("让·皮埃尔", "杜邦"), "让皮埃尔"),
]

JOINED_LATIN = [
    *pairs("name-joined", name("María", "de los Santos"), "Maria Delossantos", "delos Santos"),
    *pairs("name-joined", name("Rosa", "dela Peña"), "de la Peña", "Rosa Delapena"),
    *pairs("name-joined", name("Teresa", "Delrosario"), "del Rosario"),
    *pairs("name-joined", name("Pieter", "van den Heuvel"), "vandenheuvel", "pieter van denheuvel"),
    *pairs("name-joined", name("Annelie", "Vandermerwe"), "van der Merwe"),
    *pairs("name-joined", name("Johan", "Le Rouxe"), "Lerouxe"),
    *pairs("name-joined", name("Ewan", "MacAllister"), "Mac Allister"),
    *pairs("name-joined", name("Fiona", "Mc Kenzie"), "fiona mckenzie"),
    *pairs("name-joined", name("Klaus", "von Rabenau"), "vonrabenau"),
    *pairs("name-joined", name("Sidi", "Ould Cheikhna"), "Ouldcheikhna", "Ould-Cheikhna"),
    *pairs("name-joined", name("Mariem", "Mint Sidi"), "mint-sidi"),
    *pairs("name-joined", name("Karim", "Ben Youssef"), "Benyoussef", "Ben-Youssef"),
    *pairs("name-joined", name("Leïla", "Benabdallah"), "Ben Abdallah", "leila ben-abdallah"),
    *pairs(
        "name-joined",
        name("Abd el Kader", "Ziani"),
        "Abdelkader Ziani",
        "Abd-el-Kader",
        "Abdel Kader",
        "Abd Elkader",
    ),
    *pairs(
        "name-joined",
        name("Abdulrahman", "Al Fulani"),
        "Abdul Rahman",
        "Abdul-Rahman Alfulani",
    ),
    *pairs("name-joined", name("Elhadj", "Diallobé"), "El Hadj Diallobe", "El-Hadj"),
    *pairs(
        "name-joined",
        name("Jean Baptiste", "Habimana"),
        "Jean-Baptiste",
        "Jeanbaptiste Habimana",
    ),
    *pairs("name-joined", name("Oluwa Seun", "Ade Bayode"), "Oluwaseun Adebayode"),
    *pairs("name-joined", name("Chiamaka", "Okwudili"), "Chi Amaka"),
]

JOINED_ARABIC_SCRIPT = [
    *pairs("name-joined", name("عبد الرحمن", "البكري"), "عبدالرحمن", "البكري عبدالرحمن"),
    *pairs("name-joined", name("عبدالعزيز", "جالو"), "عبد العزيز جالو"),
    *pairs("name-joined", name("أبو بكر", "التجاني"), "ابوبكر", "أبوبكر التجاني"),
    *pairs("name-joined", name("نورالدين", "سيسي"), "نور الدين"),
    *pairs("name-joined", name("امیرحسین", "رستمی"), "امیر حسین", "امیر\u200cحسین رستمی"),
    *pairs("name-joined", name("محمد\u200cرضا", "جعفری"), "محمدرضا", "محمد رضا"),
    *pairs("name-joined", name("فاطمه زهرا", "نوری"), "فاطمه\u200cزهرا", "فاطمهزهرا"),
]

PAIRS: list[Pair] = [
    *CHINESE,
    *JAPANESE,
    *KOREAN,
    *APOSTROPHE_LEFT_OUT,
    *APOSTROPHES,
    *DOTS,
    *HYPHENS,
    *MIDDLE_DOTS,
    *JOINED_LATIN,
    *JOINED_ARABIC_SCRIPT,
]
