"""What is kept beside transfers: definitions, versions of diagrams, notices."""

from datetime import timedelta
from hashlib import sha256
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.domain.errors import Refused
from service.storage.db import execute, reading, transaction
from service.storage.definitions import definitions, diagram_versions
from service.storage.definitions.definitions import Document
from service.storage.messages import notices
from tests.storage.test_db import in_threads

BODIES = [f"body {number}".encode() for number in range(3)]
DOCUMENTS = [Document("diagram", sha256(body).hexdigest(), body) for body in BODIES]


def test_a_definition_is_stored_once_however_many_bring_it(world: SimpleNamespace) -> None:
    def keep() -> None:
        with transaction():
            definitions.keep([*DOCUMENTS, *DOCUMENTS])

    assert in_threads(world.app, keep, 4) == [None] * 4
    with reading():
        assert [definitions.body(each.digest) for each in DOCUMENTS] == BODIES


def test_an_unknown_definition_is_not_found(world: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal, reading():
        definitions.body("0" * 64)
    assert refusal.value.code == "E_NOT_FOUND"


@pytest.mark.requirement("R-216")
@pytest.mark.parametrize("verb", ["UPDATE definitions SET kind = 'form'", "DELETE FROM definitions"])
def test_a_definition_is_never_changed(world: SimpleNamespace, verb: str) -> None:
    with transaction():
        definitions.keep(DOCUMENTS)
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.text(verb))


@pytest.mark.requirement("R-221")
def test_one_version_of_a_diagram_is_active(world: SimpleNamespace) -> None:
    one, two, _ = (document.digest for document in DOCUMENTS)
    with transaction():
        definitions.keep(DOCUMENTS)
        numbers = [diagram_versions.activate("p", digest, at=world.now) for digest in (one, one, two, one)]
        assert numbers == [1, 1, 2, 3]
        assert diagram_versions.active("p") == one
        assert diagram_versions.active("q") is None
    with pytest.raises(IntegrityError), transaction():
        execute(sa.update(diagram_versions.table).values(is_active=True))


@pytest.mark.requirement("R-192")
def test_notices_go_to_an_organisation_or_to_an_account(world: SimpleNamespace) -> None:
    later = world.now + timedelta(minutes=1)
    with transaction():
        notices.add([
            notices.Notice("hop_opened", None, world.now, org_id=2),
            notices.Notice("completed", None, world.now, account_id=world.account),
            notices.Notice("returned", None, later, org_id=2),
        ])  # fmt: skip
        first, second = notices.to_org(2, limit=5)
        notices.read(second.id, now=world.now)
        notices.read(second.id, now=later)
    assert (first.kind, second.kind) == ("returned", "hop_opened")
    with reading():
        assert notices.to_org(2, limit=5)[1].read_at == world.now
        assert [each.kind for each in notices.to_account(world.account, limit=5)] == ["completed"]
    with pytest.raises(IntegrityError), transaction():
        notices.add([notices.Notice("lost", None, world.now)])
