"""What the parts of Fujian's manual start with: a flow chart, an application under way, a paper letter."""

from tests.reference.notation import written_answer
from tests.systems.playing import System, outside
from tests.systems.seen import Seen

AWAY = outside("中共样例市委组织部")
PAPER = {"receipt_heading": "中共样例县委组织部", "transfer_in_date": "2017-12-07"}


def route(system: System, origin: str, target: str) -> str:
    """The flow chart of a member's application, without an application; "" is outside."""
    question = {"origin": origin, "target": target, "starter": "applicant"}
    return written_answer(system.admin("A1").post("/routes/preview", question)["hops"])


def at_the_committee(system: System, to: str | dict[str, object]) -> Seen:
    """冯样例's application, approved by his branch."""
    seen = system.person("冯样例").applies(to)
    system.person("陈样例").does("approve", seen)
    return seen


def at_the_receiving_branch(system: System) -> Seen:
    """冯样例's application, approved by everyone: his new branch only has to see him."""
    seen = at_the_committee(system, "A1-T2-B1")
    for officer in (system.person("卫样例"), system.admin("A1-T2"), system.person("蒋样例")):
        officer.does("approve", seen)
    return seen
