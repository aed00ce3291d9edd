"""HTTP of observations."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import request
from flask.views import MethodView
from marshmallow import ValidationError

from community_api.access.permissions import Permission
from community_api.community.emergencies import call_advice
from community_api.community.observations import observation_supplements, schemas, service
from community_api.core import periods
from community_api.core.errors import FieldError
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.schemas.fields import Moment

DEVICE_TIME = "X-Device-Time"
blp = Blueprint(
    "observations",
    __name__,
    url_prefix=f"{views.BASE}/observations",
    description="What officers saw or heard",
)


@blp.route("")
class Observations(MethodView):
    """The officers' reports."""

    @blp.permission(Permission.OBSERVATION_LIST)
    @blp.arguments(schemas.ObservationQuery, location="query")
    @blp.response(200, schemas.ObservationList)
    def get(self, params: dict[str, Any]) -> Any:
        """List observations, newest first, without narrative."""
        wanted = schemas.ObservationQuery.wanted(params)
        box = schemas.ObservationQuery.box(params)
        filters = periods.resolve(params, views.actor().timezone)
        found = service.list_observations(views.uow(), views.actor(), params=filters, box=box, wanted=wanted)
        return views.page_response(found, schemas.item_view)

    @blp.permission(Permission.OBSERVATION_CREATE)
    @blp.etagged
    @blp.reads_headers(DEVICE_TIME)
    @blp.arguments(schemas.ObservationIn)
    @blp.creates(schemas.ObservationOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Report an observation."""
        device_time = _device_time()
        return views.perform(
            body,
            lambda command: _response(
                service.submit(views.uow(), views.actor(), command, body=body, device_time=device_time)
            ),
            lambda record: _response(service.read(views.uow(), views.actor(), record.id)),
        )


@blp.route("/<uuid:observation_id>")
class Observation(MethodView):
    """One observation."""

    @blp.permission(Permission.OBSERVATION_READ)
    @blp.etagged
    @blp.response(200, schemas.ObservationOut)
    def get(self, observation_id: uuid.UUID) -> Any:
        """Read one observation with its texts."""
        opened = service.read(views.uow(), views.actor(), observation_id)
        return views.with_etag(schemas.full_view(opened), opened.row.version)


@blp.route("/<uuid:observation_id>/supplements")
class Supplements(MethodView):
    """What is added to an observation."""

    @blp.permission(Permission.OBSERVATION_SUPPLEMENT)
    @blp.arguments(schemas.SupplementIn)
    @blp.creates(schemas.SupplementedOut)
    def post(self, body: dict[str, Any], observation_id: uuid.UUID) -> Any:
        """Add facts, an assessment or an answer."""
        return views.perform(
            body,
            lambda command: schemas.supplemented_view(
                observation_supplements.supplement(
                    views.uow(), views.actor(), command, observation_id=observation_id, body=body
                )
            ),
            lambda record: schemas.supplemented_view(
                observation_supplements.read_supplement(views.uow(), views.actor(), observation_id, record.id)
            ),
        )


def if_in_danger() -> dict[str, str]:
    """Whom to call at once, in the caller's language: said in every answer to a report, calm or not."""
    services = views.services()
    return call_advice.if_in_danger(services.words, services.settings.emergency_number, views.language())


def _response(opened: service.OpenedObservation) -> dict[str, Any]:
    views.warn(opened.left_out)
    return views.with_etag(schemas.reported_view(opened, if_in_danger()), opened.row.version)


def _device_time() -> datetime | None:
    """What time the device has; not content. An unreadable one is left out with a warning."""
    raw = request.headers.get(DEVICE_TIME)
    if raw is None:
        return None
    try:
        read: datetime = Moment().deserialize(raw)
    except ValidationError as error:
        views.warn([FieldError(f"/{DEVICE_TIME}", str(error.messages[0]))])
        return None
    return read
