"""Animals, plants, dishes and hats that are called after a country: Spanische Wegschnecke, Panama-Hüte, 俄式红菜汤.

A slug in a garden in Ulm is no news of Spain. The nouns are those that hardly stand for goods of the country: no oysters of
the Netherlands, no cheese of France.
"""
# ruff: noqa: RUF001 - letters of other scripts are what is matched

import re
from typing import Final, NamedTuple

from agents.tag.regions.beside import by_language, is_beside, is_of_country
from agents.tag.regions.mentions import Passage

#: So many characters before an adjective are read.
BEFORE_CHARACTERS: Final = 32


class Nouns(NamedTuple):
    """Patterns of the nouns behind a country's name or adjective, and of those right before it."""

    behind: re.Pattern[str] | None
    before: re.Pattern[str] | None


def nouns(behind: str = "", before: str = "", hyphened: str = "") -> Nouns:
    """Compile the nouns of a language, with at most one word between; `hyphened`: written onto the name with a hyphen."""
    parts = [rf" (?:[\w-]{{2,16}} )?(?:{behind})" if behind else "", rf"-(?:{hyphened})" if hyphened else ""]
    pattern = "|".join(filter(None, parts))
    return Nouns(
        re.compile(pattern) if pattern else None,
        re.compile(rf"(?:^|\W)(?i:{before})(?: [\w-]{{2,16}})? $") if before else None,
    )


#: By language: animals and plants that spread, breeds, diseases, then dishes and hats.
NOUNS: Final = by_language(
    {
        "en": nouns(
            r"(?:[Ss]lugs?|[Cc]rayfish|[Hh]ornets?|[Kk]notweed|[Hh]ogweed|[Bb]alsam|[Bb]ullfrogs?|[Ee]ncephalitis|[Ff]oulbrood|"
            r"[Tt]erriers?|[Bb]ulldogs?|[Ss]etters?|[Mm]astiffs?|[Bb]luebells?|[Cc]ockroach(?:es)?|[Ll]adybirds?)\b"
        ),
        "de": nouns(
            r"(?:\w*[Ww]egschnecken?|Dogg?en?|\w*[Ss]chäferhund\w*|Sennenhund\w*|\w*[Gg][aä]ns(?:en?)?|\w*[Ss]pringkraut\w*|"
            r"\w*[Kk]nöterich\w*|\w*[Bb]ärenklau|Bulldogg?en?|Windhund\w*|\w*[Hh]ornissen?|\w*krebse?n?|Ochsenfr[oö]sch\w*|"
            r"Grauhörnchen|Faulbrut|Schweinepest|Enzephalitis|Schaben?|Kamelien?)\b",
            hyphened=r"H[uü]te?[ns]?\b|Setter|Terrier|Dogge",
        ),
        "nl": nouns(
            r"(?:naaktslak(?:ken)?|\w*kreeft(?:en)?|\w*ganzen|\w*gans|\w*duizendknoop|\w*berenklauw|\w*balsemien|hoornaars?|vuilbroed|"
            r"varkenspest|dog|doggen|bulldogs?|eekhoorns?|vogelkers|brulkikkers?)\b",
            hyphened=r"hoed(?:en)?\b",
        ),
        "fr": nouns(
            before=r"frelons?|écrevisses?|limaces?|renouées?|berces?|grenouilles?(?: taureau)?|loques?|peste porcine|"
            r"encéphalites?|bouledogues?|dogues?|écureuils?|coccinelles?|balsamines?|fourmis?|tortues?(?: de)?|"
            r"oies?(?: du)?|bernaches?(?: du)?"
        ),
        "es": nouns(
            before=r"cangrejos?(?: rojos?)?|hormigas?|avispas?|babosas?|loque|peste porcina|encefalitis|bulldogs?|dogos?|"
            r"ensaladilla|tortilla|cucarachas?|gansos?(?: del)?|cotorras?"
        ),
        "pt": nouns(
            before=r"caranguejos?|formigas?|vespas?|lagostins?(?: vermelhos?)?|lagostim|peste suína|encefalite|pão|pães|pãozinho|"
            r"pãezinhos|buldogues?|dogues?|baratas?"
        ),
        "it": nouns(
            before=r"gamber[oi](?: ross[oi])?|formic(?:a|he)|calabron[ei]|lumac(?:a|he)|peste suina|encefalite|bulldog|alan[oi]|"
            r"insalata|zuppa|scoiattol[oi](?: grig[io]+)?|oc(?:a|he)(?: del)?"
        ),
        "pl": nouns(
            r"(?:ślimak\w*|szersze[nń]\w*|rdest\w*|barszcz\w*|niecierpek|pierog\w*|dog|dogi|buldog\w*|owczark\w*|owczarek|karaluch\w*|"
            r"pomór)\b",
            before=r"raki?|ślimaki?|barszcz|pierog(?:i|ów|ami)|sałatk[aię]|owczare?k\w*|dog\w?|buldog\w?|ryb[ay]",
        ),
        "ru": nouns(
            r"(?:слизень|слизн\w*|рак(?:и|ов)|шершн\w*|борщевик\w*|бабочк\w*|энцефалит\w*|гнилец\w*|чум[аыуе]|овчарк\w*|дог(?:и|а|ов)?|"
            r"бульдог\w*|салат\w*|клен\w*|клён\w*|таракан\w*|жук\w*)\b"
        ),
        "uk": nouns(
            r"(?:слимак\w*|рак(?:и|ів)|шершн\w*|борщівник\w*|(?:білий )?метелик\w*|енцефаліт\w*|гнилець|чум[аиуі]|вівчарк\w*|"
            r"дог(?:и|а|ів)?|бульдог\w*|салат\w*|тарган\w*|жук\w*)\b"
        ),
        "tr": nouns(r"(?:salata\w*|salyangoz\w*|kerevit\w*|çoban köpe\w+|buldo\w+|balkon\w*|hamam ?böce\w+)"),
        "sv": nouns(r"(?:skogssnig\w+|signalkräft\w+|jätteloka\w*|parkslide\w*|dogg\w*)\b"),
        "da nb": nouns(r"(?:skovsnegl\w*|brunsnegl\w*|kæmpebjørneklo|hyrdehund\w*)\b"),
        "cs": nouns(r"(?:raci|raků|plzá\w+|křídlatk\w*|netýkavk\w*|ovčá\w+|dog[ay]?)\b"),
        "zh ja": Nouns(re.compile("式"), None),
        "ko": Nouns(re.compile(r"식(?=[\s,.]|$)"), None),
    }
)


def drop_species(passage: Passage, language: str) -> None:
    """Mark as dropped the countries that an animal, a plant, a disease, a dish or a hat is called after."""
    listed = NOUNS.get(language)
    if listed is None:
        return
    for mention in passage.mentions:
        if is_of_country(mention):
            mention.dropped |= is_beside(passage, mention, listed.before, listed.behind, BEFORE_CHARACTERS)
