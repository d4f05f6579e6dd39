"""What a refusal leaves behind: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from service.domain.errors import Refused
from service.storage import audit
from service.storage.db import reading


@contextmanager
def refused(code: str, *fields: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect a refusal with this code, at exactly these fields where any are named, and nothing written to the log."""
    with reading():
        before = audit.head()
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
    if fields:
        assert {each.field for each in caught.value.fields} == set(fields)
    with reading():
        assert audit.head() == before
