"""Reads the bytes of a diagram without trusting them: no DTD, no network, few elements, and only those we know.

Whatever SpiffWorkflow would evaluate or run beyond our words (timers, messages, service tasks, pre- and
post-scripts, loops, data objects …) is not on the list and is refused by name. E_BPMN_INVALID.
"""

import math
from typing import Any

from lxml import etree

from service.definitions.findings import finding, refusal, refuse_all
from service.domain.errors import FieldError

MAX_BYTES = 1_000_000
MAX_ELEMENTS = 5000
MAX_DEPTH = 40

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_SPIFF_PROPERTIES = f"{{{SPIFF}}}properties"
_SPIFF_PROPERTY = f"{{{SPIFF}}}property"
_DRAWING = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
    }
)

NODE_KINDS = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "user",
    "scriptTask": "script",
    "sendTask": "send",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
}
"""Flow nodes that a diagram may hold, with what we call them."""

_NODE_PARTS = frozenset({"documentation", "extensionElements", "incoming", "outgoing"})
_CHILDREN: dict[str, frozenset[str]] = {
    "definitions": frozenset({"documentation", "collaboration", "process"}),
    "collaboration": frozenset({"documentation", "participant", "textAnnotation", "association"}),
    "participant": frozenset({"documentation"}),
    "process": frozenset({"documentation", "laneSet", "sequenceFlow", "textAnnotation", "association", *NODE_KINDS}),
    "laneSet": frozenset({"documentation", "lane"}),
    "lane": frozenset({"documentation", "flowNodeRef"}),
    "sequenceFlow": frozenset({"documentation", "conditionExpression"}),
    "textAnnotation": frozenset({"documentation", "text"}),
    "association": frozenset({"documentation"}),
    **dict.fromkeys(NODE_KINDS, _NODE_PARTS),
    "scriptTask": _NODE_PARTS | {"script"},
}
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "definitions": frozenset({"name", "targetNamespace", "exporter", "exporterVersion", f"{_XSI}schemaLocation"}),
    "participant": frozenset({"name", "processRef"}),
    "process": frozenset({"name", "isExecutable", "processType", "isClosed"}),
    "sequenceFlow": frozenset({"name", "sourceRef", "targetRef"}),
    "conditionExpression": frozenset({f"{_XSI}type", "language"}),
    "scriptTask": frozenset({"name", "scriptFormat"}),
    "exclusiveGateway": frozenset({"name", "default", "gatewayDirection"}),
    "parallelGateway": frozenset({"name", "gatewayDirection"}),
    "startEvent": frozenset({"name", "isInterrupting"}),
    "textAnnotation": frozenset({"textFormat"}),
    "association": frozenset({"sourceRef", "targetRef", "associationDirection"}),
    "documentation": frozenset({"textFormat"}),
    "script": frozenset(),
    "incoming": frozenset(),
    "outgoing": frozenset(),
    "flowNodeRef": frozenset(),
    "text": frozenset(),
}


