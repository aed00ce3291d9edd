"""HTTP of problems."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.problems import schemas, service
from community_api.community.problems.presenters import OpenedEntry, OpenedProblem
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "problems", __name__, url_prefix=f"{views.BASE}/problems", description="Solving problems with partners"
)


@blp.route("")
class Problems(MethodView):
    """What troubles neighbourhoods."""

    @blp.permission(Permission.PROBLEM_LIST)
    @blp.arguments(schemas.ProblemQuery, location="query")
    @blp.response(200, schemas.ProblemList)
    def get(self, params: dict[str, Any]) -> Any:
        """List problems, newest first, with age and trend."""
        wanted = schemas.ProblemQuery.wanted(params)
        found = service.list_problems(views.uow(), views.actor(), filters=params, wanted=wanted)
        return views.page_response(found, schemas.item_view)

    @blp.permission(Permission.PROBLEM_OPEN)
    @blp.etagged
    @blp.arguments(schemas.ProblemIn)
    @blp.creates(schemas.ProblemOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Open a problem, with reports that tell of it and partners who help."""
        return views.perform(
            body,
            lambda command: _response(service.open_problem(views.uow(), views.actor(), command, body=body)),
            lambda record: _response(service.read_made(views.uow(), views.actor(), record.id)),
        )


@blp.route("/<uuid:problem_id>")
class Problem(MethodView):
    """One problem."""

    @blp.permission(Permission.PROBLEM_READ)
    @blp.etagged
    @blp.response(200, schemas.ProblemOut)
    def get(self, problem_id: uuid.UUID) -> Any:
        """Read one problem with what was found and done."""
        return _response(service.read(views.uow(), views.actor(), problem_id))


@blp.route("/<uuid:problem_id>/entries")
class ProblemEntries(MethodView):
    """What is found and done about a problem."""

    @blp.permission(Permission.PROBLEM_ADD_ENTRY)
    @blp.arguments(schemas.ProblemEntryIn)
    @blp.creates(schemas.ProblemEntryOut)
    def post(self, body: dict[str, Any], problem_id: uuid.UUID) -> Any:
        """Add what was found, done or assessed; partners and reports may come with it."""
        return views.perform(
            body,
            lambda command: _written(
                service.add_entry(views.uow(), views.actor(), command, problem_id=problem_id, body=body)
            ),
            lambda record: schemas.entry_view(service.read_entry(views.uow(), views.actor(), record.id)),
        )


@blp.route("/<uuid:problem_id>/closing")
class ProblemClosing(MethodView):
    """The end of the work on a problem."""

    @blp.permission(Permission.PROBLEM_CLOSE)
    @blp.arguments(schemas.ProblemClosingIn)
    @blp.creates(schemas.ProblemEntryOut)
    def post(self, body: dict[str, Any], problem_id: uuid.UUID) -> Any:
        """Close a problem with what was achieved; the text is its last assessment."""
        return views.perform(
            body,
            lambda command: schemas.entry_view(
                service.close(views.uow(), views.actor(), command, problem_id=problem_id, body=body)
            ),
            lambda record: schemas.entry_view(service.read_entry(views.uow(), views.actor(), record.id)),
        )


def _written(done: tuple[OpenedEntry, Any]) -> dict[str, Any]:
    views.warn(done[0].warnings)
    return schemas.entry_view(done)


def _response(opened: OpenedProblem) -> dict[str, Any]:
    views.warn(opened.warnings)
    return views.with_etag(schemas.full_view(opened), opened.row.version)
