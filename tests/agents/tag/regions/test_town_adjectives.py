"""Adjectives of towns that are written small."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("hu", "A debreceni kórházban sztrájkolnak, a miskolci egyetem tárgyal.", "HU"),
        ("hu", "A párizsi és a londoni tőzsde esett.", "FR GB"),
        ("cs", "V brněnské nemocnici stávkují, ostravský magistrát jedná.", "CZ"),
        ("cs", "Plzeňští hasiči zasahovali u olomouckého nádraží.", "CZ"),
        ("sk", "Košický súd rozhodol, žilinská nemocnica čaká.", "SK"),
        ("hr", "Zagrebački sud i splitska bolnica čekaju.", "HR"),
        ("hr", "Londonska burza pala je jučer.", "GB"),
        ("sr", "Београдски суд и нишка болница чекају.", "RS"),
        ("sr", "Kragujevačka fabrika zapošljava.", "RS"),
        ("sl", "Mariborsko sodišče in ljubljanska bolnišnica čakata.", "SI"),
    ],
)
def test_the_adjective_of_a_town_is_the_town(tag: Tag, language: str, text: str, expected: str) -> None:
    """In all its forms, small within a sentence and with a capital at its beginning."""
    assert countries(tag(text, language=language)) == set(expected.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hu", "A pápai áldás után a városi tanács ülésezett."),
        ("cs", "Římští císaři a městský úřad, lidský omyl."),
        ("hr", "Gradski sud i morski pas, rimsko pravo."),
        ("sr", "Kraljevski grad i seoski put."),
    ],
)
def test_other_adjectives_are_no_towns(tag: Tag, language: str, text: str) -> None:
    """The Pope's blessing is not of Pápa, and Roman law not of today's Rome."""
    assert countries(tag(text, language=language)) == set()
