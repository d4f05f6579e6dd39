"""What cannot be taken back is asked once more: a page that names the person and says what will happen, then does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request

_SURE = "sure"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the heading, what follows from a yes, the word on the button, where a no leads."""

    heading: str
    consequences: Sequence[str]
    yes: str
    back: str
    kept: Mapping[str, str] = field(default_factory=dict)


def is_sure() -> bool:
    """Whether the request comes from the page that asked."""
    return request.form.get(_SURE) == "yes"


def ask(question: Question) -> str:
    """The page; its form is sent to the address of this request, with what is to be kept of it."""
    return render_template("confirm.html", question=question, address=request.path, sure=_SURE)
