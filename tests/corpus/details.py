"""What is typed when a customer is added, and what must be stored."""

from tests.corpus.shapes import Saved, name


def _names(kind: str, first: str, last: str, book_first: str = "", book_last: str = "") -> Saved:
    """Names as typed and as stored; a stored name that is left out may have any spelling."""
    return Saved(kind, name(first, last), name(book_first, book_last))


def _kept(kind: str, first: str, last: str) -> Saved:
    """Names that must be stored exactly as typed."""
    return Saved(kind, name(first, last), name(first, last))


def _email(kind: str, typed: str, book: str) -> Saved:
    return Saved(kind, {"email": typed}, {"email": book})


def _phone(kind: str, country: str, typed: str, book: str) -> Saved:
    return Saved(kind, {"phone": typed, "country": country}, {"phone": book})


ONE_NAME = [
    _kept("one-name", "Wulandari", ""),
    _kept("one-name", "", "Suparmane"),
    _kept("one-name", "မြတ်နိုး", ""),
    _kept("one-name", "", "Zarghuna"),
    _kept("one-name", "முருகன்", ""),
    _kept("one-name", "", "王小明"),
    Saved("one-name", {"first_name": "Hidayatie", "last_name": ""}, {"first_name": "Hidayatie"}),
    Saved("one-name", {"first_name": "", "last_name": "Thirile"}, {"last_name": "Thirile"}),
    Saved("one-name", {"first_name": "Gulalai", "last_name": "  "}, {"first_name": "Gulalai"}),
    Saved("one-name", {"first_name": " ", "last_name": "  Mbuyi "}, {"last_name": "Mbuyi"}),
]

JOINERS = [
    # At the end of a word, after a virama: accepted, but stored either with the joiner or as an
    # atomic letter.
    _names("joiner-at-end", "സുനില്\u200d", "കുമാര്\u200d"),
    _names("joiner-at-end", "ജോണ്\u200d", "വർഗീസ്", book_last="വർഗീസ്"),
    _names("joiner-at-end", "ലത", "മേനോന്\u200d", book_first="ലത"),
    _names("joiner-at-end", "വിമല്\u200d രാജ്", "പണിക്കര്\u200d"),
    _names("joiner-at-end", "বিশ্বজিত্\u200d", "পাল", book_last="পাল"),
    _names("joiner-at-end", "শরত্\u200d", "সেন", book_last="সেন"),
    _names("joiner-at-end", "ජයන්\u200d", "පෙරේරා", book_last="පෙරේරා"),
    _names("joiner-at-end", "राजन्\u200d", "थापा", book_last="थापा"),
    _names("joiner-at-end", "भगवान्\u200c", "अधिकारी", book_last="अधिकारी"),
    _names("joiner-at-end", "رضا\u200c", "تهرانی", book_last="تهرانی"),
    _names("joiner-at-end", "علی\u200c محمد", "راد", book_last="راد"),
    # Between letters: stored as typed.
    _kept("joiner-between", "محمد\u200cجواد", "شیرازی"),
    _kept("joiner-between", "گل\u200cنار", "احمدی"),
    _kept("joiner-between", "ශ්\u200dරියානි", "ද සිල්වා"),
    _kept("joiner-between", "චන්ද්\u200dරා", "සූර්\u200dයබණ්ඩාර"),
    _kept("joiner-between", "आद्\u200dया", "कुलकर्णी"),
    _kept("joiner-between", "র\u200d্যান্ডি", "গোমেজ"),
]

EDGES = [
    _names("marks-at-edges", "\u200bAdjoa", "Nkansa", "Adjoa", "Nkansa"),
    _names("marks-at-edges", "Adjoa\u200b", "\u200bNkansa\u200b", "Adjoa", "Nkansa"),
    _names("marks-at-edges", "\u200eKipchoge", "Ruto\u200e", "Kipchoge", "Ruto"),
    _names("marks-at-edges", "سلمى\u200f", "\u200fالقاضي", "سلمى", "القاضي"),
    _names("marks-at-edges", "\u200fيوسف\u200f", "الحسن\u200e", "يوسف", "الحسن"),
    _names("marks-at-edges", "\ufeffAbebe", "Worku", "Abebe", "Worku"),
    _names("marks-at-edges", "Abebe\ufeff", "Worku\ufeff", "Abebe", "Worku"),
    _names("marks-at-edges", "\u2060Fatoumata", "Barryel\u2060", "Fatoumata", "Barryel"),
    _names("marks-at-edges", " \u200b Chiamaka", "Eze \u200b", "Chiamaka", "Eze"),
    _names("marks-at-edges", "\u200b\u200e\ufeffNii", "Armahene\u2060\u200f", "Nii", "Armahene"),
    _names("marks-at-edges", "美穂\u200b", "\ufeff小松", "美穂", "小松"),
    _names("spaces", "  Mary\u00a0 Jane ", "\u3000Atieno", "Mary Jane", "Atieno"),
]

