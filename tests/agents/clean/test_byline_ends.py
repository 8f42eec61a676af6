"""Words beside authors' names, in one line or element, that are no part of them."""

import pytest

from tests.support.bylines import authors

DAY = "<p>3 May 2025</p>"


@pytest.mark.parametrize(
    ("below", "names"),
    [
        ("<p>By Anna Holm, as told to Peter Lund</p>", ["Anna Holm"]),
        ("<p>As told to Peter Lund</p>", ["Peter Lund"]),
        ("<div><span>Anna Lindholm</span><span>Harbour Editor</span><span>3 May 2025</span></div>", ["Anna Lindholm"]),
        ("<p>Written by:</p><p>Anna Holm</p><p>Edited by: Peter Lund</p>", ["Anna Holm"]),
        ("<p>May 3, 2025 • Ondra Velik in Ferries</p>", ["Ondra Velik"]),
        ("<p>Submitted by Anna Holm on Sat, 05/03/2025 - 10:00</p>", ["Anna Holm"]),
        ("<p>By Anna Holm (words) and Peter Lund (photos)</p>", ["Anna Holm"]),
        ("<p>Enviado por Ana Rosales el Mié, 07/05/2025 - 10:00</p>", ["Ana Rosales"]),
        ("<p>Enviado por Ana Rosales em ter, 06/05/2025 - 10:00</p>", ["Ana Rosales"]),
        ("<p>Ingediend door Mieke Terpstra op wo, 07/05/2025 - 10:00</p>", ["Mieke Terpstra"]),
        ("<p>Wysłane przez Ewa Lipska w pon., 05/05/2025 - 10:00</p>", ["Ewa Lipska"]),
        ("<p>Soumis par Claire Aubry le mer 07/05/2025 - 10:00</p>", ["Claire Aubry"]),
        ("<p>Опубликовано пользователем Игорь Ветлугин 7 мая, 2025 - 10:00</p>", ["Игорь Ветлугин"]),
        ("<p>Photos and words: Anna Holm</p>", ["Anna Holm"]),
        ("<p>Story and photographs: Anna Holm</p>", ["Anna Holm"]),
        ("<p>Автор статьи: Игорь Ветлугин</p>", ["Игорь Ветлугин"]),
        ("<p>AINOA BELDA / Oviedo | 03.05.2025 - 20:41</p>", ["AINOA BELDA"]),
        ("<p>Court Reports / Oviedo | 03.05.2025 - 20:41</p>", []),
        ("<p><span>Tovi Arkel Renz</span><span>Published May 3, 2025, 4:00 PM SGT</span></p>", ["Tovi Arkel Renz"]),
        ("<p>Guest column: Anna Holm</p>", ["Anna Holm"]),
        ("<p class='authors'>Anna Holm*, Peter Lund†, Ida Berg</p>", ["Anna Holm", "Peter Lund", "Ida Berg"]),
        (
            "<div><h4>Anna Holm</h4><p>Reporter</p></div><div><h4>Peter Lund</h4><p>Editor</p></div>",
            ["Anna Holm", "Peter Lund"],
        ),
        ("<p>Medically reviewed by Peter Lund, MD — By Anna Holm on May 3, 2025</p>", ["Anna Holm"]),
        ("<p>May 3, 2025 | Photo by Peter Lund | Story by Anna Holm</p>", ["Anna Holm"]),
        ("<p>Anna Holm; illustrations: Peter Lund</p>", ["Anna Holm"]),
        ("<p class='wp-caption-text'>Ria Velik</p><p>3 May 2025</p>", []),
        ("<p class='bildunterschrift'>Ria Velik</p><p>3 May 2025</p>", []),
        ("<p>Isle Gazette Team</p><p>3 May 2025</p>", ["Isle Gazette Team"]),
        (
            "<p class='byline'>By <span class='fn'>Anna Holm</span> of <span>Reef Wire</span></p>",
            ["Anna Holm"],
        ),
        (
            "<p class='byline'>By <span class='fn'>Anna Holm</span> <span class='org'>Reef Wire</span></p>",
            ["Anna Holm"],
        ),
        (
            "<div class='author-card'><h4>Anna Holm</h4><p>Editor</p><p class='author-bio'>Keen Diver, B.A. History</p></div>",
            ["Anna Holm"],
        ),
        ("<p>By ANNA HOLM and PETER LUND, Reef Wire</p>", ["ANNA HOLM", "PETER LUND"]),
        (f"<p>Court reporter Anna Holm</p><p>and Peter Lund</p>{DAY}", ["Anna Holm", "Peter Lund"]),
        (f"<p>Senior harbour correspondent Anna Holm</p>{DAY}", ["Anna Holm"]),
        (f"<p>Harbour president Anna Holm</p>{DAY}", []),
        (f"<p>Anna Holm: {DAY[3:]}", ["Anna Holm"]),
        ("<p>By</p><p>Anna Holm</p><p>and</p><p>Peter Lund</p>", ["Anna Holm", "Peter Lund"]),
        (f"<p>خالد الراوي ـ المنامة</p>{DAY}", ["خالد الراوي"]),
        (f"<p>Игорь Ветлугин, специально для «Рифа»</p>{DAY}", ["Игорь Ветлугин"]),
        (f"<p>Anna Holm in Oslo and Peter Lund in New York</p>{DAY}", ["Anna Holm", "Peter Lund"]),
        ("<p>Photographs by Peter Lund, words by Anna Holm</p>", ["Anna Holm"]),
        ("<p>Traducción de Peter Lund</p>", []),
        ("<p>기자 구독</p><p>2025. 5. 3. 10:20</p>", []),
        ("<p>إعداد: سارة الراوي، خالد منصور</p>", ["سارة الراوي", "خالد منصور"]),
        ("<p>Van onze verslaggeefster Mieke Terpstra</p>", ["Mieke Terpstra"]),
        ("<p>김하늘입력 2025. 5. 3. 10:20</p>", ["김하늘"]),
        ("<p>来源：海湾社</p><p>渡轮冬天停航。</p><p>（记者陆晓雯）</p>", ["陆晓雯"]),
        ("<p>Live coverage by Anna Holm and Peter Lund</p>", ["Anna Holm", "Peter Lund"]),
    ],
)
def test_what_stands_beside_a_name_goes(below: str, names: list[str]) -> None:
    """Those to whom a story is told, roles, editors and sections are none; teams sign beside a date."""
    assert authors(below) == names


