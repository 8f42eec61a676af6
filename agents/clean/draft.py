"""An article before its source's hints are added and its text is checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.clean.metadata.claims import Choice, Claim, Claims
from agents.clean.metadata.dates.publication import DateClaim

#: The path by which the text was found. `blocks`: the classifier of blocks; `jsonld`: the page's own structured data,
#: where the page shows less; `plain`: text that came as plain text.
Extractor = Literal["blocks", "jsonld", "plain"]


@dataclass(slots=True)
class Draft:
    """An article before hints and checks, with the reason of each choice. `confidence`: of the choice of its blocks."""

    text: str
    extractor: Extractor
    title: Choice[str]
    authors: Choice[list[str]]
    dates: Iterable[DateClaim] = ()
    canonical: Choice[str | None] = field(default_factory=lambda: Choice(None, "", "the page names no address"))
    languages: list[Claim] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    claims: Claims | None = None
    body: str = ""
    confidence: float = 0.0
    left_out: int = 0
    links: Sequence[str] = ()
