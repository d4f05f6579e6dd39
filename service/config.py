"""All settings of a deployment, read from the environment in this one place (listed in docs/operating.md)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.domain.errors import Refused

_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; every field has a default.

    `data`: folder of everything the service writes. `database_url`: SQLite file in that folder, or PostgreSQL.
    `key_file`: the master key, outside the database. `sms`, `mail` and `hook` name the ways out of the house; their
    secrets lie in files.
    """

    data: Path = Path("var")
    database_url: str = ""
    key_file: Path = field(default=Path())
    profile: str = "default"
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    session_idle_minutes: int = 30
    session_hours: int = 12
    secure_cookies: bool = False
    proxies: int = 0
    log_level: str = "INFO"
    sms: str = "off"
    sms_url: str = ""
    sms_token_file: Path | None = None
    sms_per_minute: int = 120
    sms_per_hour_each: int = 20
    mail: str = "off"
    mail_server: str = ""
    mail_security: str = "starttls"
    mail_from: str = ""
    mail_to: str = ""
    mail_user: str = ""
    mail_password_file: Path | None = None
    hook_url: str = ""
    hook_secret_file: Path | None = None
    real_name: str = "off"
    real_name_url: str = ""
    real_name_token_file: Path | None = None
    real_name_seconds: int = 3
    real_name_attempts: int = 2
    backups: str = "daily"
    backup_folder: Path = Path("var/backups")
    backup_hour: int = 2
    backup_keep: int = 14
    log_ins_per_minute: int = 600
    second_factor: str = "offered"
    address: str = ""
    certificates: str = "profile"
    certificate_header: str = ""
    certificate_issuers: Path | None = None
    proxy_networks: tuple[str, ...] = ("127.0.0.1/32", "::1/128")
    admin_networks: tuple[str, ...] = ()


VARIABLES = {
    "data": "ZHUANJIE_DATA",
    "database_url": "DATABASE_URL",
    "key_file": "ZHUANJIE_KEY_FILE",
    "profile": "ZHUANJIE_PROFILE",
    "host": "ZHUANJIE_HOST",
    "port": "ZHUANJIE_PORT",
    "threads": "ZHUANJIE_THREADS",
    "session_idle_minutes": "ZHUANJIE_SESSION_IDLE_MINUTES",
    "session_hours": "ZHUANJIE_SESSION_HOURS",
    "secure_cookies": "ZHUANJIE_SECURE_COOKIES",
    "proxies": "ZHUANJIE_PROXIES",
    "log_level": "ZHUANJIE_LOG_LEVEL",
    "sms": "ZHUANJIE_SMS",
    "sms_url": "ZHUANJIE_SMS_URL",
    "sms_token_file": "ZHUANJIE_SMS_TOKEN_FILE",
    "sms_per_minute": "ZHUANJIE_SMS_PER_MINUTE",
    "sms_per_hour_each": "ZHUANJIE_SMS_PER_HOUR_EACH",
    "mail": "ZHUANJIE_MAIL",
    "mail_server": "ZHUANJIE_MAIL_SERVER",
    "mail_security": "ZHUANJIE_MAIL_SECURITY",
    "mail_from": "ZHUANJIE_MAIL_FROM",
    "mail_to": "ZHUANJIE_MAIL_TO",
    "mail_user": "ZHUANJIE_MAIL_USER",
    "mail_password_file": "ZHUANJIE_MAIL_PASSWORD_FILE",
    "hook_url": "ZHUANJIE_HOOK_URL",
    "hook_secret_file": "ZHUANJIE_HOOK_SECRET_FILE",
    "real_name": "ZHUANJIE_REAL_NAME",
    "real_name_url": "ZHUANJIE_REAL_NAME_URL",
    "real_name_token_file": "ZHUANJIE_REAL_NAME_TOKEN_FILE",
    "real_name_seconds": "ZHUANJIE_REAL_NAME_SECONDS",
    "real_name_attempts": "ZHUANJIE_REAL_NAME_ATTEMPTS",
    "backups": "ZHUANJIE_BACKUPS",
    "backup_folder": "ZHUANJIE_BACKUP_FOLDER",
    "backup_hour": "ZHUANJIE_BACKUP_HOUR",
    "backup_keep": "ZHUANJIE_BACKUP_KEEP",
    "log_ins_per_minute": "ZHUANJIE_LOG_INS_PER_MINUTE",
    "second_factor": "ZHUANJIE_SECOND_FACTOR",
    "address": "ZHUANJIE_ADDRESS",
    "certificates": "ZHUANJIE_CERTIFICATES",
    "certificate_header": "ZHUANJIE_CERTIFICATE_HEADER",
    "certificate_issuers": "ZHUANJIE_CERTIFICATE_ISSUERS",
    "proxy_networks": "ZHUANJIE_PROXY_NETWORKS",
    "admin_networks": "ZHUANJIE_ADMIN_NETWORKS",
}
"""Which variable fills which field."""

