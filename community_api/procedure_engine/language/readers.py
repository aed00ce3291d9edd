"""Readers: from YAML nodes to frozen values, collecting every problem instead of stopping at the first.

A `Reader` takes the notebook, a node and the path to it, and returns a value; when the node does not
fit it writes the problem into the notebook and raises `Skip`, which the list or mapping around it
catches to go on with the next. The notebook also keeps where every path stands in the file, so that
checks which come later, on the finished pack, can still name a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeAlias
from weakref import WeakKeyDictionary

import yaml

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.findings import Place, Problem
from community_api.procedure_engine.language.unknown_names import hinted, lacking, shown_text, unknown_key
from community_api.procedure_engine.language.yaml_nodes import place_of

Path: TypeAlias = tuple[str | int, ...]
Reader: TypeAlias = "Callable[[FindingCollector, yaml.Node, Path], Any]"

REQUIRED: Final = object()
# Of anything: no country has so many stages, and what is declared is all explored together.
MOST_ENTRIES: Final = 200

_STR: Final = "tag:yaml.org,2002:str"
_INT: Final = "tag:yaml.org,2002:int"
_BOOL: Final = "tag:yaml.org,2002:bool"
_KINDS: Final = {
    _STR: N_("words"),
    _INT: N_("a number"),
    _BOOL: N_("yes or no"),
    "tag:yaml.org,2002:float": N_("a number"),
    "tag:yaml.org,2002:null": N_("nothing"),
    "tag:yaml.org,2002:timestamp": N_("a date"),
    "tag:yaml.org,2002:seq": N_("a list"),
    "tag:yaml.org,2002:map": N_("a block of keys"),
}
_WORDS_NEEDED: Final = N_("words are needed here, but here is {found}")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ACT: Final = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?")
_GRADE: Final = re.compile(r"[A-Za-z0-9]{1,10}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,9}")


Shape: TypeAlias = "Callable[[], dict[str, Any]]"
_SHAPES: Final[WeakKeyDictionary[Any, Shape]] = WeakKeyDictionary()


def shaped(read: Reader, shape: Shape) -> Reader:
    """The reader, with what it takes as JSON Schema, for editors."""
    _SHAPES[read] = shape
    return read


def shape_of(read: Reader) -> dict[str, Any]:
    """What a reader takes, as JSON Schema. KeyError: nobody has said."""
    return _SHAPES[read]()


def shape_of_keys(keys: Iterable[Key]) -> dict[str, Any]:
    """A block with these keys, as JSON Schema."""
    listed = tuple(keys)
    return {
        "type": "object",
        "properties": {key.name: {**shape_of(key.read), "description": key.says} for key in listed},
        "required": [key.name for key in listed if key.default is REQUIRED],
        "additionalProperties": False,
    }


class Skip(Exception):
    """This value could not be read; why has been written down."""


@dataclass
class FindingCollector:
    """What was found while reading one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)

    def note(self, place: Place, sentence: Sentence) -> None:
        """Write a problem down."""
        self.problems.append(Problem(self.file, place, sentence))

    def refuse(self, node: yaml.Node, sentence: Sentence) -> NoReturn:
        """Write a problem down and give the value up."""
        self.note(place_of(node), sentence)
        raise Skip

    def note_at(self, path: Path, sentence: Sentence) -> None:
        """Write down a problem with a value that was read, at the nearest place that the file has for it."""
        while path and path not in self.places:
            path = path[:-1]
        self.note(self.places.get(path, Place(1, 1)), sentence)


@dataclass(frozen=True)
class Key:
    """One key of a block: its name in the file, how it is read, and a line for the documentation.

    `into` is the name of the attribute where it differs. `default` REQUIRED: the key must be there.
    """

    name: str
    read: Reader
    says: str
    default: Any = REQUIRED
    into: str | None = None


def kind_of(node: yaml.Node) -> Sentence:
    """What a node is, in words for an author."""
    return Sentence(_KINDS.get(node.tag, N_("something else")))


def scalar_text(node: yaml.ScalarNode) -> str:
    """A scalar as the author wrote it, cut short."""
    return shown_text(str(node.value))


