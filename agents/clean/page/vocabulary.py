"""Parts of pages by the names that publishers give them: classes, ids, roles and tags, as bits of one integer.

A page template names its parts for its own programmers, and they choose the same words all over the web.
`masks` splits such names into words (`articleBody`, `article-body` and `article_body` are two words each) and
returns the parts that they stand for. The words are listed by part below; a word that is not listed counts by a listed
word that it starts or ends with (`sidebarleft`), if that is long enough to be no accident.
"""

import re


def words(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())


#: The parts, in the order of their bits. The order is part of the model: append only, and train again.
PARTS: dict[str, str] = {
    "article": """
        article articles story post posts entry blog news artikel noticia noticias nota articulo artigo single
        hentry
    """,
    "content": """
        content body text copy richtext rich rte prose wysiwyg markdown paragraph paragraphs contenu inhalt
        contenido conteudo corpo cuerpo richtexteditor gutenberg elementor fulltext maintext bodytext articlebody
        texto tekst
    """,
    "main": "main primary page center central maincontent middle column col container wrapper inner",
    "lead": """
        lead lede intro introduction standfirst dek deck subtitle subtitles subhead subheadline summary excerpt
        abstract description chapeau sapo bajada sumario kicker strapline subheading
    """,
    "title": "title titles headline headlines heading hed titre titulo titel",
    "comment": """
        comment comments commentlist disqus reply replies discussion respond reactions livefyre kommentar kommentare
        comentarios commentary viafoura openweb spotim conversation
    """,
    "related": """
        related recommend recommended recommendation recommendations more similar also popular trending recirc
        recirculation taboola outbrain next previous prev readmore readnext further latest suggested relacionadas
        relacionados relacionado mostread alsolike youmaylike recent archive explore upnext teaser teasers promobox
        breaking rollover onward dontmiss
    """,
    "share": """
        share shares sharing social twitter facebook follow tweet addthis sharedaddy whatsapp linkedin pinterest
        addtoany sharethis socials telegram compartir partager teilen like likes
    """,
    "sidebar": "sidebar aside rail secondary side rhs right left complementary sidenav tertiary lateral",
    "nav": """
        nav menu breadcrumb breadcrumbs navigation navbar pager pagination submenu dropdown megamenu topnav tabs
        tabbar
    """,
    "header": "header masthead topbar banner top toolbar head hero ticker",
    "footer": "footer foot bottom colophon copyright legal disclaimer contentinfo imprint impressum",
    "advert": """
        ad ads advert adverts advertisement advertising sponsor sponsored sponsors promo promos promotion promotions
        promoted dfp adsense commercial marketing advertorial gpt googlead affiliate partner partners
    """,
    "signup": """
        newsletter newsletters subscribe subscription subscriptions signup optin mailchimp paywall register login
        signin cta form forms registration mailing hbspt hubspot convertkit donate donation contact download
    """,
    "popup": """
        modal popup popover overlay dialog cookie cookies consent gdpr lightbox drawer toast notification onetrust
        tooltip
    """,
    "author": """
        author authors byline bylines bio bios biography contributor contributors writer profile vcard reporter
        journalist autor auteur redakteur autore team expert reviewer gravatar avatar
    """,
    "date": "date dates time timestamp published publish posted datetime updated dateline datum fecha modified pubdate",
    "meta": """
        meta metadata info infos details detail credits readtime reading stats views counter count eyebrow minutes
    """,
    "caption": """
        caption captions figure figcaption credit image images photo photos photographer img picture thumbnail thumb
        cutline legend caption-text attribution
    """,
    "media": """
        media gallery galleries slideshow video videos player audio podcast playlist jwplayer brightcove carousel
        slider slide slides swiper slick
    """,
    "tags": """
        tag tags category categories topic topics keywords keyword hashtag hashtags taxonomy cat label labels badge
        chip pill tagcloud subjects
    """,
    "widget": """
        widget widgets card cards tile tiles grid item items list listing listings feed module block component
        section row
    """,
    "toc": "toc contents outline jump anchor tableofcontents chapters",
    "accordion": "faq faqs accordion collapse collapsible tab toggle expand expandable question answer details-summary",
    "quote": """
        quote pullquote blockquote embed instagram pull callout highlight highlights takeaway takeaways tldr
        keypoints factbox infobox box note notice tip
    """,
    "reference": """
        reference references footnote footnotes sources source citation citations bibliography endnotes notes
    """,
    "hidden": """
        hidden hide invisible sr screenreader visually offscreen assistive skip noprint noscript print displaynone
    """,
    "product": """
        product products price prices pricing cart rating ratings review reviews buy shop deal deals store checkout
        offer offers coupon stars testimonial testimonials
    """,
    "control": "button buttons btn icon icons link links search filter filters sort select input field breadcrumblink",
    "table": "table tables tablepress datatable chart graph",
    "code": "code highlight hljs prettyprint syntax",
    "correction": """
        correction corrections editor editors editorial boilerplate about endnote contributed contributors
        copyrightline
    """,
}

