"""The text scheme: its name, its sampling, and the promise on which it rests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.errors import UnusableIndexError
from countermark.fingerprint.folding import fold
from countermark.fingerprint.scheme import TextScheme
from countermark.fingerprint.text import TextFingerprinter
from countermark.media import Asset, Medium

WORDS = st.text(alphabet="abcdefghijklmnop", min_size=1, max_size=22)
SCHEMES = st.integers(14, 24).flatmap(
    lambda stride: st.builds(TextScheme, st.integers(stride, 32), st.just(stride))
)


@pytest.mark.parametrize("name", ["text-l20g20-v2", "text-l7g7-v1", "image-x", "text-l20g30-v1"])
def test_foreign_schemes_are_refused(name: str) -> None:
    """A scheme that this version cannot compute is an error that says so."""
    with pytest.raises(UnusableIndexError, match="scheme"):
        TextScheme.parse(name)


def test_name_and_back() -> None:
    """A scheme is read from its own name."""
    assert TextScheme.parse(TextScheme(24, 16).name) == TextScheme(24, 16)


@given(
    SCHEMES,
    st.lists(WORDS, min_size=1, max_size=30),
    st.lists(WORDS, max_size=6),
    st.lists(WORDS, max_size=6),
    st.data(),
)
def test_promise(
    scheme: TextScheme, shared: list[str], before: list[str], other: list[str], data: st.DataObject
) -> None:
    """Of any shared run of `seeded` letters or more, some window of the work is looked up in the record.

    The run may begin and end inside words; what stands around it differs.
    """
    run = " ".join(shared)
    if len(run.replace(" ", "")) < scheme.seeded:
        run = (run + " ") * (scheme.seeded // max(1, len(run.replace(" ", ""))) + 1)
    cut = data.draw(st.integers(0, max(0, len(run) - 1)))
    run = run[cut:] if len(run[cut:].replace(" ", "")) >= scheme.seeded else run
    glue = data.draw(st.sampled_from(["", " "]))
    work = fold(" ".join(before) + glue + run + glue + "zzz")
    record = fold("yyy" + " ".join(other) + glue + run + " xxx")
    prints = TextFingerprinter(scheme).sample(work.letters, work.anchors)
    windows = {bytes(work.letters[at : at + scheme.window]) for at in prints.offsets}
    looked_up = {bytes(record.letters[at : at + scheme.window]) for at in record.anchors}
    if windows & looked_up:
        return
    # the one exception: every window of the run repeats itself within eight letters
    letters = run.replace(" ", "").encode()
    spans = [letters[at : at + scheme.window] for at in range(len(letters) - scheme.window + 1)]
    assert any(repeats(span) for span in spans)


@given(
    st.lists(st.text(alphabet="가나다라한국각닭값", min_size=1, max_size=14), min_size=10, max_size=40),
    st.data(),
)
def test_promise_in_hangul(words: list[str], data: st.DataObject) -> None:
    """The promise counts letters, of which a Hangul syllable has two or three."""
    scheme = TextScheme()
    text = " ".join(words)
    cut = data.draw(st.integers(0, len(text) // 3))
    run = text[cut:]
    if len(fold(run).letters) < scheme.seeded:
        return
    work, record = fold(text), fold("바사아" + run)
    prints = TextFingerprinter(scheme).sample(work.letters, work.anchors)
    windows = {bytes(work.letters[at : at + scheme.window]) for at in prints.offsets}
    looked_up = {bytes(record.letters[at : at + scheme.window]) for at in record.anchors}
    letters = bytes(fold(run).letters)
    spans = [letters[at : at + scheme.window] for at in range(len(letters) - scheme.window + 1)]
    assert windows & looked_up or any(repeats(span) for span in spans)


def repeats(span: bytes) -> bool:
    """Whether a window is a pattern of at most eight letters, repeated."""
    return any(span[period:] == span[:-period] for period in range(1, 9))


def test_larger_catalogs_take_longer_windows() -> None:
    """The window grows with the catalog, the promise of eighty letters holds for all."""
    schemes = [TextScheme.for_catalog(10**exponent) for exponent in range(3, 14)]
    windows = [scheme.window for scheme in schemes]
    assert windows == sorted(windows)
    assert (windows[0], windows[-1]) == (20, 44)
    assert {scheme.guarantee(sealed=False) for scheme in schemes} == {80}


def test_sampling_is_sparse_and_even() -> None:
    """Indexed windows are at most a stride apart and far fewer than the words."""
    rng = np.random.default_rng(7)
    text = " ".join("".join(rng.choice(list("abcdefghijklm"), rng.integers(1, 10))) for _ in range(3000))
    scheme = TextScheme()
    folded = fold(text)
    prints = TextFingerprinter(scheme).sample(folded.letters, folded.anchors)
    assert np.diff(prints.offsets).max() <= scheme.stride
    assert len(prints.offsets) < 0.4 * 3000


def test_fingerprinter_protocol() -> None:
    """Hashes and offsets come in pairs, whatever the asset."""
    for text in ("", "a", "ha " * 200, "To be, or not to be, that is the question"):
        asset = Asset("w", "w.txt", Medium.TEXT, "0" * 64, text)
        prints = TextFingerprinter(TextScheme()).fingerprint(asset)
        assert len(prints.hashes) == len(prints.offsets)
    assert len(prints.hashes) > 0
