"""The sentence encoder beside the linear model: a small one made here, and the packaged one where it is installed."""

import hashlib
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from agents.tag.settings import TagSettings
from agents.tag.step import TAG_STEP, TagSettler, models, with_encoder, work
from agents.tag.topics import TopicTagger, encoder
from agents.tag.topics.encoder import PACKAGED, Head, SentenceEncoder
from agents.tag.topics.linear import Limits
from streams.errors import SettingsError
from streams.message import Message
from streams.records import Clean, encode
from streams.settings import Settings

onnx = pytest.importorskip("onnx", reason="the small encoder is written with the package onnx")
pytest.importorskip("onnxruntime", reason="the extra [embed] is not installed")
pytest.importorskip("tokenizers", reason="the extra [embed] is not installed")

PIECES = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "pottery",
    "fair",
    "opens",
    "today",
    "in",
    "the",
    "old",
    "town",
    ".",
)
WEATHER = 16


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger with the weights that ship, without an encoder."""
    return models()[1]


def small_encoder(folder: Path, tagger: TopicTagger, band: float) -> Path:
    """Write an encoder whose vectors say how many of a text's pieces are `pottery`, and a head that calls them weather."""
    table = np.zeros((len(PIECES), 2), np.float32)
    table[:, 0], table[PIECES.index("pottery")] = 1, (0, 50)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "small",
        [onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["batch", "sequence"])],
        [onnx.helper.make_tensor_value_info("last_hidden_state", onnx.TensorProto.FLOAT, ["batch", "sequence", 2])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "vocab.txt").write_text("\n".join(PIECES), encoding="utf-8")
    weights = np.zeros((2, 17), np.float32)
    weights[1, WEATHER] = 10
    Head(
        graph_sha256=hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        topics=tagger.tables[0].model.topics,
        weights=weights,
        bias=np.full(17, -5, np.float32),
        linear_share=0.0,
        encoder_share=1.0,
        offset=0.0,
        limits=Limits(0.5, 0.5),
        band=band,
    ).write(folder / "head.npz")
    return folder


def article(title: str, text: str = "") -> Clean:
    """Return a clean record in English."""
    return Clean(
        id="0" * 32,
        source="news.example",
        title=title,
        text=text,
        language="en",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        extractor="given",
    )


POTTERY = article("Pottery fair opens today in the old town")


def test_the_encoder_decides_where_the_linear_model_is_unsure(tagger: TopicTagger, tmp_path: Path) -> None:
    """Inside the band its topic comes out, with the method that says so."""
    asked = tagger.with_encoder(str(small_encoder(tmp_path, tagger, band=1e9)))
    assert [(topic.id, topic.method) for topic in asked.tag(POTTERY)] == [("medtop:17000000", "linear+encoder")]


def test_the_encoder_is_not_asked_where_the_linear_model_is_sure(tagger: TopicTagger, tmp_path: Path) -> None:
    """Outside the band everything is as without it."""
    asked = tagger.with_encoder(str(small_encoder(tmp_path, tagger, band=0.0)))
    assert asked.tag(POTTERY, 0.0) == tagger.tag(POTTERY, 0.0)


def test_the_encoder_is_not_asked_about_another_language(tagger: TopicTagger, tmp_path: Path) -> None:
    """A text that the English table does not know stays with the other table."""
    asked = tagger.with_encoder(str(small_encoder(tmp_path, tagger, band=1e9)))
    swahili = article("Rais atangaza baraza jipya la mawaziri", "Serikali ilisema kuwa uchaguzi utafanyika mwaka ujao.")
    assert asked.tag(swahili, 0.0) == tagger.tag(swahili, 0.0)


@pytest.mark.parametrize("name", ["model.onnx", "vocab.txt", "head.npz"])
def test_a_missing_file_is_named(tagger: TopicTagger, tmp_path: Path, name: str) -> None:
    """Each of the three files is needed."""
    (small_encoder(tmp_path, tagger, band=1.0) / name).unlink()
    with pytest.raises(SettingsError, match=rf"there is no file .*{name}; name a folder"):
        encoder.locate(str(tmp_path))


