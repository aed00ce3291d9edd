"""What the front page says, in plain words and in every public language."""

from __future__ import annotations

from typing import Final

from community_api.core.i18n.translations import N_

NAME: Final = N_("Community policing")
PURPOSE: Final = N_(
    "What officers see and what people in the neighbourhood tell the police is taken down here, worked on "
    "in the community, and answered. What trained people decide to pass on goes through a declared, lawful "
    "procedure up to the national level, and its outcome comes back."
)
NOT_HERE: Final = N_(
    "This is the service behind apps and portals; you do not tell the police anything on this page."
)
FOR_WHOM: Final = N_("For whom")
AUDIENCES: Final = (
    N_("people who build an app, a portal or another program for the police or the public"),
    N_("people who run this service and look whether it works"),
    N_("everybody who wants to know what happens to what they tell the police"),
)
WHERE: Final = N_("Where to go")
# Each place with what is found there, in the order of the page.
PLACES: Final = {
    "docs": (N_("Reference"), N_("every operation, to read and to try out")),
    "openapi": (N_("OpenAPI document"), N_("the same for programs and generators of clients")),
    "problems": (N_("Problems"), N_("what a refusal means and what to do next")),
    "notice": (N_("Public notice"), N_("what to know before you tell the police something (JSON)")),
    "health": (N_("Health"), N_("whether the service can answer now (JSON)")),
}
TRYING: Final = N_("Trying it out")
MADE_UP: Final = N_("This is a demonstration. The country, its police and all people in it are made up.")
SIGN_IN_AS: Final = N_("Sign in with one of these names, in the reference or by a program:")
PASSWORD: Final = N_(
    "All of them have one password. It stands in the file demo-password on the computer that runs the "
    "service, in the folder var or the one that COMMUNITY_STATE names, unless COMMUNITY_DEMO_PASSWORD sets "
    "another one."
)
ALL_NAMES: Final = N_("All names")
EVERY_TEXT: Final = (
    NAME, PURPOSE, NOT_HERE, FOR_WHOM, *AUDIENCES, WHERE, TRYING, MADE_UP, SIGN_IN_AS, PASSWORD,
    ALL_NAMES, *(text for texts in PLACES.values() for text in texts),
)  # fmt: skip
