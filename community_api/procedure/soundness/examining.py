"""Whether a pack that reads well also makes sense: codes unique, references alive, rules not switched off.

Every check writes into the notebook, which knows the line of every path; the paths are those of the
file. What stages and actions form together is judged by `proofs`, but only when every reference is sound:
a graph with loose ends would be blamed for one mistyped name many times over.
"""

from __future__ import annotations

from collections.abc import Iterator

from community_api.procedure.pack import Pack
from community_api.procedure.pack_lists import RetentionClass
from community_api.procedure.reading import Notebook
from community_api.procedure.soundness import actions, forms, giving, national, proofs
from community_api.procedure.soundness.references import Findings, acts, each_known, unique, unknown
from community_api.procedure.terms import EXTERNAL, STRICT, Act, Entry, FeedbackPoint, Phase

# Rules of the engine that no pack can switch off (domain section 2.5): whoever raised a flag or wrote
# the report is not its second person, and a subject who is or may be a child needs the co-sign.
_NEVER_SECOND = (Act.FLAG_RAISE, Act.REPORT_AUTHOR)
# Who is no suspect is not kept longer than one (LED article 6, domain R21).
_MUST_BE_SHORT = frozenset({"victim", "other_witness", "other_contact", "not_yet_categorised"})
_ALWAYS_COSIGNED = ("child", "unknown")


def examine(pack: Pack, notebook: Notebook) -> None:
    """Write down everything that is unsound about a pack."""
    for path, message in _findings(pack):
        notebook.note_at(path, message)
    if not notebook.problems and pack.header.language_version >= STRICT:
        for path, message in giving.findings(pack):
            notebook.note_at(path, message)
    if not notebook.problems:
        for path, message in proofs.findings(pack):
            notebook.note_at(path, message)


def _findings(pack: Pack) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Everything that can be said without walking through the graph."""
    yield from _header(pack)
    yield from _levels(pack)
    yield from _entrances(pack)
    yield from unique(("staffing",), "staffing of", pack.staffing, key="role")
    yield from unique(("marks",), "mark", pack.marks)
    yield from each_known(("conflict_of_interest",), "act", pack.conflict_of_interest, acts(pack))
    yield from actions.findings(pack)
    yield from forms.findings(pack)
    yield from _feedback(pack)
    yield from _flags(pack)
    yield from _retention(pack)
    yield from national.findings(pack)


def _header(pack: Pack) -> Findings:
    """A pack ends after it begins."""
    last = pack.header.effective_to
    if last is not None and last < pack.header.effective_from:
        yield ("procedure", "effective_to"), "the pack ends before it begins"


def _levels(pack: Pack) -> Findings:
    """Edges lead between declared levels, each once, and somebody is ready to receive."""
    levels = {level.code for level in pack.levels}
    receiving = {level for e in pack.entrances if e.by == Entry.DISSEMINATION for level in e.levels}
    seen = set()
    yield from unique(("levels",), "level", pack.levels)
    for index, edge in enumerate(pack.edges):
        path = ("edges", index)
        yield from unknown((*path, "from"), "level {} in this pack", edge.source, levels)
        yield from unknown((*path, "to"), "level {} in this pack", edge.target, levels)
        if (edge.source, edge.target) in seen:
            yield path, f"the edge from {edge.source} to {edge.target} is declared twice"
        # Outside the chain no case begins: what comes back from there is written into the sender's.
        if edge.target in levels - {EXTERNAL} and edge.target not in receiving:
            yield (*path, "to"), f"no entrance receives a dissemination at level {edge.target}"
        seen.add((edge.source, edge.target))


def _entrances(pack: Pack) -> Findings:
    """One way in for a flag and one for each level that receives; none straight into an end."""
    levels = {level.code for level in pack.levels}
    seen = set()
    if not any(entrance.by == Entry.FLAG for entrance in pack.entrances):
        yield ("entrances",), "there is no entrance for a confirmed flag"
    for index, entrance in enumerate(pack.entrances):
        path = ("entrances", index)
        yield from unknown((*path, "stage"), "stage", entrance.stage, pack.stage_by_code)
        yield from unknown(
            (*path, "retention"), "retention class", entrance.retention, pack.retention_by_code
        )
        yield from each_known((*path, "levels"), "level {} in this pack", entrance.levels, levels)
        for at, level in enumerate(entrance.levels):
            if (entrance.by, level) in seen:
                yield (*path, "levels", at), f"a {entrance.by} has an entrance at level {level} already"
            seen.add((entrance.by, level))
        stage = pack.stage_by_code.get(entrance.stage)
        if stage is not None and stage.phase is Phase.ENDED:
            yield (*path, "stage"), f"a case cannot begin in the end `{stage.code}`"


def _feedback(pack: Pack) -> Findings:
    """Every decision owes an answer: the feedback obligation cannot be switched off."""
    yield from unique(("feedback", "outcomes"), "outcome", pack.feedback.outcomes)
    yield from unique(("feedback", "rules"), "rule for", pack.feedback.rules, key="point")
    for point in FeedbackPoint:
        if point not in pack.rule_by_point:
            yield (
                ("feedback", "rules"),
                f"there is no rule for the decision `{point}`: every decision owes an answer",
            )


def _flags(pack: Pack) -> Findings:
    """The second person, and the co-sign for a child, cannot be switched off."""
    before = {act.value for act in Act}
    yield from unique(("flags", "kinds"), "kind", pack.flags.kinds)
    yield from each_known(("flags", "not_actor_of"), "act {} before a case", pack.flags.not_actor_of, before)
    for act in _NEVER_SECOND:
        if act not in pack.flags.not_actor_of:
            yield (
                ("flags", "not_actor_of"),
                f"`{act}` must be here: nobody is the second person to themselves",
            )
    for age in _ALWAYS_COSIGNED:
        if age not in pack.flags.cosign_when_age:
            yield ("flags", "cosign_when_age"), f"`{age}` must be here: a flag on a child needs the co-sign"


def _retention(pack: Pack) -> Findings:
    """Reviews come before the end, and a child's record is not kept longer than an adult's."""
    yield from unique(("retention",), "retention class", pack.retention)
    for index, declared in enumerate(pack.retention):
        path = ("retention", index)
        if declared.review_after_days > declared.at_most_days:
            yield (*path, "review_after_days"), "the review comes after the end of the retention"
        yield from unknown(
            (*path, "for_children"), "retention class", declared.for_children, pack.retention_by_code
        )
        for at, one in enumerate(declared.for_categories):
            here = (*path, "for_categories", at)
            yield from unknown((*here, "retention"), "retention class", one.retention, pack.retention_by_code)
            if set(one.categories) & _MUST_BE_SHORT and _longer(pack, one.retention, declared):
                yield here, f"`{one.retention}` keeps a victim or witness longer than the others"
        child = pack.retention_by_code.get(declared.for_children or "")
        if child is not None and child.at_most_days > declared.at_most_days:
            yield (*path, "for_children"), f"`{child.code}` keeps a child's record longer than an adult's"


def _longer(pack: Pack, code: str, than: RetentionClass) -> bool:
    """Whether a class keeps longer than another; one that does not exist does not."""
    found = pack.retention_by_code.get(code)
    return found is not None and found.at_most_days > than.at_most_days
