"""Cities and countries abroad, and names of two words, in the cases of languages that inflect them."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("hr", "Tisuće su prosvjedovale u Moskvi, a stotine u Berlinu.", "RU DE"),
        ("sr", "Протест је одржан у Багдаду, јављају из Најробија и Чикага.", "IQ US"),
        ("sr", "Fabrika u Pekingu i Minhenu radi od juče.", "CN DE"),
        ("sl", "V Teheranu in Varšavi so zaprli šole.", "IR PL"),
        ("cs", "V Londýně a v Bagdádu včera mrzlo.", "GB IQ"),
        ("sk", "V Berlíne a Mníchove stáli električky.", "DE"),
        ("pl", "W Mosulu i Bombaju zamknięto szkoły.", "IQ IN"),
        ("lt", "Mančesterio gatvės tuščios, o Kijeve ir Bogotoje lijo.", "GB UA CO"),
        ("lv", "Bogotā un Manilā vakar slēdza skolas.", "CO PH"),
        ("et", "Istanbulis ja Chicagos jäid koolid kinni.", "TR US"),
        ("fi", "Bagdadissa ja Istanbulissa koulut suljettiin.", "IQ TR"),
        ("hu", "Chicagóban bezárták az iskolákat.", "US"),
        ("ro", "Primarul Londrei a închis școlile.", "GB"),
    ],
)
def test_large_cities_abroad_are_known_in_all_cases(tag: Tag, language: str, text: str, expected: str) -> None:
    """Capitals and large cities abroad are known where their name bears the ending of a case."""
    assert countries(tag(text, language=language)) == set(expected.split())


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("hr", "U Slavonskom Brodu i Los Angelesu gore skladišta.", "HR US"),
        ("hr", "Ministar je bio u Južnoj Koreji i Sjevernoj Makedoniji.", "KR MK"),
        ("sr", "У Новом Саду и Северној Македонији пада снег.", "RS MK"),
        ("sl", "V Murski Soboti in Južni Koreji sneži.", "SI KR"),
        ("cs", "V Karlových Varech a na Novém Zélandu sněží.", "CZ NZ"),
        ("sk", "V Banskej Bystrici a New Yorku sneží.", "SK US"),
        ("pl", "W Jeleniej Górze pada śnieg.", "PL"),
        ("uk", "У Білій Церкві випав сніг.", "UA"),
        ("lt", "Naujojoje Zelandijoje sninga.", "NZ"),
    ],
)
def test_both_words_of_a_name_are_inflected(tag: Tag, language: str, text: str, expected: str) -> None:
    """An adjective before the noun agrees with it, and the second word of a foreign name takes the ending alone."""
    assert countries(tag(text, language=language)) == set(expected.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hr", "Konji su pobjegli iz staje. Kolona je stajala satima."),
        ("cs", "Jaroslava Malá vede školu. Toyota svolává auta. Modrou barvu vybraly děti."),
        ("pl", "Kazania biskupa wydano drukiem. Rabat dla seniorów znika. Natalia Wilk odchodzi."),
        ("fi", "Sarjan viimeinen jakso näytetään. Jokaista kuultiin."),
        ("ro", "Cotația bursei a scăzut. Bursei i-a mers prost."),
        ("lv", "Vienu dienu skola bija slēgta. Palmu eļļa kļūst dārgāka."),
    ],
)
def test_plain_words_are_no_cases_of_cities(tag: Tag, language: str, text: str) -> None:
    """Horses are not of Konya, a blue colour is not of Modra, and a woman's name is no case of a Russian city."""
    assert countries(tag(text, language=language)) == set()
