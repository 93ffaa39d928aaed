"""Names typed in letters other than those stored."""

from tests.corpus.shapes import Pair, name, pairs

ARABIC = [
    *pairs("letters-arabic", name("خديجة", "السيد"), "خديجه", "خديجه السيد"),
    *pairs("letters-arabic", name("هبة", "عطية"), "هبه عطيه"),
    *pairs("letters-arabic", name("نزيهه", "سلامه"), "نزيهة سلامة"),
    *pairs("letters-arabic", name("مصطفى", "يحيى"), "مصطفي", "مصطفي يحيي"),
    *pairs("letters-arabic", name("منى", "الشناوي"), "مني الشناوى", "الشناوى"),
    *pairs("letters-arabic", name("أحمد", "إبراهيم"), "احمد", "احمد ابراهيم"),
    *pairs("letters-arabic", name("اسامه", "اسماعيل"), "أسامة إسماعيل"),
    *pairs("letters-arabic", name("آمنة", "الرفاعي"), "امنة", "امنه الرفاعي", "أمنة"),
    *pairs("letters-arabic", name("ٱلمهدي", "ٱلطيب"), "المهدي الطيب"),
    *pairs("letters-arabic", name("مُصْعَب", "عُثْمَان"), "مصعب عثمان", "عثمان"),
    *pairs("letters-arabic", name("بشير", "ولد احمد"), "بَشِير"),
    *pairs("letters-arabic", name("عـــلي", "الصـادق"), "علي", "علي الصادق"),
    *pairs("letters-arabic", name("سعيد", "منصور"), "سعــيد", "منصـــور سعيد"),
    *pairs("letters-arabic", name("مؤمن", "رائد"), "مومن", "مومن رايد"),
    *pairs("letters-arabic", name("سمير", "زكي"), "ﺳﻤﻴﺮ"),
    *pairs("letters-arabic", name("بلال", "الأمين"), "بﻼل الامين"),
    *pairs("letters-arabic", name("ملک", "اکبر"), "ملك", "ملك اكبر"),
    *pairs("letters-arabic", name("كمال", "كريم"), "کمال کریم"),
    *pairs("letters-arabic", name("مهدی", "کریمی"), "مهدي كريمي"),
    *pairs("letters-arabic", name("سلمیٰ", "قریشی"), "سلمی قریشی", "سلمي قريشي"),
    *pairs("letters-arabic", name("زہرہ", "بھٹی"), "زهره", "زہرہ بہٹی"),
    *pairs("letters-arabic", name("رحمۃ", "کھوکھر"), "رحمة", "رحمہ کھوکھر"),
    *pairs("letters-arabic", name("انجلی", "شندے"), "شندی"),
]

JAPANESE_WIDTH = [
    *pairs("letters-japanese-width", name("ケンジ", "ワタナベ"), "ｹﾝｼﾞ", "ｹﾝｼﾞ ﾜﾀﾅﾍﾞ", "ﾜﾀﾅﾍﾞ"),
    *pairs("letters-japanese-width", name("ｼﾞｭﾝｺ", "ｵｶﾞﾜ"), "ジュンコ", "オガワ ジュンコ"),
    *pairs("letters-japanese-width", name("パウロ", "ペレイラ"), "ﾊﾟｳﾛ", "ﾍﾟﾚｲﾗ"),
    *pairs("letters-japanese-width", name("ﾊﾟﾄﾘｼｱ", "ﾌﾞﾗｳﾝ"), "パトリシア ブラウン"),
    *pairs("letters-japanese-width", name("ローラ", "スー"), "ﾛｰﾗ ｽｰ"),
    *pairs("letters-japanese-width", name("ヴィクトル", "グエン"), "ｳﾞｨｸﾄﾙ ｸﾞｴﾝ"),
    *pairs(
        "letters-japanese-width",
        name("Taro", "Endo"),
        "Ｔａｒｏ Ｅｎｄｏ",
        "Ｅｎｄｏ\u3000Ｔａｒｏ",
    ),
    *pairs("letters-japanese-width", name("Ｈａｎａ", "Ｍｏｒｉｔａ"), "hana morita"),
    *pairs(
        "letters-japanese-width",
        name("Hana", "Uchida", email="hana.uchida@example.com"),
        "hana.uchida＠example.com",
    ),
]

