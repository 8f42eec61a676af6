"""Dates, bylines and titles as publishers write them."""

import unicodedata
from datetime import UTC, datetime

import pytest

from agents.clean.metadata.bylines.names import split_names
from agents.clean.metadata.claims import Claim
from agents.clean.metadata.dates.parsing import parse_date
from agents.clean.metadata.dates.urls import url_date
from agents.clean.metadata.titles import choose_title, strip_publisher
from agents.clean.text.repair import repair


def title_of(headings: list[str], claims: list[str], publishers: list[str]) -> str:
    """Return the title that is chosen from these headings and claims."""
    stated = [[Claim("title", text, where) for text in texts] for where, texts in (("h1", headings), ("meta", claims))]
    return choose_title(stated[0], stated[1], publishers).value


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-01-02T10:30:00+02:00", "2026-01-02T08:30:00"),
        ("2026-01-02T10:30:00.123Z", "2026-01-02T10:30:00"),
        ("2026-01-02 10:30:00 -0500", "2026-01-02T15:30:00"),
        ("2026-01-02", "2026-01-02T00:00:00"),
        ("20260102T103000", "2026-01-02T10:30:00"),
        ("1767312000", "2026-01-02T00:00:00"),
        ("/Date(1767312000000+0100)/", "2026-01-02T00:00:00"),
        ("Fri, 02 Jan 2026 10:30:00 GMT", "2026-01-02T10:30:00"),
        ("Published January 2nd, 2026 at 4:15 pm EST", "2026-01-02T21:15:00"),
        ("02 January, 2026", "2026-01-02T00:00:00"),
        ("le 2 février 2026 à 14h05", "2026-02-02T14:05:00"),
        ("2. März 2026", "2026-03-02T00:00:00"),
        ("2 de enero de 2026", "2026-01-02T00:00:00"),
        ("2 января 2026", "2026-01-02T00:00:00"),
        ("2026年1月2日", "2026-01-02T00:00:00"),
        ("02.01.2026", "2026-01-02T00:00:00"),
        ("13/01/2026", "2026-01-13T00:00:00"),
        ("01/13/2026", "2026-01-13T00:00:00"),
        ("2023 Jan 7", "2023-01-07T00:00:00"),
        ("سه شنبه ۳ آذر ۱۴۰۵ - ۱۲:۳۰", "2026-11-24T12:30:00"),
        ("۱۴۰۵/۰۹/۰۳", "2026-11-24T00:00:00"),
        ("11 بهمن 1403", "2025-01-30T00:00:00"),
        ("令和8年11月24日 9時5分", "2026-11-24T09:05:00"),
        ("民國115年11月24日", "2026-11-24T00:00:00"),
        ("2026年11月24日 下午3:20", "2026-11-24T15:20:00"),
        ("2026.11.24. 오후 3:20", "2026-11-24T15:20:00"),
        ("2026-11-24 오후 3:20:11", "2026-11-24T15:20:11"),
        ("2026-11-24 午後3時20分", "2026-11-24T15:20:00"),
        ("الثلاثاء 24 نوفمبر 2026 - 03:20 م", "2026-11-24T15:20:00"),
        ("24 نوفمبر 2026م الساعة 09:20", "2026-11-24T09:20:00"),
        ("24 نوفمبر 2026 الساعة 3:20 مساءً", "2026-11-24T15:20:00"),
        ("24/11/2026 12:20 ص", "2026-11-24T00:20:00"),
        ("24 नवंबर 2026 शाम 6:20 बजे", "2026-11-24T18:20:00"),
        ("24 ноября 2026 г. в 09:30 МСК", "2026-11-24T06:30:00"),
        ("24/11/2026 14:05 (GMT+7)", "2026-11-24T07:05:00"),
        ("24/11/2026 14:05 UTC+05:30", "2026-11-24T08:35:00"),
        ("2026-11-24 09:30 IST", "2026-11-24T04:00:00"),
        ("24 новембра 2026", "2026-11-24T00:00:00"),
        ("24 Desemba 2026", "2026-12-24T00:00:00"),
        ("Fri Jan 02 08:15:30 CET 2026", "2026-01-02T07:15:30"),
        ("Friday, 02-Jan-26 10:30:00 GMT", "2026-01-02T10:30:00"),
        ("Fri, 02 Jan 2026 10:30:00 GMT+2", "2026-01-02T08:30:00"),
        ("2 Jan 26, 10:30 AEST", "2026-01-02T00:30:00"),
        ("January 2, 26", "2026-01-02T00:00:00"),
        ("2026-01-02 10:30 CEST", "2026-01-02T08:30:00"),
        ("2 stycznia 2026, 10:30 MSK", "2026-01-02T07:30:00"),
        ("2 ม.ค. 69", "2026-01-02T00:00:00"),
        ("2 มกราคม 2569 เวลา 10:30", "2026-01-02T10:30:00"),
        ("2 كانون 2 2026", "2026-01-02T00:00:00"),
        ("الاثنين 2 فبراير/شباط 2026", "2026-02-02T00:00:00"),
        ("٢ تشرين ١ ٢٠٢٦", "2026-10-02T00:00:00"),
        ("4 كانون1 2026", "2026-12-04T00:00:00"),
        ("كانون الثاني 6, 2026", "2026-01-06T00:00:00"),
        ("9 غشت 2026", "2026-08-09T00:00:00"),
        ("9 اكتوبر 2026", "2026-10-09T00:00:00"),
        ("9. 8. 2026 v 7:05", "2026-08-09T07:05:00"),
        ("ΠΕΜΠΤΗ 9 ΙΟΥΛΙΟΥ 2026", "2026-07-09T00:00:00"),
        ("JEUDI 9 FEVRIER 2023", "2023-02-09T00:00:00"),
        ("venerdì 1° maggio 2026", "2026-05-01T00:00:00"),
        ("9 ตุลาคม พ.ศ. 2569", "2026-10-09T00:00:00"),
        ("09/10/2569 07:05", "2026-10-09T07:05:00"),
        ("9 ตุลาคม 69 / 07:05 น.", "2026-10-09T07:05:00"),
        ("２０２６年１０月９日", "2026-10-09T00:00:00"),
        ("二〇二六年十月二十九日", "2026-10-29T00:00:00"),
        ("၂၀၂၆-၁၀-၀၉", "2026-10-09T00:00:00"),
    ],
)
def test_dates_are_read(text: str, iso: str) -> None:
    """Each way to write a date gives its UTC time."""
    assert parse_date(text) == datetime.fromisoformat(iso).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1970-01-01",
        "0001-01-01T00:00:00Z",
        "31 February 2026",
        "2026",
        "May we meet at 10:30?",
        "12345678901234567890",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    """Template defaults, impossible days and other numbers are no dates."""
    assert parse_date(text) is None


