"""One Python file after the renames: imports, uses of names, annotations, strings and comments."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping

from tools.references import Found
from tools.rename_plan import Plan
from tools.rename_syntax import functions, typed_strings

WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
IMPORT = re.compile(r"\bfrom ((?:community_api|tests|benchmarks)[\w.]*) import (\w+(?:, \w+)*)")
ACCESS = {"setattr", "getattr", "hasattr", "delattr", "object"}
Edit = tuple[int, int, bytes]


def rewrite_source(
    path: str, content: bytes, index: Mapping[str, Found], plan: Plan, report: list[str]
) -> bytes:
    """The content of one file with every name as the plan has it; what cannot be done is reported."""
    edits = _Source(path, content, index, plan, report).edits()
    for start, end, new in sorted(edits, reverse=True):
        content = content[:start] + new + content[end:]
    return content


class _Source:
    def __init__(
        self, path: str, content: bytes, index: Mapping[str, Found], plan: Plan, report: list[str]
    ) -> None:
        self.path, self.content, self.plan, self.report = path, content, plan, report
        self.known = index[path]
        self.symbols = {each.module: each.symbols for each in index.values()}
        self.tree = ast.parse(content)
        self.starts = [0]
        for line in content.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.bound = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        self.bound |= {node.arg for node in ast.walk(self.tree) if isinstance(node, ast.arg)}
        self.bound |= {
            node.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        self.imports = [node for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom)]
        for node in self.imports:
            self.bound |= {alias.asname or alias.name for alias in node.names}
        # Local name -> new local name of modules that are imported here.
        self.locals: dict[str, str] = {}

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def edits(self) -> list[Edit]:
        self._check_parameters()
        statements = [edit for node in self.imports if (edit := self._import(node)) is not None]
        names = self._outside(dict.fromkeys(self._names()), statements)
        # A name inside an f-string goes before the words around it.
        strings = [
            edit
            for edit in self._outside(dict.fromkeys(self._strings()), statements)
            if not any(edit[0] <= start < edit[1] for start, _end, _new in names)
        ]
        return statements + names + strings

    def _outside(self, edits: Iterable[Edit], statements: list[Edit]) -> list[Edit]:
        return [edit for edit in edits if not any(start <= edit[0] < end for start, end, _new in statements)]

    def _check_parameters(self) -> None:
        """Report a parameter whose new name stands for something else in its function."""
        for function, inside in functions(self.tree, self.known.module):
            names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            names |= {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
            for each in ast.walk(function.args):
                if isinstance(each, ast.arg):
                    new = self.plan.name_of(f"{inside}:{each.arg}", each.arg)
                    if new != each.arg and new in names:
                        self.report.append(f"{self.path}: {inside}: {new} stands here already")

    # --- imports ---------------------------------------------------------------------------------

    def _import(self, node: ast.ImportFrom) -> Edit | None:
        if node.level or node.module is None:
            return None
        wanted: dict[str, list[str]] = {}
        changed = False
        for alias in node.names:
            module, name, local = self._moved(node.module, alias)
            changed |= (module, name) != (node.module, alias.name) or local != (alias.asname or alias.name)
            wanted.setdefault(module, []).append(name if name == local else f"{name} as {local}")
        if not changed:
            return None
        start, end = (
            self.at(node.lineno, node.col_offset),
            self.at(node.end_lineno or 0, node.end_col_offset or 0),
        )
        if b"#" in self.content[start:end]:
            self.report.append(f"{self.path}:{node.lineno}: a comment inside an import is lost")
        lines = [f"from {module} import {', '.join(names)}" for module, names in wanted.items()]
        return start, end, ("\n" + " " * node.col_offset).join(lines).encode()

    def _moved(self, module: str, alias: ast.alias) -> tuple[str, str, str]:
        """Module, name and local name of one imported thing, as they are now."""
        full = f"{module}.{alias.name}"
        if full in self.plan.new_modules and alias.name not in self._made_in(module):
            head, _, base = self.plan.new_modules[full].rpartition(".")
            if alias.asname is not None:
                return head, base, alias.asname
            return head, base, self._local(alias.name, head, base)
        defined = self.symbols.get(module, {}).get(alias.name, full)
        name = self.plan.name_of(defined, alias.name)
        if name != alias.name and alias.asname is None:
            if name in self.bound and self.locals.get(alias.name) != name:
                self.report.append(f"{self.path}: {name} stands here already, for {defined}")
            self.locals[alias.name] = name
        return self.plan.new_module(module), name, alias.asname or name

    def _made_in(self, module: str) -> set[str]:
        """Names that a package makes itself, beside its modules."""
        made = self.symbols.get(module, {})
        return {name for name, full in made.items() if full != f"{module}.{name}"}

    def _local(self, old: str, head: str, base: str) -> str:
        if base == old:
            return old
        if base in self.bound and self.locals.get(old) != base:
            package = head.rpartition(".")[2]
            new = f"{package}_{base}"
        else:
            new = base
        self.locals[old] = new
        return new

    # --- names -----------------------------------------------------------------------------------

    def _names(self) -> Iterator[Edit]:
        for (line, column), (token, targets) in self.known.tokens.items():
            start = self.at(line, column)
            end = start + len(token.encode())
            if self.content[start:end] != token.encode():
                continue
            news = {self._renamed(token, target, start) for target in targets}
            news.discard(token)
            if len(news) > 1:
                self.report.append(f"{self.path}:{line}: {token} would be {sorted(news)}")
            elif news:
                yield start, end, news.pop().encode()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute):
                yield from self._unresolved(node)
        for call, renamed in self._decorated():
            for keyword in call.keywords:
                if keyword.arg in renamed:
                    start = self.at(keyword.lineno, keyword.col_offset)
                    yield start, start + len(keyword.arg.encode()), renamed[keyword.arg].encode()

    def _renamed(self, token: str, target: str, start: int) -> str:
        if target.startswith("?."):
            return self._untyped(token, start)
        if target in self.plan.new_modules:
            return self.locals.get(token, token) if target.rpartition(".")[2] == token else token
        new = self.plan.name_of(target, token)
        if target.rpartition(".")[2].rpartition(":")[2] != token:
            # Imported under another name, which stays.
            return token
        return new

    def _untyped(self, token: str, start: int) -> str:
        """What mypy knows no type of is renamed by the name of its receiver alone."""
        before = self.content[max(0, start - 60) : start]
        for rule in self.plan.loose:
            if token in rule["names"] and re.search(rule["after"].encode() + rb"\.$", before):
                return str(rule["names"][token])
        return token

    def _unresolved(self, node: ast.Name | ast.Attribute) -> Iterator[Edit]:
        """Annotations and whatever else mypy keeps as types: by the names of the module."""
        if isinstance(node, ast.Name):
            place, token = (node.lineno, node.col_offset), node.id
        else:
            place = (node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode()))
            token = node.attr
        entry = self.known.tokens.get(place)
        if entry is not None and entry[1] != [f"?.{token}"]:
            return
        full = self._resolve(node)
        if full is None:
            return
        new = self._renamed(token, full, self.at(*place))
        if new != token:
            start = self.at(*place)
            yield start, start + len(token.encode()), new.encode()

    def _resolve(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.known.symbols.get(node.id)
        if isinstance(node, ast.Attribute):
            head = self._resolve(node.value)
            if head is None:
                return None
            return self.symbols.get(head, {}).get(node.attr, f"{head}.{node.attr}")
        return None

    # --- strings and comments --------------------------------------------------------------------

    def _strings(self) -> Iterator[Edit]:
        typed = typed_strings(self.tree)
        columns = self._columns_of_tables()
        docstrings = self._docstrings()
        for token in tokenize.tokenize(io.BytesIO(self.content).readline):
            if token.type not in {tokenize.STRING, tokenize.COMMENT}:
                continue
            start = self._byte(token.start)
            text = token.string
            new = self._rewritten(text)
            if token.type == tokenize.COMMENT or text.startswith('"""'):
                new = self._in_words(new)
            if token.start in typed:
                new = WORD.sub(self._in_type, new)
            for old, renamed in columns.get(token.start, {}).items():
                new = re.sub(rf"\b{old}\b", renamed, new)
            for old, renamed in docstrings.get(token.start, {}).items():
                new = new.replace(f"``{old}``", f"``{renamed}``")
            if new != text:
                yield start, self._byte(token.end), new.encode()
        yield from self._plain_imports()
        yield from self._names_in_strings()

    def _names_in_strings(self) -> Iterator[Edit]:
        """``monkeypatch.setattr(module, "name", ...)`` and what is like it."""
        for node in ast.walk(self.tree):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if not isinstance(node, ast.Call) or name not in ACCESS or len(node.args) < 2:
                continue
            owner, word = self._resolve(node.args[0]), node.args[1]
            if owner is None or not isinstance(word, ast.Constant) or not isinstance(word.value, str):
                continue
            full = self.symbols.get(owner, {}).get(word.value, f"{owner}.{word.value}")
            new = self.plan.name_of(full, word.value)
            if full in self.plan.new_modules:
                new = self.plan.new_modules[full].rpartition(".")[2]
            if new != word.value:
                start = self.at(word.lineno, word.col_offset)
                yield start, self.at(word.end_lineno or 0, word.end_col_offset or 0), f'"{new}"'.encode()

    def _plain_imports(self) -> Iterator[Edit]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                start = self.at(node.lineno, node.col_offset)
                end = self.at(node.end_lineno or 0, node.end_col_offset or 0)
                text = self.content[start:end].decode()
                if (new := self.plan.rewritten(text)) != text:
                    yield start, end, new.encode()

    def _in_words(self, text: str) -> str:
        """A comment or a docstring that speaks of classes by their names."""
        for old, new in self.plan.words.items():
            text = re.sub(rf"\b{re.escape(old)}(?!\w)", new, text)
        return text

    def _rewritten(self, text: str) -> str:
        """A string or a comment; where it holds code, its imports are moved as others are."""
        renamed: dict[str, str] = {}
        parts, end = [], 0
        for match in IMPORT.finditer(text):
            parts += [
                self.plan.rewritten(text[end : match.start()]),
                self._import_in_text(match, text, renamed),
            ]
            end = match.end()
        new = "".join(parts) + self.plan.rewritten(text[end:])
        for old, local in renamed.items():
            new = re.sub(rf"(?<![\w.]){old}(?=\.)", local, new)
        return new

    def _import_in_text(self, match: re.Match[str], text: str, renamed: dict[str, str]) -> str:
        wanted: dict[str, list[str]] = {}
        for name in match[2].split(", "):
            full = f"{match[1]}.{name}"
            if full in self.plan.new_modules and name not in self._made_in(match[1]):
                module, _, base = self.plan.new_modules[full].rpartition(".")
                renamed |= {name: base} if base != name else {}
            else:
                module = self.plan.new_module(match[1])
                base = self.plan.name_of(self.symbols.get(match[1], {}).get(name, full), name)
            wanted.setdefault(module, []).append(base)
        lines = [f"from {module} import {', '.join(names)}" for module, names in wanted.items()]
        return ("\n" if "\n" in text else "\\n").join(lines)

    def _byte(self, place: tuple[int, int]) -> int:
        line, column = place
        start = self.starts[line - 1]
        text = self.content[start : self.starts[line]].decode()
        return start + len(text[:column].encode())

    def _decorated(self) -> Iterator[tuple[ast.Call, dict[str, str]]]:
        """Calls that decorate a function, with the new names of its parameters."""
        for function, inside in functions(self.tree, self.known.module):
            renamed: dict[str, str] = {}
            for each in ast.walk(function.args):
                if isinstance(each, ast.arg):
                    new = self.plan.name_of(f"{inside}:{each.arg}", each.arg)
                    renamed |= {each.arg: new} if new != each.arg else {}
            if renamed:
                calls = (node for node in function.decorator_list if isinstance(node, ast.Call))
                yield from ((call, renamed) for call in calls)

    def _docstrings(self) -> dict[tuple[int, int], dict[str, str]]:
        """Where docstrings name parameters: ``told``."""
        places = {}
        for function, inside in functions(self.tree, self.known.module):
            first = function.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                names = [each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)]
                renamed = {name: self.plan.name_of(f"{inside}:{name}", name) for name in names}
                places[first.value.lineno, first.value.col_offset] = renamed
        return places

    def _columns_of_tables(self) -> dict[tuple[int, int], dict[str, str]]:
        """Where a test's table of cases names its columns."""
        return {
            (each.lineno, each.col_offset): renamed
            for call, renamed in self._decorated()
            if isinstance(call.func, ast.Attribute) and call.func.attr == "parametrize" and call.args
            for each in ast.walk(call.args[0])
            if isinstance(each, ast.Constant)
        }

    def _in_type(self, match: re.Match[str]) -> str:
        try:
            expression = ast.parse(match[0], mode="eval").body
        except SyntaxError:
            return match[0]
        parts: list[str] = []
        node: ast.expr = expression
        while isinstance(node, ast.Attribute):
            parts.insert(0, self._new_token(node.attr, self._resolve(node)))
            node = node.value
        if not isinstance(node, ast.Name):
            return match[0]
        parts.insert(0, self._new_token(node.id, self._resolve(node)))
        return ".".join(parts)

    def _new_token(self, token: str, full: str | None) -> str:
        return token if full is None else self._renamed(token, full, 0)
