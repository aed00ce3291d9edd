"""What must stand in a pack wherever a report is issued, given on, or sent to another state.

Asked from language version 2 on. Sources: the re-identification check and need to know are R6 and 28 CFR
23.20(e), transfers Directive (EU) 2016/680, articles 35 to 38.
"""

from __future__ import annotations

from collections.abc import Sequence

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.pack.definition import Field, Pack
from community_api.procedure_engine.terms import EXTERNAL
from community_api.procedure_engine.verification.references import Findings
from community_api.procedure_engine.verification.stage_graph import reached_levels

# Obligatory fields, under these names because the product keeps them with every giving.
GIVEN_WITH = ("purpose", "legal_basis", "need_to_know")
SENT_ABROAD_WITH = ("transfer_basis", "assurances", "onward_limit", "right_to_know")
HANDLING = "handling"


def findings(pack: Pack) -> Findings:
    """Everything missing where reports are issued or given."""
    yield from _edges(pack)
    yield from _schemes(pack)
    for index, action in enumerate(pack.actions):
        fields = pack.form_by_code[action.form].fields if action.form else ()
        for at, result in enumerate(action.results):
            path: Path = ("actions", index, "results", at)
            for key in ("issues_report", "corrects_report"):
                source = getattr(result, key)
                if source is not None and source.action not in action.not_actor_of:
                    message = Sentence(
                        N_("nobody checks their own text: `{action}` must be in `not_actor_of`"),
                        action=source.action,
                    )
                    yield (*path, key), message
            if result.disseminates:
                yield from _issued_with((*path, "disseminates"), action.code, fields, GIVEN_WITH)
                abroad = any(EXTERNAL in reached_levels(pack, action, level.code) for level in pack.levels)
                if abroad:
                    yield from _issued_with((*path, "disseminates"), action.code, fields, SENT_ABROAD_WITH)


def _issued_with(path: Path, code: str, fields: Sequence[Field], wanted: Sequence[str]) -> Findings:
    """The words that go with a report, and the one handling code under which it goes."""
    obligatory = {field.code for field in fields if field.required and field.required_when is None}
    for name in wanted:
        if name not in obligatory:
            yield (
                path,
                Sentence(
                    N_("who takes `{code}` must say the `{name}`: the form needs that field, obligatory"),
                    code=code,
                    name=name,
                ),
            )
    handling = [f for f in fields if f.type == "grade" and f.axis == HANDLING and f.required]
    if len(handling) != 1 and wanted is GIVEN_WITH:
        yield (
            path,
            Sentence(
                N_("a report goes out under one handling code: the form of `{code}` needs that grade"),
                code=code,
            ),
        )


def _edges(pack: Pack) -> Findings:
    """Teams are no part of the chain, and only the nation sends to another state."""
    for index, edge in enumerate(pack.edges):
        for key, level in (("from", edge.source), ("to", edge.target)):
            if level == "community":
                yield (
                    ("edges", index, key),
                    Sentence(N_("teams are no part of the chain: nothing is sent to or from them")),
                )
        if edge.target == EXTERNAL and edge.source != "national":
            yield (
                ("edges", index, "from"),
                Sentence(N_("only the national level sends to the police of another state")),
            )
    for index, entrance in enumerate(pack.entrances):
        for at, level in enumerate(entrance.levels):
            if level in {"community", EXTERNAL}:
                yield (
                    ("entrances", index, "levels", at),
                    Sentence(N_("no case begins at level {level}"), level=level),
                )


def _schemes(pack: Pack) -> Findings:
    """A scheme by which a report is graded has a side for its source and one for its information."""
    chosen = {
        scheme
        for form in pack.forms
        for field in form.fields
        if field.type == "scheme"
        for scheme in field.schemes
    }
    for index, scheme in enumerate(pack.schemes):
        axes = {axis.code for axis in scheme.axes}
        for axis in ("source", "information"):
            if scheme.code in chosen and axis not in axes:
                yield (
                    ("schemes", index, "axes"),
                    Sentence(N_("the scheme {code} has no axis `{axis}`"), code=scheme.code, axis=axis),
                )
