"""Forms that sentences give to names and demonyms, and ordinary words that are a city's name too, by language."""

import pytest

from tests.agents.tag.regions.conftest import Tag

FORMS = {
    "ar": "EG للقاهرة|EG وبالقاهرة|EG المصريين|EG والمصرية|FR وفرنسا|FR الفرنسيات|DE ألمانيتان|SA للسعودية"
    "|IQ للعراقيين|LB لبيروت|RU الروس|US الأميركيين|GB البريطانيون|TR الأتراك|PS بغزة|MA المغاربة"
    "|AF الأفغان|ES الإسبان|KP كوريا الشمالية"
    "|UA بخاركيف|NE وأغاديز|ES سبتة|FR مدينة نيس",
    "hi": "FR फ्रांसीसी|DE जर्मन|RU रूसी|US अमेरिकी|PK पाकिस्तानी|GB ब्रिटिश|UA यूक्रेनी|SA सऊदी|EG मिस्र"
    "|KR दक्षिण कोरियाई"
    "|US सिएटल|AU मेलबर्न में|SA जेद्दा से|UA खारकीव",
    "ko": "FR 파리에서는|DE 독일의|US 뉴욕시|RU 러시아군|KR 부산시|UA 키이우에서|BR 상파울루에서|AE 두바이에서"
    "|JP 나고야에서|CN 칭다오의|TW 가오슝|UA 헤르손",
    "tr": "FR Fransızlar|DE Berlin'deki|RU Rusların|US ABD'nin|GR Yunanlılar|SY Suriyelilerin|CN Çin'in"
    "|SA Suudi"
    "|AL İşkodra",
    "pl": "DE Niemców|UA Ukraińcy|UA Ukraińców|CZ Czesi|SK Słowacy|HU Węgrzy|IT Włosi|GR Grecy|TR Turcy"
    "|IL Izraelczycy|JP Japończycy|BY Mińsku|PL Gdańsku|PL Wrocławiu|DE Berlinie|GB Londynie"
    "|HU Budapeszcie|PL Elblągu|PL Suwałkach|PL Tarnowie|PL Zakopanego|PL Krośnie"
    "|FR Paryżu|AT Wiedniem|UA Lwowie|SK Koszycach|BY Brześciem|RU Królewcu|AE Emiratach"
    "|IT Włoszkami|SY Syryjce|UA Ukrainek|DE Niemka|VN Wietnamkom",
    "ru": "FR француженка|DE немцы|CN китайцы|GR греки|SY сирийцы|IN индийцы|UZ узбеки|FI финны|TR турки"
    "|GE грузинский|UA Киеве|RU Екатеринбурге|KR южнокорейский|VE Венесуэле|PL поляки"
    "|UA украинок|IR иранками|UZ узбечку|CN китаянкам",
    "uk": "CN китайців|TR турків|SY сирійців|IT італійців|CZ чехів|LT литовців|RU росіян|PL Варшаві|UA Одесі"
    "|HU Будапешті|DE німецької|UA Чернівцях|UA Кременчуці|UA Черкасах|CZ Празі|PL Перемишлі"
    "|IT італійками|CN китаянки|FR француженок|DE німкень|TR туркенями|JP японці",
    "ja": "FR パリオリンピックで|DE ドイツメディア|BA サラエボで|FR パリで|AE ドバイで|UA キーウで|JP 札幌で|TH タイの"
    "|UA ハルキウで|TH チェンマイの|IQ モスルで|MY ペナンに",
    "zh": "VE 加拉加斯|CA 渥太华|PE 利马|CD 金沙萨|US 纽约|TW 台北市|CD 刚果民主共和国|CG 刚果（布）|VN 河内|CN 乌鲁木齐"
    "|US 西雅图|JP 福冈|KR 仁川|MY 槟城|UA 哈尔科夫",
    "de": "US New Yorker|GB Londoner|DE Frankfurt|BW Botswana|PS Westbank"
    "|FR französischer|GB Briten|NL Niederländer|DE Kölner|VE Venezolaner|CN Chinesinnen",
    "it": "RS Belgrado|MY Malesia|KP Nord Corea|VN Saigon|CD Congo"
    "|AL Scutari|EG Alessandria d'Egitto",
    "fr": "BY Bélarus|SS Sud-Soudan|IL Israël|BR Rio|BF Burkina|PF Polynésie",
    "pt": "IR Irão|VN Vietname|KR Coréia do Sul|MG Madagáscar",
    "nl": "FM Micronesië|SA Saudi-Arabië|SX Sint Maarten",
    "he": "RS בלגרד",
    "cs": "RS Bělehrad|CZ Jihlavě|CZ Plzni|CZ Pardubicích|SK Košicích|SK slovenští|UA ukrajinského|US Spojených státech",
    "sk": "HU maďarských|CZ Ostrave|AT Viedni",
    "fi": "FI Kuopiossa|FI Tampereella|SE ruotsalaisen|EE virolaiset|GB Lontoossa|FI Turussa",
    "hu": "HU Miskolcon|UA ukrán|RO Kolozsváron|RU Moszkvában",
    "sv": "NO norska|FI Åbo|CN kinesiskt",
    "da": "DE tyske|SE svenskerne",
    "no": "DK danske|PL polske",
    "ro": "UA ucraineni|RU rusești|MD Transnistria|FR franceză|RO Focşani|RO Sighetu Marmației",
    "bg": "RU руските|TR турското",
    "hr": "RS srpskog|AT austrijskih|HR Splitu|HR Rijeci|HR Zadru",
    "sr": "HU мађарске|HR хрватског|HR hrvatskog|RS Нишу|RS Крагујевцу|RS Суботици",
    "sl": "IT italijanskega|HR hrvaškimi",
    "bn": "BD ঢাকায়",
    "es": "QA Qatar|RS Belgrado|IQ Iraq|US EE.UU.|VE venezolanos|AR porteños|SV salvadoreños|MA marroquíes|CR costarricenses"
    "|IT Venecia",
}  # fmt: skip
#: Peoples in the plural, cases tied to a name, and short names.
PEOPLES = {
    "pl": "DE niemieccy|CZ czescy|SE szwedzcy", "cs": "DE Němců|US Američané|GB Britům|CN Číně", "sk": "PL Poliakov|HU Maďari",
    "bg": "US американците|TR турци|RS сърби", "sr": "HR Hrvatima|ME Crnoj Gori|XK Kosovu|US SAD", "hr": "RS Srbima|BA BiH",
    "hu": "US Egyesült Államokban|RO Romániából", "el": "CN Κινέζοι", "he": "RU הרוסים", "fa": "SA عربستان|GB انگلیس",
    "ur": "US امریکا|GB برطانیہ", "bn": "MM মিয়ানমারে|GR গ্রিস|US যুক্তরাষ্ট্রের", "te": "US అమెరికాలో|PK పాకిస్థాన్",
    "ta": "IN இந்தியாவின்|US அமெரிக்க|LK இலங்கையில்", "mr": "US अमेरिकेने|RU रशियाच्या", "vi": "US Mỹ|AU Úc|JP Nhật",
    "id": "GB Inggris|US AS|CN China", "ms": "PS Palestin", "th": "US สหรัฐ|GB อังกฤษ", "sw": "KE Wakenya|GB Uingereza|CD DRC",
    "et": "LV lätlased|FI Soomes|RU Venemaal|EE Tartust", "lv": "RU Krievijā|LT lietuviešu|US ASV|LV Daugavpilī",
    "lt": "RU Rusijos|PL lenkų|LT Lietuvoje|LT Kaune", "ka": "GE საქართველოში|RU რუსეთის|US აშშ", "az": "AM Ermənistanın|US ABŞ",
    "hy": "TR Թուրքիայի|US ԱՄՆ|RU ռուսական", "ca": "FR francesos|GB britànics|IT italiana", "kk": "RU Ресейдің|KZ Қазақстанда",
    "sq": "XK Kosovës|AL Shqipërisë|RS serbët", "mk": "GR грчката|BG бугарски|US САД", "tl": "CN Tsina|PH Pilipino|US Amerikano",
    "sv": "NO norrmän|RU ryssarna", "da": "FR franskmænd", "no": "GB britene",
}  # fmt: skip
#: Languages without lists for cleaning, most of them; in a script of their own a place is known behind what is written onto it.
ELSEWHERE = {
    "am": "FR የፈረንሳይ|SD በካርቱም።|ET በባሕር ዳር|CN የቻይና|ER ኤርትራዊ", "is": "IS Akureyrar|SE Svíþjóðar|DK dönsk|FO Færeyjum",
    "eu": "FR Baionan|DE Alemaniako|ES Gasteiztik|US AEBetan", "gl": "BR Brasil|MA marroquís|GB Londres",
    "af": "NA Namibiese|DE Berlyn",
    "be": "LT Вільні|PL польскага|BY Гомелі", "bs": "BA Tuzli|HR Hrvatskoj|RS srpskog", "ne": "NP पोखरामा|QA कतारको|GB लन्डनमा",
    "km": "KH ខេត្តបាត់ដំបង|TH ប្រទេសថៃ|GB ចក្រភព\u200bអង់គ្លេស", "my": "MM မန္တလေးတွင်|TH ချင်းမိုင်မှာ|CN တရုတ်နိုင်ငံ", "lo": "VN ຫວຽດນາມ|LA ປາກເຊ",
    "si": "LK ගාල්ලේ|IN ඉන්දියාවට|FR ප්‍රංශයේ", "ml": "IN കോഴിക്കോട്ടെ|QA ഖത്തറിൽ|IN കേരളത്തിലെ", "kn": "IN ಮಂಗಳೂರಿನ|LK ಶ್ರೀಲಂಕಾದ",
    "gu": "IN વડોદરામાં|US અમેરિકાની",
    "pa": "IN ਅੰਮ੍ਰਿਤਸਰ|CA ਕੈਨੇਡਾ", "or": "IN କଟକରୁ|BD ବାଂଲାଦେଶର", "mn": "CN Хятадын|MN Эрдэнэтэд", "ky": "KG Бишкектен|KZ Казакстанда",
    "uz": "UZ Buxoroda|KZ Qozog'istonning", "so": "SO Kismaayo|ET Itoobiya", "ha": "NE Nijar|TD Chadi",
    "ps": "AF کندهار|PK پېښور",
    "ka": "GE ქუთაისში|GE ფოთის",
}  # fmt: skip
#: Islands, mountains, rivers and old regions, which no list of divisions has.
FEATURES = {
    "en": "PF Tahiti|ES El Hierro|IT Stromboli|MZ Niassa|ID Halmahera|NA Damaraland|IO Chagossians|UG Karamoja|SO Lower Shabelle"
    "|SN Casamance|VU Malekula|BO El Alto|GB Ben Nevis|UZ Karakalpak|TN Ras Ajdir|IT Leghorn",
    "ar": "PF تاهيتي|GR وكريت|SO بونتلاند|FR كورسيكا|GB كورنوال",
    "hi": "NP एवरेस्ट|TZ किलिमंजारो|FJ फिजी|UZ उज्बेकिस्तान|MZ मोजांबिक|US उत्तरी कैरोलिना|DE बवेरिया",
    "ko": "IT 에트나|GR 로도스에서|KR 양양|US 네바다주|FR 브르타뉴에서",
    "tr": "RU Kamçatka'da|GE Abhazya'da|TR Kapadokya'da|IT Venedik'te|FR Korsika'da",
    "pl": "MD Naddniestrze|IT Wezuwiusza|CZ Ostrawie|FR Alzacji",
    "ru": "GR Крите|ES Майорке|UZ Каракалпакии|MD Приднестровье|GE Зугдиди|LV Юрмале|FR Корсике|PL Силезии",
    "uk": "GR Криті|IT Етни|GE Абхазії|UA Ізюма",
    "ja": "EC ガラパゴスで|GT フエゴ山|ID ジャワ島|US ノースダコタ州|FR ブルターニュで",
    "zh": "CL 复活节岛|TR 卡帕多奇亚|CN 三峡|US 堪萨斯州|IT 托斯卡纳",
    "de": "NO Spitzbergen|TZ Sansibar|CL Osterinsel|FR Korsika",
    "it": "GE Abcasia|GR Cicladi|FR Borgogna",
    "fr": "AR Patagonie|GR Crète|TR Bosphore",
    "es": "IT Vesubio|CL Isla de Pascua|GE Abjasia|BE Flandes",
    "pt": "AR Patagónia",
    "nl": "CL Paaseiland",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "form"),
    [
        (language, form)
        for table in (FORMS, PEOPLES, ELSEWHERE)
        for language, forms in table.items()
        for form in forms.split("|")
    ],
)
def test_form_of_a_name_or_demonym(tag: Tag, language: str, form: str) -> None:
    """Particles, articles, cases, genders and numbers do not hide a country."""
    country, _, surface = form.partition(" ")

    assert tag(f"… {surface} …", language=language).primary_country == country