def block(make: Callable[..., Any], keys: Sequence[Key]) -> Reader:
    """A mapping with known keys; `make` gets the values by name."""
    by_name = {key.name: key for key in keys}

    def read(notebook: FindingCollector, node: yaml.Node, path: Path) -> Any:
        pairs = pairs_of(notebook, node, path)
        values, whole = values_of(notebook, pairs, by_name, path)
        for name in missing(by_name, pairs):
            notebook.note(place_of(node), lacking(name))
            whole = False
        if not whole:
            raise Skip
        return made(notebook, node, make, values)

    return shaped(read, lambda: shape_of_keys(keys))


def made(
    notebook: FindingCollector, node: yaml.Node, make: Callable[..., Any], values: dict[str, Any]
) -> Any:
    """What the values make; a ValueError of `make`, with a sentence, is one of the block."""
    try:
        return make(**values)
    except ValueError as wrong:
        (said,) = wrong.args
        notebook.refuse(node, said)


def pairs_of(notebook: FindingCollector, node: yaml.Node, path: Path) -> dict[str, yaml.Node]:
    """The keys of a mapping with their value nodes; a key that stands twice is a problem."""
    notebook.places[path] = place_of(node)
    if not isinstance(node, yaml.MappingNode):
        notebook.refuse(
            node, Sentence(N_("a block of keys is needed here, but here is {found}"), found=kind_of(node))
        )
    pairs: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name in pairs:
            notebook.note(
                place_of(key), Sentence(N_("the key `{name}` stands here twice"), name=shown_text(name))
            )
        else:
            pairs[name] = value
            notebook.places[(*path, name)] = place_of(key)
    return pairs


def values_of(
    notebook: FindingCollector, pairs: dict[str, yaml.Node], keys: dict[str, Key], path: Path
) -> tuple[dict[str, Any], bool]:
    """Read every pair; False when one could not be read or is unknown. Absent keys get their default."""
    values = {key.into or key.name: key.default for key in keys.values() if key.default is not REQUIRED}
    whole = True
    for name, node in pairs.items():
        try:
            key = keys.get(name)
            if key is None:
                notebook.note(notebook.places[(*path, name)], unknown_key(name, keys))
                raise Skip
            values[key.into or key.name] = key.read(notebook, node, (*path, name))
        except Skip:
            whole = False
    return values, whole


def missing(keys: dict[str, Key], pairs: dict[str, yaml.Node]) -> list[str]:
    """Names of required keys that are not there."""
    return [key.name for key in keys.values() if key.default is REQUIRED and key.name not in pairs]


def each(read_item: Reader, least: int = 0, most: int = MOST_ENTRIES) -> Reader:
    """A list, as a tuple."""

    def read(notebook: FindingCollector, node: yaml.Node, path: Path) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            notebook.refuse(
                node, Sentence(N_("a list is needed here, but here is {found}"), found=kind_of(node))
            )
        if len(node.value) > most:
            notebook.refuse(node, Sentence(N_("too many entries: at most {most}"), most=most))
        items, whole = [], True
        for index, item in enumerate(node.value):
            notebook.places[(*path, index)] = place_of(item)
            try:
                items.append(read_item(notebook, item, (*path, index)))
            except Skip:
                whole = False
        if whole and len(items) < least:
            notebook.refuse(node, Sentence(N_("too few entries: at least {least}"), least=least))
        if not whole:
            raise Skip
        return tuple(items)

    sizes = {"minItems": least, "maxItems": most}
    return shaped(read, lambda: {"type": "array", "items": shape_of(read_item), **sizes})


def words(notebook: FindingCollector, node: yaml.Node, _path: Path) -> str:
    """A text for people, which is also the key of its translations: one paragraph, not blank."""
    value = _string(notebook, node)
    if not value.strip():
        notebook.refuse(node, Sentence(N_("words for people are missing here")))
    if value != value.strip() or "\n" in value:
        notebook.refuse(
            node, Sentence(N_("a text is one paragraph without blanks around it: fold it with `>-`"))
        )
    return value


def spelled(pattern: re.Pattern[str], example: str) -> Reader:
    """A code of a given spelling."""

    def read(notebook: FindingCollector, node: yaml.Node, _path: Path) -> str:
        value = _string(notebook, node)
        if not pattern.fullmatch(value):
            text = N_("`{word}` is no code: write it like {example}")
            notebook.refuse(node, Sentence(text, word=shown_text(value), example=Sentence(example)))
        return value

    return shaped(read, lambda: {"type": "string", "pattern": f"^({pattern.pattern})$"})


