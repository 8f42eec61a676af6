"""Cases: possible nominatives of a word, in languages that inflect names."""
# ruff: noqa: RUF001 - letters of many alphabets

from collections.abc import Iterator

#: Endings of cases in languages of which the gazetteer has too few forms, the longest first. Behind a colon is what the
#: nominative has in its place.
ENDINGS = {
    "fi": "essa:i essä:i esta:i estä:i ella:i eltä:i elta:i elle:i een:i en:i "
          "issa issä ista istä illa ilta ille iin ella essa esta elle ssa ssä sta stä lla llä lta ltä lle seen een in an en n",
    "hu": "án:a át:a ától:a ához:a áról:a áig:a én:e étől:e éhez:e éről:e ében:e éből:e "
          "óban:o óból:o óba:o ónak:o óval:o ótól:o ában:a ából:a ára:a ával:a ának:a "
          "ban ben ból ből nak nek val vel tól től hoz hez höz ra re on en ön",
    "cs": "ze:ha ně:eň ni:eň ci:ec ce:ec cem:ec ích:e ic:ice ách:y ami:y ově:ov sku:sko ska:sko skem:sko cku:cko "
          "cka:cko šku:šek ři:ra ře:ra ce:ka "
          "ii:ie ií:ie ini:iň uni:uň uně:uň ině:ina ě:a ě:o ě y:a e:a u:a ou:a ji:a i a:o em:o u:o u a em e i",
    "el": "ας:α ης:η ου:ος ο:ος ς",
    "ro": "iei:ia ei:a ului",
    "hr": "skoj:ska ske:ska sku:ska cima:ci drom:dar dru:dar dra:dar ci:ka ku:ka cu:ac ca:ac cem:ac ji:ja je:ja ju:ja u a "
          "om ima:i ama:e ah:e i:a e:a",
    "pl": "niem:ń niu:ń nia:ń owem:ów owie:ów owa:ów owu:ów ego:e cie:t śnie:sno źnie:zno cia:ć ciu:ć ciem:ć ami:e ami:i "
          "ach:e ach:i ach:y rze:ra rcie:rta dzie:d dzie:da ce:ka "
          "iem iu ia ie:a ie em:e em a:o a:e a u:e u y:a y i:ia i:a i ą:a ą ę:a c:ce k:ki",
    "uk": "ові:ів еві:їв єві:їв ова:ів ого:е ому:е ому:ий олі:іль оля:іль олю:іль ні:ень ня:ень ню:ень "
          "ях:і ів:і ах:и ами:и ям:і ем:ь ці:к ці:ка "
          "ою:а ом ею:я зі:г зі:га і:а і:ь и:а и:я і у:ь у:а у а я:ь",
    "sv": "s", "da": "s", "nb": "s", "bn": "ের তে ে র য় \u09df",
    "hy": "ում ից ի",
    "lv": "ām:a as:a ai:a ā:a u:a es:e ei:e ē:e im:is ī:is ī:s am:s ā:s u:s a:s",
    "lt": "oje:a os:a ai:a ą:a ėje:ė ės:ė uose:ai yje:is iui:is io:is uje:us uose:ai ų:ai ui:as e:as o:as ą:as",
    "et": "uses:us eses:es es asse ast ale alt aga isse ist ile ilt iga sse as al is il st le lt ga ks ni ta s l a i",
    "sq": "isë:i inë:i ia:i ës:ë ën:ë it in a:ë i",
    "az": "dakı dəki nın nin nun nün dan dən da də ya yə nı ni nu nü ın in un ün",
    "kk": "ның нің дың дің тың тің дағы дегі тағы тегі дан ден тан тен лық лік дық дік тық тік мен да де та те ға ге қа ке "
          "ды ді ты ті ны ні",
    "te": "లోని లో కు కి ను తో పై",
    "mr": "मध्ये च्या तील ने ला चा ची चे",
    "ne": "बाट लाई सँग माथि मा को का की ले",
    "gu": "માંથી માં નો ની ના નું થી ને એ",
    "or": "ରେ ରୁ କୁ ର",
    "ml": "യിലേക്ക് യിൽനിന്ന് യിലെ യിൽ യുടെ യും യെ ിലേക്ക്:് ിലെ:് ിൽ:് ിന്റെ:് ിലെ:\u0d7a "
          "ട്ടെ:ട് ട്ടേക്ക്:ട് ട്ട്:ട് ത്തേക്ക്:ം ത്തിലെ:ം ത്തിൽ:ം ത്തിന്റെ:ം ത്തെ:ം ത്ത്:ം റിലെ:ർ റിൽ:ർ റിന്റെ:ർ രിലെ:ർ രിൽ:ർ രിന്റെ:ർ "
          "നിലെ:ൻ നിൽ:ൻ നിന്റെ:ൻ ലിലെ:ൽ ലിൽ:ൽ",
    "kn": "ದಲ್ಲಿನ ದಲ್ಲಿ ದಿಂದ ಕ್ಕೆ ದ ಯಲ್ಲಿ ಯಿಂದ ಯ ಿನಲ್ಲಿ:ು ಿನಿಂದ:ು ಿಗೆ:ು ಿನ:ು ನಲ್ಲಿ ಗೆ ನ",
    "si": "වේ:ව වට:ව ෙන්: ේ ට හි ේ:ය ෙහි",
    "is": "ar i s",
    "be": "е:а е ы:а у:а у а і:ь я:ь ай:а ам",
    "mn": "гийн ийн ын ний ны аас ээс оос өөс ад эд од өд тай тэй той д т ийг ыг г",
    "uz": "ning dagi dan da ga ka qa ni",
}  # fmt: skip
ENDINGS["ky"] = (
    "нын нин нун нүн дын дин дун дүн тын тин тун түн дагы деги догу дөгү тагы теги тогу төгү дан ден дон дөн тан тен тон төн "
    "да де до дө та те то тө га ге го гө ка ке ко кө ны ни ну нү ды ди ду дү ты ти ту тү"
)
ENDINGS["bs"] = ENDINGS["hr"]
ENDINGS["sl"] = f"{ENDINGS['hr']} pru:per"
ENDINGS["sr"] = (
    f"{ENDINGS['hr']} ској:ска ске:ска ску:ска цима:ци ци:ка ку:ка цу:ац ца:ац цем:ац ји:ја је:ја ју:ја у а ом и:а е:а"
)
ENDINGS["sk"] = f"{ENDINGS['cs']} och:e iach:e ci:ca ei:ea e:a e:o e"
#: More endings for cities abroad alone, which may end as none at home does: Tokiju, Chicagu.
ENDINGS_ABROAD = dict.fromkeys(("hr", "bs", "sr", "sl"), "iju:i ija:i u:o a:o om:o ију:и ија:и у:о а:о ом:о")
#: Endings of adjectives in names of two words: u Slavonskom Brodu, v Karlových Varech, w Jeleniej Górze.
_SOUTH_SLAVIC = (
    "oga:i og:i ome:i om:i om:a im:i im:e ih:i ih:e oj:a e:a u:a ega:i emu:i em:i em:o i:a o:a "
    "ога:и ог:и оме:и ом:и ом:а им:и им:е их:и их:е ој:а е:а у:а"
)
ENDINGS_AGREEING = {
    "hr": _SOUTH_SLAVIC, "bs": _SOUTH_SLAVIC, "sr": _SOUTH_SLAVIC, "sl": _SOUTH_SLAVIC,
    "cs": "ého:ý ému:ý ém:ý ým:ý é:á ou:á ého:é ém:é ým:é ých:é ých:y ými:é ích:í ím:í ího:í ech:y ci:ec vě:va",
    "sk": "ého:ý ému:ý om:ý ým:ý ej:á ej:a ú:á ou:á ých:é om:é ým:é iach:y",
    "pl": "iego:i ego:i ego:y emu:y iemu:i im:i ym:y iej:ia ej:a ą:a ych:e ich:ie im:ie ym:e",
    "uk": "ого:ий ому:ий им:ий ій:а ої:а у:а ою:а их:і іх:і",
    "lt": "ojoje:oji osios:oji ėje:ė ės:ė",
}  # fmt: skip
#: Fewest letters before an ending.
LEAST_STEM = 3
#: Fewest letters before an ending of a single letter: Malin is a name, and no case of Mali.
LEAST_BEFORE_LETTER = 5
#: The latter in languages whose commonest cases end in one letter.
LEAST_BEFORE_ONE = {"bn": LEAST_STEM, "lt": 4, "lv": 4}
#: Countries whose towns a language's news names in all cases; those of other countries are known in the gazetteer's forms.
HOMES = {
    "pl": "PL", "uk": "UA", "cs": "CZ SK", "sk": "SK CZ", "hu": "HU", "fi": "FI", "ro": "RO MD", "sl": "SI",
    "hr": "HR BA", "sr": "RS BA ME", "sv": "SE FI", "da": "DK", "nb": "NO", "el": "GR CY", "bn": "BD IN", "hy": "AM",
    "lv": "LV", "lt": "LT", "et": "EE", "sq": "AL XK", "az": "AZ", "kk": "KZ", "am": "ET ER", "be": "BY", "bs": "BA", "gu": "IN",
    "is": "IS", "kn": "IN", "ky": "KG", "ml": "IN", "mn": "MN", "ne": "NP", "or": "IN", "si": "LK", "uz": "UZ",
}  # fmt: skip
#: Countries of which a single small town is believed in a language's news, where another country is named for certain.
AT_HOME = {**HOMES, "bg": "BG"}
#: Languages whose endings are syllables of their own, so that large cities abroad are known in all cases too.
AGGLUTINATING = frozenset(("fi", "hu"))
#: Fewest people of such a city.
LEAST_CITY_ABROAD = 200_000
#: Fewest letters of the ending.
LEAST_ENDING = 2
#: Fewest people of a city abroad that is known in all cases of the other languages.
LEAST_WORLD_CITY = 400_000
#: Fewest letters of its name.
LEAST_STEM_ABROAD = 5
#: More than any city has: none is believed.
MORE_THAN_ANY = 1 << 40
#: People of a capital abroad, at least.
LEAST_CAPITAL = 100_000
#: People of a city, at least, whose name is a plain word in English, and seldom in another language: Split.
LEAST_LIKE_WORD = 100_000
#: People of a town at home, at least: a village's name is a word or a surname in one case or another.
LEAST_HOME_TOWN = 5_000
#: People of a city at home, at least, whose name may be so short that three letters are left before an ending: Brně, Oulun.
LEAST_SHORT_HOME = 50_000
#: Countries beside home whose cities a language has names of its own for, and people of such a city, at least: Kassán, Ungváron.
NEAR_HOME, LEAST_NEAR_HOME = {"hu": "SK RO RS UA"}, 50_000
#: Prepositions, article and conjunction written onto a word, the most of them, and letters of the word at least.
PREFIXES = {"he": ("בלמהוכש", 2, 3), "am": ("በከየለ", 1, 3)}


def nominatives(word: str, language: str, endings: dict[str, str] = ENDINGS, least_letters: int = 0) -> Iterator[str]:
    """Yield a word's possible nominatives, by the endings of its language's cases or by its prefixes.

    `least_letters`: letters before an ending, at least; 0 for as many as a name of one word needs.
    """
    if language in PREFIXES:
        letters, most, least = PREFIXES[language]
        for cut in range(1, most + 1):
            if len(word) - cut >= least and all(letter in letters for letter in word[:cut]):
                yield word[cut:]
    for ending in endings.get(language, "").split():
        old, _, new = ending.partition(":")
        least = LEAST_STEM if len(old) > 1 else LEAST_BEFORE_ONE.get(language, LEAST_BEFORE_LETTER)
        if word.endswith(old) and len(word) - len(old) >= (least_letters or least):
            yield word.removesuffix(old) + new


def least_abroad(language: str, word: str, base: str) -> int:
    """Return how many people a city abroad has at least that a word is believed to be a case of; `base`: its name."""
    if language in AGGLUTINATING and len(word) >= len(base) + LEAST_ENDING:
        return LEAST_CITY_ABROAD
    return LEAST_WORLD_CITY if len(base) >= LEAST_STEM_ABROAD else MORE_THAN_ANY
