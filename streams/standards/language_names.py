"""Names of languages, in English and in themselves, by their codes (ISO 639-1)."""

from streams.text.word_lists import word_lists


def language_names() -> dict[str, tuple[str, ...]]:
    """Return the names of each language in small letters, the English one first."""
    return word_lists(__package__, "language_names.toml")


def english_name(tag: str | None) -> str:
    """Return the English name of a language by its BCP 47 tag; its code where it has no name here, empty without a tag."""
    code = (tag or "").partition("-")[0]
    names = language_names().get(code)
    return names[0].capitalize() if names else code
