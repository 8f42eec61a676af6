"""Scripts as parts of character classes: those without spaces between words, and combining marks.

Several agents split texts by them, so that a change here changes what is alike to all of those.
"""

#: Thai, Lao, Burmese, Khmer, kana, Han: no spaces between words.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
#: Combining marks of Hebrew, Arabic and the Indic scripts, which Python's \w leaves out.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd"
    "\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
#: Languages whose words are not set apart by spaces, or carry particles: words are looked for as parts of the text.
UNSPACED_LANGUAGES = frozenset(("zh", "ja", "ko"))
#: A text in compatibility forms is at most so many times as long: a few characters, of which no text consists, become 18 each.
MOST_GROWTH = 4
