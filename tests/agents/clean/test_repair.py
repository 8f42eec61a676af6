"""Repairs of text that was decoded wrongly on its way."""

import pytest

from agents.clean.text.repair import repair


@pytest.mark.parametrize("read_as", ["cp1252", "latin-1"])
def test_quotes_and_dashes_beside_other_wide_characters_are_mended(read_as: str) -> None:
    """Curly quotes and dashes read as Windows-1252, or as Latin-1 with its control characters, can be nothing else."""
    misread = "The keeper’s lamp – lit".encode().decode(read_as)
    rest = "Ångström, Škoda, Łódź, 灯台, Ефимов"
    assert repair(f"{misread} again. {rest}") == (f"The keeper’s lamp – lit again. {rest}", True)


def test_halves_of_spaces_go_with_a_repair() -> None:
    """The first half of a no-break space is left where the second has become a space; in capitals it is a letter."""
    misread = "1.Â Â Â Keepers hadnâ\x80\x99t been paid,Â and didnâ\x80\x99t ask for it.Â"
    assert repair(misread)[0] == "1. Keepers hadn’t been paid, and didn’t ask for it."
    assert repair("ARQUEÂ e não")[0] == "ARQUEÂ e não"
