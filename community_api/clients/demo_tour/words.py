"""The texts of the walk: a made-up case in the demo organisation. Every person in it is invented."""

from __future__ import annotations

from typing import Any

# Stands in the officer's own words only; found anywhere above the community side, something leaked.
CANARY = "allotments by the old tannery"

OBSERVATION = {
    "purpose": "crime_prevention",
    "category": "threat_to_people",
    "facts": (
        f"At the {CANARY} I handed out leaflets about shed locks. A man loaded eight 25 kg sacks of ammonium"
        " nitrate into a white van, paid the seller in cash, and said to a neighbour in my hearing:"
        " 'The town hall will remember this Friday.'"
    ),
    "assessment": "Might be boasting; but nobody there knows him and he has no plot.",
    "source_relation": "witnessed",
    "language": "en",
    "place": {
        "lat": 51.4812,
        "lon": 10.4471,
        "accuracy_m": 30,
        "precision": "street",
        "description": "Tannery Lane, by the gate",
    },
}

IDENTITY_FACT = "He has grown a beard since spring and goes to prayers every Friday."

GROUNDS = {
    "acquiring_materials": (
        "Eight 25 kg sacks of ammonium nitrate, paid in cash on the spot and loaded into a white van;"
        " he has no plot there."
    ),
    "threat_of_violence": "Said to a neighbour while loading: 'The town hall will remember this Friday.'",
}

FLAG = {
    "alternative_explanation": "He may farm elsewhere, or carry it for somebody, and have been boasting.",
    "necessity": "Amount and words together cannot be cleared up on the beat without warning him.",
    "proportionality": "Only what was seen and heard is passed on; no name is known and none is asked for.",
    "subjects": [{"label": "the man with the van", "category": "not_yet_categorised", "age": "adult"}],
}

CONFIRMATION = {
    "decision": "confirmed",
    "reason": "Two behaviours of the list, seen and heard at first hand; the innocent reading is stated.",
    "stands_without_protected_ground": "yes",
    "teller_protected": "yes",
}

SANITISED = (
    "A person acquired some 200 kg of a fertiliser that can serve to make explosives, paid in cash,"
    " and spoke of consequences for a public building on a named day. No agricultural use is known."
)

# What somebody without an account tells, and what they are told.
CONCERN = {
    "category": "lighting_litter",
    "text": "The lamps along the school path are out for two weeks now. Children walk there in the dark.",
    "how_known": "I walk there every morning.",
    "place": {"lat": 51.44, "lon": 10.44},
    "language": "en",
}
REPLY = {
    "text": "Thank you. The lamps are on the council's list for this week, and we pass there at school time.",
    "language": "en",
    "kind": "answer",
}

# The same lamps as an officer sees them, and what is made of it together.
LAMPS = {
    "purpose": "community_problem",
    "category": "lighting_litter",
    "facts": "Four lamps along the school path are dark, from the gate to the bus stop; two pupils ran.",
    "source_relation": "witnessed",
}
SAME_LAMPS = "The same path, the same lamps, told on the same day."
TRIAGE = {"route": "problem", "reason": "Light and presence, with the school and the town; nobody suspected."}
PROBLEM: dict[str, Any] = {
    "title": "Dark way to school",
    "list_title": "Dark way to school",
    "scanning": "The lamps along the school path are out; children walk there in the dark.",
    "partners": [
        {"name": "The school", "part": "Walks with the youngest until it is light", "unit": "school"}
    ],
}
PART = {"stage": "response", "text": "Two teachers walk with the youngest from the bus stop, from Monday on."}
THANKS = {
    "outcome": "handled_in_community",
    "text": "The town mends the lamps this week, and the school walks with the youngest until then.",
}
ENDING = {
    "reason": "solved",
    "text_for_reporter": "All four lamps burn again since yesterday. Thank you for stopping there.",
}
DANGER = {
    "category": "threat_to_people",
    "text": "A man with a knife shouts in front of the school. Children are inside.",
    "language": "en",
    "immediate_danger": True,
}
ACTION: dict[str, Any] = {
    "threat_target": "Whoever leaves the school by its front door",
    "imminence": "Minutes",
    "action_taken": "Doors locked, children kept inside, two patrols sent.",
    "told": [],
}
JUSTIFICATION = {"text": "A knife, shouted threats and children within minutes of leaving."}
STAND_DOWN = {"reason": "The man was stopped without injury and is with the emergency doctor."}

# Prepared answers to whatever the forms of the chain may ask, by action.
ANSWERS: dict[str, dict[str, Any]] = {
    "assess": {
        "outcome": "continue",
        "summary": "Amount, payment and words are concrete; motive and identity are open.",
        "protective_factors": "He speaks with neighbours and is approachable.",
        "plan": "Check sales with the trade; no approach before that.",
        "ideology": "none_identified",
    },
    "evaluate": {
        "scheme": "4x4",
        "source_grade": "B",
        "source_reason": "Reliable in most instances: a trained officer, at first hand.",
        "information_grade": "2",
        "information_reason": "Known personally to the source, not to us.",
        "malicious_suspected": False,
    },
    "sanitise": {
        "text": SANITISED,
        "residual_risk": "The day and the amount could be recognised by whoever stood beside.",
    },
    "approve_sanitised": {
        "decision": "approved",
        "reason": "Neither place nor vehicle nor who was told remains; text and grade agree.",
    },
    "escalate": {
        "outcome": "escalate",
        "reason": "The sale may be one of several; that can be seen only from above.",
        "feedback_outcome": "retained_useful",
    },
    "disseminate": {
        "purpose": "Find out whether such sales happened elsewhere",
        "legal_basis": "Police Act of Norland, section 14 (prevention of serious crime)",
        "handling_code": "H1",
        "need_to_know": "The unit above can compare sales across districts; this unit cannot.",
    },
    "investigate": {
        "outcome": "investigate",
        "reason": "Two further sales of the same kind are known at this level; an inquiry is opened.",
        "feedback_outcome": "acted_on",
    },
    "close": {"reason": "Decided, answered, nothing left to do here."},
}

FEEDBACK = {
    "flag": {
        "outcome": "retained_useful",
        "text": "Your flag was confirmed by a second person. Your report stays with your team as before.",
        "what_helped": "Exact words and amounts, and the innocent explanation beside them.",
    },
    "lin": {
        "outcome": "retained_useful",
        "text": "We have assessed what you saw and passed its essence on. Nothing more is expected of you.",
        "what_helped": "You kept what you saw apart from what you made of it.",
    },
    "ost": {
        "outcome": "retained_useful",
        "text": "Your report was of use beyond your district and has been passed on once more.",
        "what_helped": "The amount and the way of payment.",
    },
    "nor": {
        "outcome": "acted_on",
        "text": "Your report led to action. What exactly cannot be said now; thank you for looking closely.",
        "what_helped": "That it came the same day.",
        "what_would_help": "If you see such a sale again: the seller's words, too.",
    },
}
