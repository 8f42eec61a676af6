"""The language files: each is whole, and a page in a language that was added by its file alone is read."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import LanguageIdentifier

from agents.clean import article as clean
from agents.clean.languages import LanguageError, languages, read_languages
from agents.clean.languages.beginnings import Beginnings
from agents.clean.languages.phrases import (
    First,
    Heads,
    Openings,
    Several,
    Sought,
    any_of,
    begins_word,
    folded,
    forms,
    pattern,
)
from agents.clean.metadata.dates.parsing import read_date
from agents.clean.text.language import identifier, primary
from streams.records import Raw
from tests.support.tables import rows_of

FOLDER = Path(clean.__file__).parent / "languages"
PARAGRAPHS = (
    (
        "Baraza la mji wa Kibwezi lilipitisha siku ya Jumanne mpango wa kujenga daraja jipya juu ya mto unaotenganisha soko na "
        "mtaa wa viwanda."
    ),
    (
        "Meya alisema kuwa kazi itaanza mwezi wa Aprili na itachukua miaka miwili, huku gharama yake ikikadiriwa kuwa shilingi "
        "bilioni mbili."
    ),
    (
        "Wafanyabiashara wa soko walisema kuwa daraja la zamani limefungwa mara tatu mwaka huu, na kwamba malori hulazimika "
        "kuzunguka kilomita ishirini."
    ),
)


def swahili_page() -> str:
    """Return a page of an invented Swahili publisher."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        "<html lang='sw'><head><title>Kibwezi kujenga daraja jipya | Sauti ya Mto</title></head><body><main><article>"
        "<h1>Kibwezi kujenga daraja jipya</h1><p>Imeandikwa na Zawadi Mwakasege</p><p>Imechapishwa 24 Desemba 2025</p>"
        f"{body}<p>Soma pia</p><p>Shiriki</p></article></main><footer>© Sauti ya Mto</footer></body></html>"
    )


def test_a_swahili_page_is_read() -> None:
    """Author and date come from the words of sw.toml, and its buttons are no text."""
    clean.load()
    fetched_at = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://sauti.example/1", fetched_at=fetched_at, content_type="text/html", content=swahili_page())
    article = clean.clean_raw(record).clean
    assert article.authors == ["Zawadi Mwakasege"]
    assert article.published_day == date(2025, 12, 24)
    assert article.language == "sw"
    assert "Shiriki" not in article.text.split("\n\n")


#: What stands among the paragraphs of newspapers: a label of advertising, a button, and how a link to another article begins.
AMONG_PARAGRAPHS = (
    ("ar", "محتوى مدعوم", "نسخ الرابط", "اقرأ أيضًا"),
    ("de", "Externer Inhalt", "Link kopieren", "Lesen Sie dazu"),
    ("es", "Espacio publicitario", "Copiar enlace", "Leé también"),
    ("fr", "La suite après cette publicité", "Copier le lien", "Lire également"),
    ("hi", "विज्ञापन के बाद जारी", "लिंक कॉपी करें", "इसे भी पढ\u093cें"),
    ("hi", "प्रायोजित", "खबर शेयर करें", "इसे भी प\u095dें"),
    ("it", "Contenuto sponsorizzato", "Copia link", "Leggi pure"),
    ("ja", "スポンサーコンテンツ", "URLをコピー", "併せて読みたい"),
    ("ko", "협찬", "링크 복사", "많이 본 뉴스"),
    ("nl", "Tekst gaat verder onder de foto", "Link kopiëren", "Kijk ook"),
    ("pl", "Dalsza część artykułu pod reklamą", "Skopiuj link", "Przeczytaj również"),
    ("pt", "Continua depois da publicidade", "Copiar link", "Leia ainda"),
    ("ru", "Новости партнёров", "Скопировать ссылку", "Также читайте"),
    ("tr", "Sponsorlu içerik", "Bağlantıyı kopyala", "Bunu da okuyun"),
    ("uk", "Партнерський матеріал", "Скопіювати посилання", "Також читайте"),
    ("zh", "赞助内容", "复制链接", "猜你喜欢"),
)
NEWS = Path(__file__).parents[1] / "tag" / "topics" / "desk_news.tsv"


