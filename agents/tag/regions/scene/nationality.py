"""Nationalities of workers, students, tourists and players, who are seldom in their own country where news names it.

A Polish driver before a court in Hull, ein türkischer Bauarbeiter in Köln: the country where it happened comes first, and so it
does for soldiers and diplomats who come to harm. Else they, police and officials stand for their state, and are not listed.
"""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from typing import Final, NamedTuple

from agents.tag.regions.beside import by_language, is_beside
from agents.tag.regions.lexicon.gazetteer import COUNTRY, DEMONYMS
from agents.tag.regions.lexicon.one_case import LEADING
from agents.tag.regions.mentions import SCRIPT_LETTERS, Passage

#: So many characters before an adjective are read.
BEFORE_CHARACTERS: Final = 36


class Nouns(NamedTuple):
    """Patterns of the words for people behind a nationality, and of those right before it."""

    behind: re.Pattern[str] | None
    before: re.Pattern[str] | None


def behind(nouns: str) -> Nouns:
    """Compile nouns that follow a nationality, with at most one word between: Kenyan domestic worker."""
    return Nouns(re.compile(rf" (?:[\w-]{{2,16}} )?(?:{nouns})\b"), None)


def before(nouns: str) -> Nouns:
    """Compile nouns that a nationality follows, with at most one word between: jornaleros agrícolas marroquíes."""
    return Nouns(None, re.compile(rf"\b(?i:{nouns})(?: [\w-]{{2,16}})? $"))


def joined(nouns: str) -> Nouns:
    """Compile nouns that follow a nationality in a script without spaces, or behind one."""
    return Nouns(re.compile(nouns), None)


