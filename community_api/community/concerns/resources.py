"""HTTP of concerns for the staff; what the public calls is in ``community/public``."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.concerns import (
    contacts,
    intake,
    presenters,
    replies,
    schemas,
    service,
    translations,
)
from community_api.community.observations import resources as observations
from community_api.core import periods
from community_api.core.http import views as http_views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "concerns",
    __name__,
    url_prefix=f"{http_views.BASE}/concerns",
    description="What members of the public told",
)


@blp.route("")
class Concerns(MethodView):
    """What members of the public told."""

    @blp.permission(Permission.CONCERN_LIST)
    @blp.arguments(schemas.ConcernQuery, location="query")
    @blp.response(200, schemas.ConcernList)
    def get(self, params: dict[str, Any]) -> Any:
        """List concerns, newest day first, without narrative."""
        wanted = schemas.ConcernQuery.wanted(params)
        # Of the time of receipt the day alone is kept, in UTC.
        filters = periods.resolve(params, "UTC")
        return http_views.page_response(
            service.list_concerns(http_views.uow(), http_views.actor(), filters=filters, wanted=wanted),
            presenters.item_view,
        )

    @blp.permission(Permission.CONCERN_CREATE)
    @blp.etagged
    @blp.arguments(schemas.ConcernIn)
    @blp.creates(schemas.ConcernTakenOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Take down what somebody told or telephoned; the answer brings the code to read out to them."""
        return http_views.perform(
            body,
            lambda command: _intake_response(
                intake.take_down(http_views.uow(), http_views.actor(), command, body=body)
            ),
            lambda record: _intake_response(
                intake.read_taken(http_views.uow(), http_views.actor(), record.id)
            ),
        )


@blp.route("/<uuid:concern_id>")
class Concern(MethodView):
    """One concern."""

    @blp.permission(Permission.CONCERN_READ)
    @blp.etagged
    @blp.response(200, schemas.ConcernOut)
    def get(self, concern_id: uuid.UUID) -> Any:
        """Read one concern with its texts and its thread."""
        opened = service.read(http_views.uow(), http_views.actor(), concern_id)
        return http_views.with_etag(presenters.full_view(opened), opened.row.version)


