"""What a command needs beyond the plain installation."""

from __future__ import annotations

import importlib.util

from countermark.errors import MissingExtraError

_CLAIMS = (
    "anyascii",
    "cryptography",
    "iscc_lib",
    "lxml",
    "openpyxl",
    "PIL",
    "pymarc",
    "rapidfuzz",
    "rfc3161_client",
    "tinytag",
    "typst",
    "xlsxwriter",
)


def needs_claims() -> None:
    """Raise MissingExtraError where the libraries of the extra `claims` are not installed."""
    missing = [name for name in _CLAIMS if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"this command needs the extra claims ({missing[0]} is not installed): pip install 'countermark[claims]'"
        )


def needs_link(*, titles: bool) -> None:
    """Raise MissingExtraError where what a link needs is not installed: with a catalog's `titles`, all of `claims`."""
    if titles:
        needs_claims()
    missing = [name for name in ("rapidfuzz", "PIL") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"link needs the extra claims ({missing[0]} is not installed): pip install 'countermark[claims]'"
        )


def needs_reserve() -> None:
    """Raise MissingExtraError where the libraries of the extra `reserve` are not installed."""
    missing = [name for name in ("c2pa", "cryptography", "PIL") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"this needs the extra reserve ({missing[0]} is not installed): pip install 'countermark[reserve]'"
        )


def needs_image() -> None:
    """Raise MissingExtraError where the libraries of the extra `image` are not installed."""
    missing = [name for name in ("cv2", "PIL", "simplejpeg") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"pictures need the extra image ({missing[0]} is not installed): pip install 'countermark[image]'"
        )


def needs_audio() -> None:
    """Raise MissingExtraError where the libraries of the extra `audio` are not installed."""
    missing = [name for name in ("av", "onnxruntime") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"recordings need the extra audio ({missing[0]} is not installed): pip install 'countermark[audio]'"
        )


def needs_embedding() -> None:
    """Raise MissingExtraError where the library of the extra `embedding` is not installed."""
    if importlib.util.find_spec("onnxruntime") is None:
        raise MissingExtraError(
            "--embedding needs the extra embedding (onnxruntime is not installed): pip install 'countermark[embedding]'"
        )
