"""Whether a pack that reads well also makes sense: codes unique, references alive, rules not switched off.

Every check writes into the notebook, which knows the line of every path; the paths are those of the
file. What stages and actions form together is judged by `proofs`, but only when every reference is sound:
a graph with loose ends would be blamed for one mistyped name many times over.
"""

from __future__ import annotations

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.readers import FindingCollector
from community_api.procedure_engine.language.unknown_names import (
    NO_ACT,
    NO_ACT_BEFORE,
    NO_LEVEL_HERE,
    NO_RETENTION_CLASS,
    NO_STAGE,
)
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_lists import RetentionClass
from community_api.procedure_engine.terms import EXTERNAL, FEEDBACK_POINTS, STRICT, Act, Entry, Phase
from community_api.procedure_engine.verification import (
    action_checks,
    form_checks,
    issue_checks,
    national_checks,
    proofs,
)
from community_api.procedure_engine.verification.references import Findings, acts, each_known, unique, unknown
from community_api.procedure_engine.verification.states import TooManyStates

# Rules of the engine that no pack can switch off (R10, P45): whoever raised a flag or wrote
# the report is not its second person, and a subject who is or may be a child needs the co-sign.
_NEVER_SECOND = (Act.FLAG_RAISE, Act.REPORT_AUTHOR)
# Who is no suspect is not kept longer than one (LED article 6, domain R21).
_MUST_BE_SHORT = frozenset({"victim", "other_witness", "other_contact", "not_yet_categorised"})
_ALWAYS_COSIGNED = ("child", "unknown")


def examine(pack: Pack, notebook: FindingCollector) -> None:
    """Write down everything that is unsound about a pack."""
    for path, message in _findings(pack):
        notebook.note_at(path, message)
    if not notebook.problems and pack.header.language_version >= STRICT:
        for path, message in issue_checks.findings(pack):
            notebook.note_at(path, message)
    if not notebook.problems:
        _prove(pack, notebook)


def _prove(pack: Pack, notebook: FindingCollector) -> None:
    try:
        for path, message in proofs.findings(pack):
            notebook.note_at(path, message)
    except TooManyStates:
        text = N_(
            "more states are possible than can be proved: "
            "ask about fewer marks and acts, or name fewer people in `staffing`"
        )
        notebook.note_at(("stages",), Sentence(text))


def _findings(pack: Pack) -> Findings:
    """Everything that can be said without walking through the graph."""
    yield from _header(pack)
    yield from _levels(pack)
    yield from _entrances(pack)
    yield from unique(("staffing",), pack.staffing, key="role")
    yield from unique(("marks",), pack.marks)
    yield from each_known(("conflict_of_interest",), NO_ACT, pack.conflict_of_interest, acts(pack))
    yield from action_checks.findings(pack)
    yield from form_checks.findings(pack)
    yield from _feedback(pack)
    yield from _flags(pack)
    yield from _retention(pack)
    yield from national_checks.findings(pack)


def _header(pack: Pack) -> Findings:
    """A pack ends after it begins."""
    last = pack.header.effective_to
    if last is not None and last < pack.header.effective_from:
        yield ("procedure", "effective_to"), Sentence(N_("the pack ends before it begins"))


def _levels(pack: Pack) -> Findings:
    """Edges lead between declared levels, each once, and somebody is ready to receive."""
    levels = {level.code for level in pack.levels}
    receiving = {level for e in pack.entrances if e.by == Entry.DISSEMINATION for level in e.levels}
    seen = set()
    yield from unique(("levels",), pack.levels)
    for index, edge in enumerate(pack.edges):
        path = ("edges", index)
        yield from unknown((*path, "from"), NO_LEVEL_HERE, edge.source, levels)
        yield from unknown((*path, "to"), NO_LEVEL_HERE, edge.target, levels)
        if (edge.source, edge.target) in seen:
            yield (
                path,
                Sentence(
                    N_("the edge from {source} to {target} is declared twice"),
                    source=edge.source,
                    target=edge.target,
                ),
            )
        # Outside the chain no case begins: what comes back from there is written into the sender's.
        if edge.target in levels - {EXTERNAL} and edge.target not in receiving:
            yield (
                (*path, "to"),
                Sentence(N_("no entrance receives a dissemination at level {target}"), target=edge.target),
            )
        seen.add((edge.source, edge.target))