JAPANESE_KANA = [
    *pairs("letters-kana", name("ひろみ", "サトウ"), "ヒロミ", "さとう", "さとう ヒロミ"),
    *pairs("letters-kana", name("あけみ", "もり"), "アケミ", "モリ アケミ"),
    *pairs("letters-kana", name("マリ", "いとう"), "まり", "イトウ まり"),
    *pairs("letters-kana", name("まさみ", "きじま"), "ﾏｻﾐ", "ｷｼﾞﾏ"),
    *pairs("letters-kana", name("きょうこ", "はっとり"), "キョウコ", "ハットリ"),
    *pairs("letters-kana", name("ジュン", "ツヅキ"), "じゅん つづき"),
    *pairs("letters-kana", name("みづほ", "山本"), "ミヅホ"),
]

KANJI = [
    *pairs("letters-kanji", name("誠", "髙橋"), "高橋", "高橋 誠"),
    *pairs("letters-kanji", name("理子", "高木"), "髙木"),
    *pairs("letters-kanji", name("由紀", "山﨑"), "山崎", "山崎 由紀"),
    *pairs("letters-kanji", name("隼人", "岩崎"), "岩﨑"),
    *pairs("letters-kanji", name("翔", "渡辺"), "渡邊", "渡邉"),
    *pairs("letters-kanji", name("舞", "田邉"), "田辺", "田邊"),
    *pairs("letters-kanji", name("学", "斉藤"), "斎藤", "齋藤", "齊藤"),
    *pairs("letters-kanji", name("杏", "齋木"), "斉木", "斎木"),
    *pairs("letters-kanji", name("悠斗", "沢田"), "澤田"),
    *pairs("letters-kanji", name("奈央", "宮澤"), "宮沢"),
    *pairs("letters-kanji", name("大輔", "浜口"), "濱口", "濵口"),
    *pairs("letters-kanji", name("楓", "廣田"), "広田"),
    *pairs("letters-kanji", name("広美", "森"), "廣美"),
    *pairs("letters-kanji", name("拓也", "中島"), "中嶋", "中嶌"),
    *pairs("letters-kanji", name("茜", "小嶋"), "小島 茜"),
    *pairs("letters-kanji", name("昴", "櫻田"), "桜田"),
    *pairs("letters-kanji", name("国男", "桜木"), "國男", "櫻木"),
    *pairs("letters-kanji", name("眞理", "西"), "真理"),
    *pairs("letters-kanji", name("恵子", "原"), "惠子"),
    *pairs("letters-kanji", name("千惠", "森田"), "千恵"),
    *pairs("letters-kanji", name("亮", "瀧本"), "滝本"),
    *pairs("letters-kanji", name("竜也", "滝"), "龍也", "瀧"),
    *pairs("letters-kanji", name("咲", "𠮷村"), "吉村"),
    *pairs("letters-kanji", name("蓮", "冨田"), "富田"),
    *pairs("letters-kanji", name("結衣", "黑田"), "黒田"),
    *pairs("letters-kanji", name("德子", "岡"), "徳子"),
    *pairs("letters-kanji", name("實", "兒島"), "実", "児島"),
    *pairs("letters-kanji", name("榮一", "關根"), "栄一 関根"),
    *pairs("letters-kanji", name("彌生", "與田"), "弥生", "与田"),
    *pairs("letters-kanji", name("壽子", "上條"), "寿子", "上条"),
]