#: Tags that say where a block stands, in the order of their bits, after the parts.
PLACES = tuple(
    """
    article main aside nav header footer form figure table ul li blockquote section button dl details figcaption pre
    h1 h2 h3 h4 p td a address
    """.split()  # noqa: SIM905 - a list of words is read more easily
)
#: Tags that count as another.
ALIASES = {"ol": "ul", "th": "td", "h5": "h4", "h6": "h4", "dd": "dl", "dt": "dl", "menu": "ul"}

PART_BIT = {part: 1 << index for index, part in enumerate(PARTS)}
PLACE_BIT = {tag: 1 << (len(PARTS) + index) for index, tag in enumerate(PLACES)}
PLACE_BIT |= {tag: PLACE_BIT[other] for tag, other in ALIASES.items()}
#: Set by the page itself: style, `hidden`, `aria-hidden`.
INVISIBLE = 1 << (len(PARTS) + len(PLACES))
BITS = len(PARTS) + len(PLACES) + 1
assert BITS < 64, "masks are kept in 64-bit integers"

_WORDS = {word: PART_BIT[part] for part, names in PARTS.items() for word in names.split()}
#: Words that count at the beginning and the end of longer ones, and the lengths that they have.
_LONG = {word: bit for word, bit in _WORDS.items() if len(word) >= 6}
_LENGTHS = sorted({len(word) for word in _LONG})
_SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

#: Bounded caches: emptied when full, which a template's few hundred names seldom make them.
CACHE_LIMIT = 20_000
#: Longer words are looked up each time, so that the cache stays small.
LONGEST_WORD = 40
#: Characters of a class, id or role that are looked at.
NAMES_READ = 400
_word_cache: dict[str, int] = {}


class Masks(dict[str, int]):
    """The parts that a class, id or role string stands for, as bits: read where they are first asked for."""

    def __missing__(self, names: str) -> int:
        """Read a string, and remember it where it is not too long.

        So are its classes one by one: templates combine the same ones anew.
        """
        mask = 0
        classes = names[:NAMES_READ].split()
        if len(classes) > 1:
            for each in classes:
                mask |= self[each]
        else:
            for word in _SPLIT.findall(names[:NAMES_READ]):
                known = _word_cache.get(word)
                mask |= _word_mask(word) if known is None else known
        if len(names) <= NAMES_READ:
            if len(self) >= CACHE_LIMIT:
                self.clear()
            self[names] = mask
        return mask


#: The masks of a process. A dictionary, since each element of a page is looked up: a call for each would cost more.
masks = Masks()


def _word_mask(word: str) -> int:
    low = word.lower()
    mask = _WORDS.get(low, 0)
    if not mask and len(low) > 6:
        for length in _LENGTHS:
            if length > len(low):
                break
            mask |= _LONG.get(low[:length], 0) | _LONG.get(low[-length:], 0)
    if len(word) <= LONGEST_WORD:
        if len(_word_cache) >= CACHE_LIMIT:
            _word_cache.clear()
        _word_cache[word] = mask
    return mask
