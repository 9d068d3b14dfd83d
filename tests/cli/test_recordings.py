"""The commands on recordings: what they print, and their exit codes; and the demonstration's part with music."""

from __future__ import annotations

import base64
import json
import re
import tarfile
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource
from countermark.cli import demo, demo_recordings, demo_tracks, main
from countermark.errors import InputError
from played_works import (
    BROKEN,
    PLACED,
    WORKS,
    file_of,
    part,
    samples,
    shared_corpus,
    shared_index,
    shared_works,
    tune,
    work,
    write_works,
)

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def call(*arguments: object) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A scan of the whole corpus, with what it said."""
    out = tmp_path_factory.mktemp("recordings") / "run"
    return out, call("scan", shared_index(), shared_corpus(), "--out", out, "--workers", 1, "--json")


def test_build_takes_a_folder_of_recordings_for_what_it_is(tmp_path: Path) -> None:
    """No option is needed; the next step is named; what cannot be read is listed with its reason."""
    works = write_works(tmp_path / "works", [1])
    (works / "cut.flac").write_bytes(work(0)[:60])
    (works / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    built = call("index", "build", works, "--no-copies", "--out", tmp_path / "w.index", "--medium", "audio")
    assert built.exit_code == 0, built.output
    assert "1 work in 1 file, 30 s; full index, audio-" in built.stdout
    assert built.stdout.endswith(f"Next: countermark scan {tmp_path / 'w.index'} CORPUS --out run/\n")
    assert re.search(r"^  cut\.flac: ", built.stderr, re.MULTILINE)
    (works / "cover.png").unlink()
    guessed = call("index", "build", works, "--out", tmp_path / "g.index", "--json")
    facts = json.loads(guessed.stdout)
    assert (facts["medium"], facts["works"], facts["seconds"], facts["copies"]) == ("audio", 1, 30, True)
    assert sum(facts["refused"].values()) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--medium", "audio", "--sealed"], "--sealed is for texts"),
        (["--no-prints"], "--no-prints is for pictures; these works are recordings"),
        (["--embedding", "x.onnx"], "--embedding is for pictures; these works are recordings"),
        (["--medium", "text", "--no-copies"], "--no-copies is for recordings; these works are texts"),
        (["--medium", "image", "--compositions"], "--compositions is for recordings; these works are pictures"),
        (["--notes", "none.onnx"], "--notes is for --compositions: give both, or neither"),
        (["--compositions", "--notes", "none.onnx"], "none.onnx"),
    ],
)  # fmt: skip
def test_options_of_the_other_media_are_refused(tmp_path: Path, options: list[str], message: str) -> None:
    """Exit code 2, one message, nothing written."""
    told = call("index", "build", shared_works(), "--out", tmp_path / "i", *options)
    assert (told.exit_code, message in told.output) == (2, True), told.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--compositions"], "built without melody and harmony; build it again with --compositions"),
        (["--notes", "none.onnx"], "none.onnx: cannot be read"),
    ],
)
def test_a_scan_is_not_asked_for_what_the_index_has_not(
    tmp_path: Path, options: list[str], message: str
) -> None:
    """Exit code 2, one message, no word of what would be left out otherwise, and nothing left behind."""
    told = call("scan", shared_index(), shared_corpus(), "--out", tmp_path / "run", *options)
    assert (told.exit_code, message in told.output) == (2, True), told.output
    assert "Note:" not in told.output
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_given_is_refused_before_anything_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a minute of compiling is not spent on a search that the index cannot serve."""
    monkeypatch.setattr("countermark.scan.search.kernels_are_compiled", lambda _: False)
    (tmp_path / "work.txt").write_text("The quick brown fox jumps over the lazy dog. " * 9)
    texts = tmp_path / "texts.index"
    assert call("index", "build", tmp_path / "work.txt", "--out", texts).exit_code == 0
    for index, option in ((texts, "--quick"), (texts, "--compositions"), (shared_index(), "--compositions")):
        asked = call("scan", index, tmp_path, "--out", tmp_path / "run", option)
        assert asked.exit_code == 2
        assert option in asked.stderr
        assert "Compiling" not in asked.stderr
        assert not (tmp_path / "run").exists()


def test_a_column_is_refused_where_there_is_none(tmp_path: Path) -> None:
    """A folder and a tar hold files; of JSON Lines and Parquet the column of the sound can be named."""
    (tmp_path / "tracks").mkdir()
    (tmp_path / "tracks" / "one.flac").write_bytes(work(0))
    scan = ("scan", shared_index(), tmp_path / "tracks", "--out", tmp_path / "run", "--dry-run")
    refused = call(*scan, "--text-column", "sound")
    assert refused.exit_code == 2
    assert "--text-column sound: tracks holds no Parquet and no JSON Lines" in refused.stderr
    row = {"sound": base64.b64encode(work(0)).decode(), "other": base64.b64encode(work(1)).decode()}
    (tmp_path / "tracks" / "more.jsonl").write_text(json.dumps(row))
    assert call(*scan, "--text-column", "sound").exit_code == 0
    heard = call(*scan[:-1], "--text-column", "other", "--workers", 1, "--json")
    assert heard.exit_code == 0, heard.output
    found = json.loads(heard.stdout)["summary"]["findings"]["total"]
    assert found == 2  # the file, and the column that was named


