"""Pages that stand in an article's place."""

import pytest

from agents.clean.page.walls import wall

COOKIES = (
    "We and our 842 partners store and access information on a device, such as cookies. You can accept all or refuse."
)


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("404 Not Found", "Sorry, the page that you are looking for has been moved.", "an error page"),
        ("Page not found - Example News", "Sorry, there is nothing here.", "an error page"),
        ("Seite nicht gefunden", "Leider gibt es diese Seite nicht mehr.", "an error page"),
        ("Just a moment...", "Enable JavaScript and cookies to continue.", "a check for robots"),
        ("Example News", "Please enable JavaScript. We saw unusual traffic from your network.", "a check for robots"),
        ("Before you continue to Example", COOKIES, "a consent wall"),
        ("Example News", COOKIES, "a consent wall"),
    ],
)
def test_walls_are_named(title: str, text: str, kind: str) -> None:
    """A short page whose title or fixed phrases give its kind away is named for it."""
    assert wall(title, text, len(text.split()), ["Example News"]) == kind


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Access denied: how villages lost their road to the sea", "The road was closed in May, and nobody was asked."),
        ("Missing hikers not found", "A search in the mountains ended on Friday without a trace of the hikers."),
        (
            "Regulator fines firm over cookies",
            "The regulator fined the firm because it had asked for no consent to cookies.",
        ),
        (
            "Regulator fines Example over cookies",
            "A regulator fined it for cookies without consent: its 842 partners had used tracking and personal data.",
        ),
        ("Plane makes an emergency landing", "A plane landed in a field on Monday. Nobody was hurt."),
    ],
)
def test_short_articles_are_none(title: str, text: str) -> None:
    """News about such things, or with such words in its title, is news."""
    assert wall(title, text, len(text.split()), ["Example News"]) == ""


def test_long_texts_are_none() -> None:
    """Whatever a long text speaks of, it is no wall."""
    assert wall("Page not found", COOKIES * 20, 20 * len(COOKIES.split()), []) == ""
