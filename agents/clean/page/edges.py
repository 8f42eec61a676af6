"""Short blocks that are no article whatever their place: bylines and dates at the head, credits and notices at the end.

The network sees shapes and places, no words, and on pages that name none of their parts (no class, no id) it keeps such
blocks with the text. What is taken out here is certain by what it says: every word of it is one of the page's authors,
its publisher, a date, or what stands around these. A dateline (`WASHINGTON (MW) —`) is a place and stays.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterable

from agents.clean.metadata.bylines import squash
from agents.clean.metadata.dates import MONTHS, fold, parse_date
from agents.clean.metadata.eras import SOLAR_MONTHS
from agents.clean.page.features import count_words
from agents.clean.page.vocabulary import words

#: Paragraphs at the head, and at the end, that are looked at.
EDGE = 4
#: A longer block is a paragraph, whatever it starts with.
MAX_WORDS = 24
#: Words of an invitation to pay, at most.
MAX_NOTICE = 50
#: Words beside a date and an author that may be a publisher's name which the page does not give elsewhere.
MAX_UNKNOWN = 4
#: Pieces that a name has at most; where vowels are signs beside the letters, a word is several pieces.
MAX_NAME = 12

#: What stands around names and dates in a byline.
_BYLINE = words(
    """
    by written posted published updated last modified first on at in and from edited reporting story words text
    author authors von und am um uhr veröffentlicht aktualisiert stand par le à et publié mis jour modifié por el la
    las a y publicado actualizado em às e atualizado di il alle ore pubblicato aggiornato door op om en gepubliceerd
    av af den kl och og publicerad publisert udgivet przez dnia godz autor autorka redakcja автор авторы в и текст
    опубликовано обновлено редакция автори текст опубліковано oleh pukul pada dan wib wita wit yazar tarafından saat
    ve giriş güncelleme بقلم كتب كتبت في الساعة ساعت ماه
    شنبه یکشنبه دوشنبه سه چهارشنبه پنجشنبه جمعه و تاريخ النشر מאת בשעה द्वारा लेखक को बजे 记者 記者 作者 文 编辑 編輯 来源 來源 年
    月 日 时 時 分 발행 입력 수정 기자 글 년 월 일 오전 오후 年月日 令和 平成 民國 民国
    am pm utc gmt bst cet cest est edt et cst cdt mst mdt pst pdt ist jst kst msk eet h
    st nd rd th de d of
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo segunda terça quarta quinta sexta feira lunedì martedì
    mercoledì giovedì venerdì sabato domenica
    """
)
#: What links a page's publisher to its front page.
_HOME = words(
    "home homepage startseite accueil inicio início главная головна beranda anasayfa 首页 首頁 ホーム 홈 الرئيسية"
)
_ADVERT = re.compile(
    r"""(?xi)\W*(?:
        (?:(?:story|article|post)\s+continues\s+(?:below|after)\s+(?:this\s+|the\s+)?)?
        (?:advertisements?|advertising|ad) (?:\W+(?:scroll\s+to\s+continue|continue\s+reading\s+below|continues\s+below))?
      | publicidad | publicidade | publicité | anzeige | werbung | reklame? | reklama | реклама | annons | annonse
      | mainos | pubblicità | iklan | advertentie | διαφήμιση | quảng\ cáo | 广告 | 廣告 | 広告 | 광고 | إعلانات? | اعلان
      | विज्ञापन | פרסומת | โฆษณา
    )\W*"""
)
_SHARE = re.compile(
    r"""(?xi)\W*(?:
        share(?:\s+(?:this|on|via)(?:\s+\w+)?)? | teilen | partager | compartir | compartilhar | condividi | delen | dela
      | del | поделиться | поделиться\s+в | поділитися | udostępnij | bagikan | paylaş | chia\ sẻ
      | 分享 | 分享到 | シェア(?:する)? | 공유(?:하기)? | شارك | مشاركة | साझा\ करें | שתף | שיתוף | แชร์
    )(?:\W+\w{1,12}){0,2}\W*"""
)
_COPYRIGHT = re.compile(r"(?i)\W*(?:©|\(c\)\s|&copy;|copyright\b\W*(?:©|\(c\)|&copy;|(?:19|20)\d\d))")
#: A word with the marks that scripts write their vowels with.
_LETTERS = re.compile(r"[^\W\d_][^\s\d.,;:!?|/()\[\]{}<>·•—–\-،。、：，]*")
#: An invitation to pay in a text's place.
_PAYWALL = re.compile(
    r"""(?xi)(?:^\W*|[.!?…:]\W+)(?:
        already\ (?:a|have\ an?)\ (?:subscriber|subscription|member|account)
      | subscribe\ (?:now\ )?(?:to|for)\ (?:continue|read|keep|unlock|full)
      | (?:log|sign)\ in\ to\ (?:continue|read|keep)
      | to\ (?:continue|keep)\ reading,?\ (?:please\ )?(?:subscribe|log|sign|register)
      | this\ (?:article|story|content)\ is\ (?:(?:only\ )?for|(?:only\ )?available\ (?:only\ )?to|reserved\ for)
        \ (?:our\ )?(?:paying\ )?(?:subscribers|members)
      | bereits\ (?:abonnent|abonniert|kunde) | jetzt\ (?:abonnieren|weiterlesen) | weiterlesen\ mit | déjà\ abonné
      | cet\ article\ est\ réservé | réservé\ (?:à\ nos|aux)\ abonnés | ya\ (?:eres|soy)\ suscriptor
      | solo\ para\ suscriptores | já\ é\ assinante | exclusivo\ para\ assinantes | sei\ già\ abbonato
      | riservato\ agli\ abbonati | al\ abonnee | redan\ prenumerant | доступно\ (?:только\ )?(?:по\ подписке|подписчикам)
    )"""
)
_MONTH_NAMES = MONTHS.keys() | SOLAR_MONTHS.keys()
_SENTENCE = re.compile(r"[.!?。！？।؟]\W*$")


def trim(paragraphs: list[str], authors: Iterable[str], publishers: Iterable[str]) -> list[str]:
    """Return an article's paragraphs without what only looks like one; those in the middle lose advertising labels.

    `authors`: the article's; `publishers`: the names of who publishes the page, as anybody writes them.
    """
    by = {squash(name) for name in authors} - {""}
    known = {squash(name) for name in publishers} - {""}
    kept = [text for text in paragraphs if not _ADVERT.fullmatch(text)]
    head: list[str] = []
    for text in kept[:EDGE]:
        # Below a sentence a date alone may be a heading: timelines have them.
        begun = any(map(_SENTENCE.search, head))
        if not (is_sign(text, known) or is_signature(text, by, known, date_alone=not begun)):
            head.append(text)
    kept = head + kept[EDGE:]
    end = len(kept)
    for text in reversed(kept[1:][-EDGE:]):
        if not (is_sign(text, known) or is_notice(text) or is_signature(text, by, known)):
            break
        end -= 1
    return kept[:end]


def is_signature(text: str, authors: set[str], publishers: set[str], *, date_alone: bool = True) -> bool:
    """Return whether a block is a byline, a date (if `date_alone`), or both: nothing in it is left over.

    Names are compared without case and spaces (`squash`). Beside an author and a date some words may be left, which are
    a publisher's name or a place of work then.
    """
    if count_words(text) > MAX_WORDS or len(text) > 8 * MAX_WORDS:
        return False
    rest, found = without(_LETTERS.findall(text), authors)
    rest, _ = without(rest, publishers)
    date = parse_date(text) is not None
    left = [word for word in rest if word.lower() not in _BYLINE and not (date and fold(word) in _MONTH_NAMES)]
    if not left:
        return found or (date and date_alone)
    return found and date and len(left) <= MAX_UNKNOWN and not _SENTENCE.search(text)


def is_sign(text: str, publishers: set[str]) -> bool:
    """Return whether a block is the publisher's name, a button to share the article, or no words at all."""
    if not any(map(str.isalnum, text)):
        return True
    if len(text) > 8 * MAX_WORDS:
        return False
    rest, found = without(_LETTERS.findall(text), publishers)
    if found and all(word.lower() in _HOME for word in rest) and not any(map(str.isdigit, text)):
        return True
    return bool(_SHARE.fullmatch(text))


def is_notice(text: str) -> bool:
    """Return whether a block is a notice of copyright, or an invitation to pay for what follows."""
    words = count_words(text)
    return (words <= MAX_WORDS and bool(_COPYRIGHT.match(text))) or (
        words <= MAX_NOTICE and bool(_PAYWALL.search(text))
    )


def without(parts: list[str], names: set[str]) -> tuple[list[str], bool]:
    """Return words without the runs of them that are one of the names, and whether there was one."""
    keys = [squash(part) for part in parts]
    whole = "".join(keys)
    there = [name for name in names if name in whole]
    if not there:
        return parts, False
    out: list[str] = []
    at = 0
    while at < len(parts):
        sizes = range(min(MAX_NAME, len(parts) - at), 0, -1)
        length = next((size for size in sizes if "".join(keys[at : at + size]) in there), 0)
        if not length:
            out.append(parts[at])
        at += length or 1
    return out, len(out) < len(parts)
