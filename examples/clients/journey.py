"""A small client of the API, by what openapi-python-client generates.

`make clients` checks its types and plays it against the running product.
"""

import os
import uuid
from datetime import UTC, datetime, timedelta

from generated import AuthenticatedClient, Client
from generated.api.auth import refresh_tokens, sign_in
from generated.api.observations import list_observations, submit_observation
from generated.models import (
    LoginIn,
    NothingIn,
    ObservationIn,
    ObservationInCategory,
    ObservationInPurpose,
    ObservationInSourceRelation,
    ObservationList,
    ObservationOut,
    Problem,
    TokensOut,
)

ADDRESS = os.environ.get("API", "http://127.0.0.1:8000")
PASSWORD = os.environ.get("COMMUNITY_DEMO_PASSWORD", "")


def signed_in(tokens: Problem | TokensOut | None) -> TokensOut:
    """The tokens; raises SystemExit with the code of the problem."""
    if not isinstance(tokens, TokensOut):
        raise SystemExit(f"no tokens: {tokens.code if tokens else 'no answer'}")
    return tokens


def expect(condition: bool, what: str) -> None:  # noqa: FBT001 - it reads as a sentence
    """Say what was seen; raises SystemExit where it was not."""
    if not condition:
        raise SystemExit(f"FAILED: {what}")
    print(f"  {what}")


def journey() -> None:
    """Sign in, report, send again, renew, list, and read a refusal."""
    tokens = signed_in(sign_in.sync(client=Client(ADDRESS), body=LoginIn("officer1.lin-a", PASSWORD)))
    officer = AuthenticatedClient(ADDRESS, tokens.access_token)
    report = ObservationIn(
        id=uuid.uuid4(),
        occurred_at=datetime.now(UTC) - timedelta(hours=1),
        purpose=ObservationInPurpose.COMMUNITY_PROBLEM,
        category=ObservationInCategory.LIGHTING_LITTER,
        facts="Two lamps at the bus stop are out.",
        source_relation=ObservationInSourceRelation.WITNESSED,
    )
    first = submit_observation.sync_detailed(client=officer, body=report)
    expect(first.status_code == 201, "reports what they saw")
    again = submit_observation.sync_detailed(client=officer, body=report)
    expect(again.status_code == 200 and isinstance(again.parsed, ObservationOut), "sends it again")

    refreshing = AuthenticatedClient(ADDRESS, tokens.refresh_token)
    renewed = signed_in(refresh_tokens.sync(client=refreshing, body=NothingIn()))
    officer = AuthenticatedClient(ADDRESS, renewed.access_token)
    page = list_observations.sync(client=officer, limit=5)
    found = isinstance(page, ObservationList) and any(item.id == report.id for item in page.items)
    expect(found, "renews the tokens and finds the report in the list")

    report.facts = "Other facts under the same id."
    refused = submit_observation.sync(client=officer, body=report)
    expect(isinstance(refused, Problem) and refused.code == "id_reused", "reads why it is refused")


if __name__ == "__main__":
    journey()