@pytest.mark.parametrize(
    ("language", "advertising", "button", "related"), AMONG_PARAGRAPHS, ids=[row[0] for row in AMONG_PARAGRAPHS]
)
def test_labels_buttons_and_links_of_a_newspaper_are_no_text(
    language: str, advertising: str, button: str, related: str
) -> None:
    """Advertising, buttons and links among the paragraphs of a newspaper are left out, and the paragraphs stay."""
    clean.load()
    news = [(title, text) for code, _, title, text in rows_of(NEWS) if code == language]
    paragraphs = [" ".join(text for _, text in news[start : start + 3]) for start in (0, 3, 6)]
    link = f"<p><a href='/2'>{related}: {news[9][0]}</a></p>"
    pieces = [f"<p>{advertising}</p>", link, f"<p>{button}</p>"]
    blocks = "".join(f"<p>{text}</p>{piece}" for text, piece in zip(paragraphs, pieces, strict=True))
    content = (
        f"<html lang='{language}'><head><title>{news[0][0]}</title></head><body><main><article><h1>{news[0][0]}</h1>"
        f"{blocks}<p>{paragraphs[0]}</p></article></main></body></html>"
    )
    fetched_at = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://paper.example/1", fetched_at=fetched_at, content_type="text/html", content=content)
    text = clean.clean_raw(record).clean.text
    assert all(paragraph in text for paragraph in paragraphs)
    assert [piece for piece in (advertising, button, related) if piece in text] == []


@pytest.mark.parametrize(
    ("language", "editor"), [("zh", "编辑：王丽华"), ("ar", "تحرير: ليلى منصور")], ids=["zh", "ar"]
)
def test_an_editor_is_no_author(language: str, editor: str) -> None:
    """A name that is signed as the editor's alone is no author."""
    clean.load()
    rows = [row for row in rows_of(NEWS) if row[0] == language]
    blocks = "".join(f"<p>{text}</p>" for *_, text in rows)
    content = (
        f"<html lang='{language}'><head><title>{rows[0][2]}</title></head><body><main><article><h1>{rows[0][2]}</h1>"
        f"<p>{editor}</p>{blocks}</article></main></body></html>"
    )
    fetched_at = datetime(2026, 1, 3, tzinfo=UTC)
    record = Raw(url="https://paper.example/1", fetched_at=fetched_at, content_type="text/html", content=content)
    assert clean.clean_raw(record).clean.authors == []


def test_every_language_of_wirewatch_is_whole() -> None:
    """All files are read, and each has twelve months and the phrases that every language needs."""
    assert set(languages()) == {path.stem for path in FOLDER.glob("*.toml")}
    assert len(languages()) >= 44


@pytest.mark.parametrize(
    ("section", "field"),
    [("dates", "published"), ("bylines", "introductions"), ("boilerplate", "advertisement"), ("walls", "consent")],
)
def test_a_language_that_misses_a_part_is_named(tmp_path: Path, section: str, field: str) -> None:
    """A file without a needed list stops with the file, the part and the field."""
    whole = (FOLDER / "sw.toml").read_text("utf-8")
    (tmp_path / "xx.toml").write_text(
        "\n".join(line for line in whole.split("\n") if not line.startswith(f"{field} ="))
    )
    with pytest.raises(LanguageError, match=rf"xx\.toml.*{field}.*{section}"):
        read_languages(tmp_path)


def test_the_documentation_shows_the_language_as_it_is(tmp_path: Path) -> None:
    """docs/adding-a-language.md holds the needed lists of Swahili, which are whole with the months that the script writes."""
    document = (FOLDER.parents[2] / "docs" / "adding-a-language.md").read_text("utf-8")
    shown = document.split("```toml\n")[1].split("```")[0]
    whole = (FOLDER / "sw.toml").read_text("utf-8")
    calendar = whole[
        whole.index("# tools/language_calendar.py: begin") : whole.index("# tools/language_calendar.py: end")
    ]
    (tmp_path / "sw.toml").write_text(shown.replace("# tools/language_calendar.py: begin\n", calendar))
    swahili, ours = read_languages(tmp_path)["sw"], languages()["sw"]
    assert swahili.bylines.introductions == ours.bylines.introductions
    assert swahili.boilerplate.related == ours.boilerplate.related
    assert swahili.dates.months == ours.dates.months


#: Lists whose entries are looked up to the letter too.
LITERAL = ("phrases", "introductions")


def patterns_of(part: object) -> Iterator[list[str]]:
    """Yield the lists of phrases in a part of a language file."""
    if isinstance(part, dict):
        for name, inner in part.items():
            if name not in LITERAL:
                yield from patterns_of(inner)
    elif isinstance(part, list) and all(isinstance(inner, str) for inner in part):
        yield part
    elif isinstance(part, list):
        for inner in part:
            yield from patterns_of(inner)


@pytest.mark.parametrize("code", sorted(languages()))
def test_no_phrase_stands_for_what_others_stand_for(code: str) -> None:
    """Each says something of its own: whoever reads a list, or mends one, finds a text in one place."""
    for phrases in patterns_of(msgspec.to_builtins(languages()[code])):
        texts = [{" ".join(folded(form).split()) for form in forms(phrase)} for phrase in phrases]
        said = Counter(form for own in texts for form in own)
        assert [phrase for phrase, own in zip(phrases, texts, strict=True) if all(said[form] > 1 for form in own)] == []


