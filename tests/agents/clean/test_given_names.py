"""Given names of the world: a line beside the date that begins with one, and has a surname behind, signs."""

import pytest

from tests.support.bylines import authors

DAY = "<p>3 May 2025</p>"


@pytest.mark.parametrize(
    "name",
    [
        "Achieng Wekhuba", "Tigist Worku", "Hodan Nurow", "Fatoumata Ndour", "Refilwe Mokgadi", "Tonderai Chikore", "Hery Rasolo",
        "Shpresa Krasta", "Lejla Hodur", "Lasha Gogeli", "Gayane Petoian", "Günel Rəhimli", "Айгүл Тоқсан", "Dilnoza Yuldash",
        "Shahzad Qamrani", "Narayan Khatiw", "Ruwan Senadi", "Sopheap Chhun", "Bolormaa Dash", "Marites Villaroso",
        "Takahiro Onoda", "Ji-won Paik", "Maialen Etxarri",
    ],
)  # fmt: skip
def test_a_given_name_of_any_country_signs(name: str) -> None:
    """No word introduces it: the name itself says that it is one."""
    assert authors(f"<p>{name} | Reef Wire</p>{DAY}") == [name]


@pytest.mark.parametrize(
    "line", ["Hari Raya", "Durga Puja", "Ulan Bator", "Wafa Agency", "Lok Sabha", "Sri Lanka", "Hodan District"]
)
def test_feasts_towns_and_clubs_sign_nothing(line: str) -> None:
    """Their first words are given names in some country."""
    assert authors(f"<p>{line} | Reef Wire</p>{DAY}") == []