_SMS = ("off", "log", "http")
_MAIL = ("off", "log", "smtp")
_REAL_NAME = ("off", "rule", "http")
_BACKUPS = ("daily", "off")
_SECOND_FACTOR = ("offered", "required")
_CERTIFICATES = ("profile", "off")
_LOOPBACK = "127.0.0.1/32,::1/128"
_SECURITY = ("none", "starttls", "tls")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def from_environment(environment: Mapping[str, str] | None = None, *, profile: str = "default") -> Settings:
    """Read the settings; refuses E_SETTING_INVALID naming variable, value and what was expected.

    `profile` is the one in force when the environment names none: the demonstration has its own.
    """
    found = os.environ if environment is None else environment
    data = Path(found.get(VARIABLES["data"]) or "var").resolve()
    url = found.get(VARIABLES["database_url"]) or f"sqlite:///{data / 'zhuanjie.db'}"
    key_file = found.get(VARIABLES["key_file"]) or str(data / "keys" / "master.key")
    return Settings(
        data=data,
        database_url=_database(url),
        key_file=Path(key_file).resolve(),
        profile=found.get(VARIABLES["profile"]) or profile,
        host=found.get(VARIABLES["host"]) or "127.0.0.1",
        port=_number(found, "port", 8000, highest=_HIGHEST_PORT),
        threads=_number(found, "threads", 8, highest=256),
        session_idle_minutes=_number(found, "session_idle_minutes", 30, highest=1440),
        session_hours=_number(found, "session_hours", 12, highest=168),
        secure_cookies=_truth(found, "secure_cookies"),
        proxies=_number(found, "proxies", 0, lowest=0, highest=9),
        log_level=_one_of(found, "log_level", "INFO", _LEVELS),
        **_sending(found),
        **_real_name(found),
        **_backups(found, data),
        **_door(found),
    )


def _sending(found: Mapping[str, str]) -> dict[str, Any]:
    """How the service speaks to the world outside; what a chosen way needs must be there."""
    sms, mail = _one_of(found, "sms", "off", _SMS), _one_of(found, "mail", "off", _MAIL)
    needed = [("sms_url", "http")] if sms == "http" else []
    needed += [(name, "smtp") for name in ("mail_server", "mail_from", "mail_to")] if mail == "smtp" else []
    for name, way in needed:
        if not found.get(VARIABLES[name]):
            raise _invalid(name, "", f"… ({VARIABLES['sms' if way == 'http' else 'mail']}={way})")
    names = ("mail_server", "mail_from", "mail_to", "mail_user")
    files = ("sms_token_file", "mail_password_file", "hook_secret_file")
    return {
        "sms": sms,
        "sms_url": _address(found, "sms_url"),
        "sms_per_minute": _number(found, "sms_per_minute", 120, highest=100_000),
        "sms_per_hour_each": _number(found, "sms_per_hour_each", 20, highest=1_000),
        "mail": mail,
        "mail_security": _one_of(found, "mail_security", "starttls", _SECURITY),
        "hook_url": _address(found, "hook_url"),
        **{name: found.get(VARIABLES[name]) or "" for name in names},
        **{name: Path(given).resolve() if (given := found.get(VARIABLES[name])) else None for name in files},
    }


