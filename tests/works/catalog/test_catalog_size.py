"""Catalogs of many records: bounded memory, whatever comes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = 200_000
BOUND = 250_000
"""KiB of resident memory: the interpreter and libraries take some 70,000, SQLite's page cache 65,000."""

PROGRAM = """
import sys
from pathlib import Path
from countermark.works.catalog import Catalog, write_catalog
from countermark.works.entry import Contributor, Edition, Entry, Source
from countermark.works.identifiers import Identifier

def items(count):
    for n in range(count):
        source = Source("a.csv", n + 2)
        edition = Edition((Identifier("isbn", f"{n:013d}"),), publisher="Quai", source=source)
        people = (Contributor(f"Ana Brume {n % 5003}"),)
        yield Entry(source, f"Été {n // 2}", contributors=people, editions=(edition,), issuer="Q", own_key=str(n // 2))

path = Path(sys.argv[1])
summary = write_catalog(path, items(int(sys.argv[2])))
with Catalog.open(path) as catalog:
    read = sum(1 for _ in catalog.works())
# Not ru_maxrss: it goes on from the process that started this one.
status = Path("/proc/self/status").read_text().split()
print(summary.records, summary.works, read, status[status.index("VmHWM:") + 1])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is told in KiB on Linux only")
def test_many_records_take_bounded_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "big.catalog"), str(RECORDS)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert [int(number) for number in told[:3]] == [RECORDS, RECORDS // 2, RECORDS // 2]
    assert int(told[3]) < BOUND
