"""What may stand on an indicator list, and what a flag may build on."""

from datetime import UTC, datetime, timedelta

import pytest

from community_api.core.errors import StartupError
from community_api.core.i18n.translations import Sentence
from community_api.intelligence.indicators import rules
from community_api.intelligence.indicators.loader import LISTS, declared_lists, parse_list, read_list
from community_api.intelligence.indicators.terms import Force

FIRST = declared_lists()["verlt", 1]
# A published list never changes: a change of one character in it or in SHA256SUMS fails here.
FIRST_SHA256 = "7ddd40681d19185a967cddab446397185f8dcd248ef6590d5773406870032134"


def test_first_list_is_as_it_was_published():
    assert FIRST.sha256 == FIRST_SHA256


def test_first_list_keeps_its_own_rules():
    assert rules.faults(FIRST) == ()
    assert len(FIRST.indicators) >= 12


def indicator_list(behaviour="Steals a uniform from the depot of the railway.", **indicator):
    return {
        "version": 1,
        "kind": "verlt",
        "title": "Title",
        "description": "Words",
        "based_on": "Source",
        "sunset_months": 12,
        "protected_terms": {language: list(terms) for language, terms in FIRST.protected_terms.items()},
        "non_indicators": [
            {
                "code": one.code,
                "label": one.label,
                "not_a_sign_because": one.not_a_sign_because,
                "disguises": {language: list(terms) for language, terms in one.disguises.items()},
            }
            for one in FIRST.non_indicators.values()
        ],
        "indicators": [
            {
                "code": "some_behaviour",
                "class": "potential",
                "behaviour": behaviour,
                "why_relevant": "It gives access.",
                "innocent_when": ["It was found."],
                "min_facts": ["What and when."],
                "not_alone": False,
                "source": "Made up",
                **indicator,
            }
        ],
    }


def faults(declared):
    return rules.faults(parse_list(declared, "0" * 64))


def test_behaviour_that_can_be_seen_is_accepted():
    assert faults(indicator_list()) == ()


@pytest.mark.parametrize(
    "behaviour",
    [
        "Has converted and prays a lot.",
        "Wears a beard or a headscarf.",
        "Shows a change of appearance.",
        "Has changed look and lifestyle lately.",
        "Has altered their way of dressing.",
        "Attends a mosque that is known to the police.",
        "Has joined a demonstration against the government.",
        "Takes part in civil disobedience.",
        "Is a member of a trade union.",
        "Is of Arab origin.",
        "Speaks Arabic with friends.",
        "Travels to family in the country of origin.",
        "Eats only halal food.",
        "Holds extreme views about politics.",
        "Follows an ideology.",
        "Distrusts the police.",
        "Is a refugee without residence status.",
        "Is the brother of a convicted person.",
        "Has become a loner and withdrawn.",
        "Is mentally ill.",
        "Watches videos about wars.",
        "Is unemployed.",
        "Became  RELIGIOUS\u00ad.",
    ],
)
def test_protected_traits_and_their_disguises_are_refused(behaviour):
    assert faults(indicator_list(behaviour))


@pytest.mark.parametrize(
    "behaviour",
    [
        "Shows at least three signs of this list.",
        "Reaches a score that an officer gives.",
        "Exceeds the threshold of the district.",
        "Shows two or more indicators.",
    ],
)
def test_counting_and_weighing_are_refused(behaviour):
    assert any("a human judges" in fault for fault in map(str, faults(indicator_list(behaviour))))


@pytest.mark.parametrize("name", ["weight", "score", "points", "minimum_count", "priority"])
def test_a_weight_has_no_place_to_stand(name):
    with pytest.raises(ValueError, match=name):
        parse_list(indicator_list(**{name: 3}), "")
    with pytest.raises(ValueError, match=name):
        parse_list({**indicator_list(), name: 3}, "")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"code": "religion"}, "is on the list of what is never a sign"),
        ({"code": "dress_code"}, "is never a sign (dress)"),
        ({"code": "X"}, "a code is"),
        ({"innocent_when": []}, "innocent_when"),
        ({"min_facts": []}, "min_facts"),
        ({"min_facts": ["Which mosque."]}, "is never a sign (worship)"),
        ({"why_relevant": "Many Muslims do so."}, "is a protected trait"),
    ],
)
def test_indicator_says_what_it_must_and_no_more(change, fault):
    assert any(fault in one for one in map(str, faults(indicator_list(**change))))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"sunset_months": 13}, "sunset_months"),
        ({"indicators": []}, "the list is empty"),
        ({"non_indicators": []}, "non_indicators"),
        ({"protected_terms": {}}, "protected_terms"),
    ],
)
def test_list_says_what_it_must(change, fault):
    assert any(fault in one for one in map(str, faults({**indicator_list(), **change})))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": True},
        {"sunset_months": "12"},
        {"title": " spaced "},
        {"title": ""},
        {"indicators": [indicator_list()["indicators"][0]] * 2},
        {"indicators": [{}]},
        {"indicators": [{**indicator_list()["indicators"][0], "class": "suspicious"}]},
        {"indicators": [{**indicator_list()["indicators"][0], "not_alone": "no"}]},
        {
            "indicators": [
                {**indicator_list()["indicators"][0], "innocent_when": "A farmer who buys for a season."}
            ]
        },
        {"indicators": [{**indicator_list()["indicators"][0], "min_facts": None}]},
        {"indicators": [{**indicator_list()["indicators"][0], "class": ["behaviour"]}]},
        {"indicators": "none"},
        {"protected_terms": ["mosque"]},
        {"protected_terms": {"en": "mosque"}},
        {"protected_terms": {"en": ["a*a*a*a*b"]}},
        {"protected_terms": {"en": ["a" * 61]}},
    ],
)
def test_list_of_another_shape_is_refused(change):
    with pytest.raises(ValueError) as refused:
        parse_list({**indicator_list(), **change}, "")
    assert isinstance(refused.value.args[0], Sentence)


