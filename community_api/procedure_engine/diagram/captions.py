"""What a drawing says, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from community_api.core.code_lists import code_lists
from community_api.core.i18n.translations import N_, NN_, Words
from community_api.procedure_engine.diagram.outline import DrawnStep
from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.pack.definition import Pack, Result, Stage
from community_api.procedure_engine.terms import Act

HOURS = NN_("{number} hour", "{number} hours")
WORKING_DAYS = NN_("{number} working day", "{number} working days")
URGENT = N_("urgent: {time}")
NOT_WHOEVER = N_("not whoever did: {acts}")
ASKS = N_("asks: {form}")
BY_ITSELF = N_("the product by itself")
STAYS = N_("the case stays where it is")
AT = N_("at: {levels}")
VERSION = N_("version {number}, new cases from {day}")
HASH = N_("hash {hash}")
BEGINS_BY_FLAG = N_("Confirmed flag")
BEGINS_BY_DISSEMINATION = N_("Report arrives")
OUTSIDE = N_("Outside the chain: no case begins here")
OWES = N_("a decision: everybody behind the report is owed an answer")
SECOND = N_("a second person: whoever did certain steps before is excluded")
WAITS = N_("waits for others")
ENDS = N_("an end")
GIVEN = N_("a report is given to another level")
NEW = N_("new")
CHANGED = N_("changed")
GONE = N_("Gone: {title}")
ACTS = {
    Act.REPORT_AUTHOR: N_("writing the report"),
    Act.REPORT_SUPPLEMENT: N_("adding to the report"),
    Act.FLAG_RAISE: N_("raising the flag"),
    Act.FLAG_COSIGN: N_("co-signing the flag"),
    Act.FLAG_CONFIRM: N_("confirming the flag"),
}


@dataclass(frozen=True)
class Voice:
    """How to say things: a text with its placeholders, a plural, and what a role is called."""

    say: Callable[..., str]
    count: Callable[[tuple[str, str], int], str]
    role: Callable[[str], str]

    def clock(self, clock: Clock) -> str:
        """How long something may take."""
        if clock.hours is not None:
            return self.count(HOURS, clock.hours)
        return self.count(WORKING_DAYS, clock.working_days or 0)

    def time(self, stage: Stage) -> str:
        """The clock of a stage, with that of an urgent case where it has its own; "" at an end."""
        if stage.clock is None:
            return ""
        told = self.clock(stage.clock)
        if stage.urgent_clock is None:
            return told
        return f"{told}; {self.say(URGENT, time=self.clock(stage.urgent_clock))}"

    def titles(self, pack: Pack, codes: Iterable[str]) -> str:
        """Titles of stages."""
        return ", ".join(self.say(pack.stage_by_code[code].title) for code in codes)

    def step(self, pack: Pack, step: DrawnStep) -> str:
        """One step in a line: who, not whoever, what is asked, where it leads."""
        action = step.action
        if action is None:
            move = step.move
            assert move is not None  # noqa: S101  (a step is one or the other)
            return (
                f"{self.say(BY_ITSELF)}: {self.titles(pack, [move.source])} → {self.titles(pack, [move.to])}"
            )
        parts = [", ".join(self.role(role) for role in action.roles)]
        if action.not_actor_of:
            acts = ", ".join(self._act(pack, act) for act in action.not_actor_of)
            parts.append(self.say(NOT_WHOEVER, acts=acts))
        if action.form:
            parts.append(self.say(ASKS, form=self.say(pack.form_by_code[action.form].title)))
        return "; ".join([*parts, *(self._result(pack, step, result) for result in action.results)])

    def _act(self, pack: Pack, act: str) -> str:
        if act in pack.action_by_code:
            return self.say(pack.action_by_code[act].title)
        return self.say(ACTS[Act(act)])

    def _result(self, pack: Pack, step: DrawnStep, result: Result) -> str:
        """Where one result leads, ◆ where it owes an answer."""
        assert step.action is not None  # noqa: S101  (only actions have results)
        choices = {
            choice.code: self.say(choice.title)
            for field in (pack.form_by_code[step.action.form].fields if step.action.form else ())
            if field.code == step.action.outcome_field
            for choice in field.choices
        }
        when = ", ".join(choices[code] for code in result.when)
        where = self.say(STAYS) if result.to is None else self.titles(pack, [result.to])
        titles = {level.code: self.say(level.title) for level in pack.levels}
        levels = ", ".join(titles[level] for level in result.at_levels)
        at = f" ({self.say(AT, levels=levels)})" if levels else ""
        return f"{when} → {where}{at}".strip() + (" ◆" if result.feedback else "")


def voice(words: Words, language: str, *packs: Pack) -> Voice:
    """How a language says it; what one of the packs says itself in that language goes before."""
    roles = code_lists()["roles"]

    def role(code: str) -> str:
        return words.translate(roles.codes[code].label, language, roles.context)

    def say(text: str, **params: object) -> str:
        own = (pack.translated(text, language) for pack in packs)
        return next((one for one in own if one is not None), None) or words.translate(
            text, language, **params
        )

    return Voice(
        say,
        lambda plural, number: words.translate_plural(plural, number, language),
        role,
    )