def test_numbers_alone_follow_the_language() -> None:
    """Where both orders are possible, English with slashes puts the month first."""
    assert parse_date("02/03/2026", "en") == datetime(2026, 2, 3, tzinfo=UTC)
    assert parse_date("02/03/2026", "fr") == datetime(2026, 3, 2, tzinfo=UTC)
    assert parse_date("26/03/02", "ja") == datetime(2026, 3, 2, tzinfo=UTC)
    assert parse_date("2/3/69", "th") == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "month"),
    [
        ("02-03-2026", "en", 2),
        ("02-03-2026", "nl", 3),
        ("02-03-2026", "en-gb", 3),
        ("02.03.2026", "en-us", 2),
        ("02.03.2026", "en", 3),
    ],
)
def test_the_signs_between_numbers_say_less_than_the_language(text: str, language: str, month: int) -> None:
    """English with hyphens puts the month first, too; with full stops only that of the United States does."""
    found = parse_date(text, language)
    assert found is not None
    assert found.month == month


def test_a_path_names_the_day() -> None:
    """A day in the URL is a date."""
    assert url_date("https://example.org/2026/01/02/road") == datetime(2026, 1, 2, tzinfo=UTC)
    assert url_date("https://example.org/p/20260145") is None


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Maria Lopez", ["Maria Lopez"]),
        ("by Maria Lopez and David Chen", ["Maria Lopez", "David Chen"]),
        ("By Maria Lopez, David Chen & Aisha Khan", ["Maria Lopez", "David Chen", "Aisha Khan"]),
        ("Maria Lopez, Senior Political Correspondent", ["Maria Lopez"]),
        ("By Maria Lopez | Example News | January 2, 2026", ["Maria Lopez"]),
        ("Written by Maria Lopez, MD, PhD", ["Maria Lopez"]),
        ("Von Maria Lopez", ["Maria Lopez"]),
        ("Por María del Carmen Ruiz", ["María del Carmen Ruiz"]),
        ("María López y David Chen", ["María López", "David Chen"]),
        ("Maria Lopez Updated 3:14 pm", ["Maria Lopez"]),
        ("MARIA LOPEZ", ["MARIA LOPEZ"]),
        ("Maria Lopez (Reporter)", ["Maria Lopez"]),
        ("Martin Luther King Jr.", ["Martin Luther King Jr."]),
        ("admin", []),
        ("Staff Writer", []),
        ("https://example.org/author/7", []),
        ("@marialopez", []),
        ("Example News", []),
        ("", []),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, names: list[str]) -> None:
    """Names only: no introduction, role, degree, date or publisher."""
    assert split_names(byline, ["Example News"]) == names


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("Road reopens | Example News", "Road reopens"),
        ("Road reopens - Example News", "Road reopens"),
        ("Road reopens — and stays open — Example News", "Road reopens — and stays open"),
        ("Example News: Road reopens", "Road reopens"),
        ("Example News | Road reopens", "Road reopens"),
        ("Road - the long way", "Road - the long way"),
    ],
)
def test_titles_lose_the_publisher(title: str, stripped: str) -> None:
    """The publisher's name goes from either end, other parts stay."""
    assert strip_publisher(title, ["Example News", "example.org"]) == stripped