@blp.route("/<uuid:concern_id>/replies")
class Replies(MethodView):
    """What the reporter is told."""

    @blp.permission(Permission.CONCERN_REPLY)
    @blp.arguments(schemas.ConcernReplyIn)
    @blp.creates(schemas.ConcernRepliedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Write to the reporter; another person must approve it before it is shown."""
        return http_views.perform(
            body,
            lambda command: presenters.replied_view(
                replies.reply(http_views.uow(), http_views.actor(), command, concern_id=concern_id, body=body)
            ),
            lambda record: presenters.replied_view(
                replies.read_reply(http_views.uow(), http_views.actor(), record.id)
            ),
        )


@blp.route("/<uuid:concern_id>/replies/<uuid:reply_id>/approval")
class ReplyApproval(MethodView):
    """The second person's yes to a reply."""

    @blp.permission(Permission.CONCERN_REPLY_APPROVE)
    @blp.arguments(schemas.ConcernApprovalIn)
    @blp.creates(schemas.ConcernRepliedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID, reply_id: uuid.UUID) -> Any:
        """Approve a reply; its reporter sees it from the next release on."""
        return _reply_decided(body, concern_id, reply_id, approved=True)


@blp.route("/<uuid:concern_id>/replies/<uuid:reply_id>/refusal")
class ReplyRefusal(MethodView):
    """The second person's no to a reply."""

    @blp.permission(Permission.CONCERN_REPLY_APPROVE)
    @blp.arguments(schemas.ConcernRefusalIn)
    @blp.creates(schemas.ConcernRepliedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID, reply_id: uuid.UUID) -> Any:
        """Refuse a reply; its reporter never sees it."""
        return _reply_decided(body, concern_id, reply_id, approved=False)


@blp.route("/<uuid:concern_id>/translations")
class Translations(MethodView):
    """The reporter's words in other languages."""

    @blp.permission(Permission.CONCERN_TRANSLATE)
    @blp.arguments(schemas.ConcernTranslationIn)
    @blp.creates(schemas.ConcernTranslatedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Keep a translation beside the original, which never changes."""
        return http_views.perform(
            body,
            lambda command: presenters.translated_view(
                translations.translate(
                    http_views.uow(), http_views.actor(), command, concern_id=concern_id, body=body
                )
            ),
            lambda record: presenters.translated_view(
                translations.read_translation(http_views.uow(), http_views.actor(), record.id)
            ),
        )


@blp.route("/<uuid:concern_id>/contact")
class Contact(MethodView):
    """How to reach the reporter."""

    @blp.permission(Permission.CONCERN_CONTACT_READ)
    @blp.response(200, schemas.ContactOut)
    def get(self, concern_id: uuid.UUID) -> Any:
        """Read how to reach the reporter, when two people unlocked it for you, or as commander in danger."""
        return presenters.contact_view(contacts.read(http_views.uow(), http_views.actor(), concern_id))


@blp.route("/<uuid:concern_id>/contact-unlocks")
class ContactUnlocks(MethodView):
    """Requests to read how to reach the reporter."""

    @blp.permission(Permission.CONCERN_CONTACT_UNLOCK)
    @blp.arguments(schemas.ContactUnlockIn)
    @blp.creates(schemas.ContactUnlockingOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Ask, with a reason, to read how to reach the reporter; another person decides."""
        reason = body["reason"]
        return http_views.perform(
            body,
            lambda command: presenters.unlocking_view(
                contacts.ask(
                    http_views.uow(), http_views.actor(), command, concern_id=concern_id, reason=reason
                )
            ),
            lambda record: presenters.unlocking_view(
                contacts.read_unlocking(http_views.uow(), http_views.actor(), record.id)
            ),
        )


@blp.route("/<uuid:concern_id>/contact-unlocks/<uuid:unlock_id>/approval")
class ContactUnlockApproval(MethodView):
    """The second person's yes to an unlocking."""

    @blp.permission(Permission.CONCERN_CONTACT_APPROVE)
    @blp.arguments(schemas.ConcernApprovalIn)
    @blp.creates(schemas.ContactUnlockingOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID, unlock_id: uuid.UUID) -> Any:
        """Let whoever asked read how to reach the reporter for some days."""
        return _unlock_decided(body, concern_id, unlock_id, approved=True)


@blp.route("/<uuid:concern_id>/contact-unlocks/<uuid:unlock_id>/refusal")
class ContactUnlockRefusal(MethodView):
    """The second person's no to an unlocking."""

    @blp.permission(Permission.CONCERN_CONTACT_APPROVE)
    @blp.arguments(schemas.ConcernRefusalIn)
    @blp.creates(schemas.ContactUnlockingOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID, unlock_id: uuid.UUID) -> Any:
        """Keep how to reach the reporter locked."""
        return _unlock_decided(body, concern_id, unlock_id, approved=False)


def _intake_response(intake_result: intake.IntakeResult) -> dict[str, Any]:
    http_views.warn(intake_result.left_out)
    return http_views.with_etag(
        presenters.taken_view(intake_result, observations.if_in_danger()), intake_result.row.version
    )


def _reply_decided(
    body: dict[str, Any], concern_id: uuid.UUID, reply_id: uuid.UUID, *, approved: bool
) -> Any:
    reason = body.get("reason")
    return http_views.perform(
        body,
        lambda command: presenters.replied_view(
            replies.decide(
                http_views.uow(),
                http_views.actor(),
                command,
                concern_id=concern_id,
                reply_id=reply_id,
                approved=approved,
                reason=reason,
            )
        ),
        lambda record: presenters.replied_view(
            replies.read_decision(http_views.uow(), http_views.actor(), record.id)
        ),
    )


def _unlock_decided(
    body: dict[str, Any], concern_id: uuid.UUID, unlock_id: uuid.UUID, *, approved: bool
) -> Any:
    reason = body.get("reason")
    return http_views.perform(
        body,
        lambda command: presenters.unlocking_view(
            contacts.decide(
                http_views.uow(),
                http_views.actor(),
                command,
                concern_id=concern_id,
                unlock_id=unlock_id,
                approved=approved,
                reason=reason,
            )
        ),
        lambda record: presenters.unlocking_view(
            contacts.read_decision(http_views.uow(), http_views.actor(), record.id)
        ),
    )
