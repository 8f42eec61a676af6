"""IPTC Media Topics."""

from streams.standards.mediatopics import concepts


def test_parents_are_one_level_up() -> None:
    """Every concept but the 17 at the top hangs under one of the level above."""
    assert len(concepts()) > 1000
    for concept in concepts().values():
        level_above = 0 if concept.parent is None else concepts()[concept.parent].level
        assert concept.level == level_above + 1


def test_codes_are_those_that_articles_carry() -> None:
    """A concept is known by its code with `medtop:`."""
    assert concepts()["medtop:16000000"].label == "conflict, war and peace"
