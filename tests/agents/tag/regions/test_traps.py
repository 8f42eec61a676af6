"""Names that GeoNames has and newspapers use for something else, and names that several places share."""

import pytest

from agents.tag.regions import RegionTagger
from tests.agents.tag.regions.conftest import Tag, article, countries


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("NATO ministers met on Monday to discuss the budget.", "PH"),
        ("The White House said nothing more.", "MA"),
        ("Phoenix City Council has voted to close a library.", "PL"),
        ("Hamas rejected the terms that were offered.", "DE"),
        ("Kanye released another record.", "BW"),
        ("Mr Obama gave a lecture.", "JP"),
        ("Google will close the service in spring.", "TR"),
        ("He said that God had spared him.", "HU"),
        ("Mary had been the first to see it.", "TM"),
        ("The shop also sells shoes by Zara.", "TR"),
        ("The Olympic flame was lit on Tuesday.", "HK"),
        ("Patrick and Michael run the bakery.", "IM"),
        ("The Welsh choir sang twice.", "WF"),
        ("Na, I do not think so, no. It is NA for now.", "NA"),
        ("No, said the officer. NO was the whole answer.", "NO"),
        ("Chad Miller scored twice and Chad was happy.", "TD"),
        ("Mr Jordan said the bus was late.", "JO"),
        ("Michael Jordan bought the team.", "JO"),
        ("Israel Folau kicked the ball and Kenya Moore sang.", "IL"),
        ("They carved the Thanksgiving turkey and the wild turkey flew off.", "TR"),
        ("Paris Hilton opened the hotel.", "FR"),
        ("Jack London wrote it.", "GB"),
        ("The New York Times reported it first.", "CO"),
        ("The ship crossed the Indian Ocean.", "IN"),
        ("The Niger river rose above its banks on Monday.", "NE"),
        ("Forests of the Congo Basin store carbon.", "CD"),
        ("Trade with Latin America and South America grew.", "US"),
        ("She lent him US$20.", "US"),
        ("The victim's guinea pig survived.", "GN"),
        ("French fries and Swiss cheese were served.", "CH"),
        ("Two Mexican restaurants opened, and the Thai food is said to be good.", "MX"),
        ("She ordered Brazil nuts and a Cuban sandwich.", "BR"),
        ("The dollar rose against the Japanese yen and the Swiss franc.", "JP"),
        ("Georgia O'Keeffe painted it.", "GE"),
        ("Sydney Sweeney plays her, and Austin Butler him.", "AU"),
        ("Chelsea beat Rangers, and the coach praised the defence.", "US"),
        ("Virginia Woolf wrote it at home.", "US"),
        ("Jordan Spieth won the Masters.", "JO"),
        ("Voters in the Western and Northern districts waited.", "GH"),
    ],
)
def test_name_of_something_else_is_no_country(tag: Tag, text: str, never: str) -> None:
    """A trap of the gazetteer does not tag its country."""
    tags = tag(text)

    assert never not in countries(tags)


def test_georgia_is_the_state_by_default(tag: Tag) -> None:
    """Georgia without any sign of the Caucasus is the state."""
    tags = tag("The governor of Georgia signed the bill after the legislature in Atlanta had passed it.")

    assert countries(tags) == {"US"}


def test_georgia_is_the_country_beside_its_neighbours(tag: Tag) -> None:
    """Georgia beside Tbilisi and Russia is the country."""
    tags = tag(
        "Georgia recalled its ambassador from Moscow, a spokesman in Tbilisi said, after talks with Russia failed."
    )

    assert tags.primary_country == "GE"


def test_paris_in_texas(tag: Tag) -> None:
    """A state after the comma decides, and for every later mention of the name too."""
    tags = tag("A storm hit Paris, Texas, on Friday. Police in Paris closed two roads.")

    cities = [region for region in tags.regions if region.level == "city"]
    assert countries(tags) == {"US"}
    assert [(city.name, city.code) for city in cities] == [("Paris", "US-TX")]


def test_abbreviated_state(tag: Tag) -> None:
    """An abbreviation is believed after a comma that follows a city of that state."""
    tags = tag("Two men were hurt in Athens, Ga., on Sunday.")

    assert countries(tags) == {"US"}
    assert any(region.code == "US-GA" and region.level == "city" for region in tags.regions)


def test_paris_alone_is_in_france(tag: Tag) -> None:
    """Without evidence the larger place wins."""
    assert tag("Thousands marched through Paris on Saturday.").primary_country == "FR"


def test_publisher_decides_between_namesakes(tag: Tag) -> None:
    """Cambridge in a Boston paper is another one than in a British paper."""
    text = "The council of Cambridge voted for more cycle lanes on Monday."

    assert tag(text, source="bostonglobe.com").primary_country == "US"
    assert tag(text, source="cambridge-news.co.uk").primary_country == "GB"


def test_jordan_the_country(tag: Tag) -> None:
    """Jordan is a country where it acts like one."""
    assert tag("Jordan closed its border with Syria, officials in Amman said.").primary_country == "JO"