def test_a_list_that_was_changed_after_publication_stops_the_start(tmp_path):
    source = (LISTS / "verlt.v1.yaml").read_text(encoding="utf-8")
    (tmp_path / "verlt.v1.yaml").write_text(source.replace("lost", "lossed"), encoding="utf-8")
    (tmp_path / "SHA256SUMS").write_text(f"{FIRST_SHA256}  verlt.v1.yaml\n")
    with pytest.raises(StartupError, match="a published list never changes"):
        declared_lists(tmp_path)


def test_a_list_under_another_name_stops_the_start(tmp_path):
    source = (LISTS / "verlt.v1.yaml").read_bytes()
    (tmp_path / "verlt.v2.yaml").write_bytes(source)
    with pytest.raises(StartupError, match="those of the file's name"):
        read_list(tmp_path / "verlt.v2.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He prayed at the Mosque.", ("mosque", "prayed")),
        ("Die Person trägt ein Kopftuch und kam vom Freitagsgebet.", ("freitagsgebet", "kopftuch")),
        ("Sie ist Ausla\u0308nderin.", ("ausländerin",)),
        ("Bulk fertiliser, cash, no farm.", ()),
        ("The van turned round.", ()),
        ("Er trug einen Bart.", ("bart",)),
        ("Bartering at the market, and a Barthel beer.", ()),
        ("", ()),
    ],
)
def test_protected_words_in_a_report_are_found_in_either_language(text, words):
    assert rules.protected_words(FIRST, text) == words


def test_long_text_without_spaces_is_searched_quickly():
    assert rules.protected_words(FIRST, "a" * 50_000) == ()


@pytest.mark.parametrize(
    ("codes", "refused"),
    [
        (["religion"], True),
        (["religion", "change_of_appearance", "union"], True),
        (["religion", "threat_of_violence"], False),
        (["threat_of_violence"], False),
        (["no_such_code"], False),
        ([], False),
    ],
)
def test_flag_whose_every_ground_is_protected_is_refused(codes, refused):
    assert rules.protected_ground_only(FIRST, codes) is refused


def test_codes_that_the_list_lacks_are_named():
    assert rules.unknown_codes(FIRST, ["breach", "tattoo", "religion"]) == ("tattoo",)


START = datetime(2026, 1, 10, tzinfo=UTC)
END = datetime(2026, 3, 1, tzinfo=UTC)
FORCE = Force(1, START, END)


@pytest.mark.parametrize(
    ("now", "occurred_at", "accepted"),
    [
        (START, START - timedelta(days=900), True),
        (END - timedelta(seconds=1), END, True),
        (END, END - timedelta(seconds=1), True),
        (END, END, False),
        (END + timedelta(days=30), START, True),
        (END + timedelta(days=30, seconds=1), START, False),
        (END + timedelta(days=1), START - timedelta(seconds=1), False),
        (START - timedelta(days=1), START - timedelta(days=1), False),
    ],
)
def test_version_may_be_cited_while_in_force_then_or_now_and_thirty_days_on(now, occurred_at, accepted):
    assert rules.acceptable(FORCE, now, occurred_at) is accepted


def test_of_two_versions_the_later_one_is_in_force():
    later = Force(2, START + timedelta(days=5), END)
    assert rules.in_force([later, FORCE], START + timedelta(days=6)) is later
    assert rules.in_force([later, FORCE], START) is FORCE
    assert rules.in_force([FORCE], END) is None


def test_a_text_that_is_one_endless_word_is_looked_through_all_the_same():
    listed = parse_list({**indicator_list(), "protected_terms": {"en": ["a*a*a*b", "mosque"]}}, "")
    assert rules.protected_words(listed, "a" * 20_000 + " near the mosque") == ("mosque",)
