"""The inverted file: what is put in is found, the same bytes each time, with no works and with one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from countermark.fingerprint.image.features import Features
from countermark.index.image.words import WordLookup, build_words


def features_of(codes: npt.NDArray[np.uint64], seed: int = 0) -> Features:
    random = np.random.default_rng(seed)
    count = len(codes)
    return Features(
        codes,
        random.uniform(0, 300, (count, 2)).astype(np.float32),
        np.exp2(random.uniform(0, 3, count)).astype(np.float32),
        random.uniform(0, 6.2, count).astype(np.float32),
        400,
        300,
    )


def works(count: int, each: int = 80) -> list[Features]:
    random = np.random.default_rng(5)
    return [
        features_of(random.integers(0, 1 << 63, (each, 4), dtype=np.uint64) * np.uint64(2), seed)
        for seed in range(count)
    ]


def changed(codes: npt.NDArray[np.uint64], bits: int) -> npt.NDArray[np.uint64]:
    random = np.random.default_rng(6)
    out = codes.copy()
    for code in out:
        for bit in random.choice(256, bits, replace=False):
            code[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    return out


def test_built_twice_the_same() -> None:
    one, other = build_words(works(20)), build_words(works(20))
    assert one.keys() == other.keys()
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)


def test_every_feature_is_found_again_with_some_bits_changed() -> None:
    catalogue = works(30)
    lookup = WordLookup(build_words(catalogue))
    hits = lookup.near(changed(catalogue[7].codes, 12))
    owners = lookup.arrays["owners"][hits[:, 1]]
    # codes drawn at random do not stand in groups, as those of pictures do: the hardest case for words
    assert len(np.unique(hits[owners == 7, 0])) > 0.8 * len(catalogue[7])
    assert (hits[owners == 7, 2] == 12).all()


def test_in_one_list_exactly_the_nearest_works_are_found() -> None:
    random = np.random.default_rng(8)
    centre = works(1, 1)[0].codes
    catalogue = [features_of(changed(np.repeat(centre, 3, axis=0), bits)) for bits in (3, 9, 20, 30, 45, 90)]
    lookup = WordLookup(build_words(catalogue))
    assert len(lookup.arrays["words"]) == 1
    queries = changed(np.repeat(centre, 20, axis=0), int(random.integers(4, 9)))
    found: dict[tuple[int, int], int] = {}
    for query, code in enumerate(queries):
        for work, features in enumerate(catalogue):
            apart = int(np.bitwise_count(features.codes ^ code).sum(axis=1).min())
            if apart <= WordLookup.NEAR:
                found[query, work] = apart
    hits = lookup.near(queries)
    owners = lookup.arrays["owners"][hits[:, 1]].tolist()
    said = {(int(hit[0]), owner): int(hit[2]) for hit, owner in zip(hits, owners, strict=True)}
    assert said == found


def test_one_hit_a_work_and_feature() -> None:
    code = works(1, 1)[0].codes
    lookup = WordLookup(build_words([features_of(np.repeat(code, 50, axis=0)) for _ in range(3)]))
    hits = lookup.near(code)
    assert sorted(lookup.arrays["owners"][hits[:, 1]].tolist()) == [0, 1, 2]


def test_no_feature_votes_for_more_works_than_it_may() -> None:
    code = works(1, 1)[0].codes
    lookup = WordLookup(build_words([features_of(code) for _ in range(100)]))
    assert len(lookup.near(np.repeat(code, 5, axis=0))) == 5 * WordLookup.WORKS_A_FEATURE


def test_commonness_counts_other_works() -> None:
    catalogue = works(4)
    shared = catalogue[0].codes[:10]
    others = [features_of(np.concatenate([changed(shared, 3), work.codes]), 9) for work in catalogue[1:]]
    lookup = WordLookup(build_words([catalogue[0], *others]))
    common = lookup.commonness(0)
    assert (common[:10] == 3).all()
    assert (common[10:] == 0).all()


def test_a_work_is_kept_as_it_was_in_its_own_order() -> None:
    catalogue = works(6)
    lookup = WordLookup(build_words(catalogue))
    kept = lookup.features(3)
    assert np.array_equal(kept.codes, catalogue[3].codes)
    assert np.abs(kept.points - catalogue[3].points).max() < 0.01
    assert np.abs(np.log2(kept.sizes / catalogue[3].sizes)).max() < 1 / 16
    assert (kept.width, kept.height) == (400, 300)


def test_no_works_and_works_without_features() -> None:
    empty = features_of(np.zeros((0, 4), dtype=np.uint64))
    codes = works(1)[0].codes
    for catalogue in ([], [empty], [empty, empty]):
        lookup = WordLookup(build_words(catalogue))
        assert len(lookup) == len(catalogue)
        assert len(lookup.near(codes)) == 0
    assert len(WordLookup(build_words([empty, features_of(codes)])).near(codes)) == len(codes)