def test_a_heading_that_is_the_site_is_no_title() -> None:
    """A site's name in an h1 does not hide the article's title."""
    assert (
        title_of(["Example News"], ["Road reopens after repairs - Example News"], ["Example News"])
        == "Road reopens after repairs"
    )


def test_a_heading_says_the_title_in_its_own_words() -> None:
    """The page's heading wins over a title written for search engines."""
    heading = "Mountain road reopens after three weeks"
    assert title_of([heading], ["Mountain road reopens: what drivers need to know"], []) == heading


@pytest.mark.parametrize("text", ["naïve café – “quoted” it’s", "Привет, мир", "日本語のニュース", "plain"])
def test_repair_undoes_a_wrong_decoding(text: str) -> None:
    """UTF-8 read as Latin-1 comes back, and right text is left alone."""
    assert repair(text)[0] == text
    wrong = f"{text} {text}".encode().decode("latin-1")
    assert repair(wrong)[0] == f"{text} {text}"


@pytest.mark.parametrize(
    "text", ["Élection à Noël", "연장 끝에 우승", "ガラスのドア", "Київ і її їжак", "Żółty śnieg", "Tiếng Việt có dấu"]
)
def test_repair_joins_letters_and_their_accents(text: str) -> None:
    """Some systems write an accent after its letter and a syllable in parts; words are looked up in one piece."""
    assert repair(unicodedata.normalize("NFD", text)) == (text, False)


def test_repair_knows_halves_of_letters_that_were_taken_for_spaces() -> None:
    """The second bytes of í and à look like a soft hyphen and a space, and are neither."""
    text = "El río había subido, voilà, déjà vu à la mañana; qué día"
    misread = " ".join(text.encode().decode("cp1252").split())
    assert repair(misread)[0] == text


def test_soft_hyphens_go() -> None:
    """A break that is only seen at a line's end is no part of a word."""
    assert repair("Donau\u00addampf\u00adschiff")[0] == "Donaudampfschiff"


def test_where_authors_wrote_is_no_part_of_their_names() -> None:
    """Bylines of correspondents give a city behind each name."""
    names = split_names("By Ana Ruiz and Jean-Luc de la Tour in Valparaíso and María Paz in Santiago")
    assert names == ["Ana Ruiz", "Jean-Luc de la Tour", "María Paz"]


@pytest.mark.parametrize(
    "text", ["14 اردیبهشت 1403", "14 اردیبهشت ماه 1403", "14 اردیبهشت‌ماه 1403", "14 اردیبهشتماه 1403"]
)
def test_the_word_for_month_may_be_glued_to_its_name(text: str) -> None:
    """Iranian papers write the word for month apart, with a joiner, or as one word with its name."""
    found = parse_date(text, "fa")
    assert found is not None
    assert found.date().isoformat() == "2024-05-03"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("tarehe 3 mwezi wa Novemba mwaka 2026", "sw"),
        ("Jumanne, tarehe 3 mwezi Novemba, mwaka wa 2026", "sw"),
        ("3hb November 2026", "ms"),
        ("3 haribulan November 2026", "ms"),
    ],
)
def test_words_for_day_month_and_year_may_stand_between_the_parts_of_a_date(text: str, language: str) -> None:
    """Formal Swahili names month and year by their words; Malay has one behind the day, which may be glued to it."""
    found = parse_date(text, language)
    assert found is not None
    assert found.date().isoformat() == "2026-11-03"


@pytest.mark.parametrize(
    "text", ["31 مهر 1405", "30 اسفند 1404", "13 جمادى الآخرة 1448", "令和8年13月1日", "1405/13/1"]
)
def test_days_that_there_are_not_are_no_dates(text: str) -> None:
    """A day beyond its month's last is none, and a calendar that depends on the moon's sighting is not read."""
    assert parse_date(text) is None


def test_the_iranian_new_year_is_the_day_of_the_equinox() -> None:
    """Years after a leap year begin on 21 March or 20 March as they did."""
    days = [parse_date(f"1 فروردین {year}") for year in (1395, 1396, 1399, 1400, 1403, 1404, 1405)]
    assert [day.isoformat()[:10] for day in days if day] == [
        "2016-03-20", "2017-03-21", "2020-03-20", "2021-03-21", "2024-03-20", "2025-03-21", "2026-03-21",
    ]  # fmt: skip