def test_an_empty_list_or_an_unknown_field_is_named(tmp_path: Path) -> None:
    """A needed list without an entry, and a field that there is not, are no language."""
    whole = (FOLDER / "sw.toml").read_text("utf-8")
    path = tmp_path / "xx.toml"
    path.write_text(whole.replace('share = ["shiriki", "shirikisha", "sambaza"]', "share = []"))
    with pytest.raises(LanguageError, match=r"xx\.toml.*length.*boilerplate\.share"):
        read_languages(tmp_path)
    path.write_text(whole.replace("share = [", "shared = ["))
    with pytest.raises(LanguageError, match=r"xx\.toml.*shared"):
        read_languages(tmp_path)


@pytest.mark.parametrize("phrase", ["sambaza|", "|sambaza", "[sambaza]", "*", "(sambaza|)", "kata||sambaza", " "])
def test_a_phrase_that_is_found_in_any_text_is_refused(tmp_path: Path, phrase: str) -> None:
    """An operator too many would make each block of each page boilerplate: the file, the list and the phrase are named."""
    whole = (FOLDER / "sw.toml").read_text("utf-8")
    (tmp_path / "xx.toml").write_text(whole.replace('"sambaza"]', f'"{phrase}"]'))
    with pytest.raises(LanguageError, match=rf"xx\.toml.*boilerplate.*share.*{re.escape(repr(phrase))}.*everywhere"):
        read_languages(tmp_path)


def test_a_phrase_without_its_bracket_is_refused(tmp_path: Path) -> None:
    """A bracket that nothing closes is an error of the file, and none of a pattern somewhere else."""
    whole = (FOLDER / "sw.toml").read_text("utf-8")
    (tmp_path / "xx.toml").write_text(whole.replace('"sambaza"]', '"[sambaza|"]'))
    with pytest.raises(LanguageError, match=r"xx\.toml.*share.*sambaza"):
        read_languages(tmp_path)


@pytest.mark.parametrize("code", sorted(languages()))
def test_each_language_writes_its_dates(code: str) -> None:
    """A day, each month's full name and a year are that date in the language, where months have names."""
    for number, names in enumerate(languages()[code].dates.months, start=1):
        for name in names[:1]:
            found = read_date(f"5 {name} 2024", code)
            assert found is not None, name
            assert found.day == date(2024, number, 5), name


def test_a_month_that_two_languages_use_for_different_ones_needs_its_language() -> None:
    """The Polish November is the Croatian October: without a language the name is none."""
    polish, croatian = read_date("5 listopada 2024", "pl"), read_date("5 listopada 2024", "hr")
    assert polish is not None
    assert croatian is not None
    assert (polish.day.month, croatian.day.month) == (11, 10)
    assert read_date("5 listopada 2024") is None


@given(st.text(alphabet="ab 1-é", max_size=40))
def test_beginnings_are_found_where_a_word_begins(text: str) -> None:
    """Whatever is searched for, a find is the beginning of a word."""
    found = Beginnings(["ab"]).search(text)
    assert found is None or not text[: found.start][-1:].isalnum()


def test_a_phrase_may_have_parts_that_are_missing_or_one_of_several() -> None:
    """Brackets, bars and stars of the language files are read as their documentation has it."""
    pattern = re.compile(any_of(["read [the ](full|whole) stor*", "# comments"]))
    assert pattern.fullmatch("read the whole story")
    assert pattern.fullmatch("read full stories")
    assert pattern.fullmatch("1,204 comments")
    assert not pattern.search("thread full story")


@given(st.lists(st.sampled_from(["ad", "ads", "広告", "โฆษณา", "é", "5", "-", " "]), max_size=12).map("".join))
def test_phrases_of_all_scripts_are_found_together_as_each_alone(text: str) -> None:
    """The first place of any phrase is found, and the longest there, whether its script writes spaces or not."""
    phrases = ["ad", "ads", "ad ads", "広告", "広", "โฆษณา", "- ad"]
    alone = [match.span() for phrase in phrases if (match := re.search(any_of([phrase]), text))]
    together = re.search(any_of(phrases), text)
    first = min(alone, key=lambda span: (span[0], -span[1]), default=None)
    assert (together.span() if together else None) == first


pieces = st.sampled_from(["a", "b", " ", "'", "[a]", "[b ]", "(a|b)", "(b|ab)", "*", "#", "क", "क\u093c", "-"])


