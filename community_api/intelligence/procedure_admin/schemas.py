"""How procedures are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, validate

from community_api.core.i18n.translations import Words
from community_api.core.schemas.fields import BaseSchema
from community_api.core.schemas.validators import Bounded
from community_api.intelligence.chain.referrals.dry_run import MOST, Trial
from community_api.procedure_engine.compare import SENTENCES, Difference, Kind
from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.localize import Say, around
from community_api.procedure_engine.pack.definition import Action, Pack, Stage
from community_api.procedures.terms import CONTENT_MAX


class ProcedureItem(BaseSchema):
    """One version of one procedure."""

    name = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    hash = fields.String(required=True)
    effective_from = fields.String(required=True, metadata={"format": "date"})
    effective_to = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    active = fields.Boolean(required=True)
    suspended = fields.Boolean(
        required=True, metadata={"description": "Oversight has stopped it: no new flags, no steps."}
    )


class ProceduresOut(BaseSchema):
    """Every version that is known."""

    items = fields.List(fields.Nested(ProcedureItem), required=True)


class ClockOut(BaseSchema):
    """How long something may take: hours, or working days."""

    hours = fields.Integer(allow_none=True)
    working_days = fields.Integer(allow_none=True)


class StageOut(BaseSchema):
    """A state of a case."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    phase = fields.String(required=True)
    owner = fields.String(required=True, allow_none=True)
    clock = fields.Nested(ClockOut, required=True, allow_none=True)
    urgent_clock = fields.Nested(ClockOut, required=True, allow_none=True)


class ResultOut(BaseSchema):
    """One way an action can end."""

    to = fields.String(
        required=True, allow_none=True, metadata={"description": "Null: the case stays where it is."}
    )
    feedback = fields.String(required=True, allow_none=True)


class ActionOut(BaseSchema):
    """What a person may do in a stage."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    sources = fields.List(fields.String(), required=True)
    roles = fields.List(fields.String(), required=True)
    not_actor_of = fields.List(fields.String(), required=True)
    results = fields.List(fields.Nested(ResultOut), required=True)


class EdgeOut(BaseSchema):
    """One permitted way between levels."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    reach = fields.String(required=True)


class ProcedureOut(ProcedureItem):
    """One version, whole."""

    notice = fields.String(required=True)
    legal_basis = fields.String(required=True)
    edges = fields.List(fields.Nested(EdgeOut), required=True)
    stages = fields.List(fields.Nested(StageOut), required=True)
    actions = fields.List(fields.Nested(ActionOut), required=True)
    approved_by = fields.String(required=True)
    impact_assessment = fields.String(required=True)
    around = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "What it sets around the chain, by section: threshold, children, safeguarding, "
            "emergency, rights and others; older versions have none."
        },
    )


class DiagramQuery(BaseSchema):
    """What is asked of a drawing."""

    since = fields.Integer(
        metadata={"description": "A version: what is new, changed or gone since then is marked."}
    )


class DifferencesQuery(BaseSchema):
    """What is compared."""

    since = fields.Integer(
        metadata={"description": "The version it is compared with; left out: the one before."}
    )


class TrialIn(BaseSchema):
    """A pack as its file is written, and on how many cases it is tried."""

    content = fields.String(
        required=True,
        validate=Bounded(CONTENT_MAX),
        metadata={"description": "YAML, UTF-8; docs/procedures.md explains every key"},
    )
    last = fields.Integer(
        load_default=50,
        validate=validate.Range(1, MOST, error=f"out_of_range|min=1|max={MOST}"),
        metadata={"description": "So many of the cases that ended last"},
    )


