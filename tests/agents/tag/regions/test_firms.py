"""Firms, houses, streets and people that are called like a place, in languages other than English."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries

CALLED = (
    ("es", "La cadena de ropa abrió en Lima otra tienda. El Grupo Oslo no dio cifras en el Perú.", {"PE"}),
    ("es", "El alcalde, Hernán Dinamarca, inauguró en Bogotá el mercado.", {"CO"}),
    ("pt", "A rede Atenas fechou três lojas em Recife.", {"BR"}),
    ("pt", "O treinador, Londres Batista, deixou Curitiba.", {"BR"}),
    ("fr", "Une fuite de gaz rue de Budapest à Lyon. Les pompiers sont venus.", {"FR"}),
    ("it", "Un incendio in viale Varsavia a Torino, nessun ferito.", {"IT"}),
    ("de", "In Wien brannte ein Keller im Hotel Lissabon.", {"AT"}),
    ("de", "In Graz wird die Warschauer Straße gesperrt.", {"AT"}),
    ("nl", "De topman Frans Oslo verkoopt in Utrecht zijn zaak.", {"NL"}),
    ("pl", "Kawiarnia Lizbona w Gdańsku znów otwarta.", {"PL"}),
    ("ru", "В Казани закрыли ресторан «Мадрид» из-за долгов.", {"RU"}),
    ("uk", "У Львові відкрили готель «Відень» після ремонту.", {"UA"}),
    ("tr", "İzmir'de Berlin Pastanesi yeniden açıldı.", {"TR"}),
    ("ar", "افتتحت شركة باريس فرعا جديدا في القاهرة.", {"EG"}),
    ("hi", "इंदौर में लंदन ज्वैलर्स के मालिक ने दुकान खोली, भारत में यह तीसरी है।", {"IN"}),
    ("zh", "杭州一家巴黎蛋糕门店关门。", {"CN"}),
    ("ja", "京都市のローマ食堂が閉店した。", {"JP"}),
    ("ko", "부산의 런던제과가 문을 닫았다.", {"KR"}),
)


@pytest.mark.parametrize(("language", "text", "right"), CALLED, ids=[f"{one[0]}-{one[1][:16]}" for one in CALLED])
def test_what_is_called_after_a_place(tag: Tag, language: str, text: str, right: set[str]) -> None:
    """A chain, a street, a hotel, a mayor and a bakery are no news of the place that they share a name with."""
    assert countries(tag(text, language=language)) == right


PLACES = (
    ("es", "La empresa peruana abrirá en Oslo una tienda.", "NO"),
    ("es", "El Grupo Oslo, de Noruega, compró una mina en el Perú.", "NO"),
    ("pt", "O presidente do Brasil viajou para Atenas.", "GR"),
    ("fr", "Le maire de Lyon a reçu celui de Budapest.", "HU"),
    ("fr", "Un restaurant de Budapest achète son vin à Lyon, en France.", "HU"),
    ("de", "Der Präsident der Bank in Wien reiste nach Lissabon.", "PT"),
    ("ru", "Компания из Казани откроет завод в городе Мадрид.", "ES"),
    ("zh", "杭州企业在巴黎开店。", "FR"),
    ("ja", "京都市の会社がローマに支店を出す。", "IT"),
    ("ko", "부산 기업이 런던에 지점을 냈다.", "GB"),
)


@pytest.mark.parametrize(("language", "text", "country"), PLACES, ids=[f"{one[0]}-{one[1][:16]}" for one in PLACES])
def test_the_place_itself_stays(tag: Tag, language: str, text: str, country: str) -> None:
    """A firm with a shop there, or a firm whose country is named, is news of the place."""
    assert country in countries(tag(text, language=language))


def test_a_firm_is_no_foreigner_to_its_publisher(tag: Tag) -> None:
    """Where nothing else is named, the publisher's country tells that the firm is at home elsewhere."""
    text = "Le restaurant Budapest ferme ses portes après trente ans."
    assert "HU" not in countries(tag(text, language="fr", source="ouest-france.fr"))
    assert "HU" in countries(tag(text, language="fr", source="unheard-of.example"))
