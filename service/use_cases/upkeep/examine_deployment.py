"""Say in plain words what is wrong with a deployment, and how to mend it; nothing is changed."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from service.config import VARIABLES, Settings
from service.definitions import catalogue
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage import health, vault
from service.storage.backups import runs
from service.storage.db import reading
from service.use_cases.accounts.reading_certificates import load_issuers
from service.use_cases.deadlines.change_workdays import missing_years

ENOUGH_BYTES = 500_000_000
BACKUP_EXPECTED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a warning is no fault yet."""

    subject: str
    is_well: bool
    zh: str
    en: str
    is_warning: bool = False


def examine_settings(settings: Settings) -> Iterator[Finding]:
    """Look at everything that can be seen without opening the database."""
    yield _folder(settings.data)
    yield _disk(settings.data)
    yield _attempt("key", lambda: vault.open_vault(settings.key_file), f"{settings.key_file}（600）", "mode 600")
    yield _attempt("definitions", lambda: catalogue.load(settings.profile), f"profile={settings.profile}", "all agree")


def examine_schema(settings: Settings) -> Finding:
    """Is the database there, and is its schema that of this program?"""
    try:
        found = health.schema(settings.database_url)
    except Refused as refused:
        return Finding("database", False, refused.message_zh, refused.message_en)
    if found.found == found.expected:
        return Finding("schema", True, found.expected, found.expected)
    zh = f"应为 {found.expected}，现为 {found.found or '空'}；请运行 zhuanjie upgrade（新库：zhuanjie init）"
    en = (
        f"expected {found.expected}, found {found.found or 'none'}; run: zhuanjie upgrade (new database: zhuanjie init)"
    )
    return Finding("schema", False, zh, en)


def examine_database() -> Iterator[Finding]:
    """Look at a database of the current schema."""
    found = health.examine()
    yield Finding("durability", found.durable, f"同步设置 {found.durability}", f"synchronous is {found.durability}")
    yield Finding("integrity", found.sound, "数据页检查", "pages checked" if found.sound else "pages are damaged")
    yield _tree(found)
    dead = found.dead_messages
    yield Finding(
        "outbox",
        dead == 0,
        f"{dead} 条消息已放弃投递" + ("；请运行 zhuanjie outbox dead" if dead else ""),
        f"{dead} messages were given up" + ("; see: zhuanjie outbox dead" if dead else ""),
    )
    parked = found.parked
    yield Finding(
        "deadlines",
        parked == 0,
        f"{parked} 件转接的期限提醒已暂停" + ("；请运行 zhuanjie deadlines parked" if parked else ""),
        f"the deadlines of {parked} transfers were set aside" + ("; see: zhuanjie deadlines parked" if parked else ""),
    )


def examine_workdays(now: datetime) -> Finding:
    """Were the holidays entered of this year? From November on the next one is asked for, too."""
    missing = missing_years(now)
    if not missing:
        return Finding("workdays", True, "节假日安排已录入", "holidays are entered")
    years = " ".join(str(year) for year in missing)
    return Finding(
        "workdays",
        True,
        f"{years} 年节假日安排尚未录入，期限暂按周末计算；请运行 zhuanjie workdays import",
        f"the holidays of {years} were not entered, deadlines count weekends only; run: zhuanjie workdays import",
        is_warning=True,
    )


def examine_backups(now: datetime) -> Finding:
    """When was the last backup made, and did the last night go well? (R-226)"""
    with reading():
        last, good = runs.latest(), runs.latest(went_well=True)
    if last is not None and last.error:
        return Finding("backup", False, f"{last.day} 备份失败：{last.error}", f"of {last.day} failed: {last.error}")
    if good is None or good.day < local_date(now) - BACKUP_EXPECTED:
        zh, en = "近两日没有备份", "none was made in the last two days"
        return Finding("backup", True, zh, en, is_warning=True)
    return Finding("backup", True, good.file, good.file)


def examine_channels(settings: Settings, *, wants_sms: bool) -> Finding:
    """Which ways out of the house are set; short messages that are wanted and cannot be sent are warned of."""
    said = f"sms={settings.sms} mail={settings.mail} hook={'on' if settings.hook_url else 'log'}"
    if not wants_sms or settings.sms != "off":
        return Finding("channels", True, said, said)
    en = f"{said}: the profile wants short messages, ZHUANJIE_SMS is off"
    return Finding("channels", True, f"{said}：配置要求发送待办短信，而 ZHUANJIE_SMS 未启用", en, is_warning=True)


def examine_certificates(settings: Settings, *, levels: Sequence[str]) -> Finding:
    """Can administrators of the levels whose personal certificate the profile wants log in at all? (R-036)"""
    if not levels:
        return Finding("certificates", True, "配置不要求数字证书", "the profile wants none")
    wanted = ", ".join(levels)
    if settings.certificates == "off":
        zh, en = (
            f"配置要求 {wanted} 使用数字证书，现已关闭",
            f"the profile wants them for {wanted}, they are switched off",
        )
        return Finding("certificates", True, zh, en, is_warning=True)
    parts = (
        ("certificate_issuers", settings.certificate_issuers),
        ("certificate_header", settings.certificate_header),
        ("proxies", settings.proxies),
    )
    if missing := " ".join(VARIABLES[name] for name, value in parts if not value):
        zh = f"配置要求 {wanted} 使用数字证书，而 {missing} 未设置：这些组织的管理员无法登录"
        en = f"the profile wants them for {wanted}, {missing} not set: administrators of these levels cannot log in"
        return Finding("certificates", True, zh, en, is_warning=True)
    path = settings.certificate_issuers
    return _attempt("certificates", lambda: load_issuers(path), f"{wanted}：{path}", f"{wanted}: {path}")


def _tree(found: health.Health) -> Finding:
    if found.organisations == 0:
        zh, en = (
            "组织树为空，请运行 zhuanjie organisations import 或 zhuanjie demo",
            "empty; import organisations or run: zhuanjie demo",
        )
        return Finding("tree", False, zh, en)
    zh = f"{found.organisations} 个组织，{found.roots} 个根组织"
    return Finding("tree", found.roots == 1, zh, f"{found.organisations} organisations, {found.roots} root")


def _folder(data: Path) -> Finding:
    if not data.is_dir():
        return Finding(
            "data", False, f"{data} 不存在，请运行 zhuanjie init", f"{data} does not exist; run: zhuanjie init"
        )
    return Finding("data", True, str(data), str(data))


def _disk(data: Path) -> Finding:
    place = next(each for each in (data, *data.parents) if each.exists())
    free = shutil.disk_usage(place).free
    megabytes = free // 1_000_000
    return Finding("disk", free >= ENOUGH_BYTES, f"剩余 {megabytes} MB", f"{megabytes} MB free")


def _attempt(subject: str, look: Callable[[], object], zh: str, en: str) -> Finding:
    try:
        look()
    except Refused as refused:
        return Finding(subject, False, refused.message_zh, refused.message_en)
    return Finding(subject, True, zh, en)
