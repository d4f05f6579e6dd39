"""Puts a deployment together: the only place that chooses the real parts."""

from pathlib import Path

from service.config import VARIABLES, Settings
from service.definitions import catalogue
from service.domain.errors import Refused
from service.domain.members.real_names import Register, nobody
from service.engine.runner import Engine
from service.sending.mail import MailServer, log_mail
from service.sending.real_names import HttpRegister, StandIn
from service.sending.short_messages import HttpGateway, log_short_message
from service.sending.web_hooks import WebHook, log_event
from service.storage import vault
from service.use_cases.deployment import Deployment
from service.use_cases.outbox.channels import Channels, SendText

_OPEN_MODE_BITS = 0o077
_MAIL_PORT = 25


def build(settings: Settings) -> Deployment:
    """Read definitions, profile and keys; refuses E_PROFILE_INVALID, E_BPMN_INVALID, E_SETTING_INVALID."""
    engine = Engine()
    known = catalogue.load(settings.profile)
    for diagram in known.diagrams.values():
        engine.prepare(diagram)
    return Deployment(
        catalogue=known,
        engine=engine,
        vault=vault.open_vault(settings.key_file),
        real_names=_real_names(settings),
    )


def channels(settings: Settings) -> Channels:
    """The ways out of the house; refuses E_SETTING_INVALID for a secret that is missing or open to others."""
    return Channels(
        sms=_sms(settings),
        mail=_mail(settings),
        event=WebHook(settings.hook_url, _secret(settings, "hook_secret_file").encode())
        if settings.hook_url
        else log_event,
        sms_per_minute=settings.sms_per_minute,
        sms_per_hour_each=settings.sms_per_hour_each,
    )


def _sms(settings: Settings) -> SendText | None:
    if settings.sms == "http":
        return HttpGateway(settings.sms_url, _secret(settings, "sms_token_file"))
    return log_short_message if settings.sms == "log" else None


def _mail(settings: Settings) -> SendText | None:
    if settings.mail != "smtp":
        return log_mail if settings.mail == "log" else None
    host, _, port = settings.mail_server.partition(":")
    return MailServer(
        host=host,
        port=int(port) if port.isdigit() else _MAIL_PORT,
        sender=settings.mail_from,
        receiver=settings.mail_to,
        security=settings.mail_security,
        user=settings.mail_user,
        password=_secret(settings, "mail_password_file"),
    )


def _real_names(settings: Settings) -> Register:
    if settings.real_name == "http":
        return HttpRegister(
            url=settings.real_name_url,
            token=_secret(settings, "real_name_token_file"),
            seconds=settings.real_name_seconds,
            attempts=settings.real_name_attempts,
        )
    return StandIn() if settings.real_name == "rule" else nobody


def _secret(settings: Settings, name: str) -> str:
    path: Path | None = getattr(settings, name)
    if path is None:
        return ""
    if not path.is_file() or path.stat().st_mode & _OPEN_MODE_BITS:
        raise Refused(
            "E_SETTING_INVALID",
            field=VARIABLES[name],
            detail_zh=f"{path} 应存在，权限应为 600",
            detail_en=f"{path} must exist with mode 600",
        )
    return path.read_text("utf-8").strip()
