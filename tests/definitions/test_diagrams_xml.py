"""Attacks through XML: nothing is fetched, expanded or executed, and every file is accepted or refused."""

import codecs
import itertools
import random
import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.engine.runner import Engine
from tests.engine import tiny

HEAD, BODY = tiny.LOOP.split(b"?>", 1)
HEAD += b"?>"


def refuse(xml: bytes) -> str:
    """Load, expect a refusal within a second, return its sentence."""
    begun = time.perf_counter()
    with pytest.raises(Refused) as refusal:
        tiny.load(xml)
    assert refusal.value.code == "E_BPMN_INVALID"
    assert time.perf_counter() - begun < 1
    return refusal.value.detail_en


BOMB = (
    b"<!DOCTYPE x ["
    + b"".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "a"}">'.encode() for n in range(10))
    + b"]>"
)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE x>",
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE x PUBLIC "a" "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE x [<!ENTITY e "plan()">]>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e;]>',
        b"<!DOCTYPE x [<!ELEMENT x ANY>]>",
        BOMB,
    ],
)
@pytest.mark.parametrize("script", [b"plan()", b"&e;", b"&a9;"])
def test_refuses_a_dtd(doctype, script):
    refuse(HEAD + doctype + BODY.replace(b">plan()<", b">" + script + b"<"))


def test_asks_nobody():
    """A listening server sees no request for a DTD, an entity or an include."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        place = f"http://127.0.0.1:{server.getsockname()[1]}/x".encode()
        listener = threading.Thread(target=_listen, args=(server, asked))
        listener.start()
        refuse(HEAD + b'<!DOCTYPE x SYSTEM "' + place + b'">' + BODY)
        refuse(HEAD + b'<!DOCTYPE x [<!ENTITY % e SYSTEM "' + place + b'"> %e;]>' + BODY)
        refuse(HEAD + b'<!DOCTYPE x [<!ENTITY e SYSTEM "' + place + b'">]>' + BODY.replace(b">plan()<", b">&e;<"))
        refuse(
            tiny.LOOP.replace(
                b"<bpmn:process",
                b'<include xmlns="http://www.w3.org/2001/XInclude" href="' + place + b'"/><bpmn:process',
            )
        )
        listener.join()
    assert asked == []


def _listen(server, asked):
    try:
        asked.append(server.accept())
    except TimeoutError:
        return


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "gb18030", "latin-1"])
def test_refuses_other_encodings(encoding):
    text = tiny.LOOP.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
    refuse(text.encode(encoding, errors="replace"))


def test_refuses_utf_16_with_a_hidden_dtd():
    text = tiny.LOOP.decode().replace("UTF-8", "UTF-16").replace("?>", '?><!DOCTYPE x [<!ENTITY e "plan()">]>')
    refuse(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<",
        b"plain words",
        b"<a/>",
        b'<definitions xmlns="urn:other"/>',
        HEAD + BODY + b"<",
        HEAD + BODY.replace(b"plan()", b"\x00"),
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b"<a>" * 100_000,
        b"<a>" * 300 + b"</a>" * 300,
        HEAD + b"<!--" + b"x" * 1_000_000 + b"-->" + BODY,
        tiny.LOOP.replace(b"</bpmn:process>", b"<bpmn:textAnnotation/>" * 6000 + b"</bpmn:process>"),
        tiny.LOOP.replace(
            b"</bpmn:process>", b"<bpmn:documentation>" * 60 + b"</bpmn:documentation>" * 60 + b"</bpmn:process>"
        ),
    ],
)
def test_refuses_broken_and_big_files(xml):
    refuse(xml)


def test_too_many_nodes():
    count = 320
    nodes = "\n".join(["start begin", *(f"script s{n} plan()" for n in range(count)), "end done"])
    order = ["begin", *(f"s{n}" for n in range(count)), "done"]
    xml = tiny.bpmn(nodes, "\n".join(f"{a} {b}" for a, b in itertools.pairwise(order)))
    assert "more than 300 nodes" in refuse(xml)


def test_the_longest_diagram_runs():
    """SpiffWorkflow's parser recurses; what the loader accepts, it must survive."""
    count = 298
    nodes = "\n".join(["start begin", *(f"script s{n} plan()" for n in range(count)), "end done"])
    order = ["begin", *(f"s{n}" for n in range(count)), "done"]
    diagram = tiny.load(tiny.bpmn(nodes, "\n".join(f"{a} {b}" for a, b in itertools.pairwise(order))))
    progress = Engine().start(diagram, facts={}, context=tiny.Scripted())
    assert progress.ended
    assert len(progress.calls) == count


def test_comments_and_instructions_do_not_count():
    xml = tiny.LOOP.replace(b">plan()<", b"><!-- a -->plan()<?x y?><").replace(
        b"<bpmn:process", b"<!-- b --><bpmn:process"
    )
    assert tiny.load(xml).scripts["plan"][0].function == "plan"


DRAWING = b"""<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="picture"><bpmndi:BPMNPlane id="plane" bpmnElement="tiny">
 <bpmndi:BPMNShape id="shape" bpmnElement="plan"><dc:Bounds id="bounds" x="%b" y="10" width="100" height="80"/></bpmndi:BPMNShape>
 </bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""


@pytest.mark.parametrize(
    ("x", "accepted"), [(b"10", True), (b"1.5", True), (b"nan", False), (b"inf", False), (b"a", False)]
)
def test_drawings_hold_numbers(x, accepted):
    xml = tiny.LOOP.replace(b"</bpmn:definitions>", DRAWING % x)
    if accepted:
        Engine().prepare(tiny.load(xml))
    else:
        assert "not a number" in refuse(xml)


def _same_or_refused(xml: bytes) -> None:
    try:
        diagram = tiny.load(xml)
    except Refused as refusal:
        assert refusal.code == "E_BPMN_INVALID"
    else:
        Engine().prepare(diagram)


@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_mutated_file_is_loaded_or_refused(seed, count):
    """Whatever the loader accepts, SpiffWorkflow parses; nothing else than a refusal is ever raised."""
    dice = random.Random(seed)
    xml = bytearray(tiny.LOOP)
    for _ in range(count):
        place = dice.randrange(len(xml))
        if dice.random() < 0.3:
            del xml[place : place + dice.randrange(1, 40)]
        elif dice.random() < 0.5:
            cut = dice.randrange(len(xml))
            xml[place:place] = xml[cut : cut + dice.randrange(1, 60)]
        else:
            xml[place] = dice.randrange(256)
    _same_or_refused(bytes(xml))
