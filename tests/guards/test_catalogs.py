"""Every word for people is in every language, and every refusal has words that the code can fill."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel.messages.plurals import get_plural

from community_api.access.policy import Reason
from community_api.core.i18n import extract
from community_api.core.i18n.problem_texts import load_problems
from community_api.core.i18n.translations import WORDS, placeholders
from community_api.intelligence.indicators.loader import declared_lists
from community_api.procedure_engine.terms import Code, FieldCode
from community_api.wording.patterns import hits
from community_api.wording.protected import further_words

PLURAL_FORMS = {"en": 2, "de": 2, "fr": 2, "lt": 3, "ru": 3, "ar": 6, "tr": 1}
CODE = extract.ROOT / "community_api"
MAP = load_problems(CODE / "problems.yaml")
# What the edge hands over with every refusal, besides what the refusing code names.
ALWAYS_GIVEN = frozenset({"retry_after"})


def test_catalogs_are_complete_and_current():
    assert extract.check() == [], "run `make i18n` and translate what it lists"


def test_every_language_is_said_to_be_offered():
    assert WORDS.languages == ("en", "de", "fr", "lt", "ru")
    assert WORDS.public_languages == ("ar", "tr")
    assert set(WORDS.public.languages) == set(WORDS.public_languages), "a language without a catalog"


@pytest.mark.parametrize("language", [*WORDS.languages, *WORDS.public_languages])
def test_every_language_has_the_plural_forms_of_its_grammar(language):
    """Those that babel knows for it, from CLDR; by those of another it would say "1 reports"."""
    catalog = extract._read(extract._path(language, extract.ROOT), language)
    raw = extract._path(language, extract.ROOT).read_text(encoding="utf-8")
    declared = re.search(r"nplurals=(\d+)", raw)
    assert declared is not None
    assert int(declared[1]) == catalog.num_plurals == PLURAL_FORMS[language]
    assert catalog.plural_expr == get_plural(language).plural_expr
    for message in extract._texts(catalog):
        if not isinstance(message.id, str):
            assert len(extract._forms(message.string)) == PLURAL_FORMS[language], message.id


def test_english_is_what_the_code_says():
    """It is said without reading its catalog, so nothing else may stand there."""
    catalog = extract._read(extract._path("en", extract.ROOT), "en")
    for message in extract._texts(catalog):
        assert message.string == message.id
    assert WORDS.translate("Nothing that any catalog knows", "en") == "Nothing that any catalog knows"


def test_what_the_search_for_words_leaves_out_is_there():
    cfg = (extract.ROOT / "babel.cfg").read_text(encoding="utf-8")
    ignored = re.findall(r"^\[ignore: (.+)\]$", cfg, re.MULTILINE)
    for path in ignored:
        assert (extract.ROOT / path).is_file(), f"babel.cfg names {path}, which is not there"


def texts_for_people() -> Iterator[str]:
    for problem in MAP.problems.values():
        yield from (problem.title, problem.detail)
    yield from MAP.fields.values()
    yield from MAP.warnings.values()


@pytest.mark.parametrize(
    "leak",
    [
        r"Traceback",
        r"\bSQL",
        r"exception",
        r"/(?:home|usr|var|api)\b",
        r"\.py\b",
        r"\bversion \d",
        r"\b(flask|python)\b",
    ],
)
def test_no_refusal_speaks_of_the_inside(leak):
    assert [text for text in texts_for_people() if re.search(leak, text, re.IGNORECASE)] == []


def test_titles_are_short_and_details_are_sentences():
    for problem in MAP.problems.values():
        assert len(problem.title) <= 60, problem.code
        assert not problem.title.endswith("."), problem.code
        assert problem.detail.endswith("."), problem.code
        assert len(problem.detail) <= 400, problem.code
    assert [text for text in (*MAP.fields.values(), *MAP.warnings.values()) if not text.endswith(".")] == []


def test_problems_are_declared_once():
    """YAML lets the last of two equal names win without a word; two builders may each add one."""

    def names(node):
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            yield from (key for key in keys if keys.count(key) > 1)
            for _, value in node.value:
                yield from names(value)

    for path in sorted(CODE.rglob("*.yaml")):
        assert set(names(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))) == set(), (
            path
        )


# --- the code that refuses ------------------------------------------------------------------------


def calls(*functions: str) -> Iterator[tuple[Path, ast.Call]]:
    for path, call in _all_calls():
        if _name(call.func) in functions:
            yield path, call


@cache
def _all_calls() -> list[tuple[Path, ast.Call]]:
    return [
        (path.relative_to(extract.ROOT), node)
        for path in sorted(CODE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _literals(node: ast.expr | None) -> list[str]:
    """The texts that an argument may be; none when it is computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return []


def test_every_code_that_is_refused_with_has_words():
    unknown = [
        f"{path}:{call.lineno}: {code}"
        for path, call in calls("Refused")
        for code in _literals(call.args[0] if call.args else None)
        if code not in MAP.problems
    ]
    assert unknown == [], "add them to problems.yaml"


