"""Files by path or by URL: the disk of this machine and object storage, behind the same few functions.

A `Place` is a path, or the URL of a file or folder on object storage (`s3://`, `gs://`, `https://`). Nothing here goes
to the network unless a URL was given, and the extra `countermark[storage]` is loaded only then.
"""

from __future__ import annotations