SOFT_HYPHENS = [
    _names("soft-hyphen", "Eva", "Wolfen\u00adsteiner", "Eva", "Wolfensteiner"),
    _names("soft-hyphen", "Maxi\u00admi\u00adlian", "Ober\u00adhuber", "Maximilian", "Oberhuber"),
    _names(
        "soft-hyphen",
        "Oluwa\u00addamilola",
        "Ogun\u00adbanjoko",
        "Oluwadamilola",
        "Ogunbanjoko",
    ),
    _names("soft-hyphen", "\u00adRado", "Andria\u00admanana", "Rado", "Andriamanana"),
    _names("soft-hyphen", "Nok\u00ad-Thula", "Dlomo\u00ad", "Nok-Thula", "Dlomo"),
    _names("soft-hyphen", "Алек\u00adсандра", "Перво\u00adмайская", "Александра", "Первомайская"),
]

EMOJI = [
    _kept("emoji", "\U0001f469\u200d\U0001f33e Akua", "Danquahene"),
    _kept("emoji", "Ife \U0001f468\u200d\U0001f373", "Balogunde"),
    _kept("emoji", "\U0001f469\U0001f3ff\u200d\U0001f4bb Wambui", "Kariukie"),
    _kept("emoji", "Moussa", "\U0001f468\u200d\U0001f469\u200d\U0001f467 Sissokore"),
    _kept("emoji", "Ngozi \U0001f1f3\U0001f1ec", "Okeh"),
    _names("emoji", "Lerato \u2764\ufe0f", "Mokoenane", book_last="Mokoenane"),
    _names("emoji", "\u2764\ufe0f\u200d\U0001f525 Zola", "Ndabene", book_last="Ndabene"),
    _names(
        "emoji",
        "Harry \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Pennington",
        book_last="Pennington",
    ),
]

NEW_SCRIPTS = [
    # Newer than Unicode 14, the version in Python 3.11
    _kept("new-scripts", "\U0001e4d1\U0001e4da\U0001e4dd", "Munda"),  # Nag Mundari, 15.0
    _kept("new-scripts", "\U00010d50\U00010d71\U00010d72", "Guèye"),  # Garay (Wolof), 16.0
    _kept("new-scripts", "Modou", "\U00010d5a\U00010d7b\U00010d74"),  # Garay
    _kept("new-scripts", "\U00011bc2\U00011bc5\U00011bc8", "Mukhia"),  # Sunuwar, 16.0
    _kept("new-scripts", "\U0001e5d2\U0001e5d6", "Sardar"),  # Ol Onal, 16.0
    _kept("new-scripts", "\U00016d45\U00016d4a", "Rai"),  # Kirat Rai, 16.0
    _kept("new-scripts", "\U000105c3\U000105c8", "Hoxhaj"),  # Todhri, 16.0
    _kept("new-scripts", "\U00031352", "林"),  # CJK extension H, 15.0
]

ZERO_WIDTH_SPACE = [
    # Between words, in scripts written without spaces
    _names("zero-width-space-script", "សុភា\u200bព", "កែវ", book_last="កែវ"),
    _names("zero-width-space-script", "สม\u200bชาย", "ใจดี", book_last="ใจดี"),
]

LONGEST = [
    _kept("longest", "Oluwa" * 20, "Ade"),
    _names("longest", "Ina", "e\u0301" * 100, "Ina", "\u00e9" * 100),
    _kept("longest", "阿" * 100, "林"),
]

EMAILS = [
    _email("email-zero-width", "adjoa.nk@example.com\u200b", "adjoa.nk@example.com"),
    _email("email-zero-width", "\u200bkip.ruto@example.com", "kip.ruto@example.com"),
    _email("email-zero-width", "\ufeffabebe.w@example.com\u2060", "abebe.w@example.com"),
    _email("email-zero-width", "\u200efatou.b@example.com\u200e", "fatou.b@example.com"),
    _email("email-zero-width", "\u200fsalma.q@example.com\u200f", "salma.q@example.com"),
    _email("email-zero-width", " \u200bnii.armah@example.com ", "nii.armah@example.com"),
    _email("email-zero-width", "\u200c\u200dzola.n@example.com", "zola.n@example.com"),
    _email("email-zero-width", "\u2060lerato.m@example.com\ufeff", "lerato.m@example.com"),
    _email("email-carrier", "ryo..kudo@docomo.example.jp", "ryo..kudo@docomo.example.jp"),
    _email("email-carrier", "yuki.@mobile.example.jp", "yuki.@mobile.example.jp"),
    _email("email-carrier", "mai...love@ezweb.example.jp", "mai...love@ezweb.example.jp"),
    _email("email-carrier", "taro..1.@mobile.example.jp", "taro..1.@mobile.example.jp"),
    _email("email-carrier", "a-..-b@softbank.example.jp", "a-..-b@softbank.example.jp"),
    _email("email-carrier", "sora_..77@mobile.example.jp", "sora_..77@mobile.example.jp"),
    _email("email-carrier", "emi..h@MOBILE.EXAMPLE.JP", "emi..h@mobile.example.jp"),
    _email("email-carrier", "\u200bnao..k@mobile.example.jp\u200b", "nao..k@mobile.example.jp"),
]

