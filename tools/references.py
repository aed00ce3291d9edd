"""What every name in the checkout refers to, as mypy understands it; tools/rename.py works on it.

A target is written ``module.Class.method`` or, for a parameter, ``module.function:parameter``. What mypy
gives no type (fixtures of tests, mostly) has the target ``?.name``.
"""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mypy import build, main, nodes, types

GIT = shutil.which("git") or "git"
# What leads from a node to another part of the program and not to its own parts.
ELSEWHERE = {"node", "info", "type", "typ", "unanalyzed_type", "def_var", "original_def", "analyzed", "names"}


@dataclass
class Found:
    """The references of one file: (line, column in bytes) of a token -> its targets."""

    module: str
    tokens: dict[tuple[int, int], tuple[str, list[str]]] = field(default_factory=dict)
    # The names of the module, as far as they come from elsewhere or are made here.
    symbols: dict[str, str] = field(default_factory=dict)

    def add(self, place: tuple[int, int], token: str, target: str) -> None:
        targets = self.tokens.setdefault(place, (token, []))[1]
        if target not in targets:
            targets.append(target)


def references(root: Path) -> dict[str, Found]:
    """Path from the root -> what its names refer to; raises SystemExit while mypy finds faults."""
    sources, options = main.process_options([])
    options.export_types = options.preserve_asts = True
    options.incremental = False
    options.cache_dir = os.devnull
    result = build.build(sources, options)
    if result.errors:
        raise SystemExit("\n".join(result.errors[:20]))
    ours = {
        os.path.relpath(state.xpath, root): state.tree
        for state in result.graph.values()
        if state.tree is not None and not Path(state.xpath).is_absolute()
    }
    names = _Definitions()
    for tree in ours.values():
        names.collect(tree)
    return {
        path: _Reader(path, tree, names, result.types).read()
        for path, tree in sorted(ours.items())
        if path in set(_tracked(root))
    }


def _tracked(root: Path) -> list[str]:
    listed = subprocess.run([GIT, "ls-files", "*.py"], cwd=root, check=True, capture_output=True, text=True)
    return listed.stdout.split()


class _Definitions:
    """The full name of every function, inner ones included, and of every parameter."""

    def __init__(self) -> None:
        self.functions: dict[int, str] = {}
        self.parameters: dict[int, str] = {}

    def collect(self, tree: nodes.MypyFile) -> None:
        for node, inside in _walk(tree, tree.fullname):
            if isinstance(node, nodes.FuncItem):
                name = inside if isinstance(node, nodes.FuncDef) else f"{tree.fullname}.<lambda>"
                self.functions[id(node)] = name
                for argument in node.arguments:
                    self.parameters[id(argument.variable)] = f"{name}:{argument.variable.name}"


def _parts(node: Any) -> Iterator[Any]:
    names = _ATTRIBUTES.get(type(node))
    if names is None:
        names = [name for name in dir(node) if not name.startswith("__") and name not in ELSEWHERE]
        names = [name for name in names if not callable(getattr(type(node), name, None))]
        _ATTRIBUTES[type(node)] = names
    for name in names:
        yield from _nodes_in(getattr(node, name, None))


_ATTRIBUTES: dict[type, list[str]] = {}


def _nodes_in(value: Any) -> Iterator[Any]:
    parts = nodes.Statement | nodes.Expression | nodes.FuncItem | nodes.Decorator
    if isinstance(value, parts) or (
        isinstance(value, nodes.Node) and not isinstance(value, nodes.SymbolNode)
    ):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nodes_in(item)


def _walk(tree: nodes.MypyFile, module: str) -> Iterator[tuple[Any, str]]:
    """Every node once, with the full name of the function or class that it makes or stands in."""
    seen: set[int] = set()
    todo: list[tuple[Any, str]] = [(node, module) for node in reversed(tree.defs)]
    while todo:
        node, inside = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, nodes.FuncDef | nodes.ClassDef):
            inside = f"{inside}.{node.name}"
        yield node, inside
        todo += [(part, inside) for part in _parts(node)]


