"""Checks of forms, grading schemes and frameworks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.engine.guards import Judges
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.language.unknown_names import (
    NO_AXIS,
    NO_FIELD_OF_RECORDS,
    NO_FRAMEWORK,
    NO_GRADE,
    NO_MARK,
    NO_OBLIGATORY_SCHEME,
    NO_OTHER_FIELD,
    NO_PANEL,
    NO_SCHEME,
)
from community_api.procedure_engine.pack.definition import Field, Form, Pack
from community_api.procedure_engine.verification import crosswalks
from community_api.procedure_engine.verification.references import (
    Findings,
    each_known,
    guards,
    unique,
    unknown,
    values_known,
)


def findings(pack: Pack) -> Findings:
    """Everything unsound about what is asked and how it is graded."""
    yield from unique(("forms",), pack.forms)
    yield from unique(("schemes",), pack.schemes)
    yield from unique(("frameworks",), pack.frameworks)
    used = {action.form for action in pack.actions}
    for index, form in enumerate(pack.forms):
        if form.code not in used:
            yield (
                ("forms", index, "code"),
                Sentence(N_("no action asks for the form `{code}`"), code=form.code),
            )
        yield from _form(("forms", index), form, pack)
    for index, scheme in enumerate(pack.schemes):
        yield from unique(("schemes", index, "axes"), scheme.axes)
        for at, axis in enumerate(scheme.axes):
            here = ("schemes", index, "axes", at)
            yield from unique((*here, "values"), axis.values)
            codes = [value.code for value in axis.values]
            yield from each_known((*here, "unassessed"), NO_GRADE, axis.unassessed, codes)
    yield from crosswalks.findings(pack)
    for index, framework in enumerate(pack.frameworks):
        yield from unique(("frameworks", index, "factors"), framework.factors)


def _form(path: Path, form: Form, pack: Pack) -> Findings:
    """One form and all its fields."""
    for index, field in enumerate(form.fields):
        yield from _scheme_from((*path, "fields", index), field, form.fields)
    yield from _fields((*path, "fields"), form.fields, pack)


def _fields(path: Path, fields: Sequence[Field], pack: Pack) -> Findings:
    """A list of fields: of a form, or of the records in one."""
    yield from unique(path, fields)
    for index, field in enumerate(fields):
        here = (*path, index)
        yield from _references(here, field, pack)
        yield from _bounds(here, field)
        yield from _required_when(here, field, fields, pack)
        if field.type == "records":
            yield from _records(here, field, pack)


def _references(path: Path, field: Field, pack: Pack) -> Findings:
    """Marks, schemes, frameworks and choices of a field."""
    yield from unknown(
        (*path, "sets_mark"),
        NO_MARK,
        field.sets_mark,
        {mark.code for mark in pack.marks},
    )
    yield from unknown((*path, "framework"), NO_FRAMEWORK, field.framework, pack.framework_by_code)
    yield from unknown((*path, "scheme"), NO_SCHEME, field.scheme, pack.scheme_by_code)
    if field.type == "panel":
        panels = pack.safeguarding.panels if pack.safeguarding else ()
        yield from unknown((*path, "panel"), NO_PANEL, field.panel, {one.code for one in panels})
    if field.type == "classification" and pack.classification is None:
        yield (*path, "type"), Sentence(N_("there is no section `classification` in this pack"))
    if field.type == "scheme":
        yield from each_known((*path, "schemes"), NO_SCHEME, field.schemes, pack.scheme_by_code)
    for scheme in field.schemes if field.type == "grade" else ():
        axes = {axis for of, axis in pack.axis_titles if of == scheme}
        if scheme in pack.scheme_by_code and field.axis is not None:
            text = NO_AXIS
            yield from unknown((*path, "axis"), text, field.axis, axes, scheme=scheme)
    yield from unique((*path, "choices"), field.choices)
    for index, choice in enumerate(field.choices):
        yield from guards((*path, "choices", index, "only_if"), choice.only_if, pack, {Judges.CASE})


def _bounds(path: Path, field: Field) -> Findings:
    """Lower bounds below upper ones, and a requirement that can only be said once."""
    if field.type == "text" and field.min_length > field.max_length:
        yield (*path, "min_length"), Sentence(N_("the least length is more than the greatest"))
    if field.least is not None and field.most is not None and field.least > field.most:
        yield (*path, "least"), Sentence(N_("the least is more than the most"))
    if field.required_when is not None and not field.required:
        yield (*path, "required"), Sentence(N_("a field with `required_when` needs no `required: false`"))


def _scheme_from(path: Path, field: Field, form: Sequence[Field]) -> Findings:
    """A grade has a scheme of its own or names an obligatory field that holds it, not both."""
    if field.type != "grade":
        return
    if (field.scheme is None) == (field.scheme_from is None):
        yield path, Sentence(N_("the grade `{code}` needs either `scheme` or `scheme_from`"), code=field.code)
    elif field.scheme_from is not None:
        holders = {other.code for other in form if other.type == "scheme" and other.required}
        text = NO_OBLIGATORY_SCHEME
        yield from unknown((*path, "scheme_from"), text, field.scheme_from, holders)


def _required_when(path: Path, field: Field, fields: Sequence[Field], pack: Pack) -> Findings:
    """The other field exists beside this one and can have those values."""
    if field.required_when is None:
        return
    code, values = field.required_when
    others = {other.code: other for other in fields if other is not field}
    yield from unknown((*path, "required_when", "field"), NO_OTHER_FIELD, code, others)
    known = frozenset(_values(others[code], pack)) if code in others else frozenset()
    # A grade whose axis is unknown has no values; that is its own problem, said once.
    if code in others and (known or others[code].type != "grade"):
        yield from values_known((*path, "required_when", "is"), code, values, known)


def _values(field: Field, pack: Pack) -> Iterable[str]:
    """The codes that a field can have; none for types without codes."""
    if field.type == "choice":
        return [choice.code for choice in field.choices]
    if field.type == "feedback_outcome":
        return pack.feedback_titles
    if field.type == "scheme":
        return field.schemes
    if field.type == "grade":
        axes = ((scheme, field.axis or "") for scheme in field.schemes)
        return [code for axis in axes for code in pack.axis_titles.get(axis, ())]
    return ()


def _records(path: Path, field: Field, pack: Pack) -> Findings:
    """Records are small forms; alternatives in them exist, are several, and are optional each."""
    inner = {other.code: other for other in field.fields}
    yield from _fields((*path, "fields"), field.fields, pack)
    yield from each_known(
        (*path, "exactly_one_of"),
        NO_FIELD_OF_RECORDS,
        field.exactly_one_of,
        inner,
    )
    if len(field.exactly_one_of) == 1:
        yield (*path, "exactly_one_of"), Sentence(N_("alternatives are at least two"))
    yield from _alternatives(path, field.exactly_one_of, inner)
    for index, other in enumerate(field.fields):
        here = (*path, "fields", index)
        if other.scheme_from is not None or (other.type == "grade" and other.scheme is None):
            yield here, Sentence(N_("a grade in records has a fixed `scheme`"))
        if other.sets_mark is not None:
            yield (*here, "sets_mark"), Sentence(N_("a field in records sets no mark"))


def _alternatives(path: Path, named: Collection[str], inner: dict[str, Field]) -> Findings:
    """An alternative that is obligatory is none."""
    for index, code in enumerate(named):
        if code in inner and (inner[code].required or inner[code].required_when):
            yield (
                (*path, "exactly_one_of", index),
                Sentence(N_("the alternative `{code}` needs `required: false`"), code=code),
            )