def tag(name: str) -> str:
    """The full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def read(xml: bytes) -> "etree._Element":
    """Parse hardened and check that nothing but known elements and attributes stands in the file."""
    if len(xml) > MAX_BYTES:
        raise refusal(None, f"文件超过 {MAX_BYTES} 字节", f"the file is larger than {MAX_BYTES} bytes")
    try:
        xml.decode("utf-8")
        root = etree.fromstring(xml, _parser())
    except (etree.XMLSyntaxError, ValueError) as reason:
        raise refusal(None, f"不是 UTF-8 编码的 XML：{reason}", f"not well-formed XML in UTF-8: {reason}") from None
    document: Any = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None or (document.encoding or "UTF-8").upper() != "UTF-8":
        raise refusal(None, "不允许 DTD，编码须为 UTF-8", "no DTD is allowed and the encoding must be UTF-8")
    if root.tag != tag("definitions"):
        raise refusal(None, "根元素须为 bpmn:definitions", "the root element must be bpmn:definitions")
    _check_size(root)
    refuse_all(_check_element(root))
    refuse_all(_check_ids(root))
    return root


def properties(node: "etree._Element") -> dict[str, str]:
    """The extension properties of a flow node."""
    return {item.get("name", ""): item.get("value", "") for item in node.iter(_SPIFF_PROPERTY)}


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _check_size(root: "etree._Element") -> None:
    """Refuse too many elements, and nesting that our own checks would have to recurse into."""
    depth = {root: 1}
    for count, element in enumerate(root.iter(), start=1):
        if count > MAX_ELEMENTS or not isinstance(element.tag, str):
            raise refusal(
                None, f"元素超过 {MAX_ELEMENTS} 个", f"more than {MAX_ELEMENTS} elements, or one that is none"
            )
        parent = element.getparent()
        if parent is not None:
            depth[element] = depth[parent] + 1
        if depth[element] > MAX_DEPTH:
            raise refusal(element.get("id"), f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")


def _check_element(element: "etree._Element") -> list[FieldError]:
    """All that is not allowed in this BPMN element and below it."""
    name = etree.QName(element).localname
    found = _check_attributes(element, name)
    for child in element:
        kind = etree.QName(child)
        if kind.namespace in _DRAWING and name == "definitions":
            found += _check_drawing(child)
        elif kind.namespace == BPMN and kind.localname == "extensionElements" and name in NODE_KINDS:
            found += _check_extensions(child)
        elif kind.namespace == BPMN and kind.localname in _CHILDREN.get(name, frozenset()):
            found += _check_element(child)
        else:
            found.append(_unknown(child))
    return found


def _check_attributes(element: "etree._Element", name: str) -> list[FieldError]:
    allowed = _ATTRIBUTES.get(name, frozenset({"name"})) | {"id"}
    unknown = [str(key) for key in element.attrib if key not in allowed]
    return [
        finding(_id_of(element), f"{name} 不允许属性 {key}", f"attribute {key} is not allowed on {name}")
        for key in unknown
    ]


def _check_extensions(extensions: "etree._Element") -> list[FieldError]:
    """Only spiffworkflow:properties with spiffworkflow:property name, value."""
    found = [_unknown(child) for child in extensions if child.tag != _SPIFF_PROPERTIES]
    found += [
        _unknown(item)
        for item in extensions.iterfind(f"{_SPIFF_PROPERTIES}/*")
        if item.tag != _SPIFF_PROPERTY or set(item.attrib) != {"name", "value"} or len(item)
    ]
    names = [item.get("name", "") for item in extensions.iter(_SPIFF_PROPERTY)]
    if len(set(names)) != len(names):
        found.append(finding(_id_of(extensions), "扩展属性重复", "an extension property stands twice"))
    return found


def _check_drawing(drawing: "etree._Element") -> list[FieldError]:
    """Only drawing elements, and every coordinate is a plain number."""
    found = []
    for element in drawing.iter():
        if etree.QName(element).namespace not in _DRAWING:
            found.append(_unknown(element))
        found += [
            finding(element.get("id"), f"坐标 {key} 不是数字", f"coordinate {key} is not a number")
            for key in ("x", "y", "width", "height")
            if not _is_number(element.get(key, "0"))
        ]
    return found


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _check_ids(root: "etree._Element") -> list[FieldError]:
    seen: set[str] = set()
    found = []
    for element in root.iter():
        own = element.get("id")
        if own is not None and own in seen:
            found.append(finding(own, "标识重复", "the id stands twice"))
        seen.add(own or "")
    return found


def _unknown(element: "etree._Element") -> FieldError:
    kind = etree.QName(element)
    name = kind.localname if kind.namespace == BPMN else f"{{{kind.namespace}}}{kind.localname}"
    return finding(_id_of(element), f"不允许元素 {name}", f"element {name} is not allowed here")


def _id_of(element: "etree._Element") -> str | None:
    """The id of the element, or of the nearest one around it that has one."""
    around = [element, *element.iterancestors()]
    return next((item.get("id") for item in around if item.get("id")), None)
