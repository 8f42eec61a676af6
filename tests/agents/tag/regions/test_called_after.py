"""People, houses and streets that are called like a place, lone words of titles, and towns that a rule must not lose."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Ireland's team: 9 R Paterson, 10 T Grimes, 11 B Lima and F Foley.", {"US", "PE", "ZA"}),
        ("In Norway the judge Harald C Pyle read the ruling.", {"GB"}),
        ("Peru's coach thanked Ocasio-Cortez and Dolan-Dade for the flowers.", {"US", "CN"}),
        ("In Norway, Quinton 'Thunder' Aske won again.", {"VN"}),
        ("Chad and Jordan Ravnkilde sell bread in Peru. Chad gets up at three.", {"TD", "JO"}),
        ("Norway's museum rents a room in Victoria, central London.", {"AU"}),
        ("Patients in Belfast waited at Victoria Hospital, and crowds met in Victoria Square.", {"AU"}),
        ("Somalia's police took the wounded of Mogadishu to Medina hospital.", {"SA"}),
        ("Norway's film about the last flight of the Phoenix, a ship, opens in May.", {"US"}),
        ("Peru's envoy stayed at 18th and Vine, off Matanzas Woods Parkway.", {"AT", "CU"}),
        ("Kenya's ministry said the Sudan strain was found in two patients.", {"SD"}),
        ("The shop in Lima, Peru, took over the lease in Los Feliz.", {"BR"}),
        ("Simona Halep said she would retire, and Romania thanked her.", {"SY"}),
        ("Lima Anna Miller won the race in Kenya.", {"PE"}),
        ("The firm of Jos. A. Bank closed its shops in Peru.", {"NG"}),
    ],
)
def test_a_name_called_after_a_place(tag: Tag, text: str, never: set[str]) -> None:
    """A player, a judge, a street, a hospital, a virus: each beside a place that the text is about."""
    found = countries(tag(text))
    assert found
    assert not found & never


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Members of Norway's party met Rep. Ann Skog, R-Ashland, in May.", "US"),
        ("Norway's envoy flew to Victoria, Australia.", "AU"),
        ("Norway's envoy said a hospital in Medina would get beds.", "SA"),
        ("Norway's band will play in Phoenix on Monday.", "US"),
        ("The Phoenix suburb was hit, and Norway sent help.", "US"),
        ("The car park in Wembley, north London, will close, and Norway will pay.", "GB"),
        ("Rain fell on Lima. A road broke.", "PE"),
        ("She moved to Lyon. I met her there.", "FR"),
    ],
)
def test_the_place_itself(tag: Tag, text: str, country: str) -> None:
    """The same names where they mean the place keep their country."""
    assert country in countries(tag(text))


@pytest.mark.parametrize(
    "title", ["The Secret Sauce of Her Success", "Old Diner Sparks New Interest", "Luna Wins Again"]
)
def test_a_lone_word_of_a_title(tag: Tag, title: str) -> None:
    """Every word of a title may have a capital: one that nothing supports is no town."""
    assert countries(tag("She said that it had been a long year.", title=title)) == set()


@pytest.mark.parametrize(
    ("title", "text", "country"),
    [
        ("Sligo baker wins prize", "She had hoped for it since May.", "IE"),
        ("Shakopee Mayor Says No", "Power will be back in Shakopee by noon.", "US"),
        ("The year", "Tralee shops will open on Sundays.", "IE"),
    ],
)
def test_a_lone_town(tag: Tag, title: str, text: str, country: str) -> None:
    """A town before a small letter, or named again after a preposition, is one although nothing supports it."""
    assert countries(tag(text, title=title)) == {country}


@pytest.mark.parametrize("city", ["Birmingham", "Leeds", "Bolton"])
def test_a_british_city_is_a_city(tag: Tag, city: str) -> None:
    """Of a city whose district has its name the city is found, with its country."""
    tags = tag(f"The council of {city} will sell six houses.", title=f"{city} sells houses")
    assert any(region.level == "city" and region.name == city for region in tags.regions)
    assert tags.primary_country == "GB"


def test_a_scene_beside_another_country(tag: Tag) -> None:
    """A city that title and lead name stays beside a country that the text speaks of too."""
    tags = tag("Cooks of a temple in Harrow feed many. Some came from Sri Lanka.", title="Temple in Harrow feeds many")
    assert countries(tags) == {"GB", "LK"}
    assert tags.primary_country == "GB"


def test_a_namesake_in_a_paper_at_home(tag: Tag) -> None:
    """A paper at home somewhere means no lone city abroad."""
    text = "The band of Metro plays in Metro on Monday, and Mumbai's mayor will come."
    assert countries(tag(text, title="Metro gets a band", source="deccanherald.com")) == {"IN"}


def test_a_plain_word_beside_other_places(tag: Tag) -> None:
    """A title's word that the text has in small letters is no town, though its country is named."""
    tags = tag("Alabama has many a mobile, and each mobile is a camera.", title="Mobile pictures for all")
    assert not any(region.name == "Mobile" for region in tags.regions)


