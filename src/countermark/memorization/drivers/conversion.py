"""A GGUF file, converted once to safetensors in float32, and kept where the user can see it."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import tempfile
from contextlib import redirect_stderr, suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder
from countermark.errors import ModelError, OutputError
from countermark.memorization.drivers.digests import digest_file, digest_files
from countermark.memorization.drivers.network import quiet

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE_VARIABLE: Final = "COUNTERMARK_MODELS"
_NOTE: Final = "converted.json"


def cache_folder() -> Path:
    """Where converted weights are kept: what COUNTERMARK_MODELS names, else countermark/models in the user's cache."""
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "countermark" / "models"


def converted(gguf: Path, cache: Path | None = None, told: Callable[[str], None] | None = None) -> Path:
    """The folder of safetensors weights and tokenizer.json made of `gguf`; made now where it is not there yet.

    It stands in `cache` (else `cache_folder()`) under the name of the file and the beginning of its SHA-256, and takes
    4 bytes a weight. Its note holds the digest of what was written; a folder that no longer fits it is made anew.
    `told` is given one sentence before the minutes that it takes. Raises ModelError, OutputError.
    """
    _check_gguf(gguf)
    digest = digest_file(gguf)
    root = cache or cache_folder()
    folder = root / f"{gguf.stem}-{digest[:16]}"
    _require_own(root, shared=True)
    _require_own(folder)
    if _fits(folder, digest):
        return folder
    if told is not None:
        told(f"{gguf.name}: converting to safetensors in {folder}; minutes, and only once")
    make_folder(root)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=root))
    try:
        _convert(gguf, work)
        note = {"digest": digest_files(_made(work)), "file": gguf.name, "sha256": digest, **_versions()}
        (work / _NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        work.replace(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _require_own(folder: Path, *, shared: bool = False) -> None:
    """Raise ModelError where others could have put weights of theirs behind the digest of a GGUF file.

    A `shared` folder may be one such as /tmp, in which nobody but the administrator can replace what is another's.
    """
    try:
        found = folder.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ModelError(f"{folder}: cannot be read: {error.strerror}") from error
    if found.st_uid not in ({os.getuid(), 0} if shared else {os.getuid()}):
        raise ModelError(
            f"{folder}: belongs to another user, who could change the weights; name a folder of your own in "
            f"{CACHE_VARIABLE}"
        )
    if found.st_mode & stat.S_IWOTH and not (shared and found.st_mode & stat.S_ISVTX):
        raise ModelError(
            f"{folder}: others can write there, and could change the weights; chmod o-w, or name another in "
            f"{CACHE_VARIABLE}"
        )


def _check_gguf(gguf: Path) -> None:
    try:
        with gguf.open("rb") as file:
            begin = file.read(4)
    except OSError as error:
        raise ModelError(f"{gguf}: cannot be read: {error.strerror}") from error
    if begin != b"GGUF":
        raise ModelError(f"{gguf}: not a GGUF file (it begins with {begin!r})")


def _convert(gguf: Path, folder: Path) -> None:
    import torch  # noqa: PLC0415 (extras)
    from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: PLC0415

    quiet()
    closed: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False, "gguf_file": gguf.name}
    try:
        with redirect_stderr(io.StringIO()):  # bars of the library
            model = AutoModelForCausalLM.from_pretrained(
                str(gguf.parent), dtype=torch.float32, **_unpacked(), **closed
            )
            _is_plain(model, gguf)
            tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), **closed)
            model.save_pretrained(str(folder))
            tokenizer.save_pretrained(str(folder))
    except OSError as error:
        if (
            error.errno is not None
        ):  # the disk, not the model: transformers raises bare OSError for the latter
            raise
        raise ModelError(f"{gguf}: {_one_line(error)}") from error
    except Exception as error:  # whatever the libraries raise for a cut or unknown file
        raise ModelError(f"{gguf}: cannot be converted: {_one_line(error)}") from error


def _unpacked() -> dict[str, Any]:
    """Later releases of transformers can keep the blocks of GGUF; what is kept here is plain numbers."""
    from transformers.utils import quantization_config  # noqa: PLC0415 (an extra)

    config = getattr(quantization_config, "GgufConfig", None)
    return {} if config is None else {"quantization_config": config(dequantize=True)}


def _is_plain(model: Any, gguf: Path) -> None:
    """What remembers the blocks is taken off, as plain numbers may be saved and blocks may not."""
    kinds = {str(weight.dtype) for weight in model.parameters()}
    if kinds != {"torch.float32"}:
        raise ModelError(
            f"{gguf}: its weights stay {', '.join(sorted(kinds))}, not float32: of a kind not converted"
        )
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config


def _made(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != _NOTE)


def _fits(folder: Path, digest: str) -> bool:
    with suppress(OSError, ValueError, AttributeError):
        note = json.loads((folder / _NOTE).read_bytes())
        return bool(note.get("sha256") == digest and note.get("digest") == digest_files(_made(folder)))
    return False


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("gguf", "torch", "transformers")}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
