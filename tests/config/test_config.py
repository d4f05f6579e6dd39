"""A wrong setting is refused with its name, its value and what was expected; no password is repeated."""

from pathlib import Path

import pytest

from service.config import VARIABLES, Settings, from_environment
from service.domain.errors import Refused


def test_nothing_need_be_set() -> None:
    found = from_environment({})
    assert found.database_url == f"sqlite:///{Path('var').resolve() / 'zhuanjie.db'}"
    assert (found.profile, found.port, found.data) == ("default", 8000, Path("var").resolve())
    assert found.key_file.is_absolute()
    assert Path(found.database_url.removeprefix("sqlite:///")) != found.key_file


def test_what_is_set_to_nothing_counts_as_not_set() -> None:
    assert from_environment(dict.fromkeys(VARIABLES.values(), "")) == from_environment({})


def test_a_demonstration_has_a_profile_of_its_own_unless_one_is_named() -> None:
    assert from_environment({}, profile="fujian").profile == "fujian"
    assert from_environment({"ZHUANJIE_PROFILE": "beijing"}, profile="fujian").profile == "beijing"


@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_way_to_name_postgresql_means_the_same_driver(scheme: str) -> None:
    assert from_environment({"DATABASE_URL": f"{scheme}u@h/d"}).database_url == "postgresql+psycopg://u@h/d"


def test_the_folder_moves_everything_that_is_not_named() -> None:
    found = from_environment({"ZHUANJIE_DATA": "/srv/elsewhere"})
    assert found.database_url == "sqlite:////srv/elsewhere/zhuanjie.db"
    assert found.key_file.is_relative_to("/srv/elsewhere")


BAD = {
    "ZHUANJIE_PORT": ("0", "65536", "-1", "8e3", "８０００", "eight"),
    "ZHUANJIE_THREADS": ("0", "many"),
    "ZHUANJIE_SECURE_COOKIES": ("yes", "1", "True"),
    "ZHUANJIE_LOG_LEVEL": ("chatty", "info "),
}


@pytest.mark.parametrize(("variable", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_wrong_value_is_named(variable: str, value: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_environment({variable: value})
    assert refusal.value.code == "E_SETTING_INVALID"
    assert [each.field for each in refusal.value.fields] == [variable]
    assert repr(value) in refusal.value.message_en
    assert "expected" in refusal.value.message_en


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "secret", "sqlite:", "oracle+secret://h"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_environment({"DATABASE_URL": url})
    assert [each.field for each in refusal.value.fields] == ["DATABASE_URL"]
    assert "secret@" not in refusal.value.message_zh + refusal.value.message_en


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.requirement("R-037")
def test_networks_are_read_as_a_list() -> None:
    found = from_environment({"ZHUANJIE_ADMIN_NETWORKS": "10.1.0.0/16, fd00::/8,192.168.7.3"})
    assert found.admin_networks == ("10.1.0.0/16", "fd00::/8", "192.168.7.3")
    assert from_environment({}).admin_networks == ()
    assert from_environment({}).proxy_networks == ("127.0.0.1/32", "::1/128")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ZHUANJIE_ADMIN_NETWORKS", "10.1.0.0/33"),
        ("ZHUANJIE_ADMIN_NETWORKS", "10.1.0.1/16"),
        ("ZHUANJIE_PROXY_NETWORKS", "proxy"),
        ("ZHUANJIE_SECOND_FACTOR", "off"),
        ("ZHUANJIE_CERTIFICATES", "on"),
        ("ZHUANJIE_CERTIFICATE_HEADER", "X Cert"),
        ("ZHUANJIE_LOG_INS_PER_MINUTE", "0"),
        ("ZHUANJIE_ADDRESS", "ftp"),
    ],
)
def test_what_is_asked_at_the_door_is_checked(variable: str, value: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_environment({variable: value})
    assert [each.field for each in refusal.value.fields] == [variable]