VARIATION_SELECTORS = [
    *pairs("letters-variation-selectors", name("光", "葛\U000e0100西"), "葛西", "葛西 光"),
    *pairs("letters-variation-selectors", name("梓", "祇\U000e0101園"), "祇園"),
    *pairs("letters-variation-selectors", name("芦\U000e0100花", "榊\U000e0102原"), "芦花", "榊原"),
    *pairs("letters-variation-selectors", name("澪", "辻本"), "辻\U000e0100本"),
    *pairs("letters-variation-selectors", name("薫", "神\ufe00田"), "神田"),
    *pairs("letters-variation-selectors", name("律", "薩摩"), "薩\U000e0101摩 律"),
    *pairs("letters-variation-selectors", name("Rosa \u2764\ufe0f", "Mvula"), "Rosa \u2764"),
    *pairs("letters-variation-selectors", name("Lindiwe", "Mvubu"), "Lindiwe\ufe0f Mvubu\ufe0e"),
]

HAUSA_AND_FULA = [
    *pairs("letters-west-african", name("Ɓoyi", "Maiƙarfi"), "boyi", "boyi maikarfi"),
    *pairs("letters-west-african", name("Ɗalhatu", "Ƴanmota"), "dalhatu", "DALHATU YANMOTA"),
    *pairs("letters-west-african", name("Barde", "Ɗanƙasa"), "barde dankasa"),
    *pairs("letters-west-african", name("Tasiʼu", "Ɓaɓura"), "tasiu babura"),
    *pairs("letters-west-african", name("Danlami", "Kwairo"), "Ɗanlami Ƙwairo"),
    *pairs("letters-west-african", name("Mamadu", "Ɓaldé"), "mamadu balde", "baldé"),
    *pairs("letters-west-african", name("Hammadi", "Ɗemɓo"), "hammadi dembo"),
    *pairs("letters-west-african", name("Kummba", "Ŋabbo"), "nabbo"),
    *pairs("letters-west-african", name("𞤀𞤥𞤢𞤣𞤵", "𞤔𞤢𞤤𞤮"), "𞤢𞤥𞤢𞤣𞤵 𞤶𞤢𞤤𞤮"),
]

AKAN_GA_AND_EWE = [
    *pairs("letters-west-african", name("Akɔsua", "Ɔwusu"), "akosua", "akosua owusu"),
    *pairs("letters-west-african", name("Yaa", "Asantɛwaa"), "asantewaa"),
    *pairs("letters-west-african", name("Kwɛku", "Ɔtɔɔ"), "KWEKU OTOO"),
    *pairs("letters-west-african", name("Akosua", "Ofori"), "Akɔsua Ɔfɔri"),
    *pairs("letters-west-african", name("Naa", "Laŋkai"), "naa lankai"),
    *pairs("letters-west-african", name("Ɖodzi", "Aƒeɖo"), "dodzi", "dodzi afedo"),
    *pairs("letters-west-african", name("Mawuli", "Ʋɔdzi"), "vodzi"),
    *pairs("letters-west-african", name("Edem", "Aŋɔnu"), "anonu"),
    *pairs("letters-west-african", name("Kɔ́mi", "Kpɔmégbe"), "komi kpomegbe"),
    *pairs("letters-west-african", name("Ɛssɔhanam", "Pali"), "essohanam"),
    *pairs("letters-west-african", name("Sɛ́na", "Ɖɔ̀su"), "sena dosu"),
]

MANDE_AND_WOLOF = [
    *pairs("letters-west-african", name("Ɲamakɔrɔ", "Kulibali"), "namakoro"),
    *pairs("letters-west-african", name("Sɛku", "Traɔrɛ"), "seku traore", "Séku Traoré"),
    *pairs("letters-west-african", name("Fanta", "Dɛmbɛlɛ"), "dembele", "Dembélé"),
    *pairs("letters-west-african", name("Moké", "Koné"), "Mɔkɛ Kɔnɛ"),
    *pairs("letters-west-african", name("Ndèye", "Ñaŋ"), "ndeye nan"),
    *pairs("letters-west-african", name("Móodu", "Séŋ"), "moodu sen"),
    *pairs("letters-west-african", name("Penda", "Siñaan"), "penda sinaan"),
]