def test_that_no_hint_will_be_told_is_said_in_its_tense(tmp_path: Path) -> None:
    """Before the scan, of what is to come; after it, of what was not done."""
    write_works(tmp_path / "works", [0])
    index = tmp_path / "w.index"
    assert call("index", "build", tmp_path / "works", "--compositions", "--out", index).exit_code == 0
    (tmp_path / "tracks").mkdir()
    (tmp_path / "tracks" / "one.flac").write_bytes(file_of(tune(1000, 8.0)))
    done = call(
        "scan", index, tmp_path / "tracks", "--compositions", "--workers", 1, "--out", tmp_path / "run"
    )
    assert done.exit_code == 0, done.output
    assert "Note: no resemblance will be told: to judge one takes 24 works" in done.stderr
    assert "this index has 1 work." in done.stderr
    told = " ".join(done.stdout.split())
    assert (
        "Melody and harmony were asked for, but no resemblance is told: to judge one takes 24 works" in told
    )


@pytest.mark.parametrize("options", [["--embedding", "x.onnx"], ["--keep-sketches"]])
def test_a_scan_refuses_what_is_for_pictures(tmp_path: Path, options: list[str]) -> None:
    """What would not be done is not passed over in silence."""
    told = call("scan", shared_index(), shared_corpus(), "--out", tmp_path / "run", *options)
    assert told.exit_code == 2, told.output
    assert options[0] in told.output


def test_nothing_readable_is_told_with_its_reason(tmp_path: Path) -> None:
    """One broken recording, and an empty folder."""
    (tmp_path / "cut.flac").write_bytes(work(0)[:60])
    told = call("index", "build", tmp_path / "cut.flac", "--out", tmp_path / "i")
    assert (told.exit_code, "cut.flac: " in told.output) == (2, True)
    (tmp_path / "empty").mkdir()
    told = call("index", "build", tmp_path / "empty", "--out", tmp_path / "i", "--medium", "audio")
    assert (told.exit_code, "no work found" in told.output) == (2, True)
    assert not (tmp_path / "i").exists()


def test_info_speaks_of_recordings(tmp_path: Path) -> None:
    """Counts that only texts have are left out, here and in the JSON."""
    told = call("index", "info", shared_index())
    assert told.exit_code == 0
    for line in (r"works +2", r"sound +1 min 00 s", r"copies +kept", r"compositions +not searched"):
        assert re.search(f"^{line}$", told.stdout, re.MULTILINE), told.stdout
    assert "letters" not in told.stdout
    facts = json.loads(call("index", "info", shared_index(), "--json").stdout)
    assert (facts["medium"], facts["copies"], facts["works"], facts["seconds"]) == ("audio", True, 2, 60)
    assert not {"words", "letters", "code_points", "guarantee_letters"} & set(facts)
    salted = call("index", "info", shared_index(), "--salt-file", tmp_path / "salt")
    assert (salted.exit_code, "this one is of recordings" in salted.output) == (2, True)


@pytest.mark.slow
def test_scan_counts_recordings_and_their_length(run: tuple[Path, Result]) -> None:
    """The JSON has the outcome and the summary; given again, the lines say it in words."""
    out, told = run
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    assert (facts["medium"], facts["shards"], facts["refused"]) == ("audio", 2, len(BROKEN))
    assert facts["findings"] == len(PLACED) + 2
    assert facts["sound_seconds"] > 100
    assert facts["sound_bytes"] <= sum(map(len, samples().values()))
    assert facts["summary"]["works"]["in_data_set"] == WORKS
    again = call("scan", shared_index(), shared_corpus(), "--out", out)
    assert again.exit_code == 0, again.output
    assert re.search(
        rf"2 scanned earlier; {facts['records']} recordings, \d min( \d+ s)? of sound, ", again.stdout
    )
    assert "Not read: 3 rows or files." in again.stdout
    assert f"{WORKS} of your {WORKS} works are heard in this data set" in again.stdout
    assert len(re.findall(r"^ +\d+ +\d+ % +work-\d$", again.stdout, re.MULTILINE)) == WORKS
    assert again.stdout.endswith(f"Next: countermark report {out}\n")


@pytest.mark.slow
def test_report_in_every_form(run: tuple[Path, Result], tmp_path: Path) -> None:
    """A page to listen to, lines for the terminal, the summary, and a folder with the tables."""
    out, _ = run
    page = call("report", out, "--lang", "en", "--out", tmp_path / "page.html")
    assert (page.exit_code, "Report: " in page.output) == (0, True), page.output
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<audio" in html
    assert "work-1" in html
    assert not re.search(r"""(src|href)=["']?https?://""", html.replace("https://music.example/", ""))
    text = call("report", out, "--format", "text", "--lang", "en").stdout
    assert max(map(len, text.splitlines())) <= 100
    assert "How often this is wrong" in text
    facts = json.loads(call("report", out, "--format", "json").stdout)
    assert (facts["medium"], facts["works"]["in_data_set"]) == ("audio", WORKS)
    folder = call("report", out, "--folder", tmp_path / "hand", "--lang", "fr", "--format", "json")
    assert folder.exit_code == 0, folder.output
    assert "with the tables beside it" in folder.stderr
    suffixes = {path.suffix for path in (tmp_path / "hand").rglob("*") if path.is_file()}
    assert suffixes >= {".html", ".csv", ".jsonl", ".parquet"}


