"""Other people's extractors, as bench/clean.py measures them beside ours."""

from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def trafilatura(**options: Any) -> Callable[[], Callable[[str], str | None]]:
    """Return a loader of trafilatura with these options."""

    def load() -> Callable[[str], str | None]:
        import trafilatura as library  # noqa: PLC0415 - may not be installed

        def extract(html: str) -> str | None:
            result: str | None = library.extract(html, **options)
            return result

        return extract

    return load


def trafilatura_with_metadata() -> Callable[[str], str | None]:
    """Load trafilatura with titles, authors and dates, which our figures include."""
    import trafilatura as library  # noqa: PLC0415 - may not be installed

    def extract(html: str) -> str | None:
        found = library.bare_extraction(html, include_comments=False, with_metadata=True)
        return str(getattr(found, "text", None) or "")

    return extract


def readability() -> Callable[[str], str | None]:
    """Load readability-lxml; its summary is HTML, whose text is taken with spaces between elements."""
    from lxml import html as lxml_html  # noqa: PLC0415 - may not be installed
    from readability import Document  # noqa: PLC0415 - may not be installed

    def extract(page: str) -> str | None:
        return " ".join(lxml_html.fromstring(Document(page).summary()).itertext())

    return extract


def resiliparse() -> Callable[[str], str | None]:
    """Load resiliparse's main content extraction."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - may not be installed

    return lambda html: str(extract_plain_text(html, main_content=True, alt_texts=False))


def newspaper() -> Callable[[str], str | None]:
    """Load newspaper4k."""
    from newspaper import Article  # noqa: PLC0415 - may not be installed

    def extract(html: str) -> str | None:
        article = Article("https://www.example.org/article", language="en", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return extract


PEERS: dict[str, tuple[str, Callable[[], Callable[[str], str | None]]]] = {
    "trafilatura": ("trafilatura", trafilatura(include_comments=False)),
    "trafilatura with metadata": ("trafilatura", trafilatura_with_metadata),
    "trafilatura fast": ("trafilatura", trafilatura(include_comments=False, fast=True)),
    "trafilatura precision": ("trafilatura", trafilatura(include_comments=False, favor_precision=True)),
    "readability-lxml": ("readability-lxml", readability),
    "resiliparse": ("resiliparse", resiliparse),
    "newspaper4k": ("newspaper4k", newspaper),
}


def load_peers(wanted: set[str] | None) -> Iterator[tuple[str, Callable[[str], str | None]]]:
    """Yield the peers that are installed; say which are not."""
    for name, (package, loader) in PEERS.items():
        if wanted is not None and name not in wanted:
            continue
        try:
            print(f"{name}: {package} {version(package)}")
            yield name, loader()
        except (PackageNotFoundError, ImportError) as error:
            print(f"{name}: not installed ({error})")
