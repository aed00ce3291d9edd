"""Bring a checkout to the names in tools/renames/*.yaml: python -m tools.rename [--wings core,access].

Moves modules, rewrites imports and every use of what was renamed, as mypy resolves it. Deterministic, and a
second run changes nothing, because what is renamed already is not found under its old name.
"""

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml

from tools.references import GIT, Found, references
from tools.rename_files import rewrite_texts
from tools.rename_plan import Plan
from tools.rename_sources import rewrite_source

Map = dict[str, Any]
WIDTH = 110
# A docstring of one line that ends with what is raised.
RAISING = re.compile(r'( *)"""(.*?)[;.] [Rr]aises (.*)"""')
MAPS = Path(__file__).with_name("renames")
# What is made by a machine from the rest, or must say what was there before.
LEFT_ALONE = (
    "tools/renames/",
    "openapi.yaml",
    "uv.lock",
    "requirements",
    "CHANGELOG.md",
    ".git-blame-ignore-revs",
)


def read_maps(wings: list[str], folder: Path = MAPS) -> list[Map]:
    """The maps of these wings, or of all, in the order of their names."""
    files = sorted(folder.glob("*.yaml"))
    return [
        yaml.safe_load(file.read_text(encoding="utf-8")) for file in files if not wings or file.stem in wings
    ]


def tracked(root: Path) -> list[str]:
    listed = subprocess.run([GIT, "ls-files"], cwd=root, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines() if (root / name).is_file()]


def new_tree(root: Path, maps: list[Map], index: dict[str, Found], report: list[str]) -> dict[str, bytes]:
    """What every tracked file is called and holds after the renames."""
    files = tracked(root)
    plan = Plan(maps, files, index)
    tree = {}
    for name in files:
        content = (root / name).read_bytes()
        if not name.startswith(LEFT_ALONE):
            if name in index:
                content = rewrite_source(name, content, index, plan, report)
            else:
                content = rewrite_texts(name, content, plan)
        tree[plan.new_path(name)] = content
    for name in plan.left_empty(tree):
        del tree[name]
    for name, text in plan.new_packages(tree).items():
        tree[name] = text.encode()
    for name, old, new in plan.replacements(tree):
        tree[name] = tree[name].replace(old.encode(), new.encode())
    return tree


def write(root: Path, tree: dict[str, bytes]) -> int:
    """Make the checkout hold ``tree``; how many files changed."""
    before = set(tracked(root))
    changed = 0
    for name in before - set(tree):
        (root / name).unlink()
        changed += 1
    for name, content in tree.items():
        path = root / name
        if name not in before or path.read_bytes() != content:
            mode = path.stat().st_mode if path.exists() else None
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if mode is not None:
                path.chmod(mode)
            changed += 1
    for folder in sorted({(root / name).parent for name in before - set(tree)}, reverse=True):
        _remove_if_empty(folder, root)
    subprocess.run([GIT, "add", "--all"], cwd=root, check=True)
    return changed


def _remove_if_empty(folder: Path, root: Path) -> None:
    """Remove a folder that holds nothing but compiled files, and its parents that do."""
    while folder != root and folder.exists() and {path.name for path in folder.iterdir()} <= {"__pycache__"}:
        shutil.rmtree(folder)
        folder = folder.parent


def tidy(root: Path) -> None:
    """Sort imports and wrap lines again, as `make format` does."""
    _ruff(root, "check", "--select", "I,RUF022", "--fix-only", "--quiet", ".")
    _ruff(root, "format", "--quiet", ".")
    found = json.loads(_ruff(root, "check", "--select", "E501", "--output-format", "json", "."))
    for name in {each["filename"] for each in found}:
        _let_wrap(Path(name), {each["location"]["row"] for each in found if each["filename"] == name})
    _ruff(root, "format", "--quiet", ".")
    subprocess.run([GIT, "add", "--all"], cwd=root, check=True)


def _ruff(root: Path, *words: str) -> str:
    command = [sys.executable, "-m", "ruff", *words]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    return done.stdout


def _let_wrap(path: Path, rows: set[int]) -> None:
    """Give statements that were laid out by hand, and have grown too long, back to the formatter."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.stmt) and not isinstance(
            node, ast.FunctionDef | ast.ClassDef | ast.With | ast.If
        ):
            last = (node.end_lineno or 0) - 1
            if rows & set(range(node.lineno, last + 2)) and lines[last].endswith("# fmt: skip"):
                lines[last] = lines[last].removesuffix("# fmt: skip").rstrip()
    for row in sorted(rows, reverse=True):
        said = RAISING.fullmatch(lines[row - 1])
        if said is not None:
            indent, what, raising = said.groups()
            lines[row - 1 : row] = [f'{indent}"""{what}.', "", f"{indent}Raises {raising}", f'{indent}"""']
        else:
            _fill_paragraph(lines, row - 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def _fill_paragraph(lines: list[str], row: int) -> None:
    """Break the lines of a paragraph of words anew, when one of them has grown too long."""
    indent = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
    first = last = row
    while _is_prose(lines[first - 1], indent):
        first -= 1
    while last + 1 < len(lines) and _is_prose(lines[last + 1], indent):
        last += 1
    if not _is_prose(lines[row], indent) or len(lines[row]) <= WIDTH:
        return
    text = " ".join(line.strip() for line in lines[first : last + 1])
    prefix = f"{indent}# " if text.startswith("# ") else indent
    text = text.removeprefix("# ").replace(" # ", " ") if prefix.endswith("# ") else text
    lines[first : last + 1] = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=prefix,
        subsequent_indent=prefix,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _is_prose(line: str, indent: str) -> bool:
    """Whether a line is words of a docstring or a comment, at this indentation and no item of a list."""
    text = line.strip()
    if not text or line != f"{indent}{text}" or '"""' in text or text.startswith(("- ", "* ", "|", "..")):
        return False
    return text.startswith("# ") or not re.search(
        r"[=(]$|^[\w.]+ ?[=(]|^(from|import|return|raise|if|for|with) ", text
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wings", default="", help="maps to apply, by name; all when left out")
    parser.add_argument("--maps", type=Path, default=MAPS, help="the folder of the maps")
    options = parser.parse_args()
    root = Path.cwd()
    maps = read_maps([wing for wing in options.wings.split(",") if wing], options.maps)
    report: list[str] = []
    tree = new_tree(root, maps, references(root), report)
    print(f"{write(root, tree)} files changed")
    tidy(root)
    print(*report, sep="\n")


if __name__ == "__main__":
    main()
