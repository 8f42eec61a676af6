"""Islands, most of which have no town that is large enough to be known."""

import pytest

from tests.agents.tag.regions.conftest import Tag


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("el", "Το πλοίο έμεινε δεμένο στην Αμοργό.", "GR"),
        ("el", "Οι κάτοικοι της Ζακύνθου διαμαρτύρονται.", "GR"),
        ("hr", "Trajekt nije stigao na Mljet ni u Korčulu.", "HR"),
        ("it", "Il traghetto per Ponza è fermo.", "IT"),
        ("fr", "Le bac de Noirmoutier est en panne.", "FR"),
        ("de", "Die Fähre nach Amrum liegt fest.", "DE"),
        ("da", "Færgen til Samsø sejler ikke.", "DK"),
        ("nb", "Ferja til Senja er innstilt.", "NO"),
        ("et", "Praam Hiiumaale jäi sadamasse.", "EE"),
        ("en", "The ferry to Islay was cancelled.", "GB"),
        ("id", "Kapal ke Flores batal berangkat.", "ID"),
        ("es", "El ferri a La Palma no zarpó.", "ES"),
        ("ja", "種子島行きの船が欠航した。", "JP"),
        ("ko", "울릉도로 가는 배가 결항했다.", "KR"),
        ("hu", "A vonat Eszéken állt meg.", "HR"),
    ],
)
def test_an_island_is_known_by_its_name(tag: Tag, language: str, text: str, code: str) -> None:
    """In its own language, and Eszék as the one city near Hungary that was missing."""
    assert tag(text, language=language).primary_country == code


def test_a_surname_like_an_islands_is_a_person(tag: Tag) -> None:
    """A given name stands before it."""
    assert tag("Andi Lipari e Marco Lipari hanno firmato il contratto.", language="it").primary_country is None
