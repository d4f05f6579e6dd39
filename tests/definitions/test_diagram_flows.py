"""Choices, loops, facts and parallel branches that the loader proves sound, or refuses by name."""

import pytest

from service.definitions.diagram_names import check_names
from service.definitions.diagrams import load
from service.domain.errors import Refused
from tests.definitions.refusing import LINE, refused
from tests.engine import tiny

CHOICE_NODES = """
start begin
script resolve step = resolve(); number = count(); accept()
exclusive which
user apply
user receive
exclusive meet
end done
"""
CHOICE_FLOWS = """
begin resolve
resolve which
which apply {0}
which receive {1}
apply meet
receive meet
meet done
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('step == "a"', "else"),
        ("due", "not due"),
        ("due == True", "due == False"),
        ('step in ["a", "b"]', 'step not in ["a", "b"]'),
        ("number < 5", "number >= 5"),
        ("number < 5 and due", "not due or number > 4"),
        ("number == number", "else"),
    ],
)
def test_accepts_choices(first, second):
    assert tiny.load(tiny.bpmn(CHOICE_NODES, CHOICE_FLOWS.format(first, second))).conditions


@pytest.mark.parametrize(
    ("first", "second", "element", "reason"),
    [
        ("", "else", "which_apply", "no condition"),
        ('step == "a"', 'step == "b"', "which", "no default flow"),
        ("number < 5", "number > 5", "which", "number=5"),
        ('step == "a"', 'step != "b"', "which", "more than one condition holds for step='a'"),
        ("due", "stays", "which", "more than one condition"),
        ('step == "a"', 'decision == "b"', "which_receive", "may not be set"),
        ("unknown", "else", "which_apply", "may not be set"),
        ("step", "else", "which_apply", "types"),
        ("number == '1'", "else", "which_apply", "types"),
        ("due == 'true'", "else", "which_apply", "types"),
        ("step < 'b'", "else", "which_apply", "types"),
        ("step in [1]", "else", "which_apply", "types"),
        ("resolve()", "else", "which_apply", "a literal"),
    ],
)
def test_refuses_choices(first, second, element, reason):
    assert reason in refused(tiny.bpmn(CHOICE_NODES, CHOICE_FLOWS.format(first, second)))[element]


def test_refuses_a_default_flow_of_another_gateway():
    xml = tiny.bpmn(CHOICE_NODES, CHOICE_FLOWS.format("due", "else")).replace(
        b'default="which_receive"', b'default="meet_done"'
    )
    assert "does not leave" in refused(xml)["which"]


def test_refuses_a_condition_on_a_default_flow():
    xml = tiny.bpmn(CHOICE_NODES, CHOICE_FLOWS.format("due", "not due")).replace(
        b'id="which"', b'id="which" default="which_receive"'
    )
    assert "must have no condition" in refused(xml)["which_receive"]


def test_a_loop_needs_a_person():
    loop = (
        "start begin\nexclusive turn\nscript resolve step = resolve()\nexclusive which\nuser apply\n{}\nend done",
        'begin turn\nturn resolve\nresolve which\nwhich {} step == "a"\nwhich {} else\n{} turn\n{} done',
    )
    people = tiny.bpmn(loop[0].format("script finish finish()"), loop[1].format("apply", "finish", "apply", "finish"))
    machine = tiny.bpmn(loop[0].format("script finish finish()"), loop[1].format("finish", "apply", "finish", "apply"))
    assert tiny.load(people)
    assert "loop without a user task" in refused(machine)["turn"]


def test_a_fact_set_on_one_way_only_is_not_set():
    xml = tiny.bpmn(
        """
        start begin
        script accept accept()
        exclusive which
        script count number = count()
        exclusive meet
        user apply
        exclusive last
        end done
        end gone
        """,
        """
        begin accept
        accept which
        which count due
        which meet else
        count meet
        meet apply
        apply last
        last done number == 1
        last gone else
        """,
    )
    assert "number may not be set" in refused(xml)["last_done"]


def test_refuses_unpaired_parallel_gateways():
    nodes = "start begin\nparallel split\nuser apply\nuser receive\n{}\nend done"
    into_exclusive = "begin split\nsplit apply\nsplit receive\napply meet\nreceive meet\nmeet done"
    assert "pairs" in refused(tiny.bpmn(nodes.format("exclusive meet"), into_exclusive))["split"]
    ends = "begin split\nsplit apply\nsplit receive\napply done\nreceive gone"
    assert "pairs" in refused(tiny.bpmn(nodes.format("end gone"), ends))["split"]
    exclusive = tiny.bpmn(
        "start begin\nscript accept accept()\nexclusive split\nuser apply\nuser receive\nparallel meet\nend done",
        "begin accept\naccept split\nsplit apply due\nsplit receive else\napply meet\nreceive meet\nmeet done",
    )
    assert "pairs" in refused(exclusive)["meet"]


def test_refuses_a_parallel_gateway_on_a_loop():
    xml = tiny.bpmn(
        "start begin\nexclusive turn\nparallel split\nuser apply\nuser receive\nparallel join\nexclusive which\nend done",
        "begin turn\nturn split\nsplit apply\nsplit receive\napply join\nreceive join\njoin which\n"
        'which turn decision == "return"\nwhich done else',
    )
    assert "must not lie on a loop" in refused(xml)["split"]


def test_refuses_a_loop_within_parallel_branches():
    xml = tiny.bpmn(
        "start begin\nparallel split\nexclusive turn\nuser apply\nexclusive which\nuser receive\nparallel join\nend done",
        "begin split\nsplit turn\nturn apply\napply which\nwhich turn decision == 'return'\nwhich join else\n"
        "split receive\nreceive join\njoin done",
    )
    assert "pairs" in refused(xml)["split"]


def test_refuses_a_way_out_of_a_parallel_branch():
    xml = tiny.bpmn(
        "start begin\nparallel split\nuser apply\nexclusive which\nuser receive\nparallel join\nend done\nend gone",
        "begin split\nsplit apply\napply which\nwhich join decision == 'a'\nwhich gone else\nsplit receive\nreceive join\njoin done",
    )
    assert "pairs" in refused(xml)["split"]


def test_refuses_a_fact_set_in_two_branches():
    xml = tiny.bpmn(
        "start begin\nparallel split\nuser apply\nscript a number = count()\nuser receive\nscript b number = count()\n"
        "parallel join\nend done",
        "begin split\nsplit apply\napply a\na join\nsplit receive\nreceive b\nb join\njoin done",
    )
    assert "also set outside" in refused(xml)["a"]


def test_a_fact_of_a_parallel_branch_is_set_behind_the_join():
    xml = tiny.bpmn(
        "start begin\nparallel split\nuser apply\nscript a number = count()\nuser receive\nparallel join\n"
        "exclusive which\nend done\nend gone",
        "begin split\nsplit apply\napply a\na join\nsplit receive\nreceive join\njoin which\n"
        "which done number == 1\nwhich gone else",
    )
    assert tiny.load(xml)


def test_names_must_exist():
    diagram = tiny.load(LINE)
    check_names(diagram, forms={"common.apply"}, roles={"BRANCH_ADMIN"})
    check_names(diagram, forms={"tiny.apply"}, roles={"BRANCH_ADMIN"})
    for forms, roles in (({"tiny.receive"}, {"BRANCH_ADMIN"}), ({"tiny.apply"}, {"APPLY"})):
        with pytest.raises(Refused, match=r"no form|no role") as refusal:
            check_names(diagram, forms=forms, roles=roles)
        assert refusal.value.fields[0].field == "apply"


def test_functions_of_two_types_for_one_fact_are_refused():
    odd = tiny.function("plan", gives={"step": int})
    xml = tiny.bpmn(
        CHOICE_NODES.replace("start begin", "start begin\nscript plan plan()"), CHOICE_FLOWS.format("due", "else")
    )
    xml = xml.replace(b'sourceRef="begin" targetRef="resolve"', b'sourceRef="begin" targetRef="plan"').replace(
        b"</bpmn:process>", b'<bpmn:sequenceFlow id="p_r" sourceRef="plan" targetRef="resolve"/></bpmn:process>'
    )
    with pytest.raises(Refused, match="two types"):
        load(xml, functions={**tiny.FUNCTIONS, "plan": odd})


def test_conditions_that_cannot_be_proved_are_refused_at_once():
    """Six facts with twenty values each would be 64 million cases."""
    facts = [f"f{number}" for number in range(6)]
    many = tiny.function("many", gives=dict.fromkeys(facts, str))
    condition = " and ".join(f"{fact} in {[str(n) for n in range(9)]}" for fact in facts)
    nodes = CHOICE_NODES.replace("accept()", "accept(); many()")
    xml = tiny.bpmn(nodes, CHOICE_FLOWS.format(condition, "else"))
    with pytest.raises(Refused, match="too complex"):
        load(xml, functions={**tiny.FUNCTIONS, "many": many})


def test_refuses_too_many_parallel_gateways():
    pairs = range(21)
    nodes = "\n".join(f"parallel s{n}\nscript a{n} plan()\nscript b{n} plan()\nparallel j{n}" for n in pairs)
    flows = "\n".join(
        f"s{n} a{n}\ns{n} b{n}\na{n} j{n}\nb{n} j{n}\nj{n} {f's{n + 1}' if n < 20 else 'done'}" for n in pairs
    )
    assert "parallel gateways" in refused(tiny.bpmn(f"start begin\n{nodes}\nend done", f"begin s0\n{flows}"))[None]


def test_refuses_a_way_into_a_parallel_branch():
    xml = tiny.bpmn(
        "start begin\nuser close\nexclusive first\nparallel split\nexclusive into\nuser apply\nuser receive\n"
        "parallel join\nend done",
        "begin close\nclose first\nfirst split decision == 'a'\nfirst into else\nsplit into\ninto apply\n"
        "split receive\napply join\nreceive join\njoin done",
    )
    assert "pairs" in refused(xml)["split"]


def test_refuses_branches_that_meet_before_the_join():
    """As many flows enter the join as leave the split, but one branch brings two and two branches bring one."""
    xml = tiny.bpmn(
        "start begin\nparallel split\nuser apply\nexclusive which\nscript a plan()\nuser receive\nuser close\n"
        "exclusive met\nparallel join\nend done",
        "begin split\nsplit apply\napply which\nwhich a decision == 'a'\nwhich join else\na join\nsplit receive\n"
        "split close\nreceive met\nclose met\nmet join\njoin done",
    )
    assert "pairs" in refused(xml)["split"]


def test_refuses_a_loop_without_a_way_out():
    xml = tiny.bpmn(
        "start begin\nuser apply\nexclusive which\nexclusive trap\nuser receive\nend done",
        "begin apply\napply which\nwhich done decision == 'a'\nwhich trap else\ntrap receive\nreceive trap",
    )
    assert {"trap", "receive"} <= set(refused(xml))


def test_a_line_may_read_what_the_line_before_it_sets():
    words = "<bpmn:script>{}</bpmn:script>"
    xml = LINE.replace(words.format("plan()").encode(), words.format("step = resolve()\nweigh(text=step)").encode())
    assert len(tiny.load(xml).scripts["plan"]) == 2
    turned = LINE.replace(words.format("plan()").encode(), words.format("weigh(text=step)\nstep = resolve()").encode())
    assert "may not be set" in refused(turned)["plan"]