ENGLISH: Final = (
    r"students?|pupils?|workers?|labou?rers?|drivers?|nurses?|doctors?|maids?|nann(?:y|ies)|tourists?|holidaymakers?|travell?ers?|"
    r"backpackers?|climbers?|hikers?|divers?|swimmers?|passengers?|m[ae]n|wom[ae]n|boys?|girls?|teenagers?|couples?|families|"
    r"migrants?|fisherm[ae]n|sailors?|seafarers?|crew|nationals?|citizens?|players?|strikers?|goalkeepers?|keepers?|"
    r"defenders?|midfielders?|forwards?|wingers?|coach(?:es)?|sprinters?|runners?|cyclists?|skiers?|jockeys?|actors?|"
    r"actress(?:es)?|singers?|priests?|builders?|farmhands?|chefs?|cooks?|retirees?|pensioners?|expats?|expatriates?|brides?|"
    r"grandmothers?|mothers?|fathers?|toddlers?|peacekeepers?|engineers?|scientists?|researchers?|geologists?|photographers?|fans?|"
    r"supporters?|pilgrims?|surfers?|athletes?|boxers?|golfers?|rowers?|biathletes?|snowboarders?|mountaineers?|honeymooners?|"
    r"visitors?|security guards?|bodyguards?|lifeguards?|cleaners?|waiters?|carers?|missionar(?:y|ies)|volunteers?|"
    r"paddlers?|racers?"
)
#: What a headline says of somebody by a nationality alone: American dies on Everest.
SUFFERS: Final = r"(?:dies|died|drowns|killed|held|jailed|arrested|charged|stabbed|injured|hurt|missing)"
#: The same of those who stand for their state: German soldiers injured near Gao.
STATE_SUFFERS: Final = (
    r"(?:[\w-]{2,16} )?(?:soldiers?|troops|servicem[ae]n|diplomats?|envoys?|officers?) (?:(?:was|were|(?:has|have) been|is|are) "
    r"(?:killed|shot|found|hurt|injured|wounded|attacked|ambushed|abducted|kidnapped|captured|taken|stabbed|beaten|beheaded|murdered|"
    r"assassinated|poisoned|detained|arrested|held|jailed|expelled|evacuated|trapped|stranded|drowned|hit|struck|targeted|missing)|"
    r"injured|hurt|wounded|shot|abducted|kidnapped|dies?|died|drowns?|missing)"
)
#: By languages that share a pattern; the stems of those that inflect end in `\w*`.
_NOUNS = {
    "en": Nouns(re.compile(rf" (?:(?:[\w-]{{2,16}} )?(?:{ENGLISH})|{SUFFERS}|{STATE_SUFFERS})\b"), None),
    "de": behind(
        r"Student\w*|Schüler\w*|\w*[Aa]rbeiter\w*|\w*[Aa]rbeitskr\w+|\w*[Ff]ahrer\w*|Pfleger\w*|Pflegekr\w+|Touristen?|Touristin\w*|"
        r"Urlauber\w*|Reisende\w*|M[aä]nn\w*|Frau\w*|Paar\w*|Familie\w*|Jugendliche\w*|Staatsbürger\w*|Staatsangehörige\w*|"
        r"Spieler\w*|Stürmer\w*|Torhüter\w*|Torwart\w*|Trainer\w*|Bergsteiger\w*|Seeleute\w*|Matrosen?|Erntehelfer\w*|Sänger\w*|Blauhelm\w*|"
        r"Fans?|Anhänger\w*|Ingenieur\w*|Forscher\w*|Wissenschaftl\w+|Geologe\w*|Fotograf\w*|Pilger\w*|Läufer\w*|Skifahrer\w*|"
        r"Radfahrer\w*|Radprofis?|Surfer\w*|Boxer\w*|Biathlet\w*|Priester\w*|Missionar\w*|Helfer\w*|Wanderer\w*|Köch\w+|Kellner\w*"
    ),
    "nl": behind(
        r"student\w*|arbeiders?|chauffeurs?|toerist\w*|vakantiegangers?|man|mannen|vrouw|vrouwen|gezin\w*|jongen\w*|meisje\w*|"
        r"spelers?|spits|doelman|trainers?|bemanning\w*|verplegers?|migranten?|staatsburgers?|fans?|supporters?|ingenieurs?|"
        r"onderzoekers?|wetenschappers?|fotogra\w+|pelgrims?|wielrenn\w+|wielrenst\w+|renners?|schaatsers?|skiërs?|skister\w*|plukkers?|scholier\w*|"
        r"klimmers?|duikers?|surfers?|boksers?|priesters?|wandelaars?|hardlopers?|atlet\w+"
    ),
    "sv": behind(
        r"student\w*|\w*arbetare\w*|\w*förare\w*|\w*chaufför\w*|turist\w*|m[aä]n\w*|kvinn\w+|familj\w*|spelare\w*|tränare\w*|bärplockare\w*"
    ),
    "pl": behind(
        r"student\w*|robotni\w+|pracowni\w+|kierowc\w+|pielęgniar\w+|turyst\w+|mężczyzn\w*|kobiet\w*|rodzin\w*|obywatel\w*|"
        r"piłkarz\w*|napastni\w+|bramkarz\w*|trener\w*|marynarz\w*|kibic\w*|inżynier\w*|naukow\w+|geolo[gd]\w+|fotograf\w*|"
        r"pielgrzym\w*|kolarz\w*|kolark\w+|narciar\w+|biegacz\w*|opiekun\w+|alpinist\w+|himalaist\w+|bokser\w*|surfer\w*|ksi[ęe][dż]z?\w*|"
        r"misjonar\w+|wolontariusz\w*|nurk\w*|sportow\w+"
    ),
    "cs": behind(
        r"student\w*|dělní\w+|řidič\w*|turist\w*|muž\w*|žen\w*|rodin\w*|občan\w*|fotbalist\w*|útoční\w+|brankář\w*|trenér\w*|horolez\w+"
    ),
    "ru": behind(
        r"студент\w*|рабоч\w+|водител\w*|турист\w*|мужчин\w*|женщин\w*|граждан\w*|футболист\w*|нападающ\w+|вратар\w*|тренер\w*|"
        r"моряк\w*|мигрант\w*|школьни\w+|дальнобойщи\w+|альпинист\w*|болельщи\w+|фанат\w*|инженер\w*|уч[её]н\w+|геолог\w*|"
        r"фотограф\w*|паломни\w+|велогонщи\w+|лыжни\w+|биатлонист\w*|бегун\w*|бокс[её]р\w*|с[её]рфер\w*|священник\w*|волонт[её]р\w*|дайвер\w*|"
        r"теннисист\w*|хоккеист\w*|спортсмен\w*|врач\w*"
    ),
    "uk": behind(
        r"студент\w*|робітни\w+|заробітчан\w*|воді\w+|турист\w*|чоловік\w*|жін\w+|громадян\w*|футболіст\w*|воротар\w*|тренер\w*|моряк\w*|"
        r"вболівальни\w+|уболівальни\w+|фанат\w*|інженер\w*|учен\w+|вчен\w+|науков\w+|геолог\w*|фотограф\w*|паломни\w+|велогонщи\w+|"
        r"лижни\w+|біатлоніст\w*|бігун\w*|боксер\w*|священник\w*|волонтер\w*|альпініст\w*|тенісист\w*|спортсмен\w*|лікар\w*"
    ),
    "tr": behind(
        r"öğrenci\w*|işçi\w*|şoför\w*|sürücü\w*|turist\w*|adam\w*|erkek\w*|kadın\w*|aile\w*|vatandaş\w*|futbolcu\w*|kaleci\w*|"
        r"teknik direktör\w*|göçmen\w*|denizci\w*|taraftar\w*|mühendis\w*|bilim insan\w+|araştırmacı\w*|"
        r"fotoğrafçı\w*|hacı\w*|bisikletçi\w*|"
        r"kayakçı\w*|dağcı\w*|boksör\w*|rahip\w*|gönüllü\w*|dalgıç\w*|sporcu\w*|doktor\w*|hemşire\w*"
    ),
    "hi": behind(
        r"छात्र\S*|छात्रा\S*|मजदूर\S*|मज़दूर\S*|कामगार\S*|श्रमिक\S*|पर्यटक\S*|नागरिक\S*|युवक\S*|महिला\S*|परिवार\S*|खिलाड़ी\S*|मछुआर\S*|नाविक\S*|इंजीनियर\S*|वैज्ञानिक\S*|"
        r"डॉक्टर\S*|नर्स\S*|प्रशंसक\S*|तीर्थयात्री\S*|श्रद्धालु\S*|पर्वतारोही\S*|ड्राइवर\S*|यात्री\S*|व्यक्ति\S*|दंपति\S*|कर्मचारी\S*"
    ),
    "hr sl": behind(
        r"student\w*|radni\w+|delav\w+|vozač\w*|voznik\w*|turist\w*|muškar\w+|mošk\w+|žen\w*|obitelj\w*|porodic\w+|družin\w*|"
        r"državljan\w*|navijač\w*|napadač\w*|vratar\w*|golman\w*|trener\w*|mornar\w*|migrant\w*"
    ),
    "sr": behind(
        r"студент\w*|радни\w+|возач\w*|турист\w*|мушкар\w+|жен\w*|породиц\w+|држављан\w*|навијач\w*|нападач\w*|голман\w*|тренер\w*|"
        r"student\w*|radni\w+|vozač\w*|turist\w*|muškar\w+|žen\w*|porodic\w+|državljan\w*|navijač\w*|golman\w*|trener\w*"
    ),
    "bg": behind(
        r"студент\w*|работни\w+|шофьор\w*|турист\w*|мъж\w*|жен\w*|семейств\w+|граждан\w+|футболист\w*|нападател\w*|вратар\w*|"
        r"треньор\w*|моряк\w*|мигрант\w*"
    ),
    "hu": behind(
        r"diák\w*|hallgató\w*|munkás\w*|vendégmunkás\w*|sofőr\w*|kamionsofőr\w*|turist\w+|férfi\w*|nő\w*|család\w*|állampolgár\w*|"
        r"csatár\w*|kapus\w*|edző\w*|labdarúgó\w*|hegymászó\w*"
    ),
    "fi": behind(
        r"opiskelij\w+|\w*työntekij\w+|\w*kuljettaj\w+|turist\w+|mie[hs]\w*|nai[ns]\w*|perhe\w*|pelaaj\w+|hyökkääj\w+|"
        r"maalivah\w+|valmentaj\w+|kansalai\w+|marjanpoimij\w+"
    ),
    "nb da": behind(
        r"student\w*|\w*arbeid\w+|\w*sjåfør\w*|\w*chauffør\w*|turist\w*|mann|menn|kvinn\w+|kvinde\w*|famili\w+|spill?er\w*|trener\w*|træner\w*"
    ),
    "sk": behind(
        r"študent\w*|robotní\w+|vodič\w*|turist\w*|muž\w*|žen\w*|rodin\w*|občan\w*|futbalist\w*|brankár\w*|tréner\w*"
    ),
    "es": before(
        r"estudiantes?|trabajador(?:a|es|as)?|obrer[oa]s?|jornaler[oa]s?|temporer[oa]s?|conductor(?:a|es)?|camioner[oa]s?|"
        r"enfermer[oa]s?|turistas?|hombres?|mujer(?:es)?|joven|jóvenes|parejas?|familias?|ciudadan[oa]s?|delanter[oa]s?|"
        r"porter[oa]s?|arquer[oa]s?|defensas?|centrocampistas?|técnicos?|entrenador(?:a|es)?|marineros?|migrantes?|nacionalidad|"
        r"hinchas?|aficionad[oa]s?|ingenier[oa]s?|científic[oa]s?|investigador(?:a|es|as)?|geólog[oa]s?|fotógraf[oa]s?|peregrin[oa]s?|"
        r"ciclistas?|esquiador(?:a|es|as)?|montañer[oa]s?|alpinistas?|boxeador(?:a|es)?|surfistas?|sacerdotes?|misioner[oa]s?|médic[oa]s?|"
        r"voluntari[oa]s?|corredor(?:a|es|as)?|tenistas?"
    ),
    "pt": before(
        r"estudantes?|trabalhador(?:a|es|as)?|operári[oa]s?|motoristas?|camionistas?|enfermeir[oa]s?|turistas?|hom(?:em|ens)|"
        r"mulher(?:es)?|jov(?:em|ens)|casal|casais|famílias?|cidad(?:ão|ãos|ã|ãs)|atacantes?|avançad[oa]s?|goleir[oa]s?|"
        r"guarda-redes|zagueir[oa]s?|treinador(?:a|es)?|técnicos?|marinheiros?|migrantes?|nacionalidade|torcedor(?:a|es|as)?|adept[oa]s?|"
        r"engenheir[oa]s?|cientistas?|investigador(?:a|es|as)?|pesquisador(?:a|es|as)?|geólog[oa]s?|fotógraf[oa]s?|peregrin[oa]s?|ciclistas?|"
        r"esquiador(?:a|es|as)?|alpinistas?|montanhistas?|pugilistas?|surfistas?|padres?|missionári[oa]s?|médic[oa]s?|pedreir[oa]s?|faxineir[oa]s?|"
        r"tenistas?|corredor(?:a|es|as)?|emigrantes?"
    ),
    "it": before(
        r"student[ei](?:ss[ae])?|lavorator[ei]|operai[oa]?|braccianti?|autist[ai]|camionist[ai]|infermier[ei]|turist[aie]|uom(?:o|ini)|"
        r"donn[ae]|ragazz[oiae]|coppi[ae]|famigli[ae]|cittadin[oiae]|attaccant[ei]|portier[ei]|difensor[ei]|allenator[ei]|marinai[o]?|"
        r"tifos[oiae]|ingegner[ei]|scienziat[oiae]|ricercator[ei]|ricercatric[ei]|geolog[oiah]+|fotograf[oiae]|pellegrin[oi]|ciclist[aie]|"
        r"sciator[ei]|sciatric[ei]|alpinist[aie]|pugil[ei]|surfist[aie]|sacerdot[ei]|pret[ei]|missionari[oae]?|medic[oi]|volontari[oae]?|"
        r"camerier[ei]|camerier[ae]|tennist[aie]"
    ),
    "fr": before(
        r"étudiante?s?|ouvri(?:er|ère)s?|travailleu(?:r|se)s?|chauffeurs?|routiers?|infirmi(?:er|ère)s?|touristes?|hommes?|femmes?|"
        r"couples?|familles?|ressortissante?s?|citoyen(?:ne)?s?|attaquante?s?|gardien(?:ne)?s?|défenseu(?:r|se)s?|"
        r"entraîneu(?:r|se)s?|marins?|migrante?s?|saisonniers?|supporte(?:ur|r|urs|rs|rice|rices)s?|ingénieure?s?|scientifiques?|chercheu(?:r|se)s?|"
        r"géologues?|photographes?|pèlerins?|cyclistes?|coureu(?:r|se)s?|skieu(?:r|se)s?|alpinistes?|boxeu(?:r|se)s?|surfeu(?:r|se)s?|prêtres?|"
        r"missionnaires?|médecins?|bénévoles?|tennis(?:man|woman|men)|randonneu(?:r|se)s?|serveu(?:r|se)s?"
    ),
    "ro": before(
        r"student\w*|muncitor\w*|șofer\w*|turi[sș]t\w*|bărba\w+|feme\w+|famili\w+|cetăț\w+|fotbalist\w*|atacant\w*|portar\w*|"
        r"antrenor\w*|marinar\w*|elev\w*"
    ),
    "ar": before(
        r"(?:ال)?(?:طالب\w{0,3}|طلاب|طلبة|عامل\w{0,3}|عمال|عمالة|سائح\w{0,3}|سياح|مهاجر\w{0,3}|سائق\w{0,3}|مواطن\w{0,3}|رجل|امرأة|"
        r"شاب|عائلة|لاعب\w{0,3}|مهاجم|حارس|مدرب|صيادي?ن?|بحارة?|مشجع\w{0,3}|مهندس\w{0,3}|عالم|علماء|باحث\w{0,3}|مصور\w{0,3}|حجاج|معتمرين|"
        r"طبيب\w{0,2}|أطباء|ممرض\w{0,3}|متسلق\w{0,3}|متطوع\w{0,3}|عاملات|لاعبات|عداء\w{0,3})"
    ),
    "zh": joined(
        r"(?:籍)?(?:男|女)?(?:留学生|留學生|学生|學生|游客|遊客|旅客|工人|劳工|勞工|移工|渔民|漁民|船员|船員|男子|女子|夫妇|夫婦|公民|"
        r"球员|球員|前锋|前鋒|门将|門將|教练|教練|工程师|工程師|科学家|科學家|球迷|摄影师|攝影師|医生|醫生|护士|護士|登山者|选手|選手|运动员|運動員|朝圣者|志愿者)"
    ),
    "ja": joined(
        r"(?:人|籍|国籍)?の?(?:[一-鿿]{0,2})?(?:留学生|学生|高校生|観光客|旅行者|実習生|労働者|作業員|船員|男性|女性|男(?=[のがら])|"
        r"夫婦|選手|監督|FW|GK|MF|DF|サポーター|技術者|エンジニア|研究者|写真家|登山家|医師|看護師|技能実習生|巡礼者)"
    ),
    "ko": joined(
        r"(?:인| 국적)?(?: ?의)?(?: \S{1,6})? ?(?:노동자|유학생|학생|대학생|관광객|여행객|선원|남성|여성|부부|선수|감독|공격수|"
        r"골키퍼|이주민|엔지니어|기술자|과학자|연구원|팬들|응원단|사진작가|등반가|의사|간호사|순례객|교민)"
    ),
}  # fmt: skip
NOUNS: Final = by_language(_NOUNS)
#: Behind a place where somebody is, in languages that have no prepositions.
LED_BEHIND: Final = by_language(
    {
        "tr": re.compile(r"'[dt][ae]n?\b"),
        "hi": re.compile(r" (?:शहर )?में(?: |$)"),
        "ko": re.compile(r"시?에서"),
        "ja": re.compile(r"[都道府県市町村島州]?で"),
    }
)


def mark_nationalities(passage: Passage, language: str) -> None:
    """Mark the nationalities of persons in a passage, which weigh less for the country that comes first."""
    nouns = NOUNS.get(language)
    if nouns is None:
        return
    spaced = language not in SCRIPT_LETTERS  # scripts without spaces have the name for the adjective
    for mention in passage.mentions:
        if mention.name.first.kind not in DEMONYMS and (spaced or mention.name.level != COUNTRY):
            continue
        mention.nationality |= is_beside(passage, mention, nouns.before, nouns.behind, BEFORE_CHARACTERS)
    if any(mention.nationality for mention in passage.mentions):
        mark_led(passage, LED_BEHIND.get(language))


def mark_led(passage: Passage, behind: re.Pattern[str] | None) -> None:
    """Mark the names that a preposition of place stands before, or its like `behind` them: where somebody was."""
    words, text = passage.words, passage.folded
    for mention in passage.mentions:
        mention.led |= words.before(mention.first).lower() in LEADING
        mention.led |= behind is not None and behind.match(text, mention.end) is not None
