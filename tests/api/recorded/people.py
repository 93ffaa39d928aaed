"""The customers of the recorded book, and what happened to some of them.

Each line is first name, last name, e-mail address, phone, country and the shop's own reference; an
empty field was left out of the call.
"""

PEOPLE = """
Ama|Mensah|ama.mensah@example.com|+233201234567||SHOP-0001
Kofi|Annan|kofi.annan@example.com|+233201234568||SHOP-0002
Chinedu|Okafor|chinedu.okafor@example.com|08031234567|NG|SHOP-0003
Adaeze|Okafor|adaeze@example.com|+2348031234568||SHOP-0004
Wanjiru|Kamau|wanjiru.kamau@example.com|+254712345678||SHOP-0005
Otieno|Odhiambo|otieno@example.com|0712345679|KE|SHOP-0006
Jürgen|Müller|juergen.mueller@example.de|+4915112345678||SHOP-0007
Søren|Kierkegård|soren@example.dk|+4520123456||SHOP-0008
Zoë|O’Neill|zoe.oneill@example.ie|+353851234567||SHOP-0009
José|Núñez de la Peña|jose.nunez@example.es|+34612345678||SHOP-0010
Иван|Петров|ivan.petrov@example.ru|+79161234567||SHOP-0011
Ольга|Сергеевна Иванова|olga@example.ru|+79161234568||SHOP-0012
Γιώργος|Παπαδόπουλος|giorgos@example.gr|+306912345678||SHOP-0013
محمد|العلي|m.alali@example.com|+966512345678||SHOP-0014
فاطمة|حسن|fatima.hassan@example.com|+201001234567||SHOP-0015
דוד|כהן|david.cohen@example.co.il|+972509876543||SHOP-0016
王|小明|wang.xiaoming@example.cn|+8613812345678||SHOP-0017
李|娜|li.na@example.cn|+8613812345679||SHOP-0018
太郎|山田|taro.yamada@example.jp|+819012345678||SHOP-0019
민준|김|minjun.kim@example.kr|+821012345678||SHOP-0020
प्रिया|शर्मा|priya.sharma@example.in|+919812345678||
ราตรี|สุขใจ|ratree@example.co.th|+66812345678||
Nguyễn|Văn An|nguyen.van.an@example.vn|+84912345678||
Đặng|Thị Hoa|dang.thi.hoa@example.vn|+84912345679||
İbrahim|Yılmaz|ibrahim@example.com.tr|+905321234567||
Łukasz|Żółć|lukasz.zolc@example.pl|+48512345678||
Anaïs|Lefèvre|anais.lefevre@example.fr|+33612345678||
Jean-Luc|d’Arcy|jl.darcy@example.fr|+33612345679||
Maria|da Silva|maria.silva@example.com.br|+5511987654321||
João|da Silva|joao.silva@example.com.br|+5511987654322||
John|Smith|john.smith@example.com|+12125550123||
Jon|Smith|jon.smith@example.com|+12125550124||
John|Smith|j.smith+shop@gmail.com|||
Jane|Doe|jane/doe@example.com|||
Percy|Cent|percy%cent@example.com|||
Bücher|Freund|leser@bücher.example|||
Mary Ann|van der Berg|mary.ann@example.nl|+31612345678||
Siobhán|Ní Bhriain|siobhan@example.ie|+353851234568||
Kwabena|Boateng|kwabena@example.com||GH|
Efua|Sutherland|efua@example.com||GH|
Akosua|Busia|akosua.busia@example.com|+233241234567||
Yaw|Boakye|yaw.boakye@example.com|+233241234568||
Esi|Edugyan|esi.edugyan@example.com|+233241234569||
Kojo|Laing|kojo.laing@example.com|+233241234570||
Ngozi|Adichie|ngozi@example.com|+2348051234567||
Wole|Soyinka|wole@example.com|+2348051234568||
Buchi|Emecheta|buchi@example.com|+2348051234569||
Ben|Okri|ben.okri@example.com|+2348051234570||
Grace|Ogot|grace.ogot@example.com|+254722345678||
Ngũgĩ|wa Thiong’o|ngugi@example.com|+254722345679||
Tsitsi|Dangarembga|tsitsi@example.com|+263712345678||
Nadine|Gordimer|nadine@example.com|+27821234567||
Zakes|Mda|zakes@example.com|+27821234568||
Mia|Couto|mia.couto@example.com|+258821234567||
Leïla|Slimani|leila.slimani@example.com|+212612345678||
Assia|Djebar|assia@example.com|+213551234567||
Naguib|Mahfouz|naguib@example.com|+201001234568||
Aminatta|Forna|aminatta@example.com|+23276123456||
Ousmane|Sembène|ousmane@example.com|+221771234567||
Mariama|Bâ|mariama.ba@example.com|+221771234568||
Test|O'Brien "Bobby"|bobby@example.com|||
"""

# The deed, the customer's number, the actor, and the arguments.
DEEDS = [
    ("blacklist", 3, "Esi", {"reason": "fraud", "note": "Two cards, one face."}),
    ("blacklist", 5, "Esi", {"reason": "chargeback", "evidence": "https://example.com/5"}),
    ("uphold", 5, "Ama", {"note": "Seen.", "look_again_after": 365}),
    ("blacklist", 7, "Kwame", {"reason": "identity"}),
    ("uphold", 7, "Ama", {"look_again_after": 30}),
    ("blacklist", 9, "Kwame", {"reason": "abuse"}),
    ("overturn", 9, "Ama", {"note": "It was somebody else."}),
    ("blacklist", 11, "Esi", {"reason": "terms"}),
    ("undo", 11, "Esi", {}),
    ("blacklist", 13, "Esi", {"reason": "request"}),
    ("ask_for_lift", 13, "Kwame", {"note": "They want to come back."}),
    ("blacklist", 15, "shop", {"reason": "fraud"}),
    ("blacklist", 17, "Ama", {"reason": "fraud"}),
    ("blacklist", 19, "shop", {"reason": "chargeback"}),
    ("clear", 19, "shop", {}),
    ("blacklist", 21, "Esi", {"reason": "other", "note": "Says what no reason does."}),
    ("blacklist", 23, "Esi", {"reason": "fraud"}),
    ("overturn", 23, "Ama", {"note": "A mistake."}),
    ("delete", 23, "Ama", {}),
    ("delete", 25, "Ama", {}),
    ("blacklist", 31, "Esi", {"reason": "fraud", "note": "Charged three cards."}),
    ("change", 31, "Esi", {"phone": "+12125550199"}),
    ("change", 45, "Kwame", {"last_name": "Adichie-Esege", "email": "ngozi.a@example.com"}),
]

STAFF = {"Adwoa": "admin", "Ama": "manager", "Esi": "agent", "Kwame": "agent", "Yaw": "viewer"}
# By name: the scopes, the owner, and what became of the key.
KEYS = {
    "shop": ("read write blacklist check", "Ama", "good"),
    "read": ("read", "Ama", "good"),
    "write": ("write", "Ama", "good"),
    "blacklist": ("blacklist", "Ama", "good"),
    "check": ("check", "Ama", "good"),
    "nothing": ("", "Ama", "good"),
    "burst": ("read", "Ama", "good"),
    "agent": ("read write blacklist check", "Esi", "good"),
    "viewer": ("read write blacklist check", "Yaw", "good"),
    "operator": ("read write blacklist check", None, "good"),
    "expired": ("read", "Ama", "expired"),
    "revoked": ("read", "Ama", "revoked"),
    "left": ("read", "Kwame", "owner left"),
}
