"""The order in which works are shown: what is claimed first, then by how much of the work stands there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from countermark.evidence.works_table import STATUSES

pc: Any = pyarrow.compute  # its overloads are too many for a type checker


def ranked(works: pa.Table) -> pa.Table:
    """The works of which something was found, controls left out, in the order in which they are shown."""
    shown = works.filter(pc.and_(pc.invert(works["is_control"]), pc.greater(works["findings"], 0)))
    status = np.asarray(pc.index_in(shown["status"], pa.array(STATUSES)))
    name = np.asarray(shown["work_id"].combine_chunks()).astype(str)
    share, matched = np.asarray(shown["share"]), np.asarray(shown["matched"])
    return shown.take(np.lexsort((name, -matched, -share, status)))
