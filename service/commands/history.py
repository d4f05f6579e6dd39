"""`zhuanjie history replay`: does history explain how each transfer stands?"""

from collections.abc import Iterable, Sequence
from itertools import count

import click

from service.commands.context import within
from service.commands.output import REFUSED, progress
from service.config import from_environment
from service.storage.transfers import all_transfers
from service.use_cases.deployment import Deployment
from service.use_cases.history.check_log import first_fault_of_log
from service.use_cases.history.replay_transfer import replay_transfer


@click.group()
def history() -> None:
    """办理痕迹 / History."""


@history.command()
@click.argument("transfer_ids", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "every", is_flag=True, help="全部 / every transfer")
@click.option("--functions", is_flag=True, help="重新执行规则函数 / run the functions again, not their record")
def replay(transfer_ids: Sequence[int], every: bool, functions: bool) -> int:
    """回放 / Replay transfers from their history; exit 2 when any does not happen again as recorded."""
    if every == bool(transfer_ids):
        raise click.UsageError("ID... 或 --all / either ids or --all")
    with within(from_environment()) as deployment:
        wanted = all_transfers.ids() if every else transfer_ids
        total = all_transfers.number() if every else len(transfer_ids)
        told = _tell(wanted, total, with_functions=functions, deployment=deployment)
        return max(told, _tell_log()) if every else told


def _tell(wanted: Iterable[int], total: int, *, with_functions: bool, deployment: Deployment) -> int:
    done, steps, wrong = 0, 0, 0
    with progress("replay", total) as advance:
        for done, transfer_id in zip(count(1), wanted, strict=False):
            found = replay_transfer(transfer_id, actor=None, with_functions=with_functions, deployment=deployment)
            steps += len(found.steps)
            wrong += not found.is_sound
            for finding in found.findings:
                click.echo(f"{transfer_id}: {finding}")
            advance(done)
    click.echo(f"已回放 {done} 件、{steps} 步，{wrong} 件不符 / {done} transfers, {steps} steps, {wrong} differ")
    return REFUSED if wrong else 0


def _tell_log() -> int:
    fault = first_fault_of_log()
    if fault is not None:
        click.echo(f"操作日志自第 {fault} 条起不符 / the audit log differs from entry {fault} on")
    return 0 if fault is None else REFUSED
