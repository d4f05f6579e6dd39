"""Proves that the names a diagram uses exist: a form for each user task, and its role."""

from collections.abc import Collection, Iterator

from service.definitions.diagrams import Diagram
from service.definitions.findings import finding, refuse_all
from service.domain.errors import FieldError


def check_names(diagram: Diagram, *, forms: Collection[str], roles: Collection[str]) -> None:
    """Refuse a diagram that names a form or role which is not there: E_BPMN_INVALID.

    `forms` are names of form files without their ending: `<process>.<user task>` or `common.<user task>`.
    """
    refuse_all(_missing(diagram, forms, roles))


def form_of(diagram: Diagram, user_task: str, *, forms: Collection[str]) -> str | None:
    """The name of the form of a user task: its own one, else the common one."""
    names = (f"{diagram.process_id}.{user_task}", f"common.{user_task}")
    return next((name for name in names if name in forms), None)


def _missing(diagram: Diagram, forms: Collection[str], roles: Collection[str]) -> Iterator[FieldError]:
    for user_task, role in diagram.roles.items():
        if form_of(diagram, user_task, forms=forms) is None:
            yield finding(user_task, f"没有表单 {user_task}", f"there is no form for {user_task}")
        if role not in roles:
            yield finding(user_task, f"没有角色 {role}", f"there is no role {role}")