def _entrances(pack: Pack) -> Findings:
    """One way in for a flag and one for each level that receives; none straight into an end."""
    levels = {level.code for level in pack.levels}
    seen = set()
    if not any(entrance.by == Entry.FLAG for entrance in pack.entrances):
        yield ("entrances",), Sentence(N_("there is no entrance for a confirmed flag"))
    for index, entrance in enumerate(pack.entrances):
        path = ("entrances", index)
        yield from unknown((*path, "stage"), NO_STAGE, entrance.stage, pack.stage_by_code)
        yield from unknown(
            (*path, "retention"),
            NO_RETENTION_CLASS,
            entrance.retention,
            pack.retention_by_code,
        )
        yield from each_known((*path, "levels"), NO_LEVEL_HERE, entrance.levels, levels)
        for at, level in enumerate(entrance.levels):
            if (entrance.by, level) in seen:
                yield (
                    (*path, "levels", at),
                    Sentence(
                        N_("a {by} has an entrance at level {level} already"), by=entrance.by, level=level
                    ),
                )
            seen.add((entrance.by, level))
        stage = pack.stage_by_code.get(entrance.stage)
        if stage is not None and stage.phase is Phase.ENDED:
            yield (*path, "stage"), Sentence(N_("a case cannot begin in the end `{code}`"), code=stage.code)


def _feedback(pack: Pack) -> Findings:
    """Every decision owes an answer: the feedback obligation cannot be switched off."""
    yield from unique(("feedback", "outcomes"), pack.feedback.outcomes)
    yield from unique(("feedback", "rules"), pack.feedback.rules, key="point")
    for point, since in FEEDBACK_POINTS.items():
        if since <= pack.header.language_version and point not in pack.rule_by_point:
            yield (
                ("feedback", "rules"),
                Sentence(
                    N_("there is no rule for the decision `{point}`: every decision owes an answer"),
                    point=point,
                ),
            )


def _flags(pack: Pack) -> Findings:
    """The second person, and the co-sign for a child, cannot be switched off."""
    before = {act.value for act in Act}
    yield from unique(("flags", "kinds"), pack.flags.kinds)
    yield from each_known(
        ("flags", "not_actor_of"),
        NO_ACT_BEFORE,
        pack.flags.not_actor_of,
        before,
    )
    for act in _NEVER_SECOND:
        if act not in pack.flags.not_actor_of:
            yield (
                ("flags", "not_actor_of"),
                Sentence(N_("`{act}` must be here: nobody is the second person to themselves"), act=act),
            )
    for age in _ALWAYS_COSIGNED:
        if age not in pack.flags.cosign_when_age:
            yield (
                ("flags", "cosign_when_age"),
                Sentence(N_("`{age}` must be here: a flag on a child needs the co-sign"), age=age),
            )


def _retention(pack: Pack) -> Findings:
    """Reviews come before the end, and a child's record is not kept longer than an adult's."""
    yield from unique(("retention",), pack.retention)
    for index, declared in enumerate(pack.retention):
        path = ("retention", index)
        if declared.review_after_days > declared.at_most_days:
            yield (
                (*path, "review_after_days"),
                Sentence(N_("the review comes after the end of the retention")),
            )
        yield from unknown(
            (*path, "for_children"),
            NO_RETENTION_CLASS,
            declared.for_children,
            pack.retention_by_code,
        )
        for at, one in enumerate(declared.for_categories):
            here = (*path, "for_categories", at)
            yield from unknown(
                (*here, "retention"),
                NO_RETENTION_CLASS,
                one.retention,
                pack.retention_by_code,
            )
            if set(one.categories) & _MUST_BE_SHORT and _longer(pack, one.retention, declared):
                yield (
                    here,
                    Sentence(
                        N_("`{retention}` keeps a victim or witness longer than the others"),
                        retention=one.retention,
                    ),
                )
        child = pack.retention_by_code.get(declared.for_children or "")
        if child is not None and child.at_most_days > declared.at_most_days:
            yield (
                (*path, "for_children"),
                Sentence(N_("`{code}` keeps a child's record longer than an adult's"), code=child.code),
            )


def _longer(pack: Pack, code: str, than: RetentionClass) -> bool:
    """Whether a class keeps longer than another; one that does not exist does not."""
    found = pack.retention_by_code.get(code)
    return found is not None and found.at_most_days > than.at_most_days