@pytest.mark.parametrize(
    ("language", "country", "text"),
    [
        ("de", "GH", "Ghana reicht seine Ziele nach dem Pariser Abkommen ein, die in US-Dollar gerechnet sind."),
        ("fr", "TG", "Le Togo ratifie la convention de Vienne et le protocole additionnel de Nagoya."),
        ("es", "PY", "Paraguay revisa sus metas del Acuerdo de París y recuerda la gripe española."),
        ("it", "MT", "Malta cita la Convenzione di Istanbul nella riforma."),
        ("ru", "UZ", "Узбекистан пересмотрел цели, которые задаёт Парижское соглашение, в ценах в долларах США."),
        ("tr", "AL", "Arnavutluk, Lozan Antlaşması ve Viyana Sözleşmesi için sergi açtı."),
        ("ja", "CL", "チリはパリ協定の新しい目標を決めた。"),
        ("hu", "RS", "Szerbia svájci frankban adósodott el, mondta a szerb miniszter."),
        ("id", "FJ", "Fiji menyampaikan target baru di bawah Perjanjian Paris, dalam dolar AS."),
    ],
)
def test_treaties_and_money_called_after_a_place(tag: Tag, language: str, country: str, text: str) -> None:
    """A treaty of Paris, a franc and a flu are no news of the places that they are called after."""
    assert countries(tag(text, language=language)) == {country}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("hu", "Török Ilona és Lengyel János díjat kapott Szegeden. Lengyel fizikát tanít.", {"HU"}),
        ("hu", "Orosz katonák érkeztek Pécsre, mondta Németh Anna.", {"RU", "HU"}),
        ("fi", "Jussi Ruotsalainen valittiin Kuopiossa. Ruotsalainen sai 400 ääntä.", {"FI"}),
        ("fi", "Venäläinen laiva ajoi karille Kotkassa.", {"RU", "FI"}),
        ("uk", "Скульптор Петро Поляк працює в Ужгороді. Поляк ріже камінь.", {"UA"}),
        ("ru", "Инженер Иван Чех живёт в Казани.", {"RU"}),
        ("ru", "В Казани открылся Первый Польский центр.", {"RU", "PL"}),
    ],
)
def test_peoples_that_are_surnames(tag: Tag, language: str, text: str, found: set[str]) -> None:
    """A surname is no people, with a given name beside it and alone; a people that begins a sentence is one."""
    assert countries(tag(text, language=language)) == found


@pytest.mark.parametrize(
    ("language", "country", "text"),
    [
        ("es", "AT", "Paraguay firmó el acuerdo en Viena el lunes."),
        ("de", "AT", "Ghanas Minister unterschrieb das Abkommen in Wien."),
        ("fr", "FR", "L'accord de Paris fête ses dix ans dans une exposition."),
        ("pt", "CH", "O acordo com a Suíça foi aprovado em Portugal."),
        ("ru", "FR", "Французское соглашение с Узбекистаном подписано."),
    ],
)
def test_a_place_beside_a_treaty(tag: Tag, language: str, country: str, text: str) -> None:
    """Where a treaty is signed, with whom, and the only place that is named stay places."""
    assert country in countries(tag(text, language=language))