def test_refusals_give_what_their_words_ask_for():
    lacking = [
        f"{path}:{call.lineno}: {code} needs {sorted(wanted)}"
        for path, call in calls("Refused")
        for code in _literals(call.args[0] if call.args else None)
        if code in MAP.problems
        and (wanted := _asked_for(code) - {keyword.arg for keyword in call.keywords} - ALWAYS_GIVEN)
        and None not in {keyword.arg for keyword in call.keywords}
    ]
    assert lacking == []


def _asked_for(code: str) -> frozenset[str]:
    problem = MAP.problems[code]
    return placeholders(problem.title) | placeholders(problem.detail)


def field_codes() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Where a field error is made, its code, and the parameters given (None: not to be seen from here)."""
    for path, call in calls("FieldError", "invalid"):
        for code in _literals(call.args[1] if len(call.args) > 1 else None):
            shown = len(call.args) < 3 and _name(call.func) == "invalid"
            given = frozenset(keyword.arg or "" for keyword in call.keywords) if shown else None
            yield f"{path}:{call.lineno}", code, given
    for path, call in calls("ValidationError", "OneOf", "Range", "Length", "Regexp"):
        message = next((k.value for k in call.keywords if k.arg == "error"), None)
        named = (
            message
            if message is not None
            else (call.args[0] if _name(call.func) == "ValidationError" else None)
        )
        for text in _literals(named) + _formatted(named):
            code, *params = text.split("|")
            yield f"{path}:{call.lineno}", code, frozenset(param.split("=")[0] for param in params)

    for path, table in _tables_of_messages():
        for value in table.values:
            for code in _literals(value):
                yield f"{path}:{table.lineno}", code, frozenset()


def _tables_of_messages() -> Iterator[tuple[Path, ast.Dict]]:
    """What a schema's own fields say: marshmallow's tables of messages hold codes here."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                names = {_name(target) for target in node.targets}
                if names & {"_CODES", "default_error_messages", "error_messages"}:
                    yield path.relative_to(extract.ROOT), node.value


def _formatted(node: ast.expr | None) -> list[str]:
    """An f-string with its values left out: the code and the names of its parameters remain."""
    if isinstance(node, ast.IfExp):
        return _formatted(node.body) + _formatted(node.orelse)
    if not isinstance(node, ast.JoinedStr):
        return []
    return ["".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))]


def test_every_fault_of_a_field_has_words():
    unknown = [
        f"{place}: {code}"
        for place, code, _ in field_codes()
        if code not in MAP.fields and code not in MAP.warnings
    ]
    assert unknown == [], "add them to problems.yaml"


def test_faults_of_fields_give_what_their_words_ask_for():
    lacking = [
        f"{place}: {code} needs {sorted(wanted)}"
        for place, code, given in field_codes()
        if given is not None and code in MAP.fields and (wanted := placeholders(MAP.fields[code]) - given)
    ]
    assert lacking == []


def test_every_reason_of_the_policy_has_words():
    assert {reason for reason in Reason if reason not in MAP.problems} == {Reason.ALLOWED}


def test_every_answer_of_a_procedure_has_words():
    assert {code for code in Code if code not in MAP.problems} == {Code.ALLOWED}
    assert {code for code in FieldCode if code not in MAP.fields} == set()


# --- what the contract names ----------------------------------------------------------------------

CONTRACT_CODES = (
    "action_not_allowed",
    "already_decided",
    "already_taken_up",
    "case_required",
    "code_used",
    "collection_task",
    "cosign_required",
    "device_proof_required",
    "erased",
    "fact_too_thin",
    "feedback_owed",
    "flag_open",
    "id_reused",
    "indicator_list_superseded",
    "indicator_unknown",
    "not_independent",
    "not_to_be_passed_on",
    "protected_ground_only",
    "purpose_required",
    "receipt_unknown",
    "role_not_allowed",
    "same_person",
    "suspended_by_oversight",
    "training_required",
)


@pytest.mark.parametrize("code", CONTRACT_CODES)
def test_every_code_of_the_contract_has_words(code):
    assert code in MAP.problems


# --- translations keep the rules of the original ----------------------------------------------------


@pytest.mark.parametrize("language", [language for language in WORDS.languages if language != "en"])
def test_no_translation_makes_a_protected_trait_an_indicator(language):
    for listed in declared_lists().values():
        terms = _never_signs(listed, language)
        assert terms, f"no words of protected traits are known in {language}"
        for indicator in listed.indicators.values():
            said = [WORDS.translate(text, language) for text in (indicator.behaviour, *indicator.min_facts)]
            assert hits(terms, " ".join(said)) == (), indicator.code


def _never_signs(listed, language):
    disguises = (other.disguises.get(language, ()) for other in listed.non_indicators.values())
    known = listed.protected_terms.get(language) or further_words()[language]
    return tuple(known) + tuple(term for terms in disguises for term in terms)
