# SPDX-License-Identifier: Apache-2.0
"""Python expressions, restricted to a list of harmless nodes and compiled to closures."""

import ast
import operator
from collections.abc import Callable, Mapping
from os import environ
from typing import Any

from pyfly.config.errors import ExpressionError

Names = Mapping[str, Any]
Evaluator = Callable[[Names], Any]

MAX_BITS = 16_384
MAX_ITEMS = 100_000

_CONSTANTS: Names = {"true": True, "false": False, "null": None, "env": environ}


def compile_expression(source: str, variables: frozenset[str]) -> Evaluator:
    """Return a function from the values of ``variables`` to the value of the expression.

    Raises:
        ExpressionError: If the source is no expression, or uses anything that is not allowed.
    """
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f"not an expression: {error}") from error

    return _compile(tree.body, variables)


def _compile(node: ast.expr, variables: frozenset[str]) -> Evaluator:
    compiler = _COMPILERS.get(type(node))
    if compiler is None:
        raise ExpressionError(f"{_NAMES.get(type(node), type(node).__name__)} is not allowed")

    return compiler(node, variables)


def _constant(node: Any, _: frozenset[str]) -> Evaluator:
    value = node.value
    return lambda names: value


def _name(node: Any, variables: frozenset[str]) -> Evaluator:
    name = node.id
    if name in variables:
        return lambda names: names[name]

    if name not in _CONSTANTS:
        raise ExpressionError(f"unknown name {name!r}; a setting is written ${{{name}}}")

    value = _CONSTANTS[name]
    return lambda names: value


def _binary(node: Any, variables: frozenset[str]) -> Evaluator:
    apply = _operator(_BINARY, node.op)
    left, right = _compile(node.left, variables), _compile(node.right, variables)
    return lambda names: apply(left(names), right(names))


def _unary(node: Any, variables: frozenset[str]) -> Evaluator:
    apply = _operator(_UNARY, node.op)
    operand = _compile(node.operand, variables)
    return lambda names: apply(operand(names))


def _compare(node: Any, variables: frozenset[str]) -> Evaluator:
    first = _compile(node.left, variables)
    steps = [
        (_operator(_COMPARE, op), _compile(right, variables))
        for op, right in zip(node.ops, node.comparators, strict=True)
    ]

    def run(names: Names) -> Any:
        left = first(names)
        result: Any = True
        for apply, other in steps:
            right = other(names)
            result = apply(left, right)
            if not result:
                return result

            left = right

        return result

    return run


def _logical(node: Any, variables: frozenset[str]) -> Evaluator:
    operands = [_compile(value, variables) for value in node.values]
    stops_at = isinstance(node.op, ast.Or)

    def run(names: Names) -> Any:
        value: Any = None
        for operand in operands:
            value = operand(names)
            if bool(value) is stops_at:
                return value

        return value

    return run


def _conditional(node: Any, variables: frozenset[str]) -> Evaluator:
    condition = _compile(node.test, variables)
    chosen, other = _compile(node.body, variables), _compile(node.orelse, variables)
    return lambda names: chosen(names) if condition(names) else other(names)


def _subscript(node: Any, variables: frozenset[str]) -> Evaluator:
    value, index = _compile(node.value, variables), _compile(node.slice, variables)
    return lambda names: value(names)[index(names)]


def _list(node: Any, variables: frozenset[str]) -> Evaluator:
    items = [_compile(item, variables) for item in node.elts]
    return lambda names: [item(names) for item in items]


def _tuple(node: Any, variables: frozenset[str]) -> Evaluator:
    items = [_compile(item, variables) for item in node.elts]
    return lambda names: tuple(item(names) for item in items)


def _operator(table: Mapping[type, Callable[..., Any]], op: Any) -> Callable[..., Any]:
    apply = table.get(type(op))
    if apply is None:
        raise ExpressionError(f"the operator {type(op).__name__} is not allowed")

    return apply


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str | bytes | list | tuple):
        _limit(len(left) + _length(right), MAX_ITEMS)

    return left + right


def _multiply(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        _limit(left.bit_length() + right.bit_length(), MAX_BITS)
    elif isinstance(right, int):
        _limit(_length(left) * right, MAX_ITEMS)
    elif isinstance(left, int):
        _limit(_length(right) * left, MAX_ITEMS)

    return left * right


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1:
        _limit(base.bit_length() * exponent, MAX_BITS)

    return base**exponent


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, str | bytes):
        raise ExpressionError("formatting with % is not allowed")

    return left % right


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0


def _limit(size: int, allowed: int) -> None:
    if size > allowed:
        raise ExpressionError("the result is too large")


_BINARY: Mapping[type, Callable[..., Any]] = {
    ast.Add: _add,
    ast.Sub: operator.sub,
    ast.Mult: _multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Pow: _power,
}
_UNARY: Mapping[type, Callable[..., Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
}
_COMPARE: Mapping[type, Callable[..., Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_COMPILERS: Mapping[type, Callable[[Any, frozenset[str]], Evaluator]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _logical,
    ast.IfExp: _conditional,
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.Tuple: _tuple,
}
_NAMES: Mapping[type, str] = {ast.Call: "a call", ast.Attribute: "an attribute", ast.Slice: "a slice"}
