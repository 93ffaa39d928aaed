"""The most common breached passwords are refused; long phrases in any script are accepted."""

import pytest

from webapp.kernel.refusals import Invalid
from webapp.staff.passwords import refuse_weak

BREACHED = [
    "Summer2026!!!",
    "Winter2025!!",
    "Spring2026!!!",
    "Autumn2025!!!",
    "Sommer2026!!!",
    "Juillet2026!",
    "Monday123456",
    "January2026!",
    "Password123!",
    "P@ssw0rd1234",
    "Passw0rd!2026",
    "P@$$w0rd2026",
    "MyPassword123",
    "Motdepasse123",
    "Welcome12345",
    "Welcome@2026!",
    "Qwertyuiop123",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "zxcvbnm12345",
    "asdfghjkl123",
    "changeme1234",
    "letmein123456",
    "administrator1",
    "Admin@123456",
    "Root@1234567",
    "Temp12345678!",
    "Default12345!",
    "Company2026!!",
    "Secret123456!",
    "iloveyou1234",
    "Princess12345",
    "Michael123456",
    "Liverpool2024!",
    "Manchester1!",
    "Chelsea12345",
    "Arsenal12345!",
    "Barcelona1234",
    "Football1234",
    "Baseball1234!",
    "Nigeria123456",
    "Ghana@123456",
    "Lagos2026!!!!",
    "Accra2026!!!",
    "Nairobi2026!",
    "Abidjan2026!",
    "Safaricom123",
    "Mtn12345678!",
    "Gatebook2026!",
    "Dragon123456!",
    "Superman12345",
    "Starwars1234",
    "Pokemon12345",
    "trustno1trustno1",
    "Sunshine2026!",
    "Hello123456!",
    "Godisgood123",
    "JesusIsLord1",
    "Bonjour12345",
    "Soleil123456",
    "Chocolate123!",
    "Facebook1234",
    "Computer12345",
    "Internet12345",
    "aaaabbbbcccc",
    "123456789abc",
    "abcd1234efgh",
    "Testing123456",
    "Christmas2025",
    "Freedom12345",
    "Samsung12345",
    "Vodafone1234",
]
PHRASES = (
    "correct horse battery",
    "three blue goats sing at noon",
    "mto wa mbu una samaki wengi",
    "የኔ ቤት ከተማ ውስጥ ነው",
    "我家的猫喜欢吃鱼和米饭啊吗",
    "моя бабушка печёт пироги",
    "سبع قطط تنام على السطح",
    "ọ̀rẹ́ mi fẹ́ràn ìrẹsì gan-an",
    "🦆 swims behind the 🚲 shed",
)


@pytest.mark.parametrize("password", BREACHED)
def test_what_many_people_use_is_refused(password):
    with pytest.raises(Invalid):
        refuse_weak(password, name="Esi Owusu", email="esi@example.com")


@pytest.mark.parametrize("password", PHRASES)
def test_a_long_phrase_in_any_script_is_good(password):
    refuse_weak(password, name="Esi Owusu", email="esi@example.com")