def _real_name(found: Mapping[str, str]) -> dict[str, Any]:
    """How the real-name register is asked."""
    way, url = _one_of(found, "real_name", "off", _REAL_NAME), _address(found, "real_name_url")
    if way == "http" and not url:
        raise _invalid("real_name_url", "", f"… ({VARIABLES['real_name']}=http)")
    given = found.get(VARIABLES["real_name_token_file"])
    return {
        "real_name": way,
        "real_name_url": url,
        "real_name_token_file": Path(given).resolve() if given else None,
        "real_name_seconds": _number(found, "real_name_seconds", 3, highest=20),
        "real_name_attempts": _number(found, "real_name_attempts", 2, highest=5),
    }


def _backups(found: Mapping[str, str], data: Path) -> dict[str, Any]:
    """When and where backups are made."""
    return {
        "backups": _one_of(found, "backups", "daily", _BACKUPS),
        "backup_folder": Path(found.get(VARIABLES["backup_folder"]) or data / "backups").resolve(),
        "backup_hour": _number(found, "backup_hour", 2, lowest=0, highest=23),
        "backup_keep": _number(found, "backup_keep", 14, lowest=0, highest=10_000),
    }


def _door(found: Mapping[str, str]) -> dict[str, Any]:
    """What is asked of those who log in, and from where."""
    header = found.get(VARIABLES["certificate_header"]) or ""
    if not all(part.isalnum() for part in header.split("-")) and header:
        raise _invalid("certificate_header", header, "X-SSL-Client-Cert")
    issuers = found.get(VARIABLES["certificate_issuers"])
    return {
        "log_ins_per_minute": _number(found, "log_ins_per_minute", 600, highest=100_000),
        "second_factor": _one_of(found, "second_factor", "offered", _SECOND_FACTOR),
        "address": _address(found, "address"),
        "certificates": _one_of(found, "certificates", "profile", _CERTIFICATES),
        "certificate_header": header,
        "certificate_issuers": Path(issuers).resolve() if issuers else None,
        "proxy_networks": _networks(found, "proxy_networks", _LOOPBACK),
        "admin_networks": _networks(found, "admin_networks", ""),
    }


def _networks(found: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    texts = [each.strip() for each in (found.get(VARIABLES[name]) or default).split(",") if each.strip()]
    for text in texts:
        try:
            ip_network(text)
        except ValueError as error:
            raise _invalid(name, text, "10.1.0.0/16,…") from error
    return tuple(texts)


def _address(found: Mapping[str, str], name: str) -> str:
    url = found.get(VARIABLES[name]) or ""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
        # The address may hold a password: it is not repeated.
        raise _invalid(name, parts.scheme[:20], "https://host/path")
    return url


def _database(url: str) -> str:
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url.removeprefix(old)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        # The address may hold a password: it is not repeated.
        scheme = url.partition(":")[0][:20]
        raise _invalid("database_url", scheme, "sqlite:///… | postgresql://…")
    return url


def _number(found: Mapping[str, str], name: str, default: int, *, highest: int, lowest: int = 1) -> int:
    text = found.get(VARIABLES[name]) or str(default)
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        raise _invalid(name, text, f"{lowest}–{highest}")
    return int(text)


def _truth(found: Mapping[str, str], name: str) -> bool:
    return _one_of(found, name, "false", ("true", "false")) == "true"


def _one_of(found: Mapping[str, str], name: str, default: str, permitted: tuple[str, ...]) -> str:
    text = found.get(VARIABLES[name]) or default
    if text not in permitted:
        raise _invalid(name, text, " | ".join(permitted))
    return text


def _invalid(name: str, found: str, expected: str) -> Refused:
    variable = VARIABLES[name]
    return Refused(
        "E_SETTING_INVALID",
        field=variable,
        detail_zh=f"{variable}={found!r}，应为 {expected}",
        detail_en=f"{variable}={found!r}, expected {expected}",
    )