class TrialDifferenceOut(BaseSchema):
    """One thing that would have been otherwise, and in how many cases."""

    action = fields.String(
        required=True, allow_none=True, metadata={"description": "After which step; null: at the beginning."}
    )
    what = fields.String(required=True, validate=validate.OneOf(["refused", "stage", "owner", "deadline"]))
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True, metadata={"description": "Of a refusal: its code."})
    fields_ = fields.List(
        fields.String(),
        required=True,
        data_key="fields",
        attribute="fields",
        metadata={"description": "Pointers of what would have been wrong in the form."},
    )
    cases = fields.Integer(required=True)
    days_later = fields.List(
        fields.Float(),
        required=True,
        allow_none=True,
        metadata={"description": "Of a deadline: least and most; below zero: earlier."},
    )


class TrialOut(BaseSchema):
    """What a proposed version would have changed."""

    replayed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    differences = fields.List(fields.Nested(TrialDifferenceOut), required=True)


class DifferenceOut(BaseSchema):
    """One difference."""

    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in Kind]))
    place = fields.String(required=True, metadata={"description": "Where in the pack."})
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, metadata={"description": "The difference in words."})


class DifferencesOut(BaseSchema):
    """Everything that differs."""

    differences = fields.List(fields.Nested(DifferenceOut), required=True)


def differences_view(differences: Iterable[Difference], words: Words, language: str) -> dict[str, Any]:
    """Differences in the reader's words."""
    return {
        "differences": [
            {
                "kind": one.kind.value,
                "place": one.where,
                "before": one.before,
                "after": one.after,
                "text": words.translate(SENTENCES[one.kind], language, **one.params),
            }
            for one in differences
        ]
    }


def trial_view(trial: Trial) -> dict[str, Any]:
    """What a trial shows: codes and numbers, of no case by itself."""
    return {
        "replayed": trial.replayed,
        "same": trial.same,
        "differences": [
            {
                "action": one.divergence.action or None,
                "what": one.divergence.what,
                "before": one.divergence.before or None,
                "after": one.divergence.after or None,
                "fields": list(one.divergence.pointers),
                "cases": one.cases,
                "days_later": None if one.days is None else list(one.days),
            }
            for one in trial.differences
        ],
    }


def item_view(pack: Pack, say: Say, *, active: bool, suspended: bool) -> dict[str, Any]:
    """What a list shows of a version."""
    header = pack.header
    return {
        "name": pack.name,
        "version": pack.version,
        "title": say(header.title),
        "hash": pack.hash,
        "effective_from": header.effective_from.isoformat(),
        "effective_to": None if header.effective_to is None else header.effective_to.isoformat(),
        "active": active,
        "suspended": suspended,
    }


def full_view(pack: Pack, say: Say, *, active: bool, suspended: bool) -> dict[str, Any]:
    """What a single version shows."""
    return {
        **item_view(pack, say, active=active, suspended=suspended),
        "notice": say(pack.header.notice),
        "legal_basis": say(pack.header.legal_basis),
        "edges": [
            {"source": edge.source, "target": edge.target, "reach": edge.reach.value} for edge in pack.edges
        ],
        "stages": [_stage(stage, say) for stage in pack.stages],
        "actions": [_action(action, say) for action in pack.actions],
        "approved_by": pack.header.approved_by,
        "impact_assessment": pack.header.impact_assessment,
        "around": around(pack, say),
    }


def _stage(stage: Stage, say: Say) -> dict[str, Any]:
    return {
        "code": stage.code,
        "title": say(stage.title),
        "phase": stage.phase.value,
        "owner": stage.owner,
        "clock": _clock(stage.clock),
        "urgent_clock": _clock(stage.urgent_clock),
    }


def _clock(clock: Clock | None) -> dict[str, int | None] | None:
    return None if clock is None else {"hours": clock.hours, "working_days": clock.working_days}


def _action(action: Action, say: Say) -> dict[str, Any]:
    return {
        "code": action.code,
        "title": say(action.title),
        "sources": list(action.sources),
        "roles": list(action.roles),
        "not_actor_of": list(action.not_actor_of),
        "results": [{"to": result.to, "feedback": result.feedback} for result in action.results],
    }
