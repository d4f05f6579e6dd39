"""The loader accepts what the engine can run and names the element of everything else."""

import pytest

from tests.definitions.refusing import LINE, LINE_FLOWS, LINE_NODES, refused
from tests.engine import tiny


def test_a_diagram_is_a_value():
    diagram = tiny.load(LINE)
    assert len(diagram.digest) == 64
    assert diagram.process_id == "tiny"
    assert diagram.xml == LINE
    assert diagram.user_tasks == ("apply",)
    assert diagram.roles == {"apply": "BRANCH_ADMIN"}
    assert diagram.lanes["plan"] == "系统"
    assert diagram.names["plan"] == "plan"
    assert diagram.facts == ("decision",)
    assert [line.function for line in diagram.scripts["plan"]] == ["plan"]
    assert set(diagram.functions) == {"plan", "finish"}
    with pytest.raises(TypeError):
        diagram.roles["apply"] = "x"


@pytest.mark.parametrize("xml", [tiny.LOOP, tiny.PARALLEL, LINE])
def test_accepts(xml):
    assert tiny.load(xml).nodes


@pytest.mark.parametrize(
    "element",
    [
        "task",
        "manualTask",
        "serviceTask",
        "businessRuleTask",
        "receiveTask",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "callActivity",
        "inclusiveGateway",
        "complexGateway",
        "eventBasedGateway",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "ioSpecification",
        "property",
        "correlationSubscription",
        "group",
        "extensionElements",
    ],
)
def test_refuses_element_in_process(element):
    extra = f'<bpmn:{element} id="odd"/>'
    assert element in refused(tiny.bpmn(LINE_NODES, LINE_FLOWS, extra=extra))["odd"]


@pytest.mark.parametrize(
    "element",
    [
        "message",
        "signal",
        "error",
        "escalation",
        "itemDefinition",
        "dataStore",
        "import",
        "category",
        "correlationProperty",
    ],
)
def test_refuses_element_beside_process(element):
    xml = LINE.replace(b"<bpmn:process", f'<bpmn:{element} id="odd"/><bpmn:process'.encode())
    assert element in refused(xml)["odd"]


@pytest.mark.parametrize(
    "inside",
    [
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
        "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>x</bpmn:loopCondition></bpmn:standardLoopCharacteristics>",
        "<bpmn:dataInputAssociation/>",
        "<bpmn:dataOutputAssociation/>",
        "<bpmn:ioSpecification/>",
        "<bpmn:timerEventDefinition><bpmn:timeDuration>x()</bpmn:timeDuration></bpmn:timerEventDefinition>",
        "<bpmn:messageEventDefinition/>",
        "<bpmn:signalEventDefinition/>",
        "<bpmn:conditionalEventDefinition/>",
        "<bpmn:terminateEventDefinition/>",
        "<bpmn:script>x()</bpmn:script>",
        "<bpmn:extensionElements><spiffworkflow:preScript>x()</spiffworkflow:preScript></bpmn:extensionElements>",
        "<bpmn:extensionElements><spiffworkflow:postScript>x()</spiffworkflow:postScript></bpmn:extensionElements>",
        "<bpmn:extensionElements><spiffworkflow:variableName>x</spiffworkflow:variableName></bpmn:extensionElements>",
        "<bpmn:extensionElements><spiffworkflow:serviceTaskOperator/></bpmn:extensionElements>",
        "<bpmn:extensionElements><spiffworkflow:instructionsForEndUser>x</spiffworkflow:instructionsForEndUser></bpmn:extensionElements>",
        '<bpmn:extensionElements><odd xmlns="urn:odd"/></bpmn:extensionElements>',
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
    ],
)
@pytest.mark.parametrize("node", ["begin", "apply", "done"])
def test_refuses_inside_a_node(node, inside):
    close = {
        "begin": b'id="begin" name="begin">',
        "apply": b'id="apply" name="apply">',
        "done": b'id="done" name="done">',
    }
    assert node in refused(LINE.replace(close[node], close[node] + inside.encode()))


@pytest.mark.parametrize(
    "attribute",
    [
        'isForCompensation="true"',
        'startQuantity="2"',
        'messageRef="m"',
        'implementation="x"',
        'calledElement="x"',
        'default="x"',
    ],
)
def test_refuses_attribute(attribute):
    assert "apply" in refused(LINE.replace(b'id="apply"', f'id="apply" {attribute}'.encode()))


