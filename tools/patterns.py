"""Patterns of openapi.yaml as JavaScript reads them: what it cannot compile with the flag ``u``."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# As zod and ajv do.
SCRIPT = """
const read = JSON.parse(require("fs").readFileSync(0, "utf8"));
const fault = (pattern) => { try { new RegExp(pattern, "u"); } catch (error) { return error.message; } };
console.log(JSON.stringify(read.flatMap((pattern) => fault(pattern) ?? [])));
"""


def patterns(node: Any) -> Iterator[str]:
    """Every pattern of a document; property names may be patterns as well."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        yield from node.get("patternProperties", ())
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from patterns(inner)


def faults(document: Any, node: str | Path) -> list[str]:
    """What JavaScript says of the patterns that it cannot compile; ``node`` is the program to ask."""
    sent = json.dumps(sorted(set(patterns(document))))
    done = subprocess.run(
        [str(node), "-e", SCRIPT], input=sent, capture_output=True, text=True, check=True, timeout=60
    )
    told: list[str] = json.loads(done.stdout)
    return told