YORUBA_AND_IGBO = [
    *pairs(
        "letters-west-african",
        name("Ọlájùmọ̀kẹ́", "Adéṣọlá"),
        "olajumoke",
        "olajumoke adesola",
    ),
    *pairs("letters-west-african", name("Ṣẹ́gun", "Ògúnbọ̀dé"), "segun ogunbode", "Sẹgun"),
    *pairs("letters-west-african", name("Ẹniọlá", "Ọ̀ṣúndáre"), "eniola osundare"),
    *pairs("letters-west-african", name("Sade", "Oyelaran"), "Ṣadé Ọyẹ́lárán"),
    *pairs("letters-west-african", name("S\u0329e\u0329un", "Alao"), "seun", "Ṣẹun"),
    *pairs("letters-west-african", name("Ụchenna", "Ọkọrọ"), "uchenna okoro", "Uchenna"),
    *pairs("letters-west-african", name("Chịdịebube", "Ọnụọha"), "chidiebube onuoha"),
    *pairs("letters-west-african", name("Ṅkechị", "Ụzọma"), "nkechi uzoma"),
    *pairs("letters-west-african", name("Obioma", "Ukwu"), "Obiọma Ụkwụ"),
    *pairs("letters-west-african", name("Osarẹn", "Ẹhigie"), "osaren ehigie"),
    *pairs("letters-west-african", name("Ñkoyo", "Ɔkɔn"), "nkoyo okon"),
]

GERMAN = [
    *pairs("letters-german", name("Käthe", "Schönfelder"), "kaethe", "Kaethe Schoenfelder"),
    *pairs("letters-german", name("Käthi", "Schürmann"), "Kaethi Schurmann"),
    *pairs("letters-german", name("Jürgen", "Bäuerle"), "juergen baeuerle", "jurgen bauerle"),
    *pairs("letters-german", name("Uwe", "Moellmann"), "Möllmann", "Uwe Möllmann"),
    *pairs("letters-german", name("Ruediger", "Huebscher"), "Rüdiger", "Rüdiger Hübscher"),
    *pairs("letters-german", name("Götz", "Weiß"), "goetz weiss", "GÖTZ WEIẞ"),
    *pairs("letters-german", name("Anja", "Grosskreutz"), "Großkreutz"),
    *pairs("letters-german", name("BÄRBEL", "KRÜGER"), "baerbel krueger"),
    *pairs("letters-german", name("Björn", "Mueller-Lüdtke"), "Bjoern Müller-Luedtke"),
    *pairs("letters-german", name("Ursula", "Doerflinger"), "Dörflinger", "Do\u0308rflinger"),
]

NORDIC = [
    *pairs("letters-nordic", name("Åse", "Nørgård"), "aase", "Aase Noergaard", "ase norgard"),
    *pairs("letters-nordic", name("Bjørn", "Sæther"), "Bjoern Saether", "bjorn sæther"),
    *pairs("letters-nordic", name("Haakon", "Gaarder"), "Håkon", "Håkon Gårder"),
    *pairs("letters-nordic", name("Joergen", "Broegger"), "Jørgen Brøgger"),
    *pairs("letters-nordic", name("Kaare", "Naess"), "Kåre Næss"),
    *pairs("letters-nordic", name("Märta", "Åström"), "Maerta Aastroem", "marta astrom"),
    *pairs("letters-nordic", name("Göran", "Sjöberg"), "Goeran Sjoeberg", "Gøran Sjøberg"),
    *pairs("letters-nordic", name("Aage", "Moelgaard"), "Åge Mølgård"),
    *pairs("letters-nordic", name("Jørn", "Ærøboe"), "joern aeroeboe"),
    *pairs("letters-nordic", name("Paeivi", "Haemaelaeinen"), "Päivi Hämäläinen"),
]

