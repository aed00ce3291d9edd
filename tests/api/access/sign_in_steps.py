"""Signing in by HTTP, as an app does it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.support.app import Answer, World
from tests.support.factories import PASSWORD

OFFICER = "officer1.lin-a"


class App:
    """An app on a device: it keeps its tokens and sends them."""

    def __init__(self, world: World, username: str = OFFICER, device: UUID | None = None) -> None:
        self.world = world
        self.username = username
        self.device = device
        self.access = self.refresh = ""

    def sign_in(self, password: str = PASSWORD) -> Answer:
        told: dict[str, Any] = {"username": self.username, "password": password}
        if self.device is not None:
            told["device"] = {"id": str(self.device), "name": "Patrol phone"}
        return self._keep(self.world.anybody().call("POST", "/auth/login", body=told))

    def renew(self, token: str | None = None) -> Answer:
        return self._keep(self.send("POST", "/auth/refresh", token or self.refresh))

    def lose_the_reply(self, token: str | None = None) -> Answer:
        """Renew, and never hear of it."""
        return self.send("POST", "/auth/refresh", token or self.refresh)

    def get(self, path: str = "/me") -> Answer:
        return self.send("GET", path, self.access)

    def send(self, method: str, path: str, token: str, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return self.world.anybody().call(method, path, headers=headers, body=body)

    def _keep(self, answer: Answer) -> Answer:
        if answer.status == 200:
            self.access, self.refresh = answer["access_token"], answer["refresh_token"]
        return answer


def app(world: World, username: str = OFFICER, *, device: bool = False) -> App:
    """An app that has signed in; ``device`` True: one that names its device."""
    made = App(world, username, uuid4() if device else None)
    assert made.sign_in().status == 200
    return made
