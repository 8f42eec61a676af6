"""Stems of languages: their files, and where they are found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tag.topics.language import LANGUAGES
from agents.tag.topics.stems import FOLDER, NO_TOPIC, Stems, stem_margins
from streams.standards.mediatopics import concepts
from tests.support.stems import stems_of

WITH_STEMS = sorted((*LANGUAGES, "en"))


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
    for stem in stems_of(language).stems:
        if stem.code in counts:
            counts[stem.code] += 1
    assert min(counts.values()) >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_names_the_concepts_that_a_monitor_needs(language: str) -> None:
    """The same concepts below the topics have names in every language."""
    below = {stem.code for stem in stems_of(language).stems if not stem.code.endswith("000000")}
    assert len(below) >= 150
    assert below == {stem.code for stem in stems_of("es").stems if not stem.code.endswith("000000")}


@pytest.mark.parametrize("language", WITH_STEMS)
def test_codes_of_stems_are_in_force(language: str) -> None:
    """No stem speaks for a topic or concept that the taxonomy does not have."""
    named = {code for stem in stems_of(language).stems for code in (stem.code, *stem.over)}
    assert named <= {NO_TOPIC, *concepts()}


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


def test_whoever_is_in_the_news_counts_half(tmp_path: Path) -> None:
    """A stem of a line `less` is found like another one, and two of them count as much as one that tells an event."""
    (tmp_path / "es.txt").write_text("01 less: cantante, actor\n08: boda\n", encoding="utf-8")
    topics = ["medtop:01000000", "medtop:08000000"]
    margins = stem_margins(Stems.read("es", tmp_path).find("Boda de la cantante y el actor", ""), topics, 1.0)
    assert margins[0] == margins[1] > 0


@pytest.mark.parametrize(
    ("line", "topic"), [("16 over 03 99: x", "99000000"), ("99: x", "99000000"), ("20009999: x", "20009999")]
)
def test_a_topic_that_there_is_not_is_refused(line: str, topic: str, tmp_path: Path) -> None:
    """When the file is read, not when an article has the stem."""
    (tmp_path / "es.txt").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=rf"es\.txt: '{line[:-2]}': there is no topic medtop:{topic}"):
        Stems.read("es", tmp_path)


def test_a_line_of_another_form_is_refused(tmp_path: Path) -> None:
    """A misspelt word beside the topic is named with its file."""
    (tmp_path / "es.txt").write_text("01 lass: cantante\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"es\.txt: '01 lass: cantante'"):
        Stems.read("es", tmp_path)


def test_a_hit_spans_the_word_as_it_is_written(tmp_path: Path) -> None:
    """Marks that the usual spelling leaves out belong to the span."""
    assert found(tmp_path, "ar", "شبكة منظمة", "هذه الشبكة المنظّمة هنا") == ["الشبكة المنظّمة"]
    assert found(tmp_path, "hi", "बाढ", "आज बाढ़ आई") == ["बाढ़"]


@given(st.text(max_size=200), st.sampled_from(WITH_STEMS))
def test_hits_lie_inside_the_text(text: str, language: str) -> None:
    """Spans of any text are in bounds and not empty."""
    assert all(0 <= hit.start < hit.end <= len(text) for hit in stems_of(language).find(text, text))
