"""Pages that were decoded by the wrong charset before they came here."""

import zlib
from datetime import UTC, datetime
from typing import Literal

import pytest

from agents.clean.article import clean_raw
from agents.clean.text.decoding import read_again
from streams.errors import Refused
from streams.ids import article_id
from streams.records import Raw

RUSSIAN = (
    "Городской совет утвердил строительство нового моста через реку. Работы начнутся весной и продлятся два года.",
    "Мэр города сообщил, что мост откроет движение между заводским районом и центром для сорока тысяч жителей.",
)
ARABIC = (
    "وافق مجلس المدينة على بناء جسر جديد فوق النهر، وستبدأ الأعمال في الربيع وتستمر عامين كاملين.",
    "وقال رئيس البلدية إن الجسر سيربط المنطقة الصناعية بوسط المدينة ويخدم أربعين ألف ساكن كل يوم.",
)
JAPANESE = (
    "市議会は月曜日、川に新しい橋を建設する計画を承認した。工事は春に始まり、二年間続く予定である。",
    "市長は、橋が工業地区と中心部を結び、毎日四万人の住民に利用される見込みだと記者団に説明した。",
)
CHINESE = (
    "市议会周一批准在河上修建一座新桥的计划，工程将于明年春季开始，预计持续两年时间完成。",
    "市长对记者表示，这座桥将连接工业区与市中心，每天可以为四万名居民提供便利的交通服务。",
)
FRENCH = (
    "Le conseil a approuvé « à l’unanimité » la création d'un théâtre près de la gare, où l'été a été très gêné.",
    "La mairie a répété que les travaux dureraient deux années, malgré l'opposition de plusieurs élus du côté ouest.",
)
CASES = [
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "utf-8"),
    (ARABIC, "windows-1256"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (CHINESE, "gbk"),
]


def page(paragraphs: tuple[str, ...], charset: str = "") -> str:
    """Return a page, with a charset where it declares one."""
    meta = f'<meta charset="{charset}"><meta property="og:type" content="article">' if charset else ""
    title, body = paragraphs[0][:12], "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head>{meta}<title>{title}</title></head><body><main>{article}</main></body></html>"


def raw(content: str) -> Raw:
    """Return the raw record of a page."""
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Raw(url="https://a.example/1", fetched_at=now, content_type="text/html", content=content)


@pytest.mark.parametrize("declares", [True, False], ids=["declared", "undeclared"])
@pytest.mark.parametrize(("paragraphs", "charset"), CASES, ids=[charset for _, charset in CASES])
def test_a_page_read_as_latin_1_is_read_again(paragraphs: tuple[str, ...], charset: str, declares: bool) -> None:
    """Whether the page declares its charset or not, its text comes out as it was written, with a note."""
    misread = page(paragraphs, charset if declares else "").encode(charset).decode("latin-1")

    clean = clean_raw(raw(misread)).clean

    assert clean.text == "\n\n".join(paragraphs)
    assert clean.title == paragraphs[0][:12].strip()
    assert clean.notes == ["encoding repaired"]


@pytest.mark.parametrize("charset", ["", "utf-8", "windows-1251"])
@pytest.mark.parametrize(
    "paragraphs", [FRENCH, ("©" * 9, "····" * 30, "½½½½½ ¼¼¼¼¼ ¾¾¾¾¾ ²²²² ³³³³ ¹¹¹¹")], ids=["fr", "signs"]
)
def test_a_page_in_latin_1_stays(paragraphs: tuple[str, ...], charset: str) -> None:
    """Accents and symbols that stand in Latin-1 are left, whatever the page says of its charset."""
    assert read_again(page(paragraphs, charset).replace("’", "'")) is None


def test_an_article_read_again_keeps_the_id_of_what_was_fetched() -> None:
    """Where no URL names an article, its id is that of the raw record, which whoever fetched it can work out."""
    misread = "\n\n".join(RUSSIAN).encode("koi8-r").decode("latin-1")
    record = Raw(source="a", fetched_at=datetime(2026, 11, 24, tzinfo=UTC), content_type="text/plain", content=misread)

    clean = clean_raw(record).clean

    assert clean.id == article_id(None, "a", None, misread)
    assert "Городской совет" in clean.text


@pytest.mark.parametrize(("paragraphs", "charset"), [(RUSSIAN, "koi8-r"), (ARABIC, "windows-1256"), (CHINESE, "gbk")])
def test_a_page_that_lost_its_letters_is_refused(paragraphs: tuple[str, ...], charset: str) -> None:
    """A page that was wrongly decoded as UTF-8 is no article: the error counts the losses and gives advice."""
    lost = page(paragraphs).encode(charset).decode("utf-8", "replace")

    with pytest.raises(Refused, match=r"characters were lost .* decode its bytes") as caught:
        clean_raw(raw(lost))
    assert caught.value.reason == "invalid_encoding"


