"""Settings of the fetch step that would be found wrong by others first."""

import pytest

from streams.errors import SettingsError
from wirewatch.settings import load


@pytest.mark.parametrize(
    "contact", ["me", "@desk", "desk@newsroom", "https://", "example.org", "desk@a.example\nHost: x"]
)
def test_a_contact_by_which_nobody_is_reached_is_refused(contact: str) -> None:
    """Owners of sites are told whom to write to: a word is no address, and a second line is another header."""
    with pytest.raises(SettingsError, match=r"WIREWATCH_FETCH_CONTACT: fetch\.contact = .*a mail address or a link"):
        load(None, {"WIREWATCH_FETCH_CONTACT": contact})


@pytest.mark.parametrize("contact", ["", "desk@a.example", "News desk, desk@a.example", "https://a.example/reader?x=1"])
def test_a_contact_is_an_address_or_a_link(contact: str) -> None:
    """Words may stand beside it; without any, nothing foreign is asked."""
    load(None, {"WIREWATCH_FETCH_CONTACT": contact})
