"""Numbers and telephones are nowhere to be read but with the key."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from service.domain.errors import Refused
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.transfers import transfers
from service.storage.vault import Vault, make_key_file, open_vault
from tests.storage.conftest import ID_NUMBERS, add_member


def test_what_was_sealed_is_opened_with_the_same_keys(vault: Vault) -> None:
    key = vault.new_person_key()
    sealed = vault.seal(key, {"reason": "工作调动", "days": 15, "none": None})
    assert vault.open(key, sealed) == {"reason": "工作调动", "days": 15, "none": None}
    assert Vault(bytes(range(32))).open(key, sealed) == vault.open(key, sealed)
    assert vault.open(key, None) == {}


def test_equal_texts_are_sealed_differently_and_indexed_alike(vault: Vault) -> None:
    key = vault.new_person_key()
    assert vault.seal_text(key, "x") != vault.seal_text(key, "x")
    assert vault.index("x") == vault.index("x") != Vault(b"1" * 32).index("x")


@pytest.mark.parametrize("at", [0, 12, -1])
def test_a_changed_byte_is_noticed(vault: Vault, at: int) -> None:
    key = vault.new_person_key()
    sealed = bytearray(vault.seal_text(key, "text"))
    sealed[at] ^= 1
    with pytest.raises(Refused, match="does not fit"):
        vault.open_text(key, bytes(sealed))


def test_the_key_of_another_person_opens_nothing(vault: Vault) -> None:
    sealed = vault.seal_text(vault.new_person_key(), "text")
    with pytest.raises(Refused):
        vault.open_text(vault.new_person_key(), sealed)


def test_another_master_key_opens_nothing(vault: Vault) -> None:
    key = vault.new_person_key()
    with pytest.raises(Refused) as refusal:
        Vault(b"1" * 32).open_text(key, vault.seal_text(key, "text"))
    assert refusal.value.code == "E_SETTING_INVALID"


def test_a_key_file_is_made_for_its_owner_alone_and_never_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    make_key_file(path)
    before = path.read_bytes()
    make_key_file(path)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    open_vault(path)


@pytest.mark.parametrize(("content", "mode", "said"), [
    (None, 0, "does not exist"),
    (b"k" * 32, 0o640, "600"),
    (b"k" * 32, 0o604, "600"),
    (b"short", 0o600, "32 bytes"),
    (b"k" * 33, 0o600, "32 bytes"),
])  # fmt: skip
def test_a_key_file_that_is_not_as_it_must_be_is_refused(
    tmp_path: Path, content: bytes | None, mode: int, said: str
) -> None:
    path = tmp_path / "master.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(Refused, match=said) as refusal:
        open_vault(path)
    assert refusal.value.code == "E_SETTING_INVALID"


@pytest.mark.requirement("R-038")
def test_neither_numbers_nor_telephones_stand_in_the_files(world: SimpleNamespace, database_kind: str) -> None:
    keys = [world.member() for _ in ID_NUMBERS]
    if database_kind == "sqlite":
        with reading() as connection:
            folder = Path(str(connection.engine.url.database)).parent
            stored = b"".join(path.read_bytes() for path in folder.iterdir())
    else:
        with reading():
            stored = "".join(str(row) for row in execute(sa.text("SELECT * FROM members"))).encode()
    canaries = [*ID_NUMBERS, "13900000001", *(number[-8:] for number in ID_NUMBERS)]
    assert "张样例".encode() in stored
    assert [
        canary for canary in canaries if canary.encode() in stored or canary.encode().hex().encode() in stored
    ] == []
    with reading():
        found = members.by_id(keys[0], world.vault)
    assert found is not None
    assert (found.member.id_number, found.member.mobile) == (ID_NUMBERS[0], "13900000001")


@pytest.mark.requirement("R-042")
def test_a_number_belongs_to_one_member_and_any_number_of_former_ones(world: SimpleNamespace) -> None:
    number = ID_NUMBERS[0]
    first = add_member(world.vault, number)
    with pytest.raises(sa.exc.IntegrityError):
        add_member(world.vault, number)
    with transaction():
        members.leave(first, transfer_id=transfers.insert(world.transfer(first)), on=world.now.date())
    again = add_member(world.vault, number)
    with reading():
        found = [person.member.id for person in members.by_id_number(number, world.vault)]
        assert [(move.org_code, move.on_date) for move in members.moves(first, gained=False)] == [
            ("A", world.now.date())
        ]
    assert found == [again, first]
