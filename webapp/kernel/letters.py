"""Letters that people type in place of others: the tables behind folding, by script."""

import re
import unicodedata
from functools import lru_cache

# All signs that people type as an apostrophe count as one; likewise hyphens and middle dots.
APOSTROPHES = "’‘ʼʻ´`′‛ʹʽʾʿˈˊˋ՚׳״＇ꞌ"
HYPHENS = (
    "".join(chr(c) for c in range(0x3100) if unicodedata.category(chr(c)) == "Pd") + "−⁃－﹣﹘"
)
MIDDLE_DOTS = "・･‧⋅∙•ꞏᐧ"
SIGNS = str.maketrans(
    dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-") | dict.fromkeys(MIDDLE_DOTS, "·")
)

KANA_VOICING = {"\u3099", "\u309a"}
HIRAGANA_TO_KATAKANA = {chr(c): chr(c + 0x60) for c in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
# Tatweel, the combining grapheme joiner, Hangul fillers, Mongolian and other variation selectors.
INVISIBLE_MARKS = {
    "\u0640",
    "\u034f",
    "\u115f",
    "\u1160",
    "\u3164",
    "\u180b",
    "\u180c",
    "\u180d",
    "\u180f",
}
INVISIBLE_MARKS |= {chr(c) for c in [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]}

LATIN = {
    "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
    "þ": "th", "ŋ": "n", "ə": "e", "ǝ": "e", "ɑ": "a", "ɣ": "g", "ɩ": "i", "ʊ": "u", "ʃ": "s",
    "ʒ": "z", "ƞ": "n", "ƿ": "w", "ꞵ": "b", "ʔ": "'", "ɂ": "'", "ʕ": "'",
}  # fmt: skip
# Letters that Unicode does not decompose are recognised by name: `LATIN SMALL LETTER B WITH HOOK`
# becomes b, `OPEN O` becomes o.
LATIN_NAME = re.compile(
    r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE)"
    r" (?:OPEN |TURNED |REVERSED |DOTLESS |INSULAR |SCRIPT |AFRICAN |TOP HALF |BOTTOM HALF "
    r")*([A-Z])(?: WITH .*| BAR)?"
)

# Persian, Urdu and Kurdish forms of Arabic letters, and Arabic letters that typists do not
# distinguish.
ARABIC = {
    "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ۂ": "ه", "ٱ": "ا", "ٲ": "ا",
    "ٳ": "ا", "ٵ": "ا", "ى": "ي", "ی": "ي", "ے": "ي", "ۓ": "ي", "ې": "ي", "ێ": "ي", "ۍ": "ي",
    "ئ": "ي", "ؤ": "و", "ۆ": "و", "ۇ": "و", "ک": "ك", "ڪ": "ك", "ں": "ن", "ڵ": "ل", "ڕ": "ر",
    "ء": "",
}  # fmt: skip
# Kazakh, Kyrgyz, Tajik and Ukrainian letters as typed on a Russian keyboard.
CYRILLIC = {
    "ә": "а", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "ғ": "г", "һ": "х", "і": "и",
    "є": "е", "ґ": "г", "ҳ": "х", "ҷ": "ч", "ҹ": "ч", "ҡ": "к", "ҫ": "с", "ҙ": "з",
}  # fmt: skip
INDIC = {"ൺ": "ണ", "ൻ": "ന", "ർ": "ര", "ൽ": "ല", "ൾ": "ള", "ൿ": "ക", "ৎ": "ত"}


def _rows(one: int, *others: int, orders: int = 8) -> dict[str, str]:
    return {chr(other + order): chr(one + order) for other in others for order in range(orders)}


# Letters with the same sound. Each row holds the vowel orders of one letter; the first and fourth
# orders of ሀ and አ sound alike.
ETHIOPIC = (
    _rows(0x1200, 0x1210, 0x1280, 0x12B8)
    | _rows(0x1230, 0x1220)
    | _rows(0x12A0, 0x12D0)
    | _rows(0x1338, 0x1340)
)
ETHIOPIC |= {"ሃ": "ሀ", "ሓ": "ሀ", "ኃ": "ሀ", "ኻ": "ሀ", "ኣ": "አ", "ዓ": "አ"}