PHONES = [
    # A trunk zero after the country code
    _phone("phone-zero-after-code", "NG", "+234 0802 555 0311", "+2348025550311"),
    _phone("phone-zero-after-code", "NG", "+234 (0) 802 555 0312", "+2348025550312"),
    _phone("phone-zero-after-code", "GH", "00233 020 555 0313", "+233205550313"),
    _phone("phone-zero-after-code", "KE", "+254 (0)712 550 314", "+254712550314"),
    _phone("phone-zero-after-code", "GB", "+44 (0) 7402 550315", "+447402550315"),
    _phone("phone-zero-after-code", "RW", "2500788550316", "+250788550316"),
    # Trunk prefixes of each country
    _phone("phone-trunk", "GH", "020 555 0321", "+233205550321"),
    _phone("phone-trunk", "RU", "8 (926) 555-03-22", "+79265550322"),
    _phone("phone-trunk", "KZ", "8 701 555 03 23", "+77015550323"),
    _phone("phone-trunk", "BY", "8 029 555-03-24", "+375295550324"),
    _phone("phone-trunk", "TM", "8 65 550325", "+99365550325"),
    _phone("phone-trunk", "HU", "06 20 555 0326", "+36205550326"),
    _phone("phone-trunk", "LT", "8 655 50327", "+37065550327"),
    _phone("phone-trunk", "AR", "011 15-5550-3281", "+5491155503281"),
    _phone("phone-trunk", "MX", "+52 1 55 5550 3291", "+525555503291"),
    _phone("phone-trunk", "MX", "044 33 5550 3301", "+523355503301"),
    _phone("phone-trunk", "MX", "01 81 5550 3311", "+528155503311"),
    _phone("phone-trunk", "BR", "0 15 11 95550-3321", "+5511955503321"),
    _phone("phone-trunk", "GA", "077 55 50 33", "+24177555033"),
    _phone("phone-trunk", "IT", "06 5550 3341", "+390655503341"),
    _phone("phone-trunk", "US", "1 (212) 555-0135", "+12125550135"),
    # Exit prefixes
    _phone("phone-exit-prefix", "BJ", "00 229 01 96 55 50 36", "+2290196555036"),
    _phone("phone-exit-prefix", "CI", "00225 07 08 55 50 37", "+2250708555037"),
    _phone("phone-exit-prefix", "NG", "009 234 802 555 0338", "+2348025550338"),
    _phone("phone-exit-prefix", "AU", "0011 61 455 503 391", "+61455503391"),
    _phone("phone-exit-prefix", "JP", "010 81 80 5550 3401", "+818055503401"),
    _phone("phone-exit-prefix", "KE", "000 254 712 550 341", "+254712550341"),
    # Invisible characters, other digits, other signs
    _phone("phone-pasted", "NG", "+234\ufe0e 802 555 0342", "+2348025550342"),
    _phone("phone-pasted", "US", "+1\ufe0d-212-555-0143", "+12125550143"),
    _phone("phone-pasted", "TZ", "\u202a+255 754 550 344\u202c", "+255754550344"),
    _phone("phone-pasted", "UG", "0772\u200b550345", "+256772550345"),
    _phone("phone-pasted", "ZA", "082\u2011555\u20110346", "+27825550346"),
    _phone("phone-pasted", "NG", "0802 / 555 / 0347", "+2348025550347"),
    _phone("phone-pasted", "GH", "tel:+233-20-555-0348", "+233205550348"),
    _phone("phone-digits", "EG", "٠١٠٠ ٥٥٥ ٠٣٤٩", "+201005550349"),
    _phone("phone-digits", "IR", "۰۹۱۲ ۵۵۵ ۰۳۵۰", "+989125550350"),
    _phone("phone-digits", "IN", "०९८५५५ ०३५१४", "+919855503514"),
    _phone("phone-digits", "BD", "০১৭১৫-৫৫০৩৫২", "+8801715550352"),
    _phone("phone-digits", "JP", "０８０－５５５０－３５３１", "+818055503531"),
    _phone("phone-digits", "SD", "+٢٤٩ ٩١ ٥٥٥ ٠٣٥٤", "+249915550354"),
]

SAVED: list[Saved] = [
    *ONE_NAME,
    *JOINERS,
    *EDGES,
    *SOFT_HYPHENS,
    *EMOJI,
    *NEW_SCRIPTS,
    *ZERO_WIDTH_SPACE,
    *LONGEST,
    *EMAILS,
    *PHONES,
]