LATIN_EXTENDED = [
    *pairs("letters-latin-extended", name("Đurđica", "Đokić"), "djurdjica djokic", "durdica dokic"),
    *pairs("letters-latin-extended", name("Djuro", "Djuric"), "Đuro Đurić"),
    *pairs("letters-latin-extended", name("Anđela", "Sinđić"), "andjela", "andela sindic"),
    *pairs("letters-latin-extended", name("Đức", "Đặng"), "duc dang"),
    *pairs("letters-latin-extended", name("Łucja", "Wójcikowska"), "lucja wojcikowska"),
    *pairs("letters-latin-extended", name("Áile", "Guŧŧorm"), "aile guttorm"),
    *pairs("letters-latin-extended", name("Efqan", "Hüseynzadə"), "huseynzade"),
    *pairs("letters-latin-extended", name("Işıl", "Yıldırımoğlu"), "isil yildirimoglu", "IŞIL"),
    *pairs("letters-latin-extended", name("İsmail", "Çakır"), "ismail cakir", "ISMAIL CAKIR"),
    *pairs("letters-latin-extended", name("Ștefan", "Țurcanu"), "Ştefan Ţurcanu", "stefan turcanu"),
    *pairs("letters-latin-extended", name("Þórður", "Aðalsteinsson"), "thordur adalsteinsson"),
    *pairs("letters-latin-extended", name("Ödön", "Szőllősi"), "odon szollosi"),
    *pairs("letters-latin-extended", name("Cœlia", "Lebœuf"), "coelia leboeuf"),
    *pairs("letters-latin-extended", name("Marijke", "Dijkhof"), "Dĳkhof"),
    *pairs("letters-latin-extended", name("Wairimũ", "Gĩkonyo"), "wairimu gikonyo"),
    *pairs("letters-latin-extended", name("Mũthoni", "Kĩmani"), "muthoni", "MUTHONI KIMANI"),
]

SIGNS_INSIDE = [
    *pairs("letters-signs-inside", name("Marcel·lí", "Vilallonga"), "marcel.li", "marcelli"),
    *pairs("letters-signs-inside", name("Núria", "Col·lell"), "collell", "Col.lell", "Col-lell"),
    *pairs("letters-signs-inside", name("Oriol", "Coŀlado"), "col·lado", "collado"),
    *pairs("letters-signs-inside", name("Kealoha", "Kaʻaukai"), "kaaukai", "Ka'aukai", "Ka‘aukai"),
    *pairs("letters-signs-inside", name("Leilani", "Keʻalohi"), "Leilani Kealohi"),
    *pairs("letters-signs-inside", name("Sione", "Taʻufoʻou"), "sione taufoou"),
    *pairs("letters-signs-inside", name("Ċensu", "Żahra"), "censu zahra"),
    *pairs("letters-signs-inside", name("Ġwanni", "Ħili"), "gwanni hili"),
]

CYRILLIC = [
    *pairs("letters-cyrillic", name("Әсел", "Жұмағұлова"), "асел", "асел жумагулова"),
    *pairs("letters-cyrillic", name("Қайсар", "Өтегенов"), "кайсар отегенов"),
    *pairs("letters-cyrillic", name("Ғалым", "Ыбырайқызы"), "галым ыбырайкызы"),
    *pairs("letters-cyrillic", name("Үміт", "Әбдіғалиева"), "умит абдигалиева"),
    *pairs("letters-cyrillic", name("Айнұр", "Сәрсенбай"), "айнур сарсенбай"),
    *pairs("letters-cyrillic", name("Жаңыл", "Үсөнбекова"), "жаныл усонбекова"),
    *pairs("letters-cyrillic", name("Нургүл", "Төлөгөнова"), "нургул тологонова"),
    *pairs("letters-cyrillic", name("Нурсулу", "Касымова"), "Нұрсұлу Қасымова"),
    *pairs("letters-cyrillic", name("Алёна", "Горячёва"), "алена горячева"),
    *pairs("letters-cyrillic", name("Артем", "Ковалев"), "Артём Ковалёв"),
    *pairs("letters-cyrillic", name("Остап", "Ґалаґан"), "остап галаган"),
    *pairs("letters-cyrillic", name("Шаҳло", "Раҳимова"), "шахло рахимова"),
    *pairs("letters-cyrillic", name("Ўктам", "Ғуломов"), "уктам гуломов"),
    *pairs("letters-cyrillic", name("Бөхбат", "Мөнхцэцэг"), "бохбат монхцэцэг"),
]

