"""The maps of tools/renames as questions: what is this module, this name, this file called now."""

import fnmatch
import re
from collections.abc import Iterator, Mapping
from typing import Any


class Plan:
    """What is to be renamed in a checkout that has ``files``, whose sources refer to ``index``."""

    def __init__(self, maps: list[dict[str, Any]], files: list[str], index: Mapping[str, Any]) -> None:
        self.maps = maps
        self.files = set(files)
        self.folders = {
            name.rsplit("/", depth)[0] for name in files for depth in range(1, name.count("/") + 1)
        }
        self.modules: dict[str, str] = {}
        self.names: dict[str, str] = {}
        # Parameters of functions that nobody named: with ``*``, asked last.
        self.globs: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.loose: list[dict[str, Any]] = []
        for one in maps:
            self.modules |= {
                old: new for old, new in (one.get("modules") or {}).items() if self._is_old(old, new)
            }
            self.names |= one.get("names") or {}
            for function, parameters in (one.get("parameters") or {}).items():
                renamed = {f"{function}:{old}": new for old, new in parameters.items()}
                if "*" in function:
                    self.globs |= renamed
                else:
                    self.names |= renamed
            self.words |= one.get("words") or {}
            self.loose += one.get("untyped") or []
        known = {module_of(path) for path in index}
        self.new_modules = {old: self.new_module(old) for old in known | set(self.modules)}
        self.dotted = _pattern(self._dotted())
        self.paths = _pattern(self._paths())

    def _is_old(self, old: str, new: str) -> bool:
        path = old.replace(".", "/")
        return f"{path}.py" in self.files or (path in self.folders and not new.startswith(f"{old}."))

    def name_of(self, target: str, token: str) -> str:
        """The new name of what ``target`` is; ``token`` when it keeps its own."""
        new = self.names.get(target)
        if new is None and ":" in target:
            new = next((new for glob, new in self.globs.items() if fnmatch.fnmatchcase(target, glob)), None)
        return token if new is None else new

    def new_module(self, module: str) -> str:
        """What ``module`` is called now; the longest part of it that the maps know decides."""
        rest = ""
        head = module
        while head:
            if head in self.modules and (not rest or head.replace(".", "/") in self.folders):
                return self.modules[head] + rest
            head, _, last = head.rpartition(".")
            rest = f".{last}{rest}"
        return module

    def new_path(self, path: str) -> str:
        if path.endswith(".py"):
            module = module_of(path)
            new = self.new_module(module).replace(".", "/")
            return f"{new}/__init__.py" if path.endswith("/__init__.py") else f"{new}.py"
        folder, _, name = path.rpartition("/")
        if f"{folder}.py" in self.files and f"{folder}/__init__.py" not in self.files:
            # Files beside a module of the same name stay with their folder.
            above, _, last = folder.rpartition("/")
            return f"{self.new_path(f'{above}/x')[:-2]}/{last}/{name}"
        new = self.new_module(folder.replace("/", ".")).replace(".", "/") if "." not in folder else folder
        return f"{new}/{name}" if folder else name

    def left_empty(self, tree: Mapping[str, bytes]) -> list[str]:
        """Packages out of which everything moved but the file that made them packages."""
        marks = [name for name in tree if name.endswith("/__init__.py") and name in self.files]
        folders = [name.removesuffix("__init__.py") for name in marks]
        alone = [folder for folder in folders if sum(name.startswith(folder) for name in tree) == 1]
        before = [folder for folder in alone if sum(name.startswith(folder) for name in self.files) > 1]
        return [f"{folder}__init__.py" for folder in before]

    def new_packages(self, tree: Mapping[str, bytes]) -> dict[str, str]:
        made = {}
        for one in self.maps:
            for module, text in (one.get("new_packages") or {}).items():
                path = f"{module.replace('.', '/')}/__init__.py"
                if path not in tree and any(
                    name.startswith(path.removesuffix("__init__.py")) for name in tree
                ):
                    made[path] = f'"""{text}"""\n'
        return made

    def replacements(self, tree: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
        """Texts that are replaced word for word: file, old, new."""
        for one in self.maps:
            for each in one.get("texts") or []:
                for name in sorted(tree):
                    if any(fnmatch.fnmatch(name, glob) for glob in each["files"]):
                        yield name, each["old"], each["new"]

    def rewritten(self, text: str) -> str:
        """``text`` with the dotted names and the paths of what moved."""
        if "." not in text and "/" not in text:
            return text
        text = self.dotted[0].sub(lambda match: self.dotted[1][match[0]], text)
        return self.paths[0].sub(lambda match: self.paths[1][match[0]], text)

    def _dotted(self) -> dict[str, str]:
        table = {old: new for old, new in self.new_modules.items() if old != new}
        for old, new in self.names.items():
            if ":" in old:
                continue
            head = old.rpartition(".")[0]
            table[old] = f"{self.new_name_of(head)}.{new}"
        return table

    def new_name_of(self, full: str) -> str:
        """The new full name of a module, class or function."""
        if full in self.new_modules:
            return self.new_modules[full]
        head, _, last = full.rpartition(".")
        if not head:
            return full
        return f"{self.new_name_of(head)}.{self.names.get(full, last)}"

    def _paths(self) -> dict[str, str]:
        table = {}
        for old, new in self.new_modules.items():
            if old == new:
                continue
            before, after = old.replace(".", "/"), new.replace(".", "/")
            is_file = f"{before}.py" in self.files
            for prefix in ("", "community_api/"):
                if not before.startswith(prefix):
                    continue
                short, moved = before.removeprefix(prefix), after.removeprefix(prefix)
                if is_file:
                    table[f"{short}.py"] = f"{moved}.py"
                elif prefix == "" or "/" in short:
                    table[f"{short}/"] = f"{moved}/"
                if "/" in short and not (is_file and before in self.folders):
                    table[short] = moved
        return table


def _pattern(table: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    words = sorted(table, key=len, reverse=True)
    ends = "|".join(re.escape(word) + ("" if word.endswith("/") else r"(?![\w/-])") for word in words)
    return re.compile(rf"(?<![\w./-])(?:{ends})" if words else r"(?!)"), table


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
