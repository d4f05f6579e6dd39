"""A transfer as whoever started it sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.reference.notation import written_answer

if TYPE_CHECKING:
    from tests.systems.playing import Person


@dataclass(frozen=True, slots=True)
class Seen:
    """A transfer; everything about it is asked for anew each time."""

    id: int
    watcher: "Person"

    @property
    def whole(self) -> dict[str, Any]:
        """The answer of the interface."""
        return dict(self.watcher.get(f"/transfers/{self.id}"))

    @property
    def state(self) -> str:
        """The state; with the cause behind it where the transfer stands at its applicant again."""
        whole = self.whole
        return whole["state"] + (f"({whole['cause']})" if whole["cause"] else "")

    @property
    def variety(self) -> str:
        return str(self.whole["variety"])

    @property
    def out_type(self) -> str:
        return str(self.whole["out_type"])

    @property
    def route(self) -> str:
        """The hops in the notation of the worked examples."""
        return written_answer(self.whole["hops"])

    @property
    def hop_states(self) -> Sequence[str]:
        return [each["state"] for each in self.whole["hops"]]

    @property
    def at(self) -> str:
        """The organisation whose turn it is; empty at the applicant, and when nobody's turn comes any more."""
        whole = self.whole
        position = whole["position"]
        open_hop = whole["hops"][position] if whole["step"] and 0 <= position < len(whole["hops"]) else None
        return str(open_hop["org"]["code"]) if open_hop and open_hop["org"] else ""

    @property
    def letters(self) -> Sequence[dict[str, Any]]:
        return list(self.whole["letters"])

    @property
    def numbers(self) -> Sequence[str]:
        """The numbers of all letters, in the order in which they were issued."""
        return [each["number"] for each in self.letters]

    @property
    def events(self) -> Sequence[dict[str, Any]]:
        return list(self.whole["events"])

    @property
    def trace(self) -> Sequence[tuple[str, str]]:
        """The history as (organisation, action)."""
        return [(each["org"] or "", each["action"]) for each in self.events]
