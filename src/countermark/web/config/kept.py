"""What a view says about keeping its answer in memory; `cache` reads it and takes it off.

The rule travels as one header of the answer, so that the cache in front of Django needs to know no view:

    X-Countermark-Kept: 3; query=page; apart=q
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Countermark-Kept"
NAMES_SECONDS: Final = 3  # pages with names; with cache.STALE_SECONDS, a withdrawal is gone within 5 s
FIGURES_SECONDS: Final = 5
WORDS_SECONDS: Final = 20
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long an answer may be kept, in seconds, and what tells its variants apart.

    `query` are the parameters that the page reads: others are dropped before it is asked. A request that carries one
    of `apart` is never answered from memory, nor kept.
    """

    seconds: float
    query: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    def to_header(self) -> str:
        """The value of the header."""
        return f"{self.seconds}; query={','.join(self.query)}; apart={','.join(self.apart)}"

    @classmethod
    def from_header(cls, value: str) -> Keeping:
        """The rule in a header that `to_header` wrote."""
        seconds, query, apart = (part.strip().rpartition("=")[2] for part in value.split(";"))
        return cls(
            float(seconds), tuple(filter(None, query.split(","))), tuple(filter(None, apart.split(",")))
        )


def kept(
    seconds: float, *, query: tuple[str, ...] = (), apart: tuple[str, ...] = ()
) -> Callable[
    [Callable[Concatenate[HttpRequest, Arguments], HttpResponse]],
    Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
]:
    """Let what a view answers (200, to GET) be kept; the arguments are those of `Keeping`.

    Such a view must depend on its address and the parameters of `query` alone: not on cookies, nor on the host or the
    languages that the reader's browser names.
    """
    header = Keeping(seconds, query, apart).to_header()

    def decorate(
        view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
        @wraps(view)
        def keeping(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and request.method == "GET":
                response.headers[HEADER] = header
            return response

        return keeping

    return decorate
