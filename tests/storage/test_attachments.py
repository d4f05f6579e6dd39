"""Attachments as they lie in the database: listed without their content, handed over, thrown away in time."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.domain.errors import Refused
from service.storage.db import execute, reading, transaction
from service.storage.transfers import attachments, transfers
from service.storage.transfers.attachments import Attachment, Place
from service.storage.vault import Vault


def stored(world: SimpleNamespace, at: datetime, **values: object) -> Attachment:
    """A file that belongs to nothing yet; inside a transaction."""
    given = Attachment(
        name=attachments.new_name(), kind="RECEIPT_IMAGE", file_name_sealed=b"name", media_type="image/png", size=7,
        content_digest="0" * 64, key_sealed=b"loose key", account_id=world.account, at=at, **values,
    )  # fmt: skip
    return replace(given, id=attachments.add(given, content_sealed=b"\x00content"))


@pytest.mark.requirement("R-197")
def test_a_loose_file_is_attached_once(world: SimpleNamespace) -> None:
    member = world.member()
    with transaction():
        transfer = transfers.insert(world.transfer(member))
        loose = stored(world, world.now)
        assert attachments.loose_of(world.account) == [loose]
        place = Place(transfer, position=2, version=3)
        attached = attachments.attach(loose, place, key_sealed=b"its member's")
        attachments.attach(loose, Place(transfer, position=9, version=9), key_sealed=b"another's")
    with reading():
        assert attachments.of_transfer(transfer) == [attached]
        assert attachments.by_name(loose.name) == attached
        assert attachments.content(loose.id) == b"\x00content"
        assert attachments.loose_of(world.account) == []
    assert (attached.position, attached.version, attached.key_sealed) == (2, 3, b"its member's")
    assert loose.is_loose
    assert not attached.is_loose


def test_only_what_belongs_to_nothing_is_forgotten(world: SimpleNamespace) -> None:
    long_ago, member = world.now - timedelta(days=3), world.member()
    with transaction():
        transfer = transfers.insert(world.transfer(member))
        kept = attachments.attach(stored(world, long_ago), Place(transfer, 0, 1), key_sealed=b"k")
        new, old = stored(world, world.now), stored(world, long_ago)
        assert attachments.forget_loose(before=world.now - timedelta(days=1)) == 1
    with reading():
        assert attachments.by_name(old.name) is None
        assert [attachments.content(each.id) for each in (kept, new)] == [b"\x00content"] * 2
        assert execute(sa.select(sa.func.count()).select_from(attachments.contents)).scalar_one() == 2


def test_a_file_is_removed_with_its_content(world: SimpleNamespace) -> None:
    with transaction():
        loose = stored(world, world.now)
        attachments.remove(loose.id)
        assert attachments.by_name(loose.name) is None
        assert execute(sa.select(sa.func.count()).select_from(attachments.contents)).scalar_one() == 0


@pytest.mark.requirement("R-197")
def test_no_other_content_takes_the_place_of_one(world: SimpleNamespace) -> None:
    with transaction():
        stored(world, world.now)
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.update(attachments.contents).values(content_sealed=b"another"))


@pytest.mark.requirement("R-196")
def test_a_member_has_one_portrait(world: SimpleNamespace) -> None:
    member = world.member()
    with transaction():
        portrait = stored(world, world.now, member_id=member)
        assert attachments.of_member(member) == portrait
    with pytest.raises(IntegrityError), transaction():
        stored(world, world.now, member_id=member)


def test_a_file_can_be_read_with_its_owner_and_under_its_name_only(vault: Vault) -> None:
    owner, other, loose = vault.new_person_key(), vault.new_person_key(), vault.new_file_key()
    sealed = vault.seal_file(loose, b"content", name="a")
    handed = vault.hand_over(loose, owner=owner)
    assert vault.open_file(loose, sealed, name="a") == b"content"
    assert vault.open_file(handed, sealed, name="a", owner=owner) == b"content"
    for key, name, whose in ((handed, "a", other), (handed, "a", None), (loose, "a", owner), (handed, "b", owner)):
        with pytest.raises(Refused, match="E_SETTING_INVALID"):
            vault.open_file(key, sealed, name=name, owner=whose)
