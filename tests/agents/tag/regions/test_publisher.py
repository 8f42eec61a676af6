"""Where publishers are at home."""

import pytest

from agents.tag.regions import RegionTagger
from agents.tag.regions.publisher import home_of


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("bbc.co.uk", "GB"),
        ("bbc.example", "GB"),
        ("www.theguardian.com", "GB"),
        ("guardian.ng", "NG"),
        ("dailymail.co.uk", "GB"),
        ("edition.cnn.com", "US"),
        ("nytimes", "US"),
        ("elpais.com.uy", "UY"),
        ("somepaper.de", "DE"),
        ("news.gov", "US"),
        ("hindustantimes.com", "IN"),
        ("taipeitimes.com", "TW"),
        ("stabroeknews.com", "GY"),
        ("eluniversal.com.co", "CO"),
        ("www.kake.com", "US"),
        ("kun.uz", "UZ"),
    ],
)
def test_home(tagger: RegionTagger, source: str, code: str) -> None:
    """Hosts, names and country-code domains give the publisher's country."""
    home = home_of(tagger.gazetteer, source)

    assert tagger.gazetteer.code[home.country] == code


@pytest.mark.parametrize(
    "source", ["unheard-of.com", "startup.io", "channel.tv", "news.example", "radio.fm", "com", "www.net", ""]
)
def test_no_home(tagger: RegionTagger, source: str) -> None:
    """A generic domain gives none."""
    assert home_of(tagger.gazetteer, source).country == -1


@pytest.mark.parametrize(
    ("source", "code"),
    [("wcvb.com", "US-MA"), ("brandonsun.com", "CA-MB"), ("ntnews.com.au", "AU-NT"), ("opovo.com.br", "BR-CE")],
)
def test_division_of_a_local_outlet(tagger: RegionTagger, source: str, code: str) -> None:
    """Stations and local papers have their state or province."""
    assert tagger.gazetteer.code[home_of(tagger.gazetteer, source).division] == code


def test_state_of_a_regional_paper(tagger: RegionTagger) -> None:
    """A regional daily has its state."""
    home = home_of(tagger.gazetteer, "dallasnews.com")

    assert tagger.gazetteer.code[home.division] == "US-TX"


def test_agencies_write_for_the_world(tagger: RegionTagger) -> None:
    """An agency's home is marked as saying little about its stories."""
    assert home_of(tagger.gazetteer, "reuters.com").worldwide


def test_the_url_says_it_where_the_source_does_not(tagger: RegionTagger) -> None:
    """The article's own host is asked second."""
    home = tagger.home("feed-1.example", "https://www.irishtimes.com/a")

    assert tagger.gazetteer.code[home.country] == "IE"


def test_paper_named_after_its_town(tagger: RegionTagger) -> None:
    """A paper on a generic domain with a town's name is American where America has such a town."""
    home = home_of(tagger.gazetteer, "parisdailyherald.com")

    assert tagger.gazetteer.code[home.country] == "US"