@pytest.mark.parametrize("language", FEATURES)
def test_islands_mountains_and_old_regions(tag: Tag, language: str) -> None:
    """An island, a volcano or a region that is no division stands for its country."""
    named = [form.partition(" ")[::2] for form in FEATURES[language].split("|")]

    found = {surface: tag(f"… {surface} …", language=language).primary_country for _, surface in named}

    assert found == {surface: country for country, surface in named}


@pytest.mark.parametrize("name", ["Lake Tanganyika", "Zambezi River", "Scarborough Shoal"])
def test_waters_of_several_countries_are_no_division(tag: Tag, name: str) -> None:
    """A lake or river on a border does not stand for the province or town that has its name."""
    assert tag(f"Boats turned back on {name} before noon.").primary_country is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "وأضاف بأنه في الجديد من المدينة الغربية"),
        ("ar", "جرفت السيول الجسر القديم"),
        ("pl", "Rada policji i prezydenta Nowaka w szkole"),
        ("uk", "Президента і депутатів у школі чекали глядачі"),
        ("ar", "استخدمت الشرطة الغاز المسيل والعين على الخبر"),
        ("hi", "उसने मोबाइल पर कहा कि दुकान खुलना तय है"),
        ("zh", "他穿布衣，有金牌。联合声明说胜利属于民主。"),
        ("ja", "新しいアルバムとアルバイト。マインドをリマインド。サラ・パリンも来た。"),
        ("ja", "コーチはメディアに話した。エルヴィンも来た。コロナの影響。"),
        ("ko", "이를 위해 그는 회의 후에 코로나19 테마를 미리 말했다."),
        ("de", "Dabei fiel Regen in der Mitte der Region. Weil das Ende nahte."),
        ("es", "Pero no fue así. Como dijo el Presidente Nacional."),
        ("es", "Los vecinos de Vélez de Benaudalla vuelven a casa"),
        ("it", "Fermi anche i laboratori di Monte San Savino"),
        ("it", "Come sempre. Una volta. Mai più. Quarto posto."),
        ("tr", "Roma mezarından cam çıktı, Roma hamamı kazılıyor."),
        ("sw", "Gavana alifungua soko."),
        ("tr", "Bana göre. Benim için. Adalet istiyoruz."),
        ("uk", "Вона прийшла. Усі чекали. Часу немає."),
        ("ru", "Питер пришёл домой. Ним гордятся."),
        ("pl", "Nowe auto. Taki jest. Nada się."),
        ("fa", "بنادر بسته شد."),
        ("th", "รอนานมากเพราะโรคแพร่กระจายเร็ว"),
        ("el", "Δράμα χωρίς τέλος."),
        ("bn", "আনন্দ আর দুর্গ।"),
        (
            "id",
            "Lima rumah terbakar. Kami menunggu, kata warga. Kita pulang. Dari sana asap terlihat. Bukan api biasa.",
        ),
        ("sv", "Bara en gata är öppen. Hit kommer ingen. Inga bussar går. Samma sak i går."),
        ("cs", "Bude to trvat. Tak dlouho nikdo nečekal."),
        ("ro", "Daca vine ploaia, apa creste. Peste tot e noroi."),
        ("fi", "Joka talo on tyhjä. Sama vika kuin ennen."),
        ("da", "Mine naboer sov. Lille Per så røgen."),
        ("en", "He wore Oxford shirts and a Panama hat, and walked two Great Danes and a Siamese cat."),
        ("de", "Dazu passen Wiener Hörnchen und griechischer Joghurt."),
        ("es", "Una montaña rusa, una llave inglesa y coles de Bruselas."),
        ("pt", "Analistas da Faria Lima comeram salada russa."),
        ("ja", "指輪のトルコ石とロシアンルーレット。"),
        ("hi", "कारखाने में चीनी उत्पादन घटा और चीनी की कीमतें बढ़ीं।"),
        ("sv", "Sofie åt grekisk yoghurt."),
        ("cs", "Chutná turecká káva a řecký salát."),
        ("hi", "सुबह दुकानें खुलना शुरू हुईं, फिर नामों का मिलान हुआ।"),
        ("ko", "셜록 홈스의 새 책을 선전시키려 했다."),
        ("ar", "وقف الحارس في ميدان واسع وحمل البندقية."),
        ("pl", "Na plażę włożyła japonki, a potem zjadła trzy węgierki."),
        ("ru", "Мастер взял болгарку, а врач нашёл у него испанку."),
    ],
)
def test_ordinary_words_are_no_cities(tag: Tag, language: str, text: str) -> None:
    """A word that a language uses every day tags no country, although a city somewhere has it for a name."""
    assert [region.country for region in tag(text, language=language).regions] == []


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("de", "Die Feuer in Kalifornien breiten sich aus.", "US-CA"),
        ("de", "In Andalusien wird gestreikt.", "ES-AN"),
        ("ru", "Выборы губернатора Виргинии.", "US-VA"),
        ("fr", "Les incendies en Californie et en Bavière s'étendent.", "US-CA"),
        ("es", "Un sismo sacudió Oaxaca.", "MX-OAX"),
        ("it", "Le piene in Renania Settentrionale-Vestfalia.", "DE-NW"),
        ("ru", "Взрыв в Белгородской области.", "RU-BEL"),
        ("ru", "Пожар в Таганроге потушили.", "RU-ROS"),
        ("uk", "Удар по терміналу в Ізмаїлі.", "UA-51"),
        ("uk", "Пожежі в Каліфорнії тривають.", "US-CA"),
        ("zh", "加利福尼亚州山火蔓延。", "US-CA"),
        ("ja", "カリフォルニア州で山火事。", "US-CA"),
        ("ko", "캘리포니아주에서 산불이 났다.", "US-CA"),
        ("ar", "حرائق في كاليفورنيا", "US-CA"),
        ("hi", "कैलिफ़ोर्निया में आग", "US-CA"),
    ],
)
def test_divisions_and_towns(tag: Tag, language: str, text: str, code: str) -> None:
    """A division is known by its name in each language, smaller towns where their country writes in its letters."""
    assert code in {region.code for region in tag(text, language=language).regions}


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("fi", "Virossa ja Tallinnassa satoi.", "EE"),
        ("hu", "Horvátországban esett az eső.", "HR"),
        ("cs", "V Polsku a v Maďarsku pršelo.", "PL"),
        ("sk", "V Rakúsku pršalo, v Nemecku nie.", "DE"),
        ("el", "Η βροχή της Ιταλίας.", "IT"),
        ("hr", "U Italiji je padala kiša.", "IT"),
        ("ro", "Ploile Austriei nu mai vin.", "AT"),
        ("nb", "Sveriges elver flommer over.", "SE"),
        ("bn", "ভারতে বৃষ্টি হয়েছে।", "IN"),
        ("he", "ירד גשם בפולין ובצרפת.", "PL"),
        ("he", "בנתניה ירד גשם.", "IL"),
        ("el", "Έβρεξε στη Θράκη και στα Τρίκαλα.", "GR"),
        ("th", "น้ำท่วมหนักที่เชียงใหม่วันนี้", "TH"),
        ("th", "ตำรวจจังหวัดเลยจับผู้ต้องหา", "TH"),
        ("bn", "রাজশাহীতে বৃষ্টি হয়েছে।", "BD"),
        ("fa", "در خوزستان باران بارید.", "IR"),
        ("ur", "کوئٹہ میں بارش ہوئی۔", "PK"),
        ("ta", "கோயம்புத்தூர் நகரில் மழை பெய்தது.", "IN"),
    ],
)
def test_countries_are_known_in_their_cases(tag: Tag, language: str, text: str, country: str) -> None:
    """Where the gazetteer has a country's name alone, the endings and prefixes of the language are read."""
    assert country in {region.country for region in tag(text, language=language).regions}


def test_names_of_people_are_no_cases_of_countries(tag: Tag) -> None:
    """Malin is not of Mali."""
    assert tag("Malin kertoi sateesta.", language="fi").regions == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("id", "AS Roma menang lagi di kandang"), ("th", "ครูสอนภาษาอังกฤษและภาษาจีน"), ("id", "guru bahasa Inggris")],
)
def test_languages_and_clubs_are_no_countries(tag: Tag, language: str, text: str) -> None:
    """A language that is taught and a club with a country's abbreviation in its name."""
    found = {region.country for region in tag(text, language=language).regions}
    assert found.isdisjoint({"US", "GB", "CN"})