class _Reader:
    def __init__(
        self,
        path: str,
        tree: nodes.MypyFile,
        names: _Definitions,
        known_types: dict[nodes.Expression, types.Type],
    ) -> None:
        self.tree, self.names, self.types = tree, names, known_types
        self.found = Found(tree.fullname)
        self.text = Path(path).read_bytes()
        self.syntax = ast.parse(self.text)
        self.lines = self.text.split(b"\n")
        # The tokens of attributes and keywords by the span of the expression that they end or stand in.
        self.calls: dict[tuple[int, int, int, int], ast.Call] = {}
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Call):
                self.calls[_span(node)] = node

    def read(self) -> Found:
        for name, symbol in self.tree.names.items():
            if symbol.node is not None and symbol.fullname:
                self.found.symbols[name] = symbol.fullname
        for node, _inside in _walk(self.tree, self.tree.fullname):
            if isinstance(node, nodes.NameExpr):
                for target in self._targets(node):
                    self.found.add((node.line, node.column), node.name, target)
            elif isinstance(node, nodes.MemberExpr):
                place = (node.end_line or 0, (node.end_column or 0) - len(node.name.encode()))
                for target in self._targets(node) or [f"?.{node.name}"]:
                    self.found.add(place, node.name, target)
            elif isinstance(node, nodes.CallExpr):
                self._keywords(node)
        self._definitions(self.syntax, self.tree.fullname)
        return self.found

    def _definitions(self, node: ast.AST, inside: str) -> None:
        """The tokens that make functions, classes and parameters."""
        for child in ast.iter_child_nodes(node):
            within = inside
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                within = f"{inside}.{child.name}"
                line, column = self._after_keyword(child)
                self.found.add((line, column), child.name, within)
            if isinstance(child, ast.Lambda):
                within = f"{self.tree.fullname}.<lambda>"
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for each in ast.walk(child.args):
                    if isinstance(each, ast.arg):
                        self.found.add((each.lineno, each.col_offset), each.arg, f"{within}:{each.arg}")
            self._definitions(child, inside if isinstance(child, ast.Lambda) else within)

    def _after_keyword(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[int, int]:
        line = self.lines[node.lineno - 1]
        return node.lineno, line.index(node.name.encode(), node.col_offset + 4)

    def _targets(self, node: nodes.Expression) -> list[str]:  # noqa: PLR0911 - one return a kind of name
        """What a name or an attribute refers to; empty where mypy does not know."""
        if isinstance(node, nodes.RefExpr) and node.node is not None:
            meant = node.node
            if id(meant) in self.names.parameters:
                return [self.names.parameters[id(meant)]]
            function = meant.func if isinstance(meant, nodes.Decorator) else meant
            if id(function) in self.names.functions:
                return [self.names.functions[id(function)]]
            if isinstance(node, nodes.MemberExpr) and isinstance(meant, nodes.Var) and not meant.fullname:
                return []
            if "." in meant.fullname or isinstance(meant, nodes.MypyFile):
                return [meant.fullname]
            return []
        if isinstance(node, nodes.MemberExpr):
            owners = self._classes(self.types.get(node.expr))
            return [f"{owner.fullname}.{node.name}" for owner in _owners(owners, node.name)]
        return []

    def _classes(self, expression: types.Type | None) -> list[nodes.TypeInfo]:  # noqa: PLR0911 - and of type
        if expression is None:
            return []
        kind = types.get_proper_type(expression)
        if isinstance(kind, types.Instance):
            return [kind.type]
        if isinstance(kind, types.UnionType):
            return [info for item in kind.items for info in self._classes(item)]
        if isinstance(kind, types.TypeVarType):
            return self._classes(kind.upper_bound)
        if isinstance(kind, types.TupleType):
            return [kind.partial_fallback.type]
        if isinstance(kind, types.LiteralType):
            return [kind.fallback.type]
        if isinstance(kind, types.TypeType):
            return self._classes(kind.item)
        if isinstance(kind, types.FunctionLike) and kind.is_type_obj():
            return [kind.type_object()]
        return []

    def _keywords(self, node: nodes.CallExpr) -> None:
        span = (node.line, node.column, node.end_line or 0, node.end_column or 0)
        call = self.calls.get(span)
        if call is None or not call.keywords:
            return
        callee: nodes.Expression = node.callee
        name = callee.fullname if isinstance(callee, nodes.RefExpr) else ""
        if name == "functools.partial" and node.args:
            callee = node.args[0]
        classes: list[nodes.TypeInfo] = []
        if name in {"dataclasses.replace", "copy.replace"} and node.args:
            classes = self._classes(self.types.get(node.args[0]))
        elif isinstance(callee, nodes.RefExpr) and isinstance(callee.node, nodes.TypeInfo):
            classes = [callee.node]
        functions = [] if classes else self._functions(callee)
        for keyword in call.keywords:
            if keyword.arg is None:
                continue
            place = (keyword.lineno, keyword.col_offset)
            for target in _keyword_targets(keyword.arg, classes, functions, self.names):
                self.found.add(place, keyword.arg, target)

    def _functions(self, callee: nodes.Expression) -> list[Any]:
        if isinstance(callee, nodes.RefExpr) and isinstance(callee.node, nodes.SymbolNode):
            if isinstance(callee.node, nodes.Var):
                return self._called(callee)
            return [callee.node]
        if isinstance(callee, nodes.MemberExpr):
            classes = self._classes(self.types.get(callee.expr))
            return [owner.names[callee.name].node for owner in _owners(classes, callee.name)]
        return self._called(callee)

    def _called(self, callee: nodes.Expression) -> list[Any]:
        """What a value of this type calls."""
        kind = self.types.get(callee)
        proper = types.get_proper_type(kind) if kind is not None else None
        if isinstance(proper, types.CallableType) and proper.definition is not None:
            return [proper.definition]
        classes = self._classes(kind)
        return [owner.names["__call__"].node for owner in _owners(classes, "__call__")]


def _span(node: ast.expr) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def _owners(classes: list[nodes.TypeInfo], name: str) -> list[nodes.TypeInfo]:
    """For each class, the one in its line of bases that gives it this name."""
    owners = []
    for info in classes:
        for base in info.mro:
            if name in base.names:
                owners.append(base)
                break
    return owners


def _keyword_targets(
    keyword: str, classes: list[nodes.TypeInfo], functions: list[Any], names: _Definitions
) -> Iterator[str]:
    for info in classes:
        maker = info.get("__init__")
        made_by = names.functions.get(id(maker.node)) if maker is not None else None
        if made_by is not None:
            yield f"{made_by}:{keyword}"
        for owner in _owners([info], keyword):
            yield f"{owner.fullname}.{keyword}"
    for function in functions:
        items = function.items if isinstance(function, nodes.OverloadedFuncDef) else [function]
        for item in items:
            plain = item.func if isinstance(item, nodes.Decorator) else item
            if id(plain) in names.functions:
                yield f"{names.functions[id(plain)]}:{keyword}"
