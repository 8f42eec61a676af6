"""Pages that stand in an article's place: consent walls, errors, checks for robots.

They are short, say what they are in their title or in fixed phrases, and a crawler takes them for the article that it
asked for. What says of itself that it is an article, or stands in an element of that name, is never taken for one of
them, nor is a text about cookies that does not speak to its reader.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re

#: An article about cookies is longer than a page that asks for consent to them.
MAX_WORDS = 160
#: So many different things that only walls speak of, in a short text.
MIN_SIGNS = 3

#: Titles, or first headings, of pages that are none. The whole title has to be such words, beside the publisher's name.
_TITLES = {
    "an error page": re.compile(
        r"""(?xi)(?:(?:error\W*)?(?:40[0-9]|410|429|50[0-4])\b\W*)?(?:(?:http\s+)?error | (?:page|article|file|site)?\s*
        (?:was\ |is\ )?not\ found | page\ unavailable | forbidden | access\ denied | bad\ gateway | service\ unavailable
        | service\ temporarily\ unavailable | gateway\ time-?out | internal\ server\ error | too\ many\ requests
        | seite\ nicht\ gefunden | page\ (?:introuvable|non\ trouvée) | página\ (?:no|não)\ encontrada
        | pagina\ non\ trovata | pagina\ niet\ gevonden | strona\ nie\ została\ znaleziona | страница\ не\ найдена
        | сторінку\ не\ знайдено | halaman\ tidak\ ditemukan | sayfa\ bulunamadı | 页面不存在 | 找不到页面
        | ページが見つかりません | 페이지를\ 찾을\ 수\ 없습니다 | الصفحة\ غير\ موجودة )?"""
    ),
    "a check for robots": re.compile(
        r"""(?xi)just\ a\ moment | attention\ required(?:\W+cloudflare)? | checking\ your\ browser(?:\ before\ accessing.*)?
        | are\ you\ a\ (?:robot|human) | security\ check(?:point)? | verify(?:ing)?\ (?:that\ )?you\ are\ (?:a\ )?human
        | verification\ required | ddos(?:-guard|\ protection.*)? | pardon\ our\ interruption | captcha | human\ verification
        """
    ),
    "a consent wall": re.compile(
        r"""(?xi)before\ you\ continue(?:\ to\ .*)? | (?:cookie|privacy)\ (?:consent|settings|preferences|notice)
        | (?:your|we\ value\ your)\ privacy | consent | zustimmung | privacy-einstellungen | consentement
        """
    ),
}
#: What walls of consent speak of, each counted once.
_CONSENT = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcookies?\b|файлы cookie",
        r"\b(?:\d+|our|unseren?|nos|nuestros|nostri|onze) (?:\w+ )?(?:partners?|partnern?|partenaires|socios|parceiros)\b",
        r"personal(?:ised|ized)? (?:data|ads)|personenbezogen|(?:données|datos) person|dados pessoais|dati personali",
        r"\bconsent\b|zustimmung|einwilligung|consentement|consentimi?ento|consenso|toestemming|samtycke",
        r"legitimate interest|berechtigtes interesse|intérêt légitime|inter[eé]sse? leg[ií]timo|legittimo interesse",
        r"(?:accept|reject) all|i accept|alle akzeptieren|akzeptieren und|tout accepter|aceptar todo|aceitar tudo|accetta tutto",
        r"store and/?(?: or)? access information|informationen auf (?:einem|ihrem) gerät|stocker|almacenar",
        r"\btracking\b|\btrackern?\b",
        r"privacy policy|datenschutzerklärung|politique de confidentialité|política de privacidad|privacybeleid",
    )
]
#: How walls speak of themselves and to their reader.
_ADDRESS = re.compile(
    r"(?i)\b(?:we|our|you|your|wir|unsere[nrs]?|sie|ihre[nrs]?|nous|nos|vous|votre|vos|nosotros|nuestros|usted|tus?|sus?"
    r"|nós|nossos|você|seus?|noi|nostri|tuoi|wij|onze|uw|vi|våra|du|dina|мы|наши|вы|ваши)\b"
)
#: What a check for robots tells a browser.
_ROBOTS = re.compile(
    r"(?i)(?:enable|turn on|activate) (?:javascript|cookies)|browser will redirect|unusual traffic|not a robot|ray id"
)


def wall(title: str, text: str, words: int, publishers: list[str]) -> str:
    """Return what a page is that stands in an article's place, or an empty string for an article.

    `words`: of the text; `publishers`: the publisher's names, which a title like "Just a moment - Example" may hold.
    """
    if words > MAX_WORDS:
        return ""
    bare = title
    for name in publishers:
        bare = re.sub(rf"(?i)[\s|–—:·-]*\b{re.escape(name)}\b", "", bare) if len(name) > 3 else bare
    bare = bare.strip(" .…!?|–—-:'\"“”()")
    if title:
        for kind, pattern in _TITLES.items():
            if bare and pattern.fullmatch(bare) and (kind != "a consent wall" or signs(text) > 1):
                return kind
    if signs(text) >= MIN_SIGNS and len(_ADDRESS.findall(text)) > 1:
        return "a consent wall"
    return "a check for robots" if words < MAX_WORDS / 2 and len(_ROBOTS.findall(text)) > 1 else ""


def signs(text: str) -> int:
    """Return how many of the things that walls of consent speak of a text does."""
    return sum(1 for pattern in _CONSENT if pattern.search(text))