code: Final = spelled(_CODE, N_("`to_assess` (small letters, digits, underscores; at most 40)"))
name: Final = spelled(_NAME, N_("`osce-baseline` (small letters, digits, hyphens; at most 40)"))
act: Final = spelled(_ACT, N_("`flag.raise` or `assess`"))
grade_code: Final = spelled(_GRADE, N_('`"A"` or `"H1"` (letters and digits, at most 10)'))
value_code: Final = spelled(re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}"), N_('`continue` or `"H3"`'))
scheme_code: Final = spelled(
    re.compile(r"[a-z0-9_]{1,20}"), N_('`"4x4"` (small letters, digits, underscores)')
)


def one_of(allowed: Sequence[str], text: str) -> Reader:
    """A code from a closed list; `text` is what is said of another `{word}`."""

    def read(notebook: FindingCollector, node: yaml.Node, _path: Path) -> str:
        value = _string(notebook, node)
        if value not in allowed:
            notebook.refuse(node, hinted(Sentence(text, word=shown_text(value)), value, allowed))
        return value

    return shaped(read, lambda: {"type": "string", "enum": list(allowed)})


def member(kind: type[StrEnum], text: str) -> Reader:
    """A member of a closed list that the engine knows by name."""
    read_word = one_of([word.value for word in kind], text)
    return shaped(
        lambda notebook, node, path: kind(read_word(notebook, node, path)), lambda: shape_of(read_word)
    )


def whole_number(least: int, most: int) -> Reader:
    """An integer within bounds; YAML's octal, hexadecimal and sexagesimal spellings are not taken."""

    def read(notebook: FindingCollector, node: yaml.Node, _path: Path) -> int:
        if not isinstance(node, yaml.ScalarNode) or node.tag != _INT or not _NUMBER.fullmatch(node.value):
            text = N_("a whole number is needed here, but here is {found}")
            notebook.refuse(node, Sentence(text, found=described(node)))
        value = int(node.value)
        if not least <= value <= most:
            text = N_("{value} is out of range: from {least} to {most}")
            notebook.refuse(node, Sentence(text, value=value, least=least, most=most))
        return value

    return shaped(read, lambda: {"type": "integer", "minimum": least, "maximum": most})


def described(node: yaml.Node) -> str | Sentence:
    """A node for a message: the scalar itself, or what else it is."""
    return f"`{scalar_text(node)}`" if isinstance(node, yaml.ScalarNode) and node.value else kind_of(node)


def yes_or_no(notebook: FindingCollector, node: yaml.Node, _path: Path) -> bool:
    """`true` or `false`; YAML's yes, no, on and off are not taken, because codes look like them."""
    if not isinstance(node, yaml.ScalarNode) or node.tag != _BOOL or node.value not in {"true", "false"}:
        text = N_("`true` or `false` is needed here, but here is {found}")
        notebook.refuse(node, Sentence(text, found=described(node)))
    return str(node.value) == "true"


def day(notebook: FindingCollector, node: yaml.Node, _path: Path) -> date:
    """A date such as 2026-03-31."""
    if not isinstance(node, yaml.ScalarNode) or not _DAY.fullmatch(node.value):
        text = N_("a date like 2026-03-31 is needed here, but here is {found}")
        notebook.refuse(node, Sentence(text, found=described(node)))
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        notebook.refuse(node, Sentence(N_("`{day}` is no day of the calendar"), day=node.value))


def _string(notebook: FindingCollector, node: yaml.Node) -> str:
    """A scalar that YAML takes for text; `no`, `1` or a date must stand in quotes to be one."""
    if not isinstance(node, yaml.ScalarNode):
        notebook.refuse(node, Sentence(_WORDS_NEEDED, found=kind_of(node)))
    if node.tag != _STR:
        if not node.value:
            notebook.refuse(node, Sentence(_WORDS_NEEDED, found=Sentence(N_("nothing"))))
        text = N_("`{word}` reads as {kind} here: put it in quotes")
        notebook.refuse(node, Sentence(text, word=scalar_text(node), kind=kind_of(node)))
    return str(node.value)


shaped(words, lambda: {"type": "string", "pattern": r"^\S(.*\S)?$"})
shaped(yes_or_no, lambda: {"type": "boolean"})
shaped(day, lambda: {"type": "string", "format": "date"})
