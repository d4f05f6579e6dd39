"""The command `zhuanjie`: names its commands, and turns refusals and faults into sentences and exit statuses.

Exit 0: done. Exit 2: refused, with code and sentence in Chinese and English; nothing was changed. Exit 1: a fault.
"""

import errno
import sys
from collections.abc import Callable

import click

from service.commands.administrators import administrators
from service.commands.aside import deadlines, outbox
from service.commands.backups import backup, restore
from service.commands.bad_file import BadFile
from service.commands.data import members, organisations
from service.commands.definitions import definitions
from service.commands.demo import demo, run
from service.commands.doctor import doctor
from service.commands.history import history
from service.commands.output import REFUSED, say_bad_file, say_fault, say_refusal
from service.commands.routes import routes
from service.commands.server import serve, worker
from service.commands.setup import init, migrate, upgrade
from service.commands.workdays import workdays
from service.domain.errors import Refused

STOPPED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="zhuanjie")
def commands() -> None:
    """党员组织关系转接服务 / Workflow service for transfers of Party membership.

    所有设置取自环境变量，见 docs/operating.md / All settings come from the environment.
    """


for command in (
    init,
    upgrade,
    migrate,
    demo,
    run,
    serve,
    worker,
    doctor,
    organisations,
    members,
    routes,
    definitions,
    history,
    workdays,
    outbox,
    deadlines,
    backup,
    restore,
    administrators,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line; the entry point of the package."""
    sys.exit(guarded(lambda: commands(standalone_mode=False)))


def guarded(work: Callable[[], object]) -> int:
    """Run, and answer the exit status; whatever is refused or fails is said on standard error."""
    try:
        answer = work()
    except Refused as refused:
        return say_refusal(refused)
    except BadFile as bad:
        return say_bad_file(bad)
    except click.ClickException as wrong:
        wrong.show()
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            return say_refusal(Refused("E_STORAGE_FULL"))
        return say_fault(fault)
    except Exception as fault:  # noqa: BLE001 - the border of the program
        return say_fault(fault)
    return answer if isinstance(answer, int) else 0


if __name__ == "__main__":
    main()
