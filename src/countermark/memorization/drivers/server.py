"""A server that speaks the format of OpenAI: its address, the model it offers, and whose machine it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import ModelError
from countermark.memorization.drivers.addresses import is_loopback
from countermark.memorization.drivers.connection import Connection, Patience, RefusedError
from countermark.memorization.drivers.driver import ModelIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.memorization.drivers.addresses import Address

DRIVER: Final = "openai-http"
_LISTED: Final = 12  # names of models in a message
_LONGEST: Final = 300  # characters of the name of a model


class Server:
    """What scorer and generator share: the connection, the model's name, and what leaves for whom."""

    def __init__(
        self,
        address: Address,
        *,
        name: str = "",
        key: str = "",
        own: bool = False,
        patience: Patience | None = None,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self.hosted = not own and not is_loopback(address.host)
        if key and self.hosted and not address.secure:
            raise ModelError(
                f"{address}: an API key is not sent over plain http:// to another's machine; use https://"
            )
        self.address = address
        self.connection = Connection(address, key, patience or Patience(), told)
        self._key = key
        self.name = self._known(name)
        self.identity = ModelIdentity(self.name, "", DRIVER, str(address))

    def post(self, path: str, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question about this model, at `path` under the base of the address."""
        return self.connection.post(self.address.base + path, {"model": self.name, **question})

    def error(self, what: str) -> ModelError:
        """A ModelError that begins with the address and the model."""
        return ModelError(f"{self.address}, model {self.name}: {what}")

    def _known(self, name: str) -> str:
        """`name` if the server offers it; the only one it offers where no name is given."""
        offered = self._offered()
        if offered is None:
            if name:
                return name
            raise ModelError(f"{self.address}: the server does not list its models; give the name of one")
        if name in offered or (not name and len(offered) == 1):
            return name or offered[0]
        listed = ", ".join(one[:60] for one in offered[:_LISTED]) + (" …" if len(offered) > _LISTED else "")
        what = f"no model {name!r}" if name else "several models; give the name of one"
        raise ModelError(f"{self.address}: {what}; offered: {listed or 'none'}")

    def _offered(self) -> list[str] | None:
        """The names at /models; None where the server has no such list."""
        try:
            listed = self.connection.get(self.address.base + "/models").get("data")
        except RefusedError as refusal:
            if refusal.status in {404, 405}:
                return None
            raise
        if not isinstance(listed, list):
            return None
        named = [str(model["id"]) for model in listed if isinstance(model, dict) and "id" in model]
        if named and not any(map(self._is_name, named)):
            raise ModelError(f"{self.address}: offers models without a name that can be printed")
        return [name for name in named if self._is_name(name)]

    def _is_name(self, name: str) -> bool:
        """Whether a name can stand in plans and reports: a server may offer anything, our own key as well."""
        return 0 < len(name) <= _LONGEST and name.isprintable() and not (self._key and self._key in name)
