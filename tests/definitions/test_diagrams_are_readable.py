"""The shipped diagrams are pictures for people: complete, without overlaps, and read from left to right."""

from dataclasses import dataclass
from importlib import resources
from itertools import combinations, pairwise

import pytest
from lxml import etree

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
NODES = ("startEvent", "endEvent", "userTask", "scriptTask", "sendTask", "exclusiveGateway", "parallelGateway")
LONGEST_NAME = 14
DIAGRAMS = sorted(item.name for item in resources.files("bpmn").iterdir() if item.name.endswith(".bpmn"))


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: "Box") -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


class Picture:
    """What one file draws: boxes by element, waypoints by flow, boxes of labels."""

    def __init__(self, xml: bytes) -> None:
        self.root = etree.fromstring(xml)
        drawn = [*self.root.iter(f"{DI}BPMNShape"), *self.root.iter(f"{DI}BPMNEdge")]
        self.drawn = {item.get("bpmnElement"): item for item in drawn}
        self.boxes = {
            name: box(item.find(BOUNDS)) for name, item in self.drawn.items() if item.find(BOUNDS) is not None
        }
        self.labels = {
            name: box(item.find(f"{DI}BPMNLabel/{BOUNDS}"))
            for name, item in self.drawn.items()
            if item.find(f"{DI}BPMNLabel/{BOUNDS}") is not None
        }

    def elements(self, *kinds: str) -> list[etree._Element]:
        return [item for kind in kinds for item in self.root.iter(MODEL + kind)]

    def line(self, flow: str) -> list[tuple[float, float]]:
        return [(float(point.get("x")), float(point.get("y"))) for point in self.drawn[flow].iter(POINT)]


def box(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(key)) for key in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


@pytest.fixture(params=DIAGRAMS)
def picture(request: pytest.FixtureRequest) -> Picture:
    return Picture(resources.files("bpmn").joinpath(request.param).read_bytes())


def test_there_is_one_diagram_per_variety() -> None:
    assert len(DIAGRAMS) == 5


def test_everything_is_drawn(picture: Picture) -> None:
    wanted = picture.elements("participant", "lane", "sequenceFlow", *NODES)
    assert [item.get("id") for item in wanted if item.get("id") not in picture.drawn] == []
    assert len(picture.drawn) == len(wanted)


def test_every_name_beside_its_shape_has_a_place(picture: Picture) -> None:
    outside = picture.elements("sequenceFlow", "startEvent", "endEvent", "exclusiveGateway")
    named = {item.get("id") for item in outside if item.get("name")}
    assert named == set(picture.labels)


def test_no_shapes_overlap(picture: Picture) -> None:
    shapes = {item.get("id"): picture.boxes[item.get("id")] for item in picture.elements(*NODES)}
    both = [(one, other) for one, other in combinations(shapes, 2) if shapes[one].touches(shapes[other])]
    assert both == []


def test_no_label_covers_a_shape_or_another_label(picture: Picture) -> None:
    shapes = {item.get("id"): picture.boxes[item.get("id")] for item in picture.elements(*NODES)}
    covered = [
        (name, shape) for name, label in picture.labels.items() for shape in shapes if label.touches(shapes[shape])
    ]
    doubled = [
        pair for pair in combinations(picture.labels, 2) if picture.labels[pair[0]].touches(picture.labels[pair[1]])
    ]
    assert covered + doubled == []


def test_no_line_runs_through_a_shape_it_does_not_belong_to(picture: Picture) -> None:
    crossed = []
    for flow in picture.elements("sequenceFlow"):
        own = {flow.get("sourceRef"), flow.get("targetRef")}
        for start, end in pairwise(picture.line(flow.get("id"))):
            part = Box(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))
            wide = Box(part.left - 1, part.top - 1, part.right + 1, part.bottom + 1)
            others = (item.get("id") for item in picture.elements(*NODES) if item.get("id") not in own)
            crossed += [(flow.get("id"), name) for name in others if wide.touches(picture.boxes[name])]
    assert crossed == []


def test_lines_begin_and_end_at_their_shapes(picture: Picture) -> None:
    loose = []
    for flow in picture.elements("sequenceFlow"):
        line = picture.line(flow.get("id"))
        for point, name in ((line[0], flow.get("sourceRef")), (line[-1], flow.get("targetRef"))):
            if not picture.boxes[name].holds(Box(*point, *point)):
                loose.append((flow.get("id"), name))
    assert loose == []


def test_flows_lead_right_except_those_marked_as_leading_back(picture: Picture) -> None:
    wrong = []
    for flow in picture.elements("sequenceFlow"):
        name = flow.get("id")
        leads_back = any(end[0] < start[0] for start, end in pairwise(picture.line(name)))
        if leads_back != name.startswith("back_"):
            wrong.append(name)
    assert wrong == []


def test_names_are_short_enough_to_read_in_their_shape(picture: Picture) -> None:
    names = [item.get("name", "") for item in picture.root.iter() if str(item.tag).startswith(MODEL)]
    assert [name for name in names if len(name) > LONGEST_NAME] == []
    assert all(item.get("name") for item in picture.elements("participant", "lane", *NODES[:5]))


def test_every_branch_says_when_it_is_taken(picture: Picture) -> None:
    gateways = {item.get("id") for item in picture.elements("exclusiveGateway")}
    leaving = [flow for flow in picture.elements("sequenceFlow") if flow.get("sourceRef") in gateways]
    branching = [
        flow for flow in leaving if sum(other.get("sourceRef") == flow.get("sourceRef") for other in leaving) > 1
    ]
    assert branching
    assert [flow.get("id") for flow in branching if not flow.get("name")] == []


def test_each_node_is_drawn_inside_its_one_lane(picture: Picture) -> None:
    lane_of: dict[str, list[str]] = {}
    for lane in picture.elements("lane"):
        for node in lane.iter(f"{MODEL}flowNodeRef"):
            lane_of.setdefault(str(node.text), []).append(lane.get("id"))
    for item in picture.elements(*NODES):
        (lane,) = lane_of[item.get("id")]
        assert picture.boxes[lane].holds(picture.boxes[item.get("id")]), item.get("id")