def test_a_label_below_the_text_and_degrees() -> None:
    """Degrees behind a name below its label are no further names."""
    after = "<div><p>Article written by:</p><p>Anna Holm, MD, FRCP</p></div>"
    assert authors(DAY, after=after) == ["Anna Holm"]


def test_a_reporter_with_a_town_and_no_sign() -> None:
    """Papers of Taiwan write the reporter, the town and the word for a report as one."""
    assert authors("<p>【記者林志豪高雄報導】</p>", lang="zh-TW") == ["林志豪"]


def test_a_korean_agency_before_its_reporter() -> None:
    """The agency behind the town is no reporter."""
    assert authors("<p>부산=바다뉴스 박지훈 특파원</p>", lang="ko") == ["박지훈"]


@pytest.mark.parametrize("name", ["writer7", "100293847"])
def test_accounts_are_no_names(name: str) -> None:
    """A number and an account name nobody."""
    assert authors(DAY, head=f"<meta name='author' content='{name}'>") == []


@pytest.mark.parametrize("button", ["Get Alerts", "Save Article"])
def test_buttons_beside_a_date_are_no_names(button: str) -> None:
    """Buttons for readers are nobody's name."""
    assert authors(f"<p>{button}</p>{DAY}") == []


def test_a_verb_behind_a_name_is_none() -> None:
    """The beginning of a sentence is no byline."""
    assert authors(f"<p>By Somebody Unknown writes</p>{DAY}") == []


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='dc.creator' content='Holm, Anna; Lund, Peter'>",
        '<meta name="parsely-page" content=\'{"authors": ["Anna Holm", "Peter Lund"]}\'>',
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Isle"},'
            '"creator": ["Anna Holm", "Peter Lund"]}</script>'
        ),
    ],
)
def test_lists_of_authors_in_data(head: str) -> None:
    """Repositories write the surname first, and systems name persons beside the publisher."""
    assert authors(DAY, head=head) == ["Anna Holm", "Peter Lund"]
