"""Values of TOML texts from anybody."""

import pytest

from streams.toml.toml_values import MOST_PARTS, LongKeyError, values_of


@pytest.mark.parametrize("part", ["a", "'a'", '"a.b"', "a ", "a-b_1\t", r'"\"é\\"'])
@pytest.mark.parametrize("place", ["{} = 1", "[{}]", "[[{}]]", "x = {{ {} = 1 }}", "ok = 1\nb.{} = 1"])
def test_a_key_of_thousands_of_parts_is_refused_before_it_takes_all_memory(part: str, place: str) -> None:
    """However its parts are written, and wherever it stands."""
    with pytest.raises(LongKeyError):
        values_of(place.format(".".join([part] * 5_000)))


def test_keys_that_people_write_are_read() -> None:
    """Some parts, dots in texts, and texts with as many dots as a list of addresses has."""
    key = ".".join(["a"] * MOST_PARTS)
    assert values_of(f"{key} = 1") and values_of('[watch."a.b".c]\nx.y = "…"')
    listed = ", ".join(f"www.paper{n}.example" for n in range(500))
    assert values_of(f'query = "{listed}"\nsaid = "{"." * 500} {"a . " * 60}"')["query"] == listed
