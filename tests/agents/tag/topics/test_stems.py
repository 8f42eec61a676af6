"""Stems of languages: their files, and where they are found."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tag.topics.language import LANGUAGES
from agents.tag.topics.stems import FOLDER, NO_TOPIC, Stems
from streams.mediatopics import concepts

WITH_STEMS = sorted((*LANGUAGES, "en"))


@cache
def read(language: str) -> Stems:
    """Return the stems of a language, read once."""
    return Stems.read(language)


def found(tmp_path: Path, language: str, stems: str, text: str) -> list[str]:
    """Return the words of a text that some stems find."""
    (tmp_path / f"{language}.txt").write_text(f"09: {stems}\n", encoding="utf-8")
    hits = Stems.read(language, tmp_path).find("", text)
    return [text[hit.start : hit.end] for hit in hits]


def test_every_language_has_a_file_and_every_file_a_language() -> None:
    """Languages with a table and languages with stems are the same, and English."""
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == WITH_STEMS


@pytest.mark.parametrize("language", WITH_STEMS)
def test_each_language_has_stems_for_all_topics(language: str) -> None:
    """All seventeen topics have at least thirty stems."""
    counts = {f"medtop:{number:02}000000": 0 for number in range(1, 18)}
    for stem in read(language).stems:
        if stem.code in counts:
            counts[stem.code] += 1
    assert min(counts.values()) >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_names_the_concepts_that_a_monitor_needs(language: str) -> None:
    """The same concepts below the topics have names in every language."""
    below = {stem.code for stem in read(language).stems if not stem.code.endswith("000000")}
    assert len(below) >= 150
    assert below == {stem.code for stem in read("es").stems if not stem.code.endswith("000000")}


@pytest.mark.parametrize("language", WITH_STEMS)
def test_codes_of_stems_are_in_force(language: str) -> None:
    """No stem speaks for a topic or concept that the taxonomy does not have."""
    assert {stem.code for stem in read(language).stems} <= {NO_TOPIC, *concepts()}


def test_a_stem_begins_a_word(tmp_path: Path) -> None:
    """The same letters inside a word are no stem."""
    assert found(tmp_path, "es", "huelg", "La huelga y los huelguistas; anhuelga") == ["huelga", "huelguistas"]


def test_a_whole_word_is_no_beginning(tmp_path: Path) -> None:
    """A golpe is no gol."""
    assert found(tmp_path, "es", "=gol", "gol tras el golpe") == ["gol"]


def test_a_tail_ends_a_compound(tmp_path: Path) -> None:
    """German compounds are known by their tail, with a short ending."""
    text = "Hafenstreiks und Warnstreik, Streikende"
    assert found(tmp_path, "de", "*streik, streik", text) == ["Hafenstreiks", "Warnstreik", "Streikende"]


def test_a_bare_tail_begins_no_other_word(tmp_path: Path) -> None:
    """A fire is the end of a compound or a word of its own, and Brandenburg is none."""
    text = "Waldbrand und Brände, ein Brand in Brandenburg, Brandt; Großbrandes"
    assert found(tmp_path, "de", "=*brand", text) == ["Waldbrand", "Brand", "Großbrandes"]


def test_both_words_of_a_phrase_may_have_endings(tmp_path: Path) -> None:
    """The first word of a phrase is inflected as the second is, and has to stand right before it."""
    text = "гражданская война, гражданской войны, войны гражданской; и гражданская, война"
    assert found(tmp_path, "ru", "гражданск* войн", text) == ["гражданская война", "гражданской войны"]


def test_arabic_particles_may_stand_before_a_stem(tmp_path: Path) -> None:
    """The article, conjunctions and prepositions are no part of the word; other letters are."""
    assert found(tmp_path, "ar", "إضراب", "بدأ الإضراب وإضراب آخر ومإضراب") == ["الإضراب", "وإضراب"]


def test_chinese_stems_stand_anywhere(tmp_path: Path) -> None:
    """Nothing sets words apart in Chinese."""
    assert found(tmp_path, "zh", "罢工", "码头工人罢工三天") == ["罢工"]


def test_a_line_without_a_topic_is_refused(tmp_path: Path) -> None:
    """A broken file stops the start and says which line it is."""
    (tmp_path / "es.txt").write_text("huelga, paro\n", encoding="utf-8")
    with pytest.raises(ValueError, match="huelga"):
        Stems.read("es", tmp_path)


#: Words that look like a concept's name and are another one.
LOOKALIKES = (
    ("de", "Die Besatzung wartet auf Ersatz", "20000060"),
    ("de", "Der Umsatz betrug zwei Millionen", "20000097"),
    ("de", "Die Auswahl an Äpfeln ist groß", "20000574"),
    ("de", "Ansturm auf Karten in Brandenburg", "20000158"),
    ("de", "Handytarife werden günstiger", "20000518"),
    ("nl", "Brandstof wordt duurder", "20000150"),
    ("nl", "Nieuwe laptop voor topsport", "20000640"),
    ("es", "Marca de penal y gana", "20000137"),
    ("es", "La ejecución del plan se retrasa", "20000135"),
    ("fr", "Le passeur décisif quitte le club", "20001283"),
    ("fr", "Une dépression arrive par l'ouest", "20001356"),
    ("it", "Il treno è partito in ritardo", "20000651"),
    ("ru", "Боинг сел, никто не боится", "20000056"),
    ("pl", "Kto płaci za prąd", "20000518"),
    ("ar", "لقاء في سيول بين الرئيسين", "20000154"),
    ("ar", "استئناف المحادثات بين الجانبين", "20000108"),
    ("ar", "انقلاب حافلة على الطريق", "20000070"),
    ("ar", "نصائح لعلاج العنف الأسري", "20000080"),
    ("ar", "نجاح زراعة كبد لطفل", "20000210"),
    ("hi", "कर्मचारी नेता भूख हड़ताल पर बैठे", "20000529"),
    ("zh", "员工权益受到保护，工人权益不容侵犯", "20000592"),
    ("zh", "数百人大规模集会", "20000615"),
    ("ja", "コレステロール値を下げる食事", "20000053"),
    ("ja", "スパイスの効いたカレー", "20000605"),
    ("ja", "ゲリラ豪雨に注意", "20000057"),
    ("ja", "帰宅難民で駅が混雑", "20000645"),
    ("ko", "대규모 정전으로 신호등 꺼져", "20000073"),
    ("ko", "희생자 유가족 오열", "20000268"),
    ("ko", "암호화폐 시세 급등", "20000447"),
    ("ko", "대통령 지지율 추락", "20000144"),
    ("ko", "겨울 보양식 전복죽", "20000145"),
    ("ko", "전직 장관 고문으로 위촉", "20001320"),
    ("tr", "Araştırma bunu gösteriyor", "20000066"),
    ("tr", "Komşular çığlık duydu", "20000156"),
    ("tr", "Penaltı kaçıran oyuncu özür diledi", "20000100"),
    ("uk", "Звільнення міста від загарбників", "20000189"),
    ("pl", "Gwałtowne burze nad Śląskiem", "20000085"),
    ("pl", "Firma zatrudni stu kierowców", "20001322"),
    ("pl", "Absolwenci odebrali dyplomy", "20000639"),
    ("de", "Hungerstreik im Gefängnis", "20000529"),
    ("fr", "Un détenu en grève de la faim", "20000529"),
    ("ru", "Гуманитарный коридор открыт", "20000448"),
    ("uk", "Корупція в міністерстві", "20000448"),
    ("pl", "Poziom wody Odry spada", "20000448"),
    ("tr", "Buna izin veremedi", "20000448"),
    ("it", "Fece ridere tutti", "20001275"),
    ("de", "Er erntete Kritik", "20000210"),
    ("de", "Mieten belasten viele Haushalte", "20000607"),
    ("de", "Zwei Schlepper ziehen den Frachter", "20001283"),
)


@pytest.mark.parametrize(("language", "text", "code"), LOOKALIKES, ids=[text for _, text, _ in LOOKALIKES])
def test_words_that_look_alike_name_no_concept(language: str, text: str, code: str) -> None:
    """A crew is no occupation, an amount no fraud, a penalty kick no prison."""
    assert f"medtop:{code}" not in {hit.code for hit in read(language).find(text, "")}


#: Words that look like a topic's stem and are another one, by the topic that they do not speak for.
OTHER_WORDS = (
    ("en", "Churchill's courtyard reopens", "12"),
    ("en", "Unrestricted parking, chipped windshields", "16"),
    ("hi", "दो कप दूध और चीनी", "15"),
    ("ko", "증시 붕괴 공포", "03"),
    ("fr", "La façade va s'écrouler", "02"),
    ("es", "Un rincón pintoresco", "01"),
    ("it", "Un furgone rovesciato", "17"),
    ("it", "Arresti per riciclaggio", "06"),
    ("pl", "Szkoleniowiec zrezygnował", "05"),
    ("pl", "Odpadł w drugiej rundzie", "06"),
    ("ru", "Долгие размышления", "03"),
    ("uk", "Адвокати мають оскаржити рішення", "01"),
    ("uk", "Новий смак морозива", "17"),
    ("tr", "Hakimiyet el değiştirdi", "02"),
    ("es", "Un equipo de investigadores halló agua", "15"),
    ("fr", "Une équipe médicale sur place", "15"),
    ("pt", "Uma equipa de cientistas mediu o gelo", "15"),
    ("it", "Indaga la squadra mobile", "15"),
    ("ru", "Команда врачей прилетела ночью", "15"),
    ("uk", "Команда вчених виміряла лід", "15"),
    ("hi", "वैज्ञानिकों की टीम पहुंची", "15"),
    ("de", "Neues Werkzeug auf der Messe", "12"),
    ("nl", "Ze zijn tevreden met wat ze hebben gekregen", "16"),
    ("nl", "Ze hebben de sleutel gekregen", "17"),
    ("nl", "Mijn moeder komt morgen", "16"),
    ("nl", "Een moderne gevel", "10"),
    ("nl", "De politieke toon verhardt", "02"),
    ("nl", "Rechtbank doet uitspraak", "04"),
    ("nl", "Vier mensen gewond bij schietpartij", "11"),
    ("de", "Sie hatten den Bus genommen", "13"),
    ("de", "Die Rede wurde am Abend gehalten", "09"),
    ("de", "Er hat sich dafür eingesetzt und Grenzen gesetzt", "11"),
    ("de", "Das kriegt man nicht überall", "16"),
    ("de", "Ein Hubschrauber kreiste über dem Tal", "02"),
    ("de", "Ein neuer Kindergarten wird gebaut", "10"),
    ("de", "Verfahren vor dem Gericht in Gelsenkirchen", "12"),
    ("fr", "Le chantier commence en mars", "13"),
    ("fr", "La plus grande usine mondiale", "15"),
    ("fr", "De nouveaux équipements pour la cuisine", "15"),
    ("es", "La plaza más preciosa del pueblo", "04"),
    ("es", "La economía mundial se frena", "15"),
    ("es", "Los mayores productores del país", "14"),
    ("it", "Lo scrittore è nato a Bari", "16"),
    ("it", "Il governo nazionale tace", "15"),
    ("it", "I dati mostrano un calo", "01"),
    ("it", "La strada è stata messa in sicurezza", "12"),
    ("pt", "Os equipamentos chegaram ontem", "15"),
    ("pt", "Reunião em Chipre", "13"),
    ("pl", "Miejsce zamieszkania bez zmian", "16"),
    ("pl", "Trudno to pogodzić", "17"),
    ("ru", "Он смог ответить", "06"),
    ("ru", "Жители сельского округа", "03"),
    ("ru", "Поезд прибыл вовремя", "04"),
    ("ru", "Они дождались ответа", "17"),
    ("uk", "Він погодився на умови", "17"),
    ("uk", "Стадо виросло до ста голів", "15"),
    ("tr", "Bunu yazarak anlattı", "01"),
    ("ar", "أبلغ الوزير الصحفيين", "13"),
    ("ar", "تنسيق بين الجانبين", "15"),
    ("ar", "نحتاج إلى حل", "01"),
    ("hi", "अकाली दल की बैठक", "03"),
    ("ja", "審議会が答申", "11"),
    ("ja", "新しいユニットを結成", "10"),
    ("zh", "一名将军访问", "15"),
    ("zh", "天文学家的新发现", "01"),
    ("ko", "해운대 바닷가", "04"),
    ("en", "An important day for the village", "04"),
    ("ar", "اجتماع في الرياض", "15"),
    ("ar", "جلسة الكنيست", "12"),
    ("ar", "اتصال هاتفي بين الوزيرين", "13"),
    ("ar", "مؤتمر صحفي مشترك", "01"),
    ("ar", "قمة جامعة الدول العربية", "05"),
    ("ar", "منشورات على مواقع التواصل الاجتماعي", "14"),
    ("hi", "इस्लामाबाद में बैठक", "12"),
    ("hi", "घायलों को अस्पताल में भर्ती कराया गया", "09"),
    ("hi", "पारा 45 डिग्री पहुंचा", "05"),
    ("zh", "主教练宣布名单", "12"),
    ("zh", "防范重大风险", "17"),
    ("zh", "新教师走上讲台", "12"),
    ("zh", "伊斯兰堡举行会谈", "12"),
    ("ja", "モスクワで会談", "12"),
    ("ja", "ゴールデンウィークの予定", "15"),
    ("ja", "八王子で火事", "08"),
    ("ja", "陸上自衛隊が出動", "15"),
    ("ko", "모스크바에서 회담", "12"),
    ("ko", "국무부 부대변인 논평", "16"),
    ("ko", "노동당 전원회의 개최", "09"),
    ("ko", "무기한 연기", "16"),
    ("tr", "Açıklamada şöyle denildiği belirtildi", "07"),
    ("tr", "Diplomatik temaslar sürüyor", "05"),
    ("tr", "Kasım ayı verileri açıklandı", "06"),
    ("tr", "Beraberindeki heyetle geldi", "15"),
    ("tr", "Şiddetli yağış bekleniyor", "14"),
    ("uk", "Наступного тижня засідання", "16"),
    ("uk", "Дипломати обговорили угоду", "05"),
    ("uk", "Загін найманців відступив", "09"),
    ("ru", "Ему грозит пять лет", "17"),
    ("ru", "Дипломаты обсудили соглашение", "05"),
    ("ru", "Премьера фильма состоялась", "11"),
    ("ru", "Арбитражный суд отклонил иск", "15"),
    ("ru", "Медведев вышел в финал", "06"),
    ("ru", "Семь человек ранены", "14"),
    ("pl", "Sonda leci na Księżyc", "12"),
    ("pl", "Klasztor nad rzeką", "05"),
    ("pl", "Nowe przepisy od stycznia", "10"),
    ("de", "Premiere an der Oper", "11"),
    ("de", "Treffen in Islamabad", "12"),
    ("nl", "Diplomaten overleggen", "05"),
    ("it", "Diplomatici a colloquio", "05"),
    ("fr", "Dans le but de convaincre", "15"),
    ("es", "La reforma fiscal avanza", "02"),
    ("ar", "تشييع شهيد في القرية", "10"),
    ("ar", "النافذة مفتوحة دائما", "12"),
    ("ru", "Героиня войны вернулась домой", "02"),
    ("uk", "Героїня повернулася", "02"),
    ("de", "Mönchengladbach verliert erneut", "12"),
    ("de", "Die Preise sind gesunken", "03"),
    ("ko", "제철소 가동 중단", "10"),
    ("ko", "미사일 발사", "12"),
    ("ko", "사이클론 북상", "15"),
    ("hi", "कोचिंग में पढ़ते छात्र", "15"),
    ("pl", "W meczecie modlą się wierni", "15"),
    ("pl", "Operacja wojskowa trwa", "01"),
    ("pl", "Choroba w remisji", "15"),
    ("ru", "Судан просит помощи", "02"),
    ("ru", "Гонконг открыл границы", "15"),
    ("uk", "Гонконг відкрив кордони", "15"),
    ("ru", "Танкер сел на мель", "16"),
    ("uk", "Зсуви засипали дорогу", "16"),
    ("de", "Die Leser werden gebeten", "12"),
    ("de", "Stürmer fällt aus", "17"),
    ("nl", "Onderzoekers weten meer", "11"),
    ("nl", "Operatie geslaagd", "01"),
    ("fr", "Le bilan s'élève à dix morts", "05"),
    ("es", "El líder saludó a sus seguidores", "07"),
    ("it", "Il presidente arriva", "05"),
    ("it", "I sindacati protestano", "11"),
    ("it", "Delitto per gelosia", "17"),
    ("tr", "Takım iyi bir performans sergiledi", "01"),
    ("tr", "İşlem hacmi arttı", "12"),
    ("nl", "Beverwijk krijgt nieuw station", "06"),
    ("de", "Ankunft in Biberach", "06"),
    ("pl", "Świece z parafiny", "12"),
    ("uk", "Парафін подорожчав", "12"),
    ("hi", "टैक्सी चालक मिला", "04"),
    ("zh", "两所小学合并", "04"),
    ("ar", "الفريق يخطف التعادل", "02"),
    ("pl", "Gospodarze boiska czekają", "04"),
    ("ko", "강도 높은 조사", "02"),
    ("ru", "Они столкнулись с трудностями", "03"),
    ("en", "A new policy for taxi drivers", "04"),
    ("en", "A warm example for couples", "16"),
    ("en", "An example of good food", "05"),
    ("en", "Talks in Islamabad", "12"),
    ("it", "Concerto nell'ex fabbrica", "04"),
    ("es", "La cumbre se celebró en Lima", "08"),
    ("es", "Quien cometa el delito", "13"),
    ("de", "Sondersitzung im Rathaus", "13"),
    ("zh", "警方抓获犯罪分子", "13"),
    ("ar", "رياضيات من تونس", "13"),
    ("pt", "Carga viral em queda", "08"),
    ("ru", "Необычное решение кассации", "08"),
    ("uk", "Дивовижний краєвид", "08"),
    ("pl", "Gwiazda neutronowa", "08"),
    ("fr", "Le robot Curiosity repart", "08"),
    ("ru", "Лодка ударилась о причал", "16"),
    ("pt", "Bancos de madeira no largo", "04"),
    ("fr", "Un lycée dans une ancienne usine", "04"),
    ("en", "An appeal that appears late", "13"),
)


@pytest.mark.parametrize(
    ("language", "text", "topic"), OTHER_WORDS, ids=[f"{row[0]}-{row[1][:12]}-{row[2]}" for row in OTHER_WORDS]
)
def test_words_that_look_alike_speak_for_no_topic(language: str, text: str, topic: str) -> None:
    """Riyadh is no sport, Moscow no mosque, a head coach no bishop, next week no offensive."""
    assert f"medtop:{topic}000000" not in {hit.code for hit in read(language).find(text, "")}


#: Inflected forms, phrases and spellings by which newspapers name a concept.
NAMES = (
    ("ar", "اعتقال زعيم المعارضة", "20000130"),
    ("ar", "الهجرة غير الشرعية عبر المتوسط", "20000773"),
    ("ar", "مكافحة الجريمة المنظّمة", "20000101"),
    ("ar", "مسلحون يخطفون تلاميذ", "20000100"),
    ("ar", "اتهامات بارتكاب جرائم حرب", "20000105"),
    ("ar", "السيول تجرف المنازل", "20000154"),
    ("hi", "सड़क हादसे में पांच की मौत", "20000147"),
    ("hi", "गिरफ़्तार आरोपी अदालत में", "20000130"),
    ("hi", "भूकम्प के झटके", "20000153"),
    ("hi", "यूरोपीय देशों ने आर्थिक प्रतिबंध लगाए", "20000642"),
    ("zh", "軍方發動政變", "20000070"),
    ("zh", "兩名部長涉貪腐", "20000093"),
    ("zh", "颱風逼近，學校停課", "20001280"),
    ("ja", "犯罪人引き渡し条約に基づく移送", "20000127"),
    ("ja", "避難民の帰還始まる", "20000645"),
    ("ko", "대선 투표 시작", "20000574"),
    ("ko", "물가상승 압력 커져", "20000370"),
    ("tr", "Sandığa gidiyoruz", "20000586"),
    ("tr", "İşsizlik arttı", "20000533"),
    ("tr", "Silahlı grup öğrencileri kaçırdı, fidye istedi", "20000100"),
    ("uk", "Лідера опозиції заарештовано", "20000130"),
    ("uk", "ООН попереджає про голод", "20000149"),
    ("ru", "Поезд сошёл с рельсов", "20000146"),
    ("pl", "Wykoleił się pociąg", "20000146"),
    ("fr", "Coup d'Etat au petit matin", "20000070"),
    ("fr", "Emeutes dans la capitale", "20000069"),
    ("es", "Detienen a un opositor", "20000130"),
    ("pt", "Líder da oposição é preso", "20000130"),
    ("it", "Uomini armati rapiscono alunni", "20000100"),
    ("nl", "Vredesonderhandelingen hervat", "20000076"),
    ("de", "Entführer fordern Lösegeld", "20000100"),
    ("es", "Los choferes levantan el paro", "20000529"),
    ("pt", "Professores mantêm paralisação de três dias", "20000529"),
    ("ru", "Площадь огня достигла гектара", "20000150"),
)


@pytest.mark.parametrize(("language", "text", "code"), NAMES, ids=[text for _, text, _ in NAMES])
def test_a_concept_is_named_however_it_is_written(language: str, text: str, code: str) -> None:
    """Endings, articles, vowel signs, dots and traditional characters hide no concept."""
    assert f"medtop:{code}" in {hit.code for hit in read(language).find(text, "")}


KINDS = (
    ("ru", "Гороскоп на вторник", "10"),
    ("ko", "오늘의 운세", "10"),
    ("en", "Your horoscope", "10"),
    ("pl", "Krzyżówka z nagrodą", "10"),
    ("ja", "今日の運勢", "10"),
    ("fr", "Mots croisés du jeudi", "10"),
    ("de", "Flaschenpost nach vierzig Jahren gefunden", "08"),
    ("nl", "Flessenpost uit 1970 spoelt aan", "08"),
    ("pl", "Obrączka wróciła po latach", "08"),
    ("ru", "Открытка шла сорок лет", "08"),
    ("tr", "Kırk yıllık kartpostal", "08"),
    ("zh", "四十年前的明信片", "08"),
    ("it", "Tornano alla luce gli affreschi", "01"),
    ("fr", "Une fresque sous le plâtre", "01"),
    ("uk", "Під тиньком знайшли фрески", "01"),
    ("pt", "Fila no banco alimentar cresce", "14"),
    ("es", "El comedor social sirve más cenas", "14"),
    ("ja", "フードバンクに長い列", "14"),
    ("ko", "푸드뱅크에 긴 줄", "14"),
    ("es", "Otro apagón dejó a oscuras tres barrios", "04"),
    ("fr", "Pannes d'électricité dans tout le quartier", "04"),
    ("de", "Stromausfall in drei Stadtteilen", "04"),
    ("it", "Blackout in tre quartieri", "04"),
    ("pt", "Apagão atinge três bairros", "04"),
    ("nl", "Stroomuitval in drie wijken", "04"),
    ("ru", "Три района остались без электричества", "04"),
    ("uk", "Три села знеструмлені", "04"),
    ("tr", "Üç mahallede elektrik kesintisi", "04"),
    ("ar", "انقطاع الكهرباء في ثلاثة أحياء", "04"),
    ("ko", "하동에 새 공장을 짓는다", "04"),
    ("zh", "企业宣布在当地建厂", "04"),
    ("es", "Comenzaron las maniobras militares en la costa", "16"),
    ("tr", "Ege'de ortak tatbikat başladı", "16"),
    ("ja", "海上で合同演習が始まった", "16"),
    ("ko", "연합훈련이 시작됐다", "16"),
    ("de", "Der Kreml lehnt das Angebot ab", "11"),
    ("it", "Il Cremlino respinge l'offerta", "11"),
    ("nl", "Het Witte Huis wijst het aanbod af", "11"),
    ("pl", "Kreml odrzuca propozycję", "11"),
    ("tr", "Kremlin teklifi reddetti", "11"),
    ("fr", "La rivière déborde à nouveau", "03"),
    ("it", "Il torrente esonda ancora", "03"),
    ("hi", "गाँव में बादल फटा", "03"),
    ("ja", "市内の千戸で断水", "03"),
    ("pl", "Gospodarze pokonali gości", "15"),
    ("ru", "Хозяева обыграли гостей", "15"),
    ("ko", "수원이 안양을 꺾고 올라섰다", "15"),
    ("de", "Transporter prallt gegen Mauer", "03"),
    ("it", "Nuova eruzione nella notte", "03"),
    ("pt", "Carreta capotou na serra", "03"),
    ("pl", "Zderzenie dwóch ciężarówek", "03"),
    ("ja", "バスが横転した", "03"),
    ("fr", "Braquage dans une pharmacie", "02"),
    ("hi", "ट्रक की टक्कर से घायल", "03"),
    ("de", "Stadtrat streitet über das Bad", "11"),
    ("fr", "Le conseil municipal reporte le vote", "11"),
    ("es", "El pleno municipal aplaza la decisión", "11"),
    ("it", "Il consiglio comunale rinvia la decisione", "11"),
    ("pt", "Vereadores adiam a decisão", "11"),
    ("nl", "Wethouder stelt plan uit", "11"),
    ("pl", "Radni odkładają decyzję", "11"),
    ("ru", "Гордума отложила решение", "11"),
    ("uk", "Міськрада відклала рішення", "11"),
    ("tr", "Belediye meclisi kararı erteledi", "11"),
    ("ar", "المجلس البلدي يؤجل القرار", "11"),
    ("hi", "नगर परिषद ने फैसला टाला", "11"),
    ("zh", "市議會延後表決", "11"),
    ("ja", "町議会が採決を延期", "11"),
    ("ko", "구의회, 표결 연기", "11"),
    ("nl", "Minder overslag aan de kade", "04"),
    ("uk", "Вартість проїзду зросте вдвічі", "04"),
    ("pl", "Remont drogi potrwa do jesieni", "04"),
    ("ja", "バスの運賃、来春から引き上げ", "04"),
    ("fr", "Les loyers grimpent encore", "14"),
    ("ko", "세입자 모임이 대책을 요구했다", "14"),
    ("ru", "Полицейские применили водомет", "16"),
    ("hi", "चौक पर भीड़ पर लाठीचार्ज", "16"),
    ("es", "Los embalses bajan otra vez", "06"),
    ("fr", "Les nappes phréatiques se vident", "06"),
    ("de", "Das Grundwasser sinkt weiter", "06"),
    ("pt", "Açudes seguem quase vazios", "06"),
    ("ru", "Водохранилище обмелело", "06"),
    ("zh", "水库见底", "06"),
    ("nl", "Waterschap haalt dammetjes weg", "06"),
    ("fr", "Les pêcheurs sans licences de pêche", "04"),
    ("ja", "燃料不足で給油所に列", "04"),
    ("uk", "Уряд підвищить податки", "04"),
    ("ko", "어민들 배를 묶었다", "04"),
    ("de", "Wanderung mit Gasthäusern am Weg", "10"),
    ("ru", "Экскурсия по старому городу", "10"),
    ("ko", "섬마을 민박에서 하룻밤", "10"),
    ("ja", "温泉街をめぐる", "10"),
    ("fr", "La procession traverse le bourg", "12"),
    ("pl", "Proboszcz zaprasza wiernych", "12"),
    ("hi", "मंदिर में आरती", "12"),
    ("fr", "Un archéologue fouille la grotte", "13"),
    ("zh", "古墓群重见天日", "13"),
    ("uk", "Археологи завершили розкопки", "13"),
    ("de", "Kran stürzt auf Baustelle um", "03"),
    ("pt", "Muro desabou sobre a calçada", "03"),
    ("ru", "Началась демаркация границы", "11"),
    ("pl", "Rozpoczęła się delimitacja", "11"),
    ("zh", "两所中学合并", "05"),
    ("en", "Wharf closed for dredging", "04"),
    ("en", "Selectboard delays its decision", "11"),
    ("en", "Tenants ask for a freeze", "14"),
    ("it", "Apre una mensa popolare", "14"),
    ("ja", "ひ孫と踊る", "08"),
    ("pl", "Kolejka wąskotorowa rusza w maju", "10"),
    ("ja", "観光列車が復活", "10"),
    ("de", "Raumsonde fliegt an Komet vorbei", "13"),
    ("ko", "블랙홀 첫 사진", "13"),
    ("pt", "Um cometa visível em maio", "13"),
    ("fr", "La doyenne du village souffle ses bougies", "08"),
    ("ru", "Народный артист простился со сценой", "01"),
    ("uk", "Чорна діра поруч", "13"),
    ("fr", "Des repas gratuits tout l'hiver", "14"),
    ("ru", "Бесплатные обеды у вокзала", "14"),
    ("ar", "بقعة نفط قبالة الساحل", "06"),
    ("en", "Water cannon used at the bridge", "16"),
)


@pytest.mark.parametrize(
    ("language", "text", "topic"), KINDS, ids=[f"{row[0]}-{row[2]}-{row[1][:12]}" for row in KINDS]
)
def test_kinds_of_events_have_words(language: str, text: str, topic: str) -> None:
    """Power cuts, new works, drills, rivers over their banks, wells, inns, parishes and diggings have their topic."""
    assert f"medtop:{topic}000000" in {hit.code for hit in read(language).find(text, "")}


def test_a_stem_inside_a_longer_one_of_another_topic_does_not_count(tmp_path: Path) -> None:
    """A head coach leads a team, and no diocese."""
    (tmp_path / "zh.txt").write_text("12: 主教\n15: 主教练\n", encoding="utf-8")
    hits = Stems.read("zh", tmp_path).find("主教练与主教", "")
    assert [(hit.code, hit.start, hit.end) for hit in hits] == [("medtop:15000000", 0, 3), ("medtop:12000000", 4, 6)]


def test_a_tail_in_a_longer_stem_of_another_topic_does_not_count(tmp_path: Path) -> None:
    """A court is no bank, and a bank is one."""
    (tmp_path / "nl.txt").write_text("02: rechtbank\n04: *bank\n", encoding="utf-8")
    hits = Stems.read("nl", tmp_path).find("Rechtbank en spaarbank", "")
    assert [(hit.code, hit.start, hit.end) for hit in hits] == [("medtop:02000000", 0, 9), ("medtop:04000000", 13, 22)]


def test_words_without_a_topic_hide_stems(tmp_path: Path) -> None:
    """The capital of Pakistan is no religion, whatever its ending."""
    (tmp_path / "es.txt").write_text("00: islamabad\n12: islam\n", encoding="utf-8")
    hits = Stems.read("es", tmp_path).find("Islamabad y el islam", "")
    assert [(hit.start, hit.end) for hit in hits] == [(15, 20)]


def test_a_hit_spans_the_word_as_it_is_written(tmp_path: Path) -> None:
    """Signs that the usual spelling leaves out belong to the span."""
    assert found(tmp_path, "ar", "شبكة منظمة", "هذه الشبكة المنظّمة هنا") == ["الشبكة المنظّمة"]
    assert found(tmp_path, "hi", "बाढ", "आज बाढ़ आई") == ["बाढ़"]


@given(st.text(max_size=200), st.sampled_from(WITH_STEMS))
def test_hits_lie_inside_the_text(text: str, language: str) -> None:
    """Spans of any text are in bounds and not empty."""
    assert all(0 <= hit.start < hit.end <= len(text) for hit in read(language).find(text, text))
