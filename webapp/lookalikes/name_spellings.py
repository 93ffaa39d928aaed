"""Spellings and short forms of names that are one name, each group under one of its members.

English short forms are those of carltonnorthern/nicknames (Apache 2.0) that stand for one name
only; the African groups follow arche's equivalences (https://unpatterned-labs.github.io/arche) and
sahelblog's "Muslim First Names in West Africa". All are folded, without signs.
"""

from functools import cache

WEST_AFRICAN = """
muhammad mohammed mohamed mohammad muhammed muhamad mamadou mouhamadou muhammadu mamoudou mahamadou
fatima fatimah fatma fatoumata fatou fatimata fatimatou
abdullahi abdullah abdoulaye abdalla abdallah abdulai
ibrahim ibrahima brahim ebrahim ibraheem
musa moussa mousa moses
aisha aissatou aicha aissata aishatu aysha ayesha aissa
umar omar oumar umaru omaru
uthman usman ousmane osman othman usmanu
yusuf youssouf yussuf yousuf yusufu youssef yousef
sulayman suleiman souleymane sulaiman soleiman suleman
isa issa
adama adamu adam
abubakar aboubacar abubakr boubacar aboubakar abubakari
alasan alhassan alassane lassana
husayn hussein husseini ousseynou hussain husein
hasan hassan assane hasane
khadija kadiatou khadidja khadijah kadijatu hadiza
mariam mariama maryam meriem mariame
zaynab zainab zeynab zeinabou zainabu
salamatu salamatou
diallo jallow jalloh
jobe diop
njie ndiaye
cissay cisse ceesay sesay
bah barry
sow so
oluwaseun seun
oluwatobi oluwatobiloba tobi
oluwaseyi seyi
chukwuemeka emeka
chukwudi chudi
nnamdi namdi
ngozichukwu ngozi
kwaku kweku
kwabena kobina kobena
kwadwo kojo kodwo
yaw ekow kwao
kwame kwamena kouame
kofi koffi
kwasi kwesi akwasi kouassi
akua ekua
yaa yaaba
adwoa adjoa adjo
abena araba
"""
EAST_AFRICAN = """
yohannes yohanes johannes
tesfaye tesfay tasfaye
mohamud maxamuud mahmoud mahmud mahamoud
abdi cabdi
cali ali aly
xasan hasan
jomo njomo
wanjiru wanjiro
otieno othieno
"""
NORTH_AFRICAN = """
abderrahmane abdurrahman abdelrahman abdulrahman abderahmane abdirahman
abdelkader abdulkadir abdelqader abdulqadir
mustafa mustapha moustafa moustapha mostafa
ahmed ahmad achmed amadou ahmadu hamadou
khalid khaled chaled
rashid rachid rasheed
jamal gamal djamel jamel djamal
nur nour noor
"""
ENGLISH = """
robert rob bob bobby robbie
william will bill billy willie liam
richard rick dick rich ricky
james jim jimmy jamie
joseph joe joey
michael mike mick mickey
thomas tom tommy
edward ted teddy eddie ned
charles charlie chuck chas
elizabeth liz lizzie beth betsy eliza lisbeth
margaret maggie meg peggy madge
katherine catherine kathy kate katie cathy kathryn
alexander alex alec sandy
andrew andy drew
anthony tony
benjamin ben benny
christopher chris kit
daniel dan danny
david dave davy
frederick fred freddie freddy
gabriel gabe
george georgie
gerald gerry jerry
gregory greg
harold harry hal
henry hank
jacob jake
jeffrey geoffrey jeff geoff
jennifer jen jenny
jessica jess jessie
jonathan jon
john johnny jack
joshua josh
kenneth ken kenny
lawrence larry laurence
leonard leo len lenny
matthew matt
nathaniel nathan nate
nicholas nick nicky
oliver ollie
patricia pat patty tricia
patrick paddy
peter pete
philip phil phillip
rebecca becky becca
ronald ron ronnie
samuel sam sammy
stephen steven steve stevie
susan sue susie
theodore theo
timothy tim
victoria vicky tori
walter wally walt
zachary zach zack
"""


def one_name(word: str) -> str:
    """The word that stands for a folded word and all that are the same name; most stand alone."""
    return _groups().get(word, word)


@cache
def _groups() -> dict[str, str]:
    """The first group that has a word counts: some short forms stand for several names."""
    groups: dict[str, str] = {}
    for line in (WEST_AFRICAN + EAST_AFRICAN + NORTH_AFRICAN + ENGLISH).split("\n"):
        words = line.split()
        known = next((groups[word] for word in words if word in groups), words[0] if words else "")
        for word in words:
            groups.setdefault(word, known)
    return groups
