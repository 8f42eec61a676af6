"""The robots.txt files that are known: kept for a time, bounded in number and bytes."""

import pytest

from agents.fetch.asking.robots import KEEP_SECONDS, RETRY_SECONDS, Question, RobotsFile, RobotsFiles, judge

URL = "https://a.example/robots.txt"
RULES = "User-agent: *\nDisallow: /märz\n"


def test_a_file_comes_back_as_it_was() -> None:
    """The text of a file is the same after it was kept; one without a text stays so."""
    files = RobotsFiles()
    files.put(URL, RobotsFile(RULES, 5.0))
    files.put("https://b.example/robots.txt", RobotsFile(None, 5.0, trouble=True))
    assert files.get(URL, 6.0) == RobotsFile(RULES, 5.0)
    assert files.get("https://b.example/robots.txt", 6.0) == RobotsFile(None, 5.0, trouble=True)
    assert files.get("https://c.example/robots.txt", 6.0) is None


@pytest.mark.parametrize(
    ("file", "seconds"), [(RobotsFile(RULES, 0.0), KEEP_SECONDS), (RobotsFile(None, 0.0, trouble=True), RETRY_SECONDS)]
)
def test_a_file_is_asked_for_again(file: RobotsFile, seconds: float) -> None:
    """A file is good for a day, the trouble of a server for an hour."""
    files = RobotsFiles()
    files.put(URL, file)
    assert files.get(URL, seconds) is not None
    assert files.get(URL, seconds + 1.0) is None


def test_the_number_is_bounded() -> None:
    """Beyond the bound the file goes that was asked for longest ago."""
    files = RobotsFiles(most=2)
    for name in ("a", "b"):
        files.put(name, RobotsFile(RULES, 0.0))
    assert files.get("a", 1.0) is not None
    files.put("c", RobotsFile(RULES, 0.0))
    assert [files.get(name, 1.0) is not None for name in ("a", "b", "c")] == [True, False, True]


def test_the_bytes_are_bounded() -> None:
    """Files take no more bytes than the bound, however often one is kept again."""
    files = RobotsFiles(most_bytes=200)
    for _ in range(20):
        files.put("a", RobotsFile(RULES, 0.0))
    assert files.get("a", 1.0) is not None
    for number in range(20):
        files.put(str(number), RobotsFile(RULES, 0.0))
    kept = [number for number in range(20) if files.get(str(number), 1.0) is not None]
    assert kept
    assert kept == list(range(20 - len(kept), 20))
    assert len(kept) < 10


def test_a_broken_address_stops_no_question() -> None:
    """It may not be fetched; those asked for beside it are answered."""
    urls = ("https://[::1", "https://a.example/\ud800", "https://a.example/x", "https://a.example/märz")
    assert judge(Question(RULES, urls)).allowed == (False, False, True, False)
