"""Turns the text of script tasks and gateway conditions into words; whatever is not a word is refused.

Python's own parser reads the text and a whitelist judges the tree. Every refusal is E_BPMN_INVALID with the
element and the reason.
"""

import ast
import re
import textwrap

from service.definitions.findings import refusal
from service.definitions.words import (
    AllOf,
    AnyOf,
    CallLine,
    Compare,
    Condition,
    Fact,
    Literal,
    Not,
    OneOf,
    Script,
    Value,
)
from service.domain.errors import Refused

MAX_TEXT = 2000
MAX_LINES = 20
MAX_STRING = 200
MAX_DEPTH = 12
MAX_PARTS = 64
MAX_INTEGER = 2**53
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def parse_script(text: str, *, element: str) -> Script:
    """Read the lines of a script task; at least one, each a single call."""
    reader = _Reader(element)
    reader.check_text(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 1 <= len(lines) <= MAX_LINES:
        raise refusal(
            element,
            f"应有 1 至 {MAX_LINES} 行函数调用，实有 {len(lines)} 行",
            f"expected 1 to {MAX_LINES} lines with a call, found {len(lines)}",
        )
    return tuple(reader.line(line) for line in lines)


def parse_condition(text: str, *, element: str) -> Condition:
    """Read the condition of a flow that leaves an exclusive gateway."""
    reader = _Reader(element)
    reader.check_text(text)
    body = reader.tree(text.strip())
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise reader.rejection(text, "一个条件", "one condition")
    return reader.condition(body[0].value, 1)


class _Reader:
    """Reads the text of one element; counts its parts, so that no text is large or deep."""

    def __init__(self, element: str) -> None:
        self.element = element
        self.parts = 0
        self.text = ""

    def check_text(self, text: str) -> None:
        """Refuse what is too long, and characters that could read otherwise than they look."""
        if len(text) > MAX_TEXT:
            raise refusal(self.element, f"文字超过 {MAX_TEXT} 个字符", f"the text is longer than {MAX_TEXT} characters")
        for character in text:
            if character == "\\" or not (character.isprintable() or character in "\n\r\t"):
                raise refusal(
                    self.element,
                    f"不允许的字符 U+{ord(character):04X}",
                    f"character U+{ord(character):04X} is not allowed",
                )

    def tree(self, text: str) -> list[ast.stmt]:
        """Let Python's parser read the text; it may fail in more ways than one."""
        self.text = text
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as reason:
            kind = type(reason).__name__
            raise refusal(
                self.element, f"无法读懂：{_short(text)}（{kind}）", f"cannot be read: {_short(text)} ({kind})"
            ) from None

    def line(self, text: str) -> CallLine:
        """One line: a call, or a fact that a call gives."""
        match self.tree(text):
            case [ast.Expr(value=ast.Call() as call)]:
                target = None
            case [ast.Assign(targets=[ast.Name() as fact], value=ast.Call() as call)]:
                target = self.name(fact)
            case _:
                raise self.rejection(text, "“事实 = 函数(参数=值)”", "`fact = function(keyword=value)`")
        if call.args:
            raise self.rejection(text, "只用具名参数", "keyword arguments only")
        names = [keyword.arg for keyword in call.keywords]
        if None in names or len(set(names)) != len(names):
            raise self.rejection(text, "每个参数名只出现一次", "each keyword once")
        arguments = tuple((self.keyword(keyword), self.value(keyword.value)) for keyword in call.keywords)
        return CallLine(self.name(call.func), arguments, target)

    def condition(self, node: ast.expr, depth: int) -> Condition:
        """One part of a condition, with the parts inside it."""
        self.count(depth)
        match node:
            case ast.BoolOp(op, values):
                parts = tuple(self.condition(value, depth + 1) for value in values)
                return AllOf(parts) if isinstance(op, ast.And) else AnyOf(parts)
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.condition(operand, depth + 1))
            case ast.Compare(left, [operator], [right]):
                return self.comparison(left, operator, right)
        return self.value(node)

    def comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Condition:
        """A comparison of two values, or of a value with a list of literals."""
        if isinstance(operator, ast.In | ast.NotIn):
            one_of = OneOf(self.value(left), self.options(right))
            return one_of if isinstance(operator, ast.In) else Not(one_of)
        if type(operator) not in _OPERATORS:
            raise self.rejection(type(operator).__name__, "== != < <= > >= in", "== != < <= > >= in")
        return Compare(self.value(left), _OPERATORS[type(operator)], self.value(right))

    def options(self, node: ast.expr) -> tuple[Literal, ...]:
        """The list of literals behind `in`."""
        if not isinstance(node, ast.List | ast.Tuple) or not 1 <= len(node.elts) <= MAX_PARTS:
            raise self.rejection(self.text, "in 之后为字面值列表", "a list of literals behind `in`")
        options = [self.value(item) for item in node.elts]
        literals = tuple(option for option in options if isinstance(option, Literal))
        if len(literals) != len(options):
            raise self.rejection(self.text, "in 之后为字面值列表", "a list of literals behind `in`")
        return literals

    def value(self, node: ast.expr) -> Value:
        """A literal or the name of a fact."""
        self.count(1)
        match node:
            case ast.Name():
                return Fact(self.name(node))
            case ast.Constant(value):
                return Literal(self.literal(value))
            case ast.UnaryOp(ast.USub(), ast.Constant(value)) if type(value) is int:
                return Literal(-int(self.literal(value) or 0))
        raise self.rejection(_short(self.text), "字面值或事实名", "a literal or the name of a fact")

    def literal(self, value: object) -> str | int | bool | None:
        """A literal of a permitted type and size."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and len(value) <= MAX_STRING:
            return value
        if isinstance(value, int) and abs(value) <= MAX_INTEGER:
            return value
        raise self.rejection(
            type(value).__name__, "较短的字符串、整数、真假或 None", "a short string, an integer, a boolean or None"
        )

    def name(self, node: ast.expr) -> str:
        """A plain name, spelled in the text as it is read."""
        if not isinstance(node, ast.Name):
            raise self.rejection(_short(self.text), "一个名称", "a plain name")
        return self.spelled(node.id, node)

    def keyword(self, node: ast.keyword) -> str:
        """The name of an argument."""
        return self.spelled(node.arg or "", node)

    def spelled(self, name: str, node: ast.expr | ast.keyword) -> str:
        """Refuse names that Python folds into another spelling (a full-width letter reads as a plain one)."""
        line = self.text.splitlines()[node.lineno - 1].encode()
        written = line[node.col_offset : node.col_offset + len(name.encode())].decode(errors="replace")
        if written != name or not _NAME.fullmatch(name):
            raise self.rejection(_short(name), "由小写字母、数字和下划线组成的名称", "a name of a-z, 0-9 and _")
        return name

    def count(self, depth: int) -> None:
        """Refuse a text with too many or too deeply nested parts."""
        self.parts += 1
        if depth > MAX_DEPTH or self.parts > MAX_PARTS * 2:
            raise self.rejection(_short(self.text), f"至多 {MAX_DEPTH} 层", f"at most {MAX_DEPTH} levels")

    def rejection(self, found: str, zh: str, en: str) -> Refused:
        """The refusal with what was expected and what was found."""
        return refusal(self.element, f"应为{zh}，实为：{_short(found)}", f"expected {en}, found: {_short(found)}")


def _short(text: str) -> str:
    return textwrap.shorten(text, width=60, placeholder="…")
