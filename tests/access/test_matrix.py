"""Every operation of the interface, for everybody, on everything: what is out of sight, what is not his to act on."""

import pytest

from tests.access.oracle import LET_THROUGH, NOT_HIS, NOTHING, OUT_OF_SIGHT, expected
from tests.access.place import Place
from tests.access.rows import ROWS, Row

_ACCESS = (401, NOT_HIS, OUT_OF_SIGHT)
_PROOF = ("E_SECOND_FACTOR_MISSING", "E_SECOND_FACTOR_REQUIRED", "E_LOGIN_FAILED")
"""He may ask, but has not shown that he is who he says."""


@pytest.mark.requirement("R-039")
def test_every_operation_has_a_row_and_every_row_an_operation(place: Place) -> None:
    assert set(place.operations) == set(ROWS)


@pytest.mark.requirement("R-039")
@pytest.mark.parametrize("name", ROWS)
def test_the_answer_is_that_of_the_oracle(place: Place, name: str) -> None:
    row, operation = ROWS[name], place.operations[name]
    is_read = operation[0] == "GET"
    differences = []
    for thing in place.things_of(row.concern):
        for who in place.programs:
            wanted = expected(row.rule, who, thing, place.up)
            status, text = place.ask(who, operation, row, thing)
            if not _agrees(status, text, wanted, row, is_auditor_writing=who.role == "AUDITOR" and not is_read):
                differences.append(f"{who.name} on {thing.name}: {status}, not {wanted}: {text[16:75]}")
    assert not differences, "\n".join(differences)


@pytest.mark.requirement("R-039")
@pytest.mark.parametrize(
    "name", [name for name, row in ROWS.items() if row.concern in ("member", "transfer", "letter", "change")]
)
def test_what_is_out_of_sight_is_answered_as_what_does_not_exist(place: Place, name: str) -> None:
    row, operation = ROWS[name], place.operations[name]
    told_apart = []
    for who in place.programs:
        nothing = place.ask(who, operation, row, NOTHING)
        for thing in place.things_of(row.concern):
            if expected(f"{row.concern}.see", who, thing, place.up) == OUT_OF_SIGHT:
                answer = place.ask(who, operation, row, thing)
                if answer != nothing:
                    told_apart.append(f"{who.name} on {thing.name}: {answer} and {nothing}")
    assert not told_apart, "\n".join(told_apart)


def _agrees(status: int, text: str, wanted: int, row: Row, *, is_auditor_writing: bool) -> bool:
    if status >= 500:
        return False
    if any(f'"{code}"' in text for code in (*_PROOF, *row.through)):
        return wanted == LET_THROUGH
    if any(f'"{code}"' in text for code in row.before):
        return True
    if row.is_absent and status == OUT_OF_SIGHT:
        return wanted in (LET_THROUGH, OUT_OF_SIGHT)
    if is_auditor_writing and wanted in (NOT_HIS, OUT_OF_SIGHT):
        # The database takes nothing from him, whatever it would be about: that may be found out before or after.
        return status in (NOT_HIS, OUT_OF_SIGHT)
    return (status if status in _ACCESS else LET_THROUGH) == wanted
