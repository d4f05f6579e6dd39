"""One change = one transaction = at least one entry of history or of the audit log (design rule 5, R-214).

A use case that opens a transaction must reach a pen: the history of transfers, or the log of everything else. What
only notes that somebody came by, or keeps machinery going, stands in the list of those that need none, with its reason.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import modules, parsed

PENS = {"history.append", "audit.append", "audit.append_many"}
NO_CHANGE_OF_RECORDS = {
    "service/use_cases/accounts/captcha.py": "keeps what a stranger is to read, until he has answered",
    "service/use_cases/accounts/log_in.py": "opens a session",
    "service/use_cases/accounts/log_out.py": "ends a session",
    "service/use_cases/accounts/sms_codes.py": "keeps a code for some minutes; what it proves is recorded where it is used",
    "service/use_cases/accounts/switch_role.py": "exchanges a session for another",
    "service/use_cases/accounts/who_acts.py": "notes when a session was used last",
    "service/use_cases/attachments/add_attachment.py": "stores a file that is nothing until a recorded step rests on it",
    "service/use_cases/deadlines/fire_deadlines.py": "tells of what is due; the transfer stays as it is",
    "service/use_cases/deadlines/plan_deadlines.py": "plans when to tell",
    "service/use_cases/letters/show_letter.py": "tells, through a message, that a letter was shown in full",
    "service/use_cases/notices/list_notices.py": "notes which notices were read",
    "service/use_cases/outbox/deliver_messages.py": "notes what was delivered",
    "service/use_cases/outbox/spread_notices.py": "spreads what was told already",
    "service/use_cases/upkeep/nightly_backup.py": "claims the night's copy for one worker",
}


@cache
def changing() -> frozenset[str]:
    """Use cases that open a transaction."""
    return frozenset(
        str(module)
        for module in modules("service/use_cases")
        if any(isinstance(node, ast.Call) and _name(node.func) == "transaction" for node in ast.walk(parsed(module)))
    )


@cache
def reaches_pen(module: str) -> bool:
    return any(_writes(each) for each in _reached(module))


def _reached(module: str) -> set[str]:
    found, ahead = set[str](), [module]
    while ahead:
        current = ahead.pop()
        if current not in found:
            found.add(current)
            ahead += [each for each in _imported(current) if each not in found]
    return found


@cache
def _imported(module: str) -> frozenset[str]:
    names = set[str]()
    for node in ast.walk(parsed(Path(module))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("service.use_cases"):
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    files = (f"{name.replace('.', '/')}.py" for name in names)
    return frozenset(file for file in files if Path(file) in set(modules("service/use_cases")))


@cache
def _writes(module: str) -> bool:
    calls = (node for node in ast.walk(parsed(Path(module))) if isinstance(node, ast.Call))
    return any(_name(call.func) in PENS for call in calls)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.requirement("R-214")
def test_whatever_changes_a_record_reaches_history_or_the_log() -> None:
    without = {module for module in changing() if not reaches_pen(module)}
    unexplained = without - set(NO_CHANGE_OF_RECORDS)
    assert not unexplained, "call history or audit.append in the same transaction, or say here why nothing changes"


@pytest.mark.requirement("R-214")
def test_the_list_of_exceptions_is_no_longer_than_needed() -> None:
    assert {module for module in NO_CHANGE_OF_RECORDS if module not in changing() or reaches_pen(module)} == set()


@pytest.mark.requirement("R-214")
def test_transfers_are_stored_in_one_place_and_that_place_writes_history() -> None:
    writers = {
        str(module)
        for module in modules("service")
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Call) and _name(node.func) in {"transfers.save", "transfers.insert"}
    }
    assert writers == {
        "service/use_cases/transfers/recording.py",
        "service/use_cases/transfers/starting.py",
    }
    assert _writes("service/use_cases/transfers/recording.py")
    assert reaches_pen("service/use_cases/transfers/starting.py")