def test_an_article_that_lost_its_accents_is_kept() -> None:
    """A few characters lost leave an article that can be read."""
    lost = page(FRENCH).replace("’", "'").encode("latin-1").decode("utf-8", "replace")

    assert clean_raw(raw(lost)).clean.text.startswith("Le conseil a approuv\ufffd")


CZECH = (
    "Obecní rada v úterý večer schválila stavbu nové lávky přes řeku, která odděluje tržiště od dílen na druhém břehu.",
    "Starosta řekl, že práce začnou v dubnu a že příští léto už chodci nebudou muset obcházet celé náměstí kvůli opravám.",
)
TURKISH = (
    "Belediye meclisi salı akşamı pazar yerini atölyelerden ayıran nehrin üzerine yeni bir yaya köprüsü yapılmasını onayladı.",
    "Başkan, çalışmaların nisanda başlayacağını ve gelecek yaz kimsenin dolaşmak zorunda kalmayacağını söyledi.",
)
LATVIAN = (
    "Pilsētas dome otrdienas vakarā apstiprināja jauna gājēju tilta būvniecību pār upi, kas šķir tirgu no darbnīcām.",
    "Mērs sacīja, ka darbi sāksies aprīlī un ka nākamajā vasarā nevienam vairs nebūs jāmēro garais ceļš apkārt.",
)
TAIWANESE = (
    "市議會週二晚間通過在河上興建一座新的行人橋，這條河把市場和對岸的工坊隔開，工程將在四月開始。",
    "市長表示，明年夏天起民眾不必再繞道而行，商家們則希望工程能在雨季來臨之前完成並且準時通車。",
)
CANTONESE = (
    "區議會尋晚喺會議上面通過起一條新嘅行人橋，條河隔開咗街市同對岸嘅工場，工程會喺四月開始。",
    "區長話，聽年夏天開始，居民唔使再兜遠路，啲商戶就希望工程可以喺雨季嚟到之前做完。",
)
KOREAN = (
    "시의회는 화요일 저녁 시장과 공방을 가르는 강 위에 새로운 보행자 다리를 놓는 계획을 승인했다고 밝혔다.",
    "시장은 공사가 사월에 시작되며 내년 여름부터는 아무도 먼 길을 돌아가지 않아도 될 것이라고 말했다.",
)


@pytest.mark.parametrize(
    ("paragraphs", "charset", "codec"),
    [
        (CZECH, "windows-1250", "cp1250"),
        (CZECH, "iso-8859-2", "iso8859_2"),
        (TURKISH, "windows-1254", "cp1254"),
        (LATVIAN, "windows-1257", "cp1257"),
        (TAIWANESE, "big5", "big5"),
        (KOREAN, "euc-kr", "euc_kr"),
        (CZECH, "latin2", "iso8859_2"),
        (TURKISH, "latin5", "iso8859_9"),
        (LATVIAN, "csISOLatin6", "iso8859_10"),
        (TAIWANESE, "x-x-big5", "big5"),
        (CANTONESE, "big5", "big5hkscs"),
        (KOREAN, "cp949", "cp949"),
        (JAPANESE, "x-sjis", "shift_jis"),
    ],
)
def test_a_declared_charset_is_read_again(paragraphs: tuple[str, ...], charset: str, codec: str) -> None:
    """A page that declares its charset and was read as Latin-1 comes out in its own letters, with a note."""
    misread = page(paragraphs, charset).encode(codec).decode("latin-1")
    article = clean_raw(raw(misread)).clean
    assert article.text == "\n\n".join(paragraphs)
    assert "encoding repaired" in article.notes


@pytest.mark.parametrize("charset", ["windows-1250", "windows-1254", "windows-1257", "iso-8859-2"])
def test_a_declaration_that_does_not_fit_changes_nothing(charset: str) -> None:
    """French under a charset of another region was decoded rightly, whatever its template declares."""
    assert read_again(page(FRENCH, charset).replace("’", "'")) is None


ENGLISH = (
    "The mayor’s second footbridge isn’t cheap, the council said on Tuesday evening, and it’s nine years late.",
    "Traders who’ve waited don’t mind. The river’s banks divide the market from the workshops, and the ferry won’t run.",
)


@pytest.mark.parametrize("charset", ["gb2312", "big5", "shift_jis", "euc-kr", "windows-1251"])
@pytest.mark.parametrize("paragraphs", [ENGLISH, FRENCH])
def test_quotation_marks_and_accents_are_no_characters_of_two_bytes(paragraphs: tuple[str, ...], charset: str) -> None:
    """English pages of Asian publishers keep the charset of their neighbours in the template."""
    assert read_again(page(paragraphs, charset)) is None


POLISH = (
    "Rada miejska zatwierdziła we wtorek wieczorem budowę nowej kładki nad rzeką, która oddziela targ od warsztatów.",
    "Burmistrz powiedział, że prace zaczną się w kwietniu, a latem nikt już nie będzie musiał nadkładać drogi przez łąki.",
)


