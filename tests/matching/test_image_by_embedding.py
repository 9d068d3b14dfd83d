"""Candidates from vectors, and the whole chain with a model: it proposes, and decides nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from countermark.cli import main
from countermark.errors import InputError, RunError, UnusableIndexError
from countermark.fingerprint.image.embedding import EmbeddingModel
from countermark.index.image.lookup import open_image_index
from countermark.matching.image.by_embedding import LEAST_COSINE, MOST, embedding_candidates
from countermark.scan import ScanSettings, run_scan
from countermark.scan.image_search import ImageSearcher
from countermark.scan.receipt import ScanIdentity, read_receipt
from countermark.scan.search import IndexBackend, SearchSettings
from drawn_works import WORKS, build, drawing, encoded, shared_index, shared_works
from fingerprint import onnx_files
from scan.needle_search import InlineRunner

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from click.testing import Result


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models, an index built with the first, and a small corpus."""
    place = tmp_path_factory.mktemp("embedding")
    (place / "model.onnx").write_bytes(onnx_files.of_bytes())
    (place / "other.onnx").write_bytes(onnx_files.of_floats())
    build(shared_works(), place / "with.index", model=EmbeddingModel(place / "model.onnx"))
    (place / "corpus").mkdir()
    for seed in (2, 1000):
        (place / "corpus" / f"{seed}.jpg").write_bytes(encoded(drawing(seed).resize((320, 240))))
    return place


def units(rows: list[list[float]]) -> npt.NDArray[np.float16]:
    """Vectors of length one."""
    vectors = np.array(rows)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1)[:, None], dtype=np.float16)


def test_the_nearest_are_proposed_both_ways_round() -> None:
    """At most MOST works, the nearest first, none that is not near at all; blocks change nothing."""
    works = units([[1, 0, 0], [1, 0.2, 0], [0, 1, 0], [1, 0.1, 0], [-1, 0, 0]])
    query = np.array([1, 0, 0], dtype=np.float32)
    found = embedding_candidates(query, works)
    assert [(each.asset, each.mirrored) for each in found] == [(0, False), (0, True), (3, False), (3, True)]
    assert len(found) == 2 * MOST
    assert embedding_candidates(query, works, block=2) == found
    assert all(each.placement is None for each in found)
    assert embedding_candidates(np.array([0, 0, 1], dtype=np.float32), works) == []
    far = units([[LEAST_COSINE - 0.01, 1, 0]])
    assert embedding_candidates(query, far) == []
    assert embedding_candidates(query, works[:0]) == []


def test_equals_are_taken_in_their_order() -> None:
    """Works with one vector are taken as they stand in the index, in one block or in many."""
    works = units([[1, 0]] * 7)
    query = np.array([1, 0], dtype=np.float32)
    for block in (1, 3, 100):
        assert [each.asset for each in embedding_candidates(query, works, block=block)] == [0, 0, 1, 1]


def test_an_index_keeps_vectors_and_the_models_digest(place: Path) -> None:
    """One vector a work, and which model they are of."""
    index = open_image_index(place / "with.index")
    index.verify()
    assert index.vectors is not None
    assert (index.vectors.dtype, index.vectors.shape) == (np.dtype("<f2"), (WORKS, 48))
    assert index.manifest.facts["embedding"] == EmbeddingModel(place / "model.onnx").digest
    assert IndexBackend().describe(place / "with.index", None).embedding == index.manifest.facts["embedding"]


def receipts_of(place: Path, out: str, index: Path, embedding: str | None) -> list[ScanIdentity]:
    """Scan, and return the identities of the receipts; one finding is found in any case."""
    model = None if embedding is None else place / embedding
    settings = ScanSettings(index, (place / "corpus",), place / out, embedding=model)
    outcome = run_scan(settings, runner=InlineRunner())
    assert (outcome.findings, outcome.refused) == (1, 0)
    return [read_receipt(path).identity for path in sorted((place / out / "receipts").iterdir())]


