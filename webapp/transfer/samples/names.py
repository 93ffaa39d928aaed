"""Names of sample people by region, in the local script,
with the Latin spelling that e-mails use.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """Where some of the sample people live.

    Attributes:
        weight: Their share of all sample people, in per cent.
        countries: ISO codes of the countries that their phone numbers are from.
        first, last: `written` or `written=latin`, separated by spaces; `_` stands for a space
            inside a name.
    """

    name: str
    weight: int
    countries: tuple[str, ...]
    first: str
    last: str

    @property
    def first_names(self) -> list[tuple[str, str]]:
        return _pairs(self.first)

    @property
    def last_names(self) -> list[tuple[str, str]]:
        return _pairs(self.last)


def _pairs(names: str) -> list[tuple[str, str]]:
    pairs = (name.replace("_", " ").partition("=") for name in names.split())
    return [(written, latin or written) for written, _, latin in pairs]


REGIONS = (
    Region(
        "West Africa", 40, ("NG", "GH"),
        "Ngozi Chiamaka Adaeze Olúwaṣeun Babajide Chinedu Emeka Fúnmiláyọ̀ Ifeoma Kẹ́hìndé Oluwatobi Temitope Uchenna Yetunde "
        "Ama Kofi Esi Kwame Yaw Akosua Abena Kwaku Efua Adwoa Halima Musa Aisha Ibrahim Blessing Precious",
        "Okonjo-Iweala Adébáyọ̀ Okafor Eze Nwosu Balogun Ogunleye Adeyemi Okoro Abiodun Chukwu Danjuma Mensah Owusu Boateng "
        "Asante Osei Appiah Agyeman Ofori Bello Abubakar Yusuf Obi Nnamdi Ọlátúnjí",
    ),
    Region(
        "East and Southern Africa", 12, ("KE", "TZ", "UG", "ZA", "ET"),
        "Wanjiru Njeri Kamau Otieno Achieng Kipchoge Amani Baraka Neema Zawadi Thabo Nomvula Sipho Lerato Selam Abebe",
        "Kamau Mwangi Odhiambo Kiprotich Nyerere Mushi Okello Nakato Nkosi Dlamini van_der_Merwe Mokoena Tesfaye Bekele",
    ),
    Region(
        "Arabic-speaking countries", 8, ("EG", "MA", "SA", "AE"),
        "محمد=Mohammed أحمد=Ahmed فاطمة=Fatima عائشة=Aisha يوسف=Youssef مريم=Mariam خالد=Khalid ليلى=Layla عمر=Omar زينب=Zainab",
        "بن_سلمان=Bin_Salman الحسيني=Al-Husseini العمراني=El-Amrani حداد=Haddad منصور=Mansour الراشد=Al-Rashid نصر=Nasr صالح=Saleh",
    ),
    Region(
        "China and Taiwan", 6, ("CN", "TW"),
        "小龙=Xiaolong 伟=Wei 芳=Fang 秀英=Xiuying 娜=Na 敏=Min 静=Jing 丽=Li 强=Qiang 磊=Lei 洋=Yang 艳=Yan 志明=Zhiming",
        "李=Li 王=Wang 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao 黄=Huang 周=Zhou 吴=Wu 欧阳=Ouyang 司马=Sima",
    ),
    Region(
        "Japan and Korea", 5, ("JP", "KR"),
        "太郎=Taro 花子=Hanako さくら=Sakura 健一=Kenichi 由美子=Yumiko ケン=Ken 민준=Minjun 서연=Seoyeon 지우=Jiwoo 하은=Haeun",
        "田中=Tanaka 佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 渡辺=Watanabe 김=Kim 이=Lee 박=Park 최=Choi 정=Jung",
    ),
    Region(
        "South Asia", 8, ("IN", "BD", "PK"),
        "प्रिया=Priya अमित=Amit आरव=Aarav Ananya Vikram Lakshmi Rahul Sunita রহিম=Rahim নাসরিন=Nasrin Fatima Bilal Ayesha",
        "शर्मा=Sharma सिंह=Singh पटेल=Patel Krishnamurthy Iyer Mukherjee রহমান=Rahman খান=Khan Ahmed Chaudhry Gupta",
    ),
    Region(
        "Viet Nam and Thailand", 4, ("VN", "TH"),
        "Thị_Hương Văn_Minh Thị_Mai Quốc_Bảo Ngọc_Ánh Đức_Anh สมชาย=Somchai มาลี=Malee กมล=Kamon",
        "Đặng Nguyễn Trần Lê Phạm Hoàng Võ ศรีสุข=Srisuk จันทร์ดี=Chandee",
    ),
    Region(
        "Eastern Europe", 5, ("PL", "UA", "BG", "RO", "GR", "KZ"),
        "Łukasz Małgorzata Żaneta Wojciech Олена=Olena Андрій=Andrii Димитър=Dimitar Ștefan Ionuț Ελένη=Eleni Γιώργος=Giorgos",
        "Wiśniewska Kowalczyk Źródłowski Шевченко=Shevchenko Коваль=Koval Петров=Petrov Popescu Țăran Παπαδόπουλος=Papadopoulos",
    ),
    Region(
        "Western and Northern Europe", 7, ("DE", "FR", "GB", "SE", "NO", "ES", "IE"),
        "Jürgen Käthe François Zoë Siân Björn Åsa Øyvind Ana-Lucía Íñigo Seán Greta Matthias Chloé Oliver Emily",
        "Müller Groß Lefèvre D’Artagnan Østergård Ångström Fernández_Ríos Núñez O'Brien O'Sullivan Smith-Jones Weiß Strauß",
    ),
    Region(
        "The Americas and Türkiye", 5, ("US", "BR", "MX", "TR", "CA"),
        "João Beatriz José María Guadalupe İbrahim Çiğdem Elif Oğuz Jayden Shanice Michael Jennifer Luiza",
        "Magalhães Gonçalves Rodríguez Muñoz Yılmaz Şahin Öztürk Johnson Washington da_Silva Ibáñez",
    ),
)  # fmt: skip

NOTES = {
    "fraud": "Two payments with cards of other people within an hour.",
    "chargeback": "Charged back three payments after delivery; does not answer.",
    "identity": "The passport photo belongs to somebody else.",
    "abuse": "Threatened a colleague on the phone.",
    "terms": "Resells accounts although the terms forbid it.",
    "request": "Asked in writing not to be served any more.",
    "other": "See the correspondence of the legal team.",
}
STAFF = {
    "admin": ("Adwoa Asante", "adwoa.admin@example.com"),
    "manager": ("Ama Mensah", "ama.manager@example.com"),
    "manager2": ("Kwame Darko", "kwame.manager@example.com"),
    "agent": ("Esi Owusu", "esi.agent@example.com"),
    "viewer": ("Yaw Boateng", "yaw.viewer@example.com"),
}