def test_a_head_of_another_encoder_is_refused(tagger: TopicTagger, tmp_path: Path) -> None:
    """A head on vectors that it was not trained on would say nonsense."""
    graph = small_encoder(tmp_path, tagger, band=1.0) / "model.onnx"
    graph.write_bytes(graph.read_bytes() + b"\0")
    with pytest.raises(SettingsError, match="trained on another encoder"):
        encoder.locate(str(tmp_path))


def test_a_file_that_is_no_head_is_refused(tagger: TopicTagger, tmp_path: Path) -> None:
    """Text in place of arrays is named, not read."""
    (small_encoder(tmp_path, tagger, band=1.0) / "head.npz").write_text("no head")
    with pytest.raises(SettingsError, match="is no head"):
        encoder.locate(str(tmp_path))


def test_a_broken_graph_is_refused(tmp_path: Path) -> None:
    """A file that onnxruntime cannot load is a wrong setting."""
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES), encoding="utf-8")
    with pytest.raises(SettingsError, match="model.onnx"):
        SentenceEncoder(tmp_path / "model.onnx", tmp_path / "vocab.txt")


def test_a_missing_library_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting the encoder without its libraries names the command that installs them."""
    monkeypatch.setattr(encoder, "LIBRARIES", ("onnxruntime_that_nobody_has",))
    with pytest.raises(SettingsError, match=r"pip install 'wirewatch\[embed\]'"):
        encoder.locate(PACKAGED)


def test_the_step_refuses_to_start_without_its_encoder(tmp_path: Path) -> None:
    """A wrong setting stops the start, not every article."""
    with pytest.raises(SettingsError, match=r"tag\.embed_model = '.*nowhere'"):
        TagSettler(Settings(TagSettings(embed_model=str(tmp_path / "nowhere"))))


def test_the_setting_reaches_the_article(tagger: TopicTagger, tmp_path: Path) -> None:
    """The settler's task makes a child process ask the encoder."""
    folder = str(small_encoder(tmp_path, tagger, band=1e9))
    message = Message("news.unique", 0, 0, b"", encode(POTTERY), {}, 0.0)
    task = TagSettler(Settings(TagSettings(embed_model=folder))).task(message)
    assert [topic.method for topic in work(task).topics] == ["linear+encoder"]


def test_a_child_loads_the_encoder_before_it_takes_articles(tagger: TopicTagger, tmp_path: Path) -> None:
    """What it loads is what articles are tagged by; without the setting there is nothing to load."""
    folder = str(small_encoder(tmp_path, tagger, band=1e9))
    load = TAG_STEP.own_load(Settings(TagSettings(embed_model=folder)))

    assert load is not None
    assert load() is with_encoder(folder)
    assert TAG_STEP.own_load(Settings(TagSettings())) is None


@pytest.fixture(scope="module")
def packaged() -> SentenceEncoder:
    """Return the encoder of the extra."""
    if find_spec(encoder.PACKAGE) is None:
        pytest.skip("the package with the encoder is not installed")
    files, _ = encoder.locate(PACKAGED)
    return SentenceEncoder(files.graph, files.vocabulary)


def test_the_packaged_encoder_knows_what_is_alike(packaged: SentenceEncoder) -> None:
    """Two reports of one kind are nearer to each other than to a third."""
    strike = packaged.encode("Tram drivers walk out over pay", "")
    other_strike = packaged.encode("Railway staff stop work in wage dispute", "")
    snow = packaged.encode("Snow and ice forecast for the hills", "")
    assert strike @ other_strike > strike @ snow + 0.1


def test_texts_are_cut_and_not_padded(packaged: SentenceEncoder) -> None:
    """Text beyond 64 tokens counts nothing, and a short text has its own tokens only."""
    lead = "The council said that the bridge would be closed for repairs until the end of the month. " * 6
    assert (packaged.encode("Bridge closed", lead) == packaged.encode("Bridge closed", lead + "Unrelated end.")).all()
    assert len(packaged._tokenizer.encode("bridge closed").ids) == 4


def test_the_packaged_head_fits_the_tagger(tagger: TopicTagger, packaged: SentenceEncoder) -> None:
    """The head that ships is read, and the tagger with it still finds the obvious."""
    asked = tagger.with_encoder(PACKAGED)
    found = asked.tag(article("Tram drivers strike over wages", "The trade union wants employers to raise pay."), 0.0)
    assert found[0].id == "medtop:09000000"
