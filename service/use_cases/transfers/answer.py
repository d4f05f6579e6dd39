"""What the one who started or decided is told; stored with the request so that a repeat gets the same."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from service.domain.plain import canonical
from service.domain.transfers.transfers import Transfer


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the transfer stands after the change; `holder` is the code of the organisation whose turn it is."""

    transfer_id: int
    version: int
    state: str
    step: str
    holder: str | None
    letter_no: str | None = None
    replayed: bool = False

    def plain(self) -> dict[str, Any]:
        """The answer as JSON; that it is a repeat is not part of it."""
        values = asdict(self)
        del values["replayed"]
        return values


def answer_of(transfer: Transfer, *, transfer_id: int, version: int, step: str, letter_no: str | None) -> Answer:
    """Tell where the transfer stands."""
    is_open = not transfer.state.is_final
    return Answer(
        transfer_id=transfer_id,
        version=version,
        state=transfer.state.value,
        step=step,
        holder=transfer.hop.code if is_open else None,
        letter_no=letter_no,
    )


def digest_of(body: Any) -> str:
    """Digest by which a repeated request is told from another one under the same key."""
    return sha256(canonical(body).encode()).hexdigest()


def repeated(stored: Mapping[str, Any]) -> Answer:
    """The answer that was given before to the same request."""
    return replace(Answer(**stored), replayed=True)