def test_chad_the_country(tag: Tag) -> None:
    """Chad is a country where no person is near."""
    assert tag("Rebels in Chad said they had reached N'Djamena.").primary_country == "TD"


def test_namibia_by_its_name(tag: Tag) -> None:
    """Namibia, whose code reads as a missing value to some, has its code."""
    assert tag("Namibia will vote in November.").primary_country == "NA"


def test_norway_by_its_name(tag: Tag) -> None:
    """Norway, whose code reads as false to some, has its code."""
    assert tag("Norway will vote in September.").primary_country == "NO"


def test_kosovo_has_its_user_assigned_code(tag: Tag) -> None:
    """Kosovo is XK."""
    assert tag("Kosovo's parliament met in Pristina.").primary_country == "XK"


def test_washington_stands_for_the_united_states(tag: Tag) -> None:
    """Washington as a metonym counts for the government that sits there."""
    assert "US" in countries(tag("Washington and Beijing agreed to talk."))


def test_congo_by_its_capital(tag: Tag) -> None:
    """DR Congo and its neighbour are kept apart."""
    assert tag("The DRC's government in Kinshasa said so.").primary_country == "CD"


def test_one_small_namesake_beside_a_named_country_is_dropped(tag: Tag) -> None:
    """A small place that nothing else speaks for does not bring its country in."""
    tags = tag("Peru's president met miners in Lima. A lawyer, Trapani, spoke for them.")

    assert countries(tags) == {"PE"}


def test_offsets_are_those_of_the_original_text(tagger: RegionTagger) -> None:
    """Folding capitals and apostrophes never moves a span."""
    clean = article("KYIV — Ukraine’s army said İzmir and FRANCE agreed.", title="ÉTATS-UNIS: Ukraine’s war")
    tags = tagger.tag(clean)

    words = {
        (clean.title if evidence.field == "title" else clean.text)[evidence.start : evidence.end]
        for region in tags.regions
        for evidence in region.evidence
    }
    assert {"KYIV", "Ukraine", "FRANCE"} <= words


def test_cities_in_a_list_tie_nothing(tag: Tag) -> None:
    """Copenhagen beside Hamburg in a list is in Denmark, although New York has a Hamburg too."""
    assert "DK" in countries(tag("The band plays in Copenhagen, Hamburg, Malmö and Rome. Swedish fans rejoiced."))


def test_states_in_a_list_tie_nothing(tag: Tag) -> None:
    """Mexico beside Texas in a list stays Mexico."""
    assert "MX" in countries(tag("Trade between Mexico, Texas, and New Mexico grew."))


def test_brussels_stands_for_the_union(tag: Tag) -> None:
    """Brussels in a story of the European Union makes it no story about Belgium."""
    tags = tag("Brussels proposed new rules. The European Commission said that Germany must agree.")

    assert tags.primary_country == "DE"
    assert [region.role for region in tags.regions if region.code == "BE"] == ["mentioned"]


def test_brussels_is_belgian_where_belgium_is_named(tag: Tag) -> None:
    """Brussels beside Belgian police is Belgium, whatever the Union does."""
    assert tag("Belgian police searched a house in Brussels near the EU quarter.").primary_country == "BE"


def test_passing_mention_is_not_what_an_article_is_about(tag: Tag) -> None:
    """A country named once beside one that is named throughout is mentioned."""
    tags = tag(
        "Afghan officials in Kabul said the Taliban were behind it. The Afghan army answered in Kandahar and Kabul. "
        "One of the wounded was flown to Germany."
    )

    roles = {region.country: region.role for region in tags.regions if region.level == "country"}
    assert roles == {"AF": "about", "DE": "mentioned"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("WASHINGTON (AP) - The president signed the bill on Monday.", "US-DC"),
        ("Officials in Washington said that talks with Moscow would go on.", "US-DC"),
        ("Washington and Seattle were hit by storms; Spokane was spared.", "US-WA"),
    ],
)
def test_a_capital_stands_for_its_government(tag: Tag, text: str, code: str) -> None:
    """Washington is the capital, unless the article speaks of the state."""
    codes = [region.code for region in tag(text).regions if region.level != "country"]

    assert code in codes
    assert not {"US-DC", "US-WA"} - {code} & set(codes)


def test_one_town_is_enough_for_a_publisher_s_own_country(tag: Tag) -> None:
    """A small town needs another one beside it for a country abroad, and none for the country of the publisher."""
    text = "A school in Bataysk was closed, and the German government was told."

    assert countries(tag(text)) == {"DE"}
    assert countries(tag(text, source="news.ru")) == {"DE", "RU"}


