"""Phones typed as people of that country, that time or that device spell them."""

from tests.corpus.shapes import Pair, pairs


def _phone(kind: str, number: str, *typed: str) -> list[Pair]:
    """One stored number, and its spellings."""
    return pairs(kind, {"phone": number}, *typed)


TRUNK = [
    # Russia, Kazakhstan, Belarus, Turkmenistan: 8, 8, 8 0, 8
    *_phone("phone-trunk", "+79265550148", "8 926 555-01-48", "8(926)555-01-48", "89265550148"),
    *_phone("phone-trunk", "+79035550173", "8-903-555-01-73"),
    *_phone("phone-trunk", "+77015550142", "8 701 555 01 42", "8 (701) 555-01-42"),
    *_phone("phone-trunk", "+77475550119", "87475550119"),
    *_phone(
        "phone-trunk",
        "+375295550148",
        "8 029 555-01-48",
        "8 (029) 555-01-48",
        "029 555 01 48",
    ),
    *_phone("phone-trunk", "+375335550107", "80335550107"),
    *_phone("phone-trunk", "+99365550142", "8 65 550142", "865550142"),
    *_phone("phone-trunk", "+99362550171", "8 (62) 55-01-71"),
    # Hungary: 06
    *_phone("phone-trunk", "+36205550148", "06 20 555 0148", "06-20/555-0148", "06205550148"),
    *_phone("phone-trunk", "+36305550162", "0630 555 0162"),
    *_phone("phone-trunk", "+3615550148", "(06 1) 555 0148"),
    # Argentina: 0 before and 15 after the area code
    *_phone(
        "phone-trunk",
        "+5491155501482",
        "011 15-5550-1482",
        "011 15 5550 1482",
        "0111555501482",
    ),
    *_phone("phone-trunk", "+5491155501482", "+54 11 5550-1482", "(011) 15-5550-1482"),
    *_phone("phone-trunk", "+5493415550148", "0341 15-555-0148", "(0341) 15 555 0148"),
    *_phone("phone-trunk", "+5492615550173", "0261155550173", "+54 261 555-0173"),
    # Mexico: 01, 044, 045, and 1 after the country code, all of them abolished
    *_phone(
        "phone-trunk",
        "+525555501482",
        "044 55 5550 1482",
        "01 55 5550 1482",
        "+52 1 55 5550 1482",
    ),
    *_phone(
        "phone-trunk",
        "+523355501482",
        "045 33 5550 1482",
        "521 33 5550 1482",
        "+5213355501482",
    ),
    *_phone("phone-trunk", "+528155501482", "+52 (1) 81 5550 1482", "0052 1 81 5550 1482"),
    # Brazil: a carrier's code after the zero, and numbers without the ninth digit, as in old
    # address books
    *_phone(
        "phone-trunk",
        "+5511955501482",
        "0 15 11 95550-1482",
        "021 11 95550-1482",
        "011 95550-1482",
    ),
    *_phone("phone-trunk", "+5511955501482", "11 5550-1482", "+55 11 5550-1482"),
    *_phone(
        "phone-trunk",
        "+5521975550148",
        "0 31 21 97555-0148",
        "(21) 7555-0148",
        "+552175550148",
    ),
    *_phone("phone-trunk", "+5571985550148", "0 41 71 98555 0148", "+55 (71) 8555-0148"),
    # Lithuania: 8 until 2024, 0 since
    *_phone(
        "phone-trunk",
        "+37065550148",
        "8 655 50148",
        "8-655-50148",
        "0 655 50148",
        "865550148",
    ),
    # North America: 1
    *_phone("phone-trunk", "+12125550142", "1 (212) 555-0142", "1-212-555-0142", "12125550142"),
    *_phone("phone-trunk", "+18765550142", "1 876 555 0142"),
]