@given(
    st.lists(st.lists(pieces, min_size=1, max_size=4).map("".join), min_size=1, max_size=6),
    st.text("ab '1क-", max_size=12),
)
def test_phrases_that_begin_alike_are_found_as_in_a_flat_list(phrases: list[str], text: str) -> None:
    """Writing shared phrases once changes neither what is found nor which phrase comes first."""
    ordered = sorted(set(phrases), key=lambda phrase: (not begins_word(phrase), -len(phrase), phrase))
    flat = re.compile("|".join(f"(?:{pattern(phrase)})" for phrase in ordered))
    together = re.compile(any_of(phrases))
    assert [found.span() for found in together.finditer(text)] == [found.span() for found in flat.finditer(text)]


@given(
    st.lists(
        st.lists(pieces | st.sampled_from(["i", "s", "σ", "is ", "aς"]), min_size=1, max_size=4).map("".join),
        min_size=1,
        max_size=4,
    ),
    st.text("abABiIıİsSſσςΣ '’1\n-क", max_size=16).map(
        lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n"))
    ),
)
def test_phrases_are_found_wherever_their_pattern_finds_them(phrases: list[str], text: str) -> None:
    """To look for letters first leaves no phrase out, whatever its case."""
    sought, opening = Sought(phrases), Openings(phrases)
    assert sought.findall(text) == sought.pattern.findall(text)
    assert sought.may_hold(text, len(set(sought.findall(text))))
    assert bool(sought.search(text)) == bool(sought.pattern.search(text))
    assert bool(opening.match(text)) == bool(opening.pattern.match(text))
    several = Several([(phrase,) for phrase in phrases])
    assert several.count(text) == len({match.start() for each in several.patterns if (match := each.search(text))})


@pytest.mark.parametrize(
    ("text", "may_begin"),
    [
        ("5 min read", True),
        ("About 5 min read", True),
        ("*" * 20 + " 5 min read", True),
        ("the ferry in short", False),
        ("The ferry\nsails", True),
        ("The ferrymen met", False),
        ("The harbour", False),
    ],
)
def test_a_look_at_the_first_letters_rules_most_texts_out(text: str, *, may_begin: bool) -> None:
    """A number behind words that may be missing counts, any punctuation, and more letters where the first few are common."""
    assert Heads(["[about ]# min read", "the ferry sails"]).may_begin(text) is may_begin


@pytest.mark.parametrize(
    ("text", "may_begin"),
    [
        ("By the harbour", True),
        ("byJane Roe", True),
        ("by", True),
        ("Byways lead south", False),
        ("Ads: none", True),
        ("Adriatic", False),
        ("Advert", True),
    ],
)
def test_a_short_word_is_none_where_small_letters_follow(text: str, *, may_begin: bool) -> None:
    """A name may be glued to it, so capitals are no letters of it; a beginning that goes on otherwise is no word."""
    assert Heads(["by", "ad[s]", "adv*"]).may_begin(text) is may_begin


def test_one_look_is_enough_for_the_phrases_of_several_tables() -> None:
    """It leaves out no text that one of them may begin with, and stays bounded."""
    tables = Heads(["by", "read on"]), Heads(["byline"]), Heads(["# ferries"])
    first = First(tables)
    texts = ["Bylines", "by 3", "Read on", "Reading", "7 ferries", "- read on", "Quay", "\u0130by"]
    for text in texts:
        assert first[text[: Heads.SIZE]] or not any(table.may_begin(text) for table in tables)
    assert not first["Quay"]
    for number in range(First.MOST + 3):
        assert not first[chr(0x4E00 + number)]
    assert len(first) <= First.MOST


@given(st.text(max_size=200) | st.sampled_from([*PARAGRAPHS, "東京の空は青い。", "Наука и жизнь", "น้ำท่วมกรุงเทพ"]))
def test_the_scores_of_languages_are_the_librarys(text: str) -> None:
    """Every language has the score that the library gives it by going through the bytes one by one."""
    data = text.encode()
    assert identifier()._raw_score(data).tolist() == LanguageIdentifier._raw_score(identifier(), data).tolist()


def test_a_text_in_doubt_is_read_once() -> None:
    """The ranking by the shares of one reading is the library's of another, but for codes that mean the same."""
    model = identifier()
    for text in ("Havna er stengt i dag", "Havnen er lukket i dag", "Luka je danas zatvorena", "港口今天關閉了"):
        shares = model.shares(text)
        ranked = {language: share for language, share in reversed(model.ranking(shares)) if share}
        wanted = [(primary(code), share) for code, share in model.rank(text) if share]
        assert ranked == dict(reversed(wanted))
        assert (model.language(int(shares.argmax())), float(shares.max())) == wanted[0]


def test_a_phrase_with_any_word_may_stand_in_a_text_several_times() -> None:
    """Each is another one: who looks for three of them finds three."""
    sought = Sought(["support our *", "give today"])
    assert sought.may_hold("Support our work, support our team and support our press.", 3)
    assert not sought.may_hold("Support our work and give today.", 3)
