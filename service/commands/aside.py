"""`zhuanjie outbox` and `zhuanjie deadlines`: what was set aside and waits for the operator."""

from datetime import UTC, datetime

import click

from service.commands.context import within
from service.config import from_environment
from service.domain.clock import ZONE
from service.use_cases.deadlines.parked_transfers import list_parked, release_parked
from service.use_cases.imports.defects import visible
from service.use_cases.outbox.dead_messages import list_dead, resend_dead

_PER_PAGE = 100


@click.group()
def outbox() -> None:
    """消息 / Messages to the world outside."""


@outbox.command("dead")
@click.option("--page", default=1, type=click.IntRange(1))
def dead(page: int) -> None:
    """列出已放弃的消息 / List the messages that were given up, a hundred a page."""
    with within(from_environment()):
        found = list_dead(page=page, per_page=_PER_PAGE)
    for each in found.items:
        click.echo(
            f"{each.id} {_at(each.created_at)} {each.kind} {each.key} ×{each.attempts} {visible(each.last_error)}"
        )
    click.echo(f"共 {found.total} 条 / {found.total} in all")


@outbox.command("resend")
@click.argument("message_ids", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="全部 / every one of them")
def resend(message_ids: tuple[int, ...], everything: bool) -> None:
    """重新发送 / Send messages again, by their numbers."""
    _require_choice(message_ids, everything=everything)
    with within(from_environment()):
        number = resend_dead(None if everything else message_ids, now=datetime.now(UTC))
    click.echo(f"{number} 条将重新发送 / {number} will be sent again")


@click.group()
def deadlines() -> None:
    """期限 / Deadlines of open steps."""


@deadlines.command("parked")
def parked() -> None:
    """列出已暂停的转接 / List the transfers whose deadlines keep failing."""
    with within(from_environment()):
        found = list_parked()
    for each in found:
        click.echo(f"{each.transfer_id} {_at(each.parked_at)} ×{each.faults} {visible(each.last_error)}")
    click.echo(f"共 {len(found)} 件 / {len(found)} in all")


@deadlines.command("release")
@click.argument("transfer_ids", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="全部 / every one of them")
def release(transfer_ids: tuple[int, ...], everything: bool) -> None:
    """恢复 / Let parked transfers be tried again, by their numbers."""
    _require_choice(transfer_ids, everything=everything)
    with within(from_environment()):
        number = release_parked(None if everything else transfer_ids, now=datetime.now(UTC))
    click.echo(f"{number} 件已恢复 / {number} released")


def _require_choice(numbers: tuple[int, ...], *, everything: bool) -> None:
    if bool(numbers) is everything:
        raise click.UsageError("请给出编号或 --all / give numbers, or --all")


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"