ETHIOPIC = [
    *pairs("letters-ethiopic", name("ሠላም", "ኃይለማርያም"), "ሰላም", "ሰላም ሀይለማርያም"),
    *pairs("letters-ethiopic", name("ዓለሙ", "ጸጋዬ"), "አለሙ", "አለሙ ፀጋዬ"),
    *pairs("letters-ethiopic", name("ሐና", "ዐቢይ"), "ሀና", "ሀና አቢይ"),
    *pairs("letters-ethiopic", name("ሀብታሙ", "ሰለሞን"), "ሐብታሙ", "ሐብታሙ ሠለሞን"),
    *pairs("letters-ethiopic", name("ሥዩም", "ዕቁባይ"), "ስዩም", "ስዩም እቁባይ"),
    *pairs("letters-ethiopic", name("ጽጌ", "ፀሐዬ"), "ፅጌ", "ፅጌ ጸሐዬ"),
    *pairs("letters-ethiopic", name("ኂሩት", "ሑሴን"), "ሂሩት ሁሴን"),
    *pairs("letters-ethiopic", name("ትዕግሥት", "ዓለማየሁ"), "ትእግስት", "ትእግስት አለማየሁ"),
]

INDIC_JOINERS = [
    *pairs(
        "letters-indic-joiners",
        name("സുനിൽ", "കുമാർ"),
        "സുനില്\u200d",
        "സുനില്\u200d കുമാര്\u200d",
    ),
    *pairs("letters-indic-joiners", name("രമ്യ", "മേനോൻ"), "മേനോന്\u200d"),
    *pairs("letters-indic-joiners", name("ജോണ്\u200d", "ജോസഫ്"), "ജോൺ", "ജോൺ ജോസഫ്"),
    *pairs("letters-indic-joiners", name("അരുണ്\u200d", "രാജന്\u200d"), "അരുൺ രാജൻ", "രാജൻ"),
    *pairs("letters-indic-joiners", name("ഗോപാൽ", "പിള്ള"), "ഗോപാല്\u200d പിള്ള"),
    *pairs("letters-indic-joiners", name("ലത", "നമ്പ്യാർ"), "നമ്പ്യാര്\u200d", "നമ്പ്യാര്"),
    *pairs("letters-indic-joiners", name("അമല്\u200d", "വർഗീസ്"), "അമൽ", "വര്\u200dഗീസ്"),
    *pairs("letters-indic-joiners", name("তাপস", "সৎপতি"), "সত্\u200dপতি"),
    *pairs("letters-indic-joiners", name("චන්ද්\u200dරිකා", "පෙරේරා"), "චන්ද්රිකා"),
    *pairs("letters-indic-joiners", name("ප්රියා", "ද සිල්වා"), "ප්\u200dරියා"),
]

PAIRS: list[Pair] = [
    *ARABIC,
    *JAPANESE_WIDTH,
    *JAPANESE_KANA,
    *KANJI,
    *VARIATION_SELECTORS,
    *HAUSA_AND_FULA,
    *AKAN_GA_AND_EWE,
    *MANDE_AND_WOLOF,
    *YORUBA_AND_IGBO,
    *GERMAN,
    *NORDIC,
    *LATIN_EXTENDED,
    *SIGNS_INSIDE,
    *CYRILLIC,
    *ETHIOPIC,
    *INDIC_JOINERS,
]