@pytest.mark.parametrize("paragraphs", [POLISH, CZECH, TURKISH, LATVIAN, FRENCH])
def test_utf_8_in_latin_letters_loses_none_of_them(paragraphs: tuple[str, ...]) -> None:
    """The second halves of `ą`, `Š` and `à` are a line's end and spaces in Latin-1, and none of them is lost."""
    whole = tuple(f"{paragraph} Škoda, że są w Åre à l'aube." for paragraph in paragraphs)
    article = clean_raw(raw(page(whole, "utf-8").encode().decode("latin-1"))).clean
    assert article.text == "\n\n".join(whole)
    assert "encoding repaired" in article.notes


@pytest.mark.parametrize(
    ("paragraphs", "charset"),
    [
        (POLISH, "windows-1250"),
        (CZECH, "windows-1250"),
        (CZECH, "iso-8859-2"),
        (TURKISH, "iso-8859-9"),
        (JAPANESE, "shift_jis"),
        (TAIWANESE, "big5"),
        (CHINESE, "gbk"),
        (KOREAN, "euc-kr"),
        (RUSSIAN, "windows-1251"),
        (ARABIC, "windows-1256"),
    ],
)
def test_a_declared_charset_is_read_again_behind_windows_1252(paragraphs: tuple[str, ...], charset: str) -> None:
    """Browsers, and clients that do as they do, read what they hold for Latin-1 as Windows-1252."""
    declared = page(paragraphs * 2, charset)
    misread = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in declared.encode(charset))
    assert read_again(misread) == declared
    assert read_again(declared) is None


@pytest.mark.parametrize("charset", ["windows-1250", "iso-8859-2"])
def test_letters_that_latin_1_has_as_signs_are_missed(charset: str) -> None:
    """Half of the letters of Polish are symbols in Latin-1, and the others happen to be those of French."""
    assert read_again(page(POLISH, charset).encode(charset).decode("latin-1")) == page(POLISH, charset)


@pytest.mark.parametrize(
    ("paragraphs", "codec"), [(CZECH, "cp1250"), (TURKISH, "cp1254"), (POLISH, "cp1250"), (KOREAN, "euc_kr")]
)
def test_a_page_that_declares_nothing_is_read_again_where_no_doubt_is_left(
    paragraphs: tuple[str, ...], codec: str
) -> None:
    """Letters that no language has together, and all of them one language's after reading again, tell the charset."""
    language = "<html lang='tr'>" if paragraphs is TURKISH else "<html>"
    whole = page(paragraphs * 2).replace("<html>", language)
    assert read_again(whole.encode(codec).decode("latin-1")) == whole


def test_utf_8_that_a_template_declares_of_other_bytes_counts_as_nothing_declared() -> None:
    """The bytes are no UTF-8, so that the client took Latin-1, and the letters tell what they are."""
    whole = page(CZECH * 2, "utf-8")
    assert read_again(whole.encode("cp1250").decode("latin-1")) == whole
    assert read_again(page(FRENCH * 2, "utf-8").replace("’", "'")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Prices rose from £3 to £9 in a year, and fines of £12, £14, £20, £25, £30, £40, £55, £60, £75 and £90 were set.",
        "Zimmer mit 20 m², 25 m², 30 m² und 35 m² kosten je nach Größe zwischen 300 und 700 Euro, für Möbel zahlt man mehr.",
        "Þingið samþykkti á þriðjudag að byggja nýja brú yfir ána, og verður hún opnuð í maí að sögn bæjarstjórans.",
    ],
)
def test_signs_and_rare_letters_are_left_alone(text: str) -> None:
    """Pounds, square metres and Icelandic stand in Latin-1 as they are meant."""
    assert read_again(page((text, text))) is None


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_a_picture_or_archive_under_the_name_of_a_page_is_refused(kind: Literal["text/html", "text/plain"]) -> None:
    """Its bytes read as Latin-1 are letters and control characters, which no text has."""
    content = f"<html><body><p>{zlib.compress(page(CZECH * 40).encode()).decode('latin-1')}</p>"
    with pytest.raises(Refused) as refused:
        clean_raw(Raw(url="https://a.example/p", fetched_at=datetime.now(UTC), content_type=kind, content=content))
    assert refused.value.reason == "invalid_encoding"
    assert "another kind of file" in str(refused.value)


def test_control_characters_here_and_there_leave_a_page_its_text() -> None:
    """Editors leave some behind, and two bytes for each character leave a NUL beside each."""
    spotted = page(CZECH).replace(" ", " \x0b", 10)
    for content in (spotted, "\0".join(page(CZECH))):
        raw = Raw(url="https://a.example/p", fetched_at=datetime.now(UTC), content_type="text/html", content=content)
        assert clean_raw(raw).clean.text
