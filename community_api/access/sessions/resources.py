"""HTTP of signing in and out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import g
from flask.views import MethodView

from community_api.access import tokens
from community_api.access.accounts import first_password, password_change
from community_api.access.permissions import Permission
from community_api.access.sessions import active_sessions, schemas, service
from community_api.access.sessions.devices import DeviceTold
from community_api.access.sessions.service import Issued
from community_api.access.tokens import Claims
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.i18n.translations import N_

SIGN_IN_NOW = N_("Your password is set. Sign in with your name and this password now.")
SIGN_IN_ELSEWHERE = N_("Your password is changed. On your other devices, sign in again with the new one.")

blp = Blueprint("auth", __name__, url_prefix=f"{views.BASE}/auth", description="Signing in and out")


@blp.route("/login")
class Login(MethodView):
    """A new session."""

    @blp.public
    @blp.error_statuses(401, 429, 503)
    @blp.arguments(schemas.LoginIn)
    @blp.response(200, schemas.TokensOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Sign in."""
        return _signed(
            service.sign_in(
                views.uow(),
                username=body["username"],
                password=body["password"],
                device=_device(body.get("device") or {}),
            )
        )


@blp.route("/refresh")
class Refresh(MethodView):
    """The next tokens of a session; the bearer is the refresh token."""

    @blp.signed_in
    @blp.renews
    @blp.arguments(schemas.NothingIn)
    @blp.response(200, schemas.TokensOut)
    def post(self, _told: dict[str, Any]) -> Any:
        """Exchange the refresh token."""
        return _signed(service.renew(views.uow(), views.actor(), g.token_id))


@blp.route("/logout")
class Logout(MethodView):
    """The end of the session that asks."""

    @blp.signed_in
    @blp.arguments(schemas.NothingIn)
    @blp.response(204)
    def post(self, _told: dict[str, Any]) -> None:
        """Sign out: no token of this session is good any longer."""
        views.modify(lambda _command: service.sign_out(views.uow(), views.actor()))


@blp.route("/first-password")
class FirstPassword(MethodView):
    """A password by a token."""

    @blp.public
    @blp.error_statuses(401)
    @blp.arguments(schemas.FirstPasswordIn)
    @blp.response(200, schemas.FirstPasswordSetOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Set a first or forgotten password, with the token that is good once and for half an hour."""
        done = first_password.set_first_password(views.uow(), token=body["token"], password=body["password"])
        next_step = views.services().words.translate(SIGN_IN_NOW, done.language)
        return {"device_id": done.device_id, "next_step": next_step}


@blp.route("/password")
class Password(MethodView):
    """One's own password."""

    @blp.signed_in
    @blp.error_statuses(403, 429, 503)
    @blp.arguments(schemas.PasswordIn)
    @blp.response(200, schemas.PasswordOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Change one's own password: every other session of the account ends."""
        views.modify(
            lambda command: password_change.change_password(
                views.uow(), views.actor(), command, old=body["old"], new=body["new"]
            )
        )
        return {"next_step": views.translator()(SIGN_IN_ELSEWHERE)}


@blp.route("/sessions")
class Sessions(MethodView):
    """The sessions that run."""

    @blp.permission(Permission.SESSION_LIST)
    @blp.error_statuses(404)
    @blp.arguments(schemas.SessionQuery, location="query")
    @blp.response(200, schemas.SessionList)
    def get(self, params: dict[str, Any]) -> Any:
        """List the running sessions of one's own account, or of one in scope, newest first."""
        wanted = schemas.SessionQuery.wanted(params)
        return views.page_response(
            active_sessions.list_sessions(
                views.uow(), views.actor(), account=params.get("account"), wanted=wanted
            )
        )


@blp.route("/sessions/<uuid:session_id>")
class Session(MethodView):
    """One session."""

    @blp.permission(Permission.SESSION_REVOKE)
    @blp.response(204)
    def delete(self, session_id: uuid.UUID) -> None:
        """End a session, for instance of a lost device."""
        views.modify(lambda _command: active_sessions.revoke_session(views.uow(), views.actor(), session_id))


def _device(body: dict[str, Any]) -> DeviceTold:
    return DeviceTold(body.get("id"), body.get("name"), body.get("public_key"))


def _signed(issued: Issued) -> dict[str, Any]:
    access = Claims(issued.account_id, issued.session_id, issued.refresh_id, issued.access_until)
    refresh = Claims(issued.account_id, issued.session_id, issued.refresh_id, issued.refresh_until)
    return {
        "access_token": tokens.write("access", access, issued.at),
        "refresh_token": tokens.write("refresh", refresh, issued.refresh_at),
        "token_type": "Bearer",
        "expires_in": int(issued.access_until.timestamp()) - int(issued.at.timestamp()),
        "device_id": issued.device_id,
    }
