"""Small CWR files of invented works, written record by record at the positions of the specification."""

from __future__ import annotations


def record(kind: str, work: int, number: int, *fields: tuple[int, str]) -> str:
    """A line with `fields` at their positions, counted from 0."""
    line = f"{kind}{work:08d}{number:08d}"
    for start, text in fields:
        line = line.ljust(start)[:start] + text + line[start + len(text) :]
    return line


def header(character_set: str = "", version: str = "") -> str:
    """HDR of an invented publisher."""
    line = f"HDRPB000000199{'QUIET LAKE MUSIC':45}01.1020240102120000202401021"
    return line[:86].ljust(86) + f"{character_set:15}" + f"{version:3}"


def work(at: int, title: str = "RIVERS AT NIGHT", extra: tuple[str, ...] = (), **fields: str) -> list[str]:
    """NWR with a writer, a publisher and their links; `fields` replace those of the NWR."""
    number = fields.get("number", f"QL{at:06d}")
    iswc = fields.get("iswc", "T0345246801")
    return [
        record(
            "NWR",
            at,
            0,
            (19, title),
            (81, number),
            (95, iswc),
            (126, "POP"),
            (142, "ORI"),
            *_optional(fields),
        ),
        record(
            "SPU",
            at,
            1,
            (19, "01"),
            (21, "P1"),
            (30, "QUIET LAKE MUSIC"),
            (76, "E "),
            (87, "00014107338"),
            (115, "05000"),
            (123, "10000"),
            (131, "10000"),
        ),
        record("SPT", at, 2, (19, "P1"), (34, "050001000010000"), (49, "I2136"), (55, "001")),
        record("SPT", at, 3, (19, "P1"), (34, "000000000000000"), (49, "E0840"), (55, "002")),
        record(
            "SWR",
            at,
            4,
            (19, "W1"),
            (28, "WREN"),
            (73, "ADA"),
            (104, "CA"),
            (115, "00199310769"[:0]),
            (129, "05000"),
            (137, "00000"),
            (145, "00000"),
        ),
        record("SWT", at, 5, (19, "W1"), (28, "050000000000000"), (43, "I0250"), (49, "001")),
        record("PWR", at, 6, (19, "P1"), (28, "QUIET LAKE MUSIC"), (101, "W1")),
        *extra,
    ]


def _optional(fields: dict[str, str]) -> list[tuple[int, str]]:
    places = {
        "copyright_date": 106,
        "copyright_number": 114,
        "composite": 139,
        "version": 142,
        "printed": 200,
    }
    return [(place, fields[name]) for name, place in places.items() if name in fields]


def file(*works: list[str], head: str = "", group: str = "NWR", counts: tuple[int, int] | None = None) -> str:
    """A whole file; `counts` replaces the true numbers of works and lines of the group."""
    lines = [line for one in works for line in one]
    number, size = counts or (len(works), len(lines) + 2)
    return "\r\n".join(
        [
            head or header(),
            f"GRH{group}0000102.100000000000",
            *lines,
            f"GRT00001{number:08d}{size:08d}",
            f"TRL00001{number:08d}{size + 2:08d}",
            "",
        ]
    )
