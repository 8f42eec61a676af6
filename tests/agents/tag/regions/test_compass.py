"""Points of the compass in one word with a name."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Südamerika, Westindien und Westeuropa wählen."),
        ("sv", "Sydamerika och Västindien väljer."),
        ("lv", "Dienvidamerika un Austrumeiropa."),
        ("ko", "동남아시아 여행, 강남 미용실."),
    ],
)
def test_continents_are_no_countries(tag: Tag, language: str, text: str) -> None:
    """South America is not in the United States, nor are the West Indies in India."""
    assert not countries(tag(text, language=language)) & {"US", "IN", "IE"}