def test_dry_run_lists_what_holds_recordings(tmp_path: Path) -> None:
    """Nothing is written."""
    told = call("scan", shared_index(), shared_corpus(), "--out", tmp_path / "run", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "2 shards" in told.stdout
    assert "a.tar  tar" in told.stdout
    assert not (tmp_path / "run").exists()


def test_exit_codes(tmp_path: Path) -> None:
    """A corpus without recordings, an index that has no salt, and one that is damaged."""
    (tmp_path / "note.txt").write_text("no recording")
    told = call("scan", shared_index(), tmp_path / "note.txt", "--out", tmp_path / "run")
    assert (told.exit_code, "recordings are looked for" in told.output) == (2, True), told.output
    other = tmp_path / "other.flac"
    other.write_bytes(file_of(part(0, 0, 5)))
    told = call("scan", shared_index(), other, "--out", tmp_path / "r", "--salt-file", __file__)
    assert (told.exit_code, "index of recordings, which has no salt" in told.output) == (3, True)
    damaged = tmp_path / "damaged.index"
    damaged.mkdir()
    for path in shared_index().iterdir():
        (damaged / path.name).write_bytes(path.read_bytes())
    (damaged / "copies.bin").write_bytes(b"")
    told = call("scan", damaged, other, "--out", tmp_path / "r")
    assert (told.exit_code, "copies.bin has 0 bytes" in told.output) == (3, True), told.output


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, exit code 2, nothing written; looking at the manifest needs no extra."""
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    for words in (
        ("index", "build", shared_works(), "--out", tmp_path / "i"),
        ("scan", shared_index(), shared_corpus(), "--out", tmp_path / "run"),
    ):
        told = call(*words)
        assert (told.exit_code, "countermark[audio]" in told.output) == (2, True), told.output
    assert not list(tmp_path.iterdir())
    assert call("index", "info", shared_index()).exit_code == 0


@pytest.mark.slow
def test_the_archive_of_the_demonstration_is_the_same_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece in each alteration among tunes, in four formats; title and address beside each."""
    jobs = len(demo_tracks.ALTERATIONS)
    monkeypatch.setattr(demo_tracks, "TUNES", jobs)
    monkeypatch.setattr(demo_tracks, "_SECONDS", 3.0)
    piece = file_of(tune(0, 40.0))
    for name in ("a.tar", "b.tar"):
        demo_tracks.write_corpus([piece], tmp_path / name)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "a.tar") as archive:
        content = {
            member.name: file.read()
            for member in archive
            if (file := archive.extractfile(member)) is not None
        }
    names = [name for name in content if not name.endswith(".json")]
    assert len(names) == 2 * jobs
    assert {name.rpartition(".")[2] for name in names} == {"mp3", "m4a", "opus", "flac"}
    for name in names:
        told = json.loads(content[f"{name.partition('.')[0]}.json"])
        assert (told["title"], told["url"]) == (
            f"Track {int(name[:5]) + 1}",
            f"https://music.example/{name}",
        )
        with open_sound(SoundSource(data=content[name])) as sound:
            assert sound.tracks[0].channels == 1


def test_without_the_music_the_rest_is_still_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it cannot be fetched, or the extra is not there, that part is left out with its reason."""

    def offline(_: Path) -> dict[object, bytes]:
        raise InputError("pip could not fetch arcade 3.3.3")

    monkeypatch.setattr(demo_recordings, "fetch", offline)
    assert demo._recordings(tmp_path, "en") == []
    assert "The part with recordings is left out: pip could not fetch arcade" in capsys.readouterr().out
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    assert demo._recordings(tmp_path, "en") == []
    assert "countermark[audio]" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_part_with_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """On tunes in the place of the pieces: the excerpts are found, and the piece that was left out is not."""
    pieces = {piece: file_of(tune(seed, 70.0)) for seed, piece in enumerate(demo_recordings.WORKS)}
    monkeypatch.setattr(demo_recordings, "fetch", lambda _: pieces)
    monkeypatch.setattr(demo_tracks, "TUNES", 2 * len(demo_tracks.ALTERATIONS))
    monkeypatch.setattr(demo_tracks, "_SECONDS", 16.0)
    (report,) = demo._recordings(tmp_path, "en")
    said = capfd.readouterr()
    assert report.is_file()
    assert f"left out of the archive: {demo_recordings.LEFT_OUT.title}." in said.out, said
    table = pq.read_table(tmp_path / "tracks-run" / "works.parquet").to_pylist()
    found = {row["work_title"] for row in table if row["records"]}
    assert found == {piece.title for piece in demo_recordings.WORKS if piece is not demo_recordings.LEFT_OUT}
