"""How to check one found recording with public tools: exact commands, files, rows and seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.places import record_step
from countermark.evidence.listening.said import OTHERS, is_changed
from countermark.evidence.report.legible import isolated, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.evidence.exhibits.selection import Found
    from countermark.language import Language

Step = dict[str, str]

_LONGEST = 30.0
_RATE = 44_100
_SLOWEST, _FASTEST, _FARTHEST = 0.25, 4.0, 24.0
"""What a run folder may say of tempo and pitch to be undone: of anything else there is no such command."""


def steps_for(found: Found, say: Language) -> list[Step]:
    """Steps, each with its command ("" where there is none). Names from outside stand in no command."""
    finding = found.finding
    file = f"findings/{found.judged['findings_file']}.parquet"
    identifier = finding["finding_id"].replace("'", "''")
    # A command to read, not one that is run.
    duckdb = f"duckdb -c \"SELECT * FROM '{file}' WHERE finding_id = '{identifier}'\""  # noqa: S608
    work = {"path": isolated(one_line(finding["asset_path"])), "digest": finding["asset_digest"]}
    return [
        _step(say.say("check.row"), duckdb),
        _step(record_step(finding, say)),
        _step(say.say("check.work", **work)),
        *(_hear(finding, say) if finding["grade"] not in OTHERS and _can_be_undone(finding) else []),
        _step(say.say("check.compare")),
    ]


def _can_be_undone(finding: Mapping[str, Any]) -> bool:
    tempo, shift = finding.get("tempo") or 1.0, finding.get("pitch_shift") or 0.0
    return bool(_SLOWEST <= tempo <= _FASTEST and abs(shift) <= _FARTHEST)


def _hear(finding: Mapping[str, Any], say: Language) -> list[Step]:
    """Cut both, undo pitch and tempo, hear one in each ear, look at both, compare their fingerprints."""
    tempo, shift = finding.get("tempo") or 1.0, finding.get("pitch_shift") or 0.0
    parts: Sequence[int] = finding.get("matched_parts") or ()
    if len(parts) >= 4:
        start, end, work_start = parts[0], parts[1], parts[2]
    else:
        start, end, work_start = finding["record_start"], finding["record_end"], finding["asset_start"]
    seconds = min((end - start) / 1000, _LONGEST)
    track = finding.get("record_track") or 0
    cuts = [
        _cut("RECORD", start / 1000, seconds, track, "record.wav"),
        _cut("WORK", work_start / 1000, seconds * tempo, 0, "work.wav"),
    ]
    steps = [_step(say.say("check.cut"), "\n".join(cuts))]
    straight = "record.wav"
    if is_changed(finding):
        straight = "undone.wav"
        steps.append(_step(say.say("check.undo"), _undo(tempo, shift)))
    return [
        *steps,
        _step(
            say.say("check.ears"),
            f"ffmpeg -i work.wav -i {straight} -filter_complex amerge=inputs=2 both.wav",
        ),
        _step(
            say.say("check.see"),
            "ffmpeg -i both.wav -lavfi showspectrumpic=mode=separate:fscale=log both.png",
        ),
        _step(say.say("check.prints"), f"fpcalc -raw -plain work.wav\nfpcalc -raw -plain {straight}"),
    ]


def _cut(name: str, start: float, seconds: float, track: int, to: str) -> str:
    return f"ffmpeg -ss {start:.3f} -t {seconds:.3f} -i {name} -map 0:a:{track} -ac 1 -ar {_RATE} {to}"


def _undo(tempo: float, shift: float) -> str:
    """Play the samples at another rate, which undoes the pitch; then bring them to their length."""
    pitch = 2 ** (shift / 12)
    factor, slower = pitch / tempo, ""
    while factor < 0.5:  # one atempo goes no further; `_can_be_undone` bounds how often
        factor, slower = 2 * factor, slower + "atempo=0.5,"
    chain = f"asetrate={round(_RATE / pitch)},aresample={_RATE},{slower}atempo={factor:.6f}"
    return f"ffmpeg -i record.wav -af {chain} undone.wav"


def _step(text: str, code: str = "") -> Step:
    return {"text": text, "code": code}