ZERO_AFTER_CODE = [
    *_phone(
        "phone-zero-after-code",
        "+2348025550148",
        "+234 0802 555 0148",
        "+234 (0) 802 555 0148",
    ),
    *_phone("phone-zero-after-code", "+2348025550148", "23408025550148", "00234 0802 555 0148"),
    *_phone(
        "phone-zero-after-code",
        "+2348135550142",
        "+234(0)8135550142",
        "009 234 0813 555 0142",
    ),
    *_phone("phone-zero-after-code", "+233205550148", "+233 020 555 0148", "+233 (0)20 555 0148"),
    *_phone("phone-zero-after-code", "+233545550148", "00233 054 555 0148", "2330545550148"),
    *_phone("phone-zero-after-code", "+254712550148", "+254 0712 550148", "+254 (0) 712 550 148"),
    *_phone("phone-zero-after-code", "+256772550142", "+256 0772 550142", "+256(0)772550142"),
    *_phone("phone-zero-after-code", "+255754550142", "+255 (0) 754 550 142", "+255 0754 550 142"),
    *_phone("phone-zero-after-code", "+250788550142", "+250 (0)788 550 142", "+250 0788550142"),
    *_phone("phone-zero-after-code", "+251911550142", "+251 0911 55 01 42", "+251 (0) 911 550142"),
    *_phone("phone-zero-after-code", "+27825550142", "+27 (0)82 555 0142", "0027 082 555 0142"),
    *_phone("phone-zero-after-code", "+447402550142", "+44 (0) 7402 550142", "+44 07402 550142"),
    *_phone("phone-zero-after-code", "+33655501482", "+33 (0)6 55 50 14 82", "0033 06 55 50 14 82"),
    *_phone("phone-zero-after-code", "+4915155501482", "+49 (0)151 55501482", "+49 0151/55501482"),
    *_phone("phone-zero-after-code", "+41795550142", "+41 (0)79 555 01 42"),
    *_phone("phone-zero-after-code", "+31655501482", "+31 (0)6 5550 1482", "0031 06 55501482"),
    *_phone("phone-zero-after-code", "+46705550142", "+46 (0)70-555 01 42"),
    *_phone("phone-zero-after-code", "+201005550142", "+20 (0)100 555 0142", "+20 0100 555 0142"),
    *_phone("phone-zero-after-code", "+61455501482", "+61 (0)455 501 482", "+61 0455 501 482"),
    *_phone("phone-zero-after-code", "+818055501482", "+81 (0)80-5550-1482"),
    *_phone("phone-zero-after-code", "+821055501482", "+82 (0)10-5550-1482", "+82 010 5550 1482"),
    *_phone("phone-zero-after-code", "+84905550142", "+84 (0)905 550 142"),
    *_phone("phone-zero-after-code", "+919855501482", "+91 098555 01482"),
    *_phone("phone-zero-after-code", "+923005550142", "+92 0300 5550142", "+92 (0)300 5550142"),
    *_phone("phone-zero-after-code", "+628125550142", "+62 0812-5550-142"),
    *_phone("phone-zero-after-code", "+243815550142", "+243 0815 550 142", "+243 (0) 815 550 142"),
    *_phone("phone-zero-after-code", "+261325550142", "+261 (0)32 55 501 42"),
    *_phone("phone-zero-after-code", "+231775550142", "+231 (0) 77 555 0142"),
    *_phone("phone-zero-after-code", "+23276550142", "+232 (0)76 550142", "+232 076 550142"),
    *_phone("phone-zero-after-code", "+265995550142", "+265 (0) 995 55 01 42"),
    *_phone("phone-zero-after-code", "+260975550142", "+260 0975 550142"),
    *_phone("phone-zero-after-code", "+263775550142", "+263 (0) 77 555 0142"),
    *_phone("phone-zero-after-code", "+212655550142", "+212 (0)6 55 55 01 42", "00212 0655550142"),
    *_phone("phone-zero-after-code", "+213555550142", "+213 (0) 555 55 01 42"),
    *_phone("phone-zero-after-code", "+905325550142", "+90 0532 555 01 42"),
    *_phone("phone-zero-after-code", "+380505550142", "+38 050 555 01 42", "+380 (0)50 555 01 42"),
]

EXIT = [
    *_phone("phone-exit-prefix", "+2348025550148", "011 234 802 555 0148", "011-234-802-555-0148"),
    *_phone("phone-exit-prefix", "+2348025550148", "00 234 802 555 0148", "002348025550148"),
    *_phone("phone-exit-prefix", "+2348025550148", "001 234 802 555 0148", "010 234 802 555 0148"),
    *_phone("phone-exit-prefix", "+233205550148", "009 233 20 555 0148", "009233205550148"),
    *_phone("phone-exit-prefix", "+233205550148", "0011 233 20 555 0148", "011233205550148"),
    *_phone("phone-exit-prefix", "+233205550148", "8~10 233 20 555 0148"),
    *_phone("phone-exit-prefix", "+254712550148", "0011 254 712 550 148", "011 254 712550148"),
    *_phone("phone-exit-prefix", "+256772550142", "000 256 772 550142"),
    *_phone("phone-exit-prefix", "+447402550142", "011 44 7402 550142", "0011447402550142"),
    *_phone("phone-exit-prefix", "+447402550142", "8 10 44 7402 550142", "810447402550142"),
    *_phone("phone-exit-prefix", "+447402550142", "010 44 7402 550142", "(009) 44 7402 550142"),
    *_phone("phone-exit-prefix", "+33655501482", "011 33 6 55 50 14 82", "009 33 6 55 50 14 82"),
    *_phone("phone-exit-prefix", "+4915155501482", "8-10-49-151-5550-1482"),
    *_phone("phone-exit-prefix", "+818055501482", "011-81-80-5550-1482", "0011 81 80 5550 1482"),
    *_phone("phone-exit-prefix", "+821055501482", "001 82 10 5550 1482"),
    *_phone("phone-exit-prefix", "+12125550142", "009 1 212 555 0142", "00 1 212 555 0142"),
    *_phone("phone-exit-prefix", "+12125550142", "010 1 212 555 0142", "0011 1 212 555 0142"),
    *_phone("phone-exit-prefix", "+27825550142", "00 27 82 555 0142", "8 10 27 82 555 01 42"),
]

