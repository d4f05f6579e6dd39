"""A route as a picture: steps with their state, grouped by side, with the letters that travel between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from service.domain.routes.hops import DONE_BY_SYSTEM, Hop, HopRole, HopState, Side
from service.use_cases.transfers.show_transfer import EventView, LetterLine, TransferView
from service.web.pages.language import said, t
from service.web.pages.titles import DONE, title

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the picture; `look` is done, auto, back, now or ahead, `state` the same in words."""

    number: int
    name: str
    role: str
    look: str
    state: str
    who: str = ""
    at: datetime | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """The steps of one side."""

    side: Side
    steps: tuple[Step, ...]


def picture(view: TransferView) -> tuple[Leg, ...]:
    """The route of a transfer, with who did what when."""
    last = {event.position: event for event in view.events}
    marks = letter_marks(view.letters)
    is_open = not view.transfer.state.is_final
    steps = [
        _step(hop, index, last, marks, is_current=is_open and index == view.transfer.position)
        for index, hop in enumerate(view.hops)
    ]
    return _legs(zip(view.hops, steps, strict=True))


def preview(hops: Sequence[Hop]) -> tuple[Leg, ...]:
    """A route nobody has started yet."""
    steps = (replace(_step(hop, index, {}, {}, is_current=False), state="") for index, hop in enumerate(hops))
    return _legs(zip(hops, steps, strict=True))


def letter_marks(letters: Iterable[LetterLine]) -> Mapping[int, str]:
    """The letter that leaves each position, as a circled number."""
    return {letter.position: _CIRCLED[min(index, len(_CIRCLED) - 1)] for index, letter in enumerate(letters)}


def hop_name(hop: Hop) -> str:
    """The organisation of a hop, or who stands there instead of one."""
    if hop.org is not None:
        return hop.org.name
    return t("申请人") if hop.role is HopRole.APPLY else t("接收支部（待定）")


def _step(hop: Hop, index: int, last: Mapping[int, EventView], marks: Mapping[int, str], *, is_current: bool) -> Step:
    event = last.get(index)
    is_decided = hop.state is not HopState.PENDING
    return Step(
        number=index + 1,
        name=hop_name(hop),
        role=title(hop.role),
        look="now" if is_current else _look(hop.state),
        state=t("当前环节") if is_current else _decided(hop) if is_decided else t("未到"),
        who=event.who if event and is_decided and not event.is_automatic else "",
        at=event.at if event and is_decided and hop.state is not HopState.SKIPPED else None,
        letter=marks.get(index - 1, ""),
    )


def _decided(hop: Hop) -> str:
    done = said(*DONE[hop.role]) if hop.role in DONE else ""
    return done if done and hop.state is HopState.APPROVED else title(hop.state)


def _look(state: HopState) -> str:
    if state in (HopState.PENDING, HopState.SKIPPED):
        return "ahead"
    if state in DONE_BY_SYSTEM:
        return "auto"
    return "back" if state is HopState.RETURNED else "done"


def _legs(steps: Iterable[tuple[Hop, Step]]) -> tuple[Leg, ...]:
    parts = groupby(steps, key=lambda pair: pair[0].side)
    return tuple(Leg(side, tuple(step for _, step in pairs)) for side, pairs in parts)