def test_receipts_say_which_model_took_part(place: Path) -> None:
    """With and without it the identity differs, and so does the receipt's name; each goes into its own folder."""
    (with_it,) = receipts_of(place, "with", place / "with.index", "model.onnx")
    (without,) = receipts_of(place, "without", place / "with.index", None)
    assert with_it.embedding == EmbeddingModel(place / "model.onnx").digest
    assert without.embedding is None
    names = {path.name for out in ("with", "without") for path in (place / out / "receipts").iterdir()}
    assert len(names) == 2
    with pytest.raises(RunError, match="the model of --embedding was"):
        receipts_of(place, "with", place / "with.index", None)


@pytest.mark.parametrize(
    ("index", "message"),
    [("with.index", r"built with another model \([0-9a-f]{12}…\)"), ("plain", "built without a model")],
)
def test_another_model_than_the_indexs_is_refused(place: Path, index: str, message: str) -> None:
    """Vectors of two models cannot be compared."""
    folder = shared_index() if index == "plain" else place / index
    with pytest.raises(InputError, match=message):
        receipts_of(place, "refused", folder, "other.onnx")
    assert not (place / "refused" / "run.json").exists()


def search_with(place: Path, model: str, digest: str) -> ImageSearcher:
    """A searcher as a worker opens it."""
    facts = IndexBackend().describe(place / "with.index", None)
    identity = ScanIdentity(facts.identity, None, facts.scheme, "0", embedding=digest)
    path = str(place / model)
    given = SearchSettings(
        str(place / "with.index"), None, identity, "c", None, medium="image", embedding=path
    )
    return ImageSearcher(given)


def test_a_model_that_was_replaced_or_lost_meanwhile_ends_the_run(place: Path, tmp_path: Path) -> None:
    """Workers take no other model than the planned one, and say what is wrong with it."""
    digest = EmbeddingModel(place / "model.onnx").digest
    search_with(place, "model.onnx", digest)
    with pytest.raises(RunError, match="the model was replaced while the run was on"):
        search_with(place, "other.onnx", digest)
    with pytest.raises(RunError, match="cannot be read"):
        search_with(place, "gone.onnx", digest)


def test_vectors_of_another_length_are_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that names a model it has no vectors of."""
    digest = EmbeddingModel(place / "model.onnx").digest
    monkeypatch.setattr("countermark.scan.image_search.EmbeddingModel", lambda _: Wide(digest))
    with pytest.raises(UnusableIndexError, match="its vectors are not of the model that it names"):
        search_with(place, "model.onnx", digest)


class Wide:
    """A model that gives more numbers than it did."""

    dimensions = 64

    def __init__(self, digest: str) -> None:
        self.digest = digest


def call(*arguments: object) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_options_of_the_command_line(place: Path, tmp_path: Path) -> None:
    """Build and scan with a model; what is no model ends with 2 and one line, and leaves nothing behind."""
    index = tmp_path / "w.index"
    built = call(
        "index", "build", shared_works(), "--out", index, "--embedding", place / "model.onnx", "--json"
    )
    assert built.exit_code == 0, built.output
    assert json.loads(built.stdout)["works"] == WORKS
    for path in (index, place / "with.index"):
        assert {each.name for each in path.iterdir()} >= {"vectors.array"}
    assert (index / "vectors.array").read_bytes() == (place / "with.index" / "vectors.array").read_bytes()
    told = call(
        "scan", index, place / "corpus", "--out", tmp_path / "run", "--embedding", place / "other.onnx"
    )
    assert (told.exit_code, "another model" in told.output) == (2, True)
    (tmp_path / "no.onnx").write_text("no model")
    bad = call("index", "build", shared_works(), "--out", tmp_path / "b", "--embedding", tmp_path / "no.onnx")
    assert (bad.exit_code, "Traceback" in bad.output) == (2, False)
    assert "not an ONNX model that can be opened" in bad.output
    assert not (tmp_path / "b").exists()
