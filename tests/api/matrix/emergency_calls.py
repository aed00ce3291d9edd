"""How operations on emergencies are called so that nothing but a right could refuse them."""

from __future__ import annotations

from tests.api.matrix.recipes import Call, Recipe, about

ACTION = {
    "threat_target": "Visitors of the community centre",
    "imminence": "Within minutes",
    "action_taken": "Two patrols sent; the centre was warned by telephone.",
    "told": [{"who": "Caretaker of the centre", "when": "2026-03-01T08:05:00+00:00"}],
}


def _many(act: str) -> Recipe:
    """One emergency of the place, by the act that could name many."""
    return lambda _who, things: Call(
        f"/emergencies/{act}",
        {"emergencies": [things["emergency"].id], "reason": "One fire, told by several."},
        things["emergency"],
    )


EMERGENCIES: dict[str, Recipe] = {
    "POST /emergencies/acknowledgements": _many("acknowledgements"),
    "POST /emergencies/justifications": _many("justifications"),
    "POST /emergencies/stand-downs": _many("stand-downs"),
    "GET /emergencies/stand-downs/<uuid:batch_id>": about("stand_down", "/emergencies/stand-downs/{id}"),
    "POST /emergencies/stand-downs/<uuid:batch_id>/approval": about(
        "stand_down", "/emergencies/stand-downs/{id}/approval", {}
    ),
    "POST /emergencies/stand-downs/<uuid:batch_id>/refusal": about(
        "stand_down", "/emergencies/stand-downs/{id}/refusal", {"reason": "Two name another house."}
    ),
    "POST /emergencies/<uuid:emergency_id>/acknowledgement": about(
        "emergency", "/emergencies/{id}/acknowledgement", {}
    ),
    "POST /emergencies/<uuid:emergency_id>/actions": about("emergency", "/emergencies/{id}/actions", ACTION),
    "POST /emergencies/<uuid:emergency_id>/justification": about(
        "emergency", "/emergencies/{id}/justification", {"text": "A named person was in danger."}
    ),
    "POST /emergencies/<uuid:emergency_id>/stand-down": about(
        "emergency", "/emergencies/{id}/stand-down", {"reason": "The man was stopped."}
    ),
}