RENUMBERED = [
    # Côte d'Ivoire, January 2021: eight digits became ten
    *_phone(
        "phone-renumbered",
        "+2250708555014",
        "+225 08 55 50 14",
        "0022508555014",
        "225 08555014",
    ),
    *_phone("phone-renumbered", "+2250748555014", "+225 48 55 50 14", "48 55 50 14"),
    *_phone("phone-renumbered", "+2250504555014", "+225 04 55 50 14"),
    *_phone("phone-renumbered", "+2250545555014", "+22545555014"),
    *_phone("phone-renumbered", "+2250101555014", "+225 01 55 50 14"),
    *_phone("phone-renumbered", "+2252722555014", "+225 22 55 50 14"),
    *_phone("phone-renumbered", "+22507555014", "+225 07 07 55 50 14"),
    *_phone("phone-renumbered", "+22505555014", "0505555014"),
    # Benin, November 2024: 01 before all eight
    *_phone(
        "phone-renumbered",
        "+2290196555014",
        "+229 96 55 50 14",
        "0022996555014",
        "96 55 50 14",
    ),
    *_phone("phone-renumbered", "+2290164555014", "229 64 55 50 14"),
    *_phone("phone-renumbered", "+2290121555014", "+229 21 55 50 14"),
    *_phone("phone-renumbered", "+22995555014", "+229 01 95 55 50 14", "01 95 55 50 14"),
    # Cameroon, November 2014: 6 before mobiles, 2 before fixed lines
    *_phone("phone-renumbered", "+237675550142", "+237 75 55 01 42", "0023775550142"),
    *_phone("phone-renumbered", "+237699550142", "+237 99 55 01 42"),
    *_phone("phone-renumbered", "+237222550142", "+237 22 55 01 42"),
    *_phone("phone-renumbered", "+23777550142", "+237 6 77 55 01 42"),
    # Gabon, 2019: 04 became 074, 05 065, 06 066, 07 077
    *_phone(
        "phone-renumbered",
        "+24177555014",
        "+241 07 55 50 14",
        "00241 07 55 50 14",
        "077 55 50 14",
    ),
    *_phone("phone-renumbered", "+24174555014", "+241 04 55 50 14"),
    *_phone("phone-renumbered", "+24166555014", "+241 06 55 50 14"),
    *_phone("phone-renumbered", "+24105555014", "+241 065 55 50 14"),
    # Vietnam, 2018: eleven digits became ten
    *_phone("phone-renumbered", "+84795550142", "+84 121 555 0142", "0121 555 0142"),
    *_phone("phone-renumbered", "+84335550142", "0163 555 0142", "+841635550142"),
    *_phone("phone-renumbered", "+84855550142", "0125 555 0142"),
    *_phone("phone-renumbered", "+84565550142", "+84 0186 555 0142"),
    *_phone("phone-renumbered", "+841685550142", "038 555 0142", "+84 38 555 0142"),
]

DASHES = [
    *_phone(
        "phone-dashes",
        "+12125550142",
        "212\u2010555\u20100142",
        "212\u2011555\u20110142",
        "212\u2012555\u20120142",
        "212–555–0142",
        "212—555—0142",
        "212―555―0142",
        "212\u2212555\u22120142",
        "212ー555ー0142",
        "212－555－0142",
        "212﹣555﹣0142",
        "212⁃555⁃0142",
        "212.555.0142",
        "212·555·0142",
        "212•555•0142",
        "212．555．0142",
        "２１２－５５５－０１４２",
        "+1–212–555–0142",
    ),
    *_phone(
        "phone-dashes",
        "+254733550142",
        "+254–733–550–142",
        "0733\u2011550\u2011142",
        "0733−550−142",
    ),
    *_phone("phone-dashes", "+2348135550142", "0813—555—0142", "+234\u2010813\u20105550142"),
]

SEPARATORS = [
    *_phone(
        "phone-separators",
        "+2348135550142",
        "0813 - 555 - 0142",
        "0813 / 555 / 0142",
        "0813 – 555 – 0142",
        "+234 - 813 - 5550142",
        "+234 813 / 555 0142",
        "(0813) - 555 - 0142",
        "0813 . 555 . 0142",
        "0813 — 555 0142",
    ),
    *_phone("phone-separators", "+4915155501482", "0151 / 55 50 14 82", "0151 / 5550 - 1482"),
    *_phone(
        "phone-separators",
        "+233545550148",
        "054 - 555 - 0148",
        "+233 / 54 / 555 0148",
        "054 · 555 · 0148",
    ),
    *_phone("phone-separators", "+33655501482", "06 - 55 - 50 - 14 - 82", "06 . 55 . 50 . 14 . 82"),
    *_phone("phone-separators", "+12125550142", "( 212 ) 555 - 0142", "+1 / 212 / 555 - 0142"),
    *_phone("phone-separators", "+255655550148", "+255 - 655 - 550 - 148"),
]

PAIRS: list[Pair] = [
    *TRUNK,
    *ZERO_AFTER_CODE,
    *EXIT,
    *RENUMBERED,
    *DASHES,
    *SEPARATORS,
]
