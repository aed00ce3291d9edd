"""Places in a Python file that tools/rename.py asks for: its functions, and strings that are types."""

import ast
from collections.abc import Iterator

GENERIC = {"Callable", "Iterable", "Iterator", "Mapping", "Sequence", "dict", "list", "tuple", "type"}


def functions(node: ast.AST, inside: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    """Every function with its full name, inner ones included."""
    for child in ast.iter_child_nodes(node):
        within = inside
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            within = f"{inside}.{child.name}"
        if isinstance(child, ast.FunctionDef):
            yield child, within
        yield from functions(child, within)


def typed_strings(tree: ast.Module) -> set[tuple[int, int]]:
    """Where types are written as strings: annotations, and the first argument of ``cast``."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            roots.append(node.annotation)
            if isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation) and node.value:
                roots.append(node.value)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            roots.append(node.returns)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "cast" and node.args:
                roots.append(node.args[0])
            if node.func.id in {"TypeVar", "NewType"}:
                roots += [*node.args[1:], *(keyword.value for keyword in node.keywords)]
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            roots += [node.slice] if node.value.id in GENERIC else []
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            roots.append(node.value)
    return {
        (each.lineno, each.col_offset)
        for root in roots
        for each in ast.walk(root)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