def test_a_county_of_several_states_is_the_one_that_is_spoken_of(tag: Tag) -> None:
    """Greene County is in many states; the other places decide."""
    codes = {
        region.code for region in tag("Deputies in Greene County, near Springfield, Missouri, made an arrest.").regions
    }

    assert "US-MO" in codes
    assert "US-AL" not in codes


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tension grows in the Gulf."),
        ("en", "Snow fell in the Andes and rain in the Midlands."),
        ("es", "Nieve en la Cordillera y lluvia en el Atlántico."),
        ("es", "Un barco se hundió en el Pacífico por El Niño."),
        ("pt", "Nevou nos Andes, segundo o serviço."),
        ("fr", "La tension monte dans le Golfe et dans l'Atlantique."),
        ("it", "Neve sulle Ande, vento sull'Atlantico."),
        ("de", "Auf dem Balkan wird es kalt."),
        ("nl", "In de Alpen en de Andes viel sneeuw."),
        ("tr", "Körfez'de gerilim artıyor."),
        ("en", "The Ganges rose again, and so did the Zambezi."),
        ("it", "Un traghetto si è fermato nella Manica."),
        ("uk", "В Андах випав сніг."),
        ("zh", "本周三角洲将有暴雨。"),
    ],
)
def test_seas_and_mountains_are_no_town_that_is_called_so(tag: Tag, language: str, text: str) -> None:
    """A part of the world that has its name in common with a division or a quarter far away is not that."""
    assert tag(text, language=language).regions == []


@pytest.mark.parametrize(
    ("language", "text", "never"),
    [
        ("zh", "三百人参加来自各地的比赛。", "FR"),
        ("zh", "如果阿姨同意，孩子周五可以去。", "IN"),
        ("zh", "新的体育空间周五开放。", "CA"),
        ("zh", "阿扎尔打进两球。", "GE"),
        ("zh", "瓦莱丽养了一只缅因猫。", "CH"),
        ("zh", "瓦莱丽养了一只缅因猫。", "US"),
        ("zh", "各队在东南亚齐聚一堂。", "ID"),
        ("zh", "韦林堡议员补充道。", "NL"),
        ("ko", "마르케스가 금요일 경기에서 이겼다.", "IT"),
        ("ko", "티그레스가 결승에 올랐다.", "ET"),
        ("ko", "아파르트헤이트 시절의 사진이 걸렸다.", "ET"),
        ("ko", "산타페 신차가 나왔다.", "AR"),
        ("ko", "이스트라이트 멤버가 증언했다.", "HR"),
        ("ko", "요크셔테리어 한 마리가 구조됐다.", "GB"),
        ("zh", "联赛在华东开赛。", "CD"),
        ("ja", "ナパ・ヴァレーのワインが届いた。", "CH"),
        ("ja", "ヨークシャー・テリアが保護された。", "GB"),
        ("hi", "यॉर्कशायर टेरियर मिला।", "GB"),
        ("de", "Ein Yorkshire Terrier lief weg.", "GB"),
        ("ru", "Йоркшир-терьер пропал.", "GB"),
        ("ar", "حملة لمكافحة سوسة النخيل في المزارع.", "TN"),
        ("ar", "تراجعت أسعار مكيفات سبليت اليوم.", "HR"),
        ("ar", "قال الرجل أيوا وضحك.", "US"),
        ("ar", "بنيت بروج عالية على السور.", "BE"),
        ("ar", "ظهر سانتا في شوارع المدينة.", "AR"),
        ("it", "Un incendio ad Aragona, un paese di novemila abitanti.", "ES"),
        ("en", "The Blue Nile rose by a metre on Friday.", "SD"),
        ("fr", "Le barrage sur le Nil Bleu est ouvert.", "SD"),
        ("es", "La presa en el Nilo Azul se llena.", "SD"),
        ("ru", "Плотина на Голубом Ниле открыта.", "SD"),
    ],
)
def test_a_name_abroad_is_no_part_of_other_words(tag: Tag, language: str, text: str, never: str) -> None:
    """In scripts without spaces two words may meet in it; persons, weevils and a river are called alike."""
    assert never not in {region.country for region in tag(text, language=language).regions}


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("zh", "如果阿根廷队获胜，球迷会庆祝。", "AR"),
        ("zh", "这并非斯里兰卡的问题。", "LK"),
        ("zh", "果阿邦周五投票。", "IN"),
        ("zh", "育空地区发生地震。", "CA"),
        ("ko", "마르케주에서 지진이 났다.", "IT"),
        ("ar", "صوت الناخبون في أيوا يوم الجمعة.", "US"),
        ("ar", "عقد المؤتمر في سوسة يوم الجمعة.", "TN"),
        ("en", "Fighters reached Blue Nile state on Friday.", "SD"),
        ("es", "El alcalde Rodas habló en Quito.", "EC"),
        ("es", "Cierran el balneario Costa Azul en Montevideo.", "UY"),
        ("es", "Sirven una tarta Selva Negra en Bogotá.", "CO"),
        ("pt", "Um bolo Floresta Negra foi servido em Lisboa.", "PT"),
        ("pl", "Everest Finanse otworzy biuro w Poznaniu.", "PL"),
        ("tr", "Everest Yayınları kitabı Ankara'da bastı.", "TR"),
        ("ru", "Компания «Эверест» построит дом в Казани.", "RU"),
    ],
)
def test_a_name_that_is_other_things_too_comes_after_a_sure_one(
    tag: Tag, language: str, text: str, country: str
) -> None:
    """A cake, a firm and a mayor; and with its own word behind it, or a preposition before, a name is the place."""
    assert tag(text, language=language).primary_country == country
