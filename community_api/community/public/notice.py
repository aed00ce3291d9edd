"""What somebody should know before they tell the police something, in plain words (contract section 9).

A deployment has its own lawyers read these; they are the product's defaults.
"""

from __future__ import annotations

from typing import Final

from community_api.core.i18n.translations import N_

# In the order in which they are read; each is a paragraph under the name of its field.
PARAGRAPHS: Final = {
    "controller": N_(
        "The police of this country are responsible for what you tell here. The team of your area reads "
        "it; where no team answers for a place, the national desk does. What is said about the police "
        "themselves goes to the national desk and never to the team that it may be about."
    ),
    "purposes": N_(
        "What you tell is used to solve problems together with you and your neighbours, to prevent crime "
        "and to protect people. You need not say who you are."
    ),
    "possible_use": N_(
        "Most of what is told stays a matter of the community. In rare cases trained people may decide, "
        "always two of them, that a part is needed to prevent violence; then only that part goes on, "
        "without anything that points to you. You can forbid it, now or later with your code, and you can "
        "change your mind; what was passed on before stays passed on. What you read here with your code is "
        "the same either way."
    ),
    "exceptions": N_(
        "If you forbid it, three exceptions remain, each with a written reason. When somebody's life is in "
        "danger and the commander on duty knows of it. When a child, or an adult whom the law protects, is "
        "at risk of serious harm: then only the person in the police who protects people hears the minimum, "
        "and nothing about you. And what the law obliges the police to pursue."
    ),
    "once_passed_on": N_(
        "A part that had to be passed on is a record of its own. It is kept by other rules, often longer "
        "than what you told here, and it stays when you take back what you told or when that is erased. It "
        "does not say who told it. You have the same rights over it."
    ),
    "danger_to_life": N_(
        "If somebody's life is in danger, we act at once, even if you asked us not to pass it on, and the "
        "exact time is then kept as well. Otherwise only the day is kept."
    ),
    "what_is_kept": N_(
        "No address, no device, no browser and no cookie is kept. Your code is not kept either: nobody "
        "can give it back to you if you lose it. How to reach you is kept only if you say so, apart from "
        "everything else and for a short time. Whoever watches your connection can see that you visited "
        "us; a network such as Tor prevents that."
    ),
    "how_long": N_(
        "Ninety days after a matter is closed or taken back, what you told and what was answered is erased; "
        "how to reach you goes after thirty days. Your code then opens nothing any more."
    ),
    "rights": N_(
        "You may ask what is kept about you, have it corrected or erased, and object. With your code you "
        "can take back what you told at any time."
    ),
    "complaint_path": N_(
        "If you are not content, dispute the answer with your code: somebody else will look at it. You "
        "can also turn to the independent oversight authority."
    ),
    "answers": N_(
        "You get a first answer within five working days and word at least every twenty working days. "
        "Look for it here with your code; we never call or write to you unless you asked us to."
    ),
}