@pytest.mark.parametrize(
    ("change", "element", "reason"),
    [
        ("plan apply|plan plan", "apply", "flows enter"),
        ("plan apply|plan apply\nplan finish", "plan", "branch"),
        ("apply finish|apply finish\napply finish", "apply_finish", "twice"),
        ("finish done|finish gone", "finish_gone", "node to node"),
        ("begin plan|begin done", "plan", "flows enter"),
        ("finish done|finish plan", "plan", "must be merged"),
    ],
)
def test_refuses_shapes(change, element, reason):
    old, new = change.split("|")
    assert reason in refused(tiny.bpmn(LINE_NODES, LINE_FLOWS.replace(old, new)))[element]


def test_refuses_two_starts_and_no_end():
    assert "one start" in refused(tiny.bpmn(LINE_NODES.replace("end done", "start done"), LINE_FLOWS))[None]


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b'isExecutable="true"', b'isExecutable="false"', "tiny"),
        (b'name="BRANCH', b'name="x', None),
        (b"<bpmn:flowNodeRef>plan</bpmn:flowNodeRef>", b"", "plan"),
        (b"<bpmn:flowNodeRef>plan</bpmn:flowNodeRef>", b"<bpmn:flowNodeRef>plan</bpmn:flowNodeRef>" * 2, "plan"),
        (b"<bpmn:flowNodeRef>plan</bpmn:flowNodeRef>", b"<bpmn:flowNodeRef>nobody</bpmn:flowNodeRef>", "nobody"),
        ('name="系统"'.encode(), b'name=" "', "tiny"),
        (b'name="role"', b'name="rule"', "apply"),
        (b'value="BRANCH_ADMIN"', b'value=""', "apply"),
        (b'id="plan" name="plan"', b'id="plan" name=""', "plan"),
        (b"<bpmn:script>plan()</bpmn:script>", b"", "plan"),
        (b"<bpmn:script>plan()</bpmn:script>", b"<bpmn:script>plan()</bpmn:script>" * 2, "plan"),
        (b"<bpmn:script>plan()</bpmn:script>", b"<bpmn:script>plan()<b/></bpmn:script>", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>plann()", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>plan(a=1)", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>x = plan()", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>x = accept()", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>weigh(text=step)", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>weigh(text=decision)", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>weigh(text=1)", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>weigh()", "plan"),
        (b"<bpmn:script>plan()", b"<bpmn:script>plan()\nimport os", "plan"),
        (b'id="plan" name', b'id="apply" name', "apply"),
        (b'id="begin_plan"', b'id="plan"', "plan"),
        (b'id="begin_plan"', b'id="a.b"', "a.b"),
        (b'id="begin_plan"', b"", None),
        (
            b'<bpmn:sequenceFlow id="begin_plan" sourceRef="begin" targetRef="plan">',
            b'<bpmn:sequenceFlow id="begin_plan" sourceRef="begin" targetRef="plan"><bpmn:conditionExpression>True</bpmn:conditionExpression>',
            "begin_plan",
        ),
        (
            b'<bpmn:userTask id="apply" name="apply">',
            b'<bpmn:userTask id="apply" name="apply"><bpmn:incoming>x</bpmn:incoming>',
            "apply",
        ),
    ],
)
def test_refuses_with_the_element(old, new, element):
    assert old in LINE or element is None
    if old in LINE:
        assert element in refused(LINE.replace(old, new))


@pytest.mark.parametrize("name", ["Start", "End", "Root"])
def test_refuses_names_of_spiffworkflow(name):
    """These would be taken for SpiffWorkflow's own nodes."""
    assert name in refused(tiny.bpmn(LINE_NODES.replace("plan plan", f"{name} plan"), LINE_FLOWS.replace("plan", name)))


def test_refuses_unknown_user_task():
    assert "not known" in refused(LINE.replace(b'"apply"', b'"attend"').replace(b">apply<", b">attend<"))["attend"]
    assert tiny.load(
        LINE.replace(b'"apply"', b'"attend"').replace(b">apply<", b">attend<"), user_tasks=frozenset({"attend"})
    )


def test_all_defects_are_named_at_once():
    xml = LINE.replace(b'name="role"', b'name="rule"').replace(b'name="plan"', b'name=""')
    assert set(refused(xml)) == {"plan", "apply"}


def test_facts_given_at_the_start_may_be_read():
    xml = LINE.replace(b"<bpmn:script>plan()", b"<bpmn:script>weigh(text=kind)")
    assert "may not be set" in refused(xml)["plan"]
    assert tiny.load(xml, given={"kind": str}).given == {"kind": str}
    assert "another type" in refused(xml, given={"kind": int})["plan"]
