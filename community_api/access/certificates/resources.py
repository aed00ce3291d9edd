"""HTTP of certificates."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.certificates import schemas, service
from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "certificates",
    __name__,
    url_prefix=f"{views.BASE}/certificates",
    description="Who has passed which course",
)


@blp.route("")
class Certificates(MethodView):
    """Certificates of the people in a trainer's scope."""

    @blp.permission(Permission.CERTIFICATE_LIST)
    @blp.arguments(schemas.CertificateQuery, location="query")
    @blp.response(200, schemas.CertificateList)
    def get(self, params: dict[str, Any]) -> Any:
        """List certificates, newest first."""
        wanted = schemas.CertificateQuery.wanted(params)
        return views.page_response(
            service.list_certificates(
                views.uow(),
                views.actor(),
                account=params.get("account"),
                course=params.get("course"),
                wanted=wanted,
            )
        )

    @blp.permission(Permission.CERTIFICATE_ISSUE)
    @blp.arguments(schemas.CertificateIn)
    @blp.creates(schemas.CertificateShown)
    def post(self, body: dict[str, Any]) -> Any:
        """Issue a certificate; it counts from the next request on."""
        return views.perform(
            body,
            lambda command: service.issue(views.uow(), views.actor(), command, **body),
            lambda record: service.read(views.uow(), views.actor(), record.id, Permission.CERTIFICATE_ISSUE),
        )


@blp.route("/<uuid:certificate_id>/revocation")
class Revocation(MethodView):
    """The end of a certificate before its time."""

    @blp.permission(Permission.CERTIFICATE_REVOKE)
    @blp.arguments(schemas.RevocationIn)
    @blp.creates(schemas.CertificateShown)
    def post(self, body: dict[str, Any], certificate_id: uuid.UUID) -> Any:
        """Take a certificate back; it counts no longer from the next request on."""
        return views.perform(
            body,
            lambda command: service.revoke(
                views.uow(), views.actor(), command, certificate_id=certificate_id, reason=body["reason"]
            ),
            lambda _known: service.read(
                views.uow(), views.actor(), certificate_id, Permission.CERTIFICATE_REVOKE
            ),
        )