# Variants of kanji in names: each group is one letter, and its first form is what keyboards offer.
_KANJI = (
    "高髙 崎﨑嵜碕 辺邊邉 斉齊斎齋 沢澤 浜濱濵 広廣 国國 桜櫻 島嶋嶌 竜龍 滝瀧 真眞 恵惠 徳德 "
    "富冨 峰峯 桑桒 柳栁 吉𠮷 寛寬 昇曻 清淸 渕淵 栄榮 円圓 学學 実實 寿壽 条條 万萬 与與 豊豐 "
    "会會 気氣 亜亞 仏佛 来來 児兒 勲勳 区區 厳嚴 増增 奥奧 将將 応應 戸戶 教敎 晋晉 暁曉 横橫 "
    "桧檜 歴歷 渉涉 済濟 為爲 灯燈 礼禮 穂穗 緒緖 県縣 荘莊 蔵藏 芸藝 衛衞 村邨 郎郞 郷鄕 鉄鐵 "
    "関關 静靜 青靑 館舘 鴎鷗 黒黑 黄黃 温溫 巌巖 弥彌 祐祐 塩鹽 楽樂 経經 継繼 剣劍 検檢 験驗 "
    "権權 彦彥 顕顯 蛍螢 茎莖 渓溪 径徑 壱壹 弐貳 参參 双雙 総總 荘莊 帯帶 滞滯 台臺 択擇 団團 "
    "点點 伝傳 当當 稲稻 読讀 聴聽 歯齒 辞辭 湿濕 写寫 釈釋 粛肅 処處 叙敍 奨獎 称稱 証證 焼燒 "
    "乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 譲讓 神神 福福 祥祥 羽羽 隆隆 諸諸 都都 響響 頼賴 瀬瀨 覧覽 "
    "両兩 涙淚 塁壘 隷隸 霊靈 齢齡 恋戀 炉爐 労勞 楼樓 録錄 渡渡 曽曾 薮藪 桐桐 渚渚 葛葛 辻辻 "
    "榊榊 槙槇 梅梅 海海 琢琢 祁祁 曙曙 翔翔 逸逸 蓮蓮 薫薰 尭堯 晃晄 鉱鑛 駒駒"
)
KANJI = {variant: row[0] for row in _KANJI.split() for variant in row[1:] if variant != row[0]}

PLAIN_LETTERS = LATIN | ARABIC | CYRILLIC | INDIC | ETHIOPIC | KANJI
EXPANDED_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj", "æ": "ae"}

# Letters of other scripts that look the same as Latin ones (from `confusables.txt` of UTS #39).
LATIN_LOOKALIKES = dict(
    zip(
        "аАвВсСԁеЕһНіІјЈкКӏӀмМоОрРԛѕЅтТԝхХуУүҮαΑΒεΕΗιΙκΚΜνΝοΟρΡτΤυΥχΧΖѵѴɡℓ",
        "aAbBcCdeEhHiIjJkKllmMoOpPqsStTwxXyYyYaABeEHiIkKMvNoOpPtTuYxXZvVgl",
        strict=True,
    )
)
# The reverse: the letter of a given script that looks like a Latin one.
LOOKALIKES_OF_LATIN = {
    (latin, unicodedata.name(other).split(" ")[0]): other
    for other, latin in reversed(LATIN_LOOKALIKES.items())
}


@lru_cache(maxsize=4096)
def latin_by_name(character: str) -> str:
    """The plain form of a Latin letter with a hook, stroke or turn; other characters unchanged."""
    if character.isascii():
        return character
    named = LATIN_NAME.fullmatch(unicodedata.name(character, ""))
    return named[1].lower() if named else character
