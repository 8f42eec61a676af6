"""Lines that are sentences, and lines in which a day follows numbers that are none."""

from datetime import date

import pytest

from agents.clean.metadata.dates.parsing import read_date
from agents.clean.metadata.dates.texts import is_sentence


@pytest.mark.parametrize(
    "line",
    [
        "The quay has been closed to all ships since 17 May 2026.",
        "هل تعود السفن إلى الميناء قبل نهاية الصيف في 17 أيلول 2026؟",
        "جہاز 17 مئی 2026 سے بندرگاہ کے باہر کھڑے ہیں اور انتظار کر رہے ہیں۔",
        "港は2026年5月17日から閉まり、船は沖で待っているという。",
        "港口自2026年5月17日起关闭，所有船只都在外海等候！",
    ],
)
def test_a_line_that_ends_as_a_sentence_is_one(line: str) -> None:
    """Each script has its own stops, and some have no spaces between words."""
    assert is_sentence(line)


@pytest.mark.parametrize("line", ["17 May 2026, at 10:30 a.m.", "2026年5月17日 10時30分。", "東京 2026年5月17日。"])
def test_a_date_with_its_clock_and_place_is_no_sentence(line: str) -> None:
    """It is short, whatever its last mark."""
    assert not is_sentence(line)


@pytest.mark.parametrize(
    "text", ["民國115年13月40日 二〇二六年五月十七日", "令和8年2月31日、令和8年5月17日", "1405/13/40 ۲۷ اردیبهشت ۱۴۰۵"]
)
def test_a_day_that_is_none_does_not_hide_the_next(text: str) -> None:
    """A month 13 is a number of something else."""
    found = read_date(text)
    assert found
    assert found.day == date(2026, 5, 17)
