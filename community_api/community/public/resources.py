"""HTTP of the public: no account, no cookie, no entity tag, codes in bodies only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response
from flask.views import MethodView

from community_api.community.concerns import intake, public_thread, receipts
from community_api.community.concerns.terms import MessageKind
from community_api.community.observations import resources as observations
from community_api.community.public import limits, notice, schemas
from community_api.community.wishes import service as wishes
from community_api.core.code_lists import code_lists
from community_api.core.code_lists.resources import CodeListOut, CodeListsOut, list_view, names_view
from community_api.core.code_lists.service import public_list, public_lists
from community_api.core.database import commands
from community_api.core.http import anonymizing_middleware, views
from community_api.core.http.views import AnonymousCaller, Blueprint
from community_api.units.directory import tree
from community_api.units.terms import Level

blp = Blueprint("public", __name__, url_prefix=views.PUBLIC, description="For everybody, without an account")
limits.install(blp)
# Not part of what is told: the same telling with another proof is the same.
PUBLIC_CONCERN = "POST public concern"
NOT_CONTENT = frozenset({"id", "proof"})


@blp.after_request  # type: ignore[untyped-decorator]
def _pad(response: Response) -> Response:
    return anonymizing_middleware.pad(response)


@blp.route("/receipts")
class Receipts(MethodView):
    """Codes, to be had before anything is told."""

    @blp.public
    @blp.response(200, schemas.ReceiptCodeOut)
    def post(self) -> Any:
        """Get a code; nothing is kept of it until something is told with it."""
        code = receipts.issue(views.uow().keys)
        return {"code": code, "groups": receipts.groups(code), "challenge": None}


@blp.route("/concerns")
class Concerns(MethodView):
    """Telling the police something."""

    @blp.public
    @blp.arguments(schemas.PublicConcernIn)
    @blp.creates(schemas.PublicToldOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Tell something by a new code; the same again with that code is answered as it is now."""
        code = body["code"]
        keys = views.uow().keys
        digest = commands.digest_of(keys, PUBLIC_CONCERN, {}, _content(body, code))

        def is_same(allowed: bytes) -> bool:
            earlier = partial(
                commands.earlier_digest_of, keys, PUBLIC_CONCERN, {}, _content(views.body(), code)
            )
            return commands.is_same(digest, allowed, earlier)

        done = commands.again(
            lambda: intake.tell(views.uow(), code=code, digest=digest, is_same=is_same, body=body)
        )
        views.warn(done.left_out)
        view = schemas.told_view(done, observations.if_in_danger())
        return (view, 200, {"Idempotent-Replay": "true"}) if done.again else view


@blp.route("/follow-ups")
class FollowUps(MethodView):
    """Reading on."""

    @blp.public
    @blp.error_statuses(404)
    @blp.arguments(schemas.PublicFollowUpIn)
    @blp.response(200, schemas.PublicFollowUpOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Read where it stands, what was said, and by when the next word comes."""
        found = commands.again(lambda: public_thread.follow_up(views.uow(), code=body["code"]))
        return schemas.follow_up_view(found, observations.if_in_danger())


@blp.route("/messages")
class Messages(MethodView):
    """Adding something."""

    @blp.public
    @blp.arguments(schemas.PublicMessageIn)
    @blp.creates(schemas.PublicAddedOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Add to what was told, or answer a question."""
        return _added(body, MessageKind.MESSAGE)


@blp.route("/disputes")
class Disputes(MethodView):
    """Not agreeing."""

    @blp.public
    @blp.arguments(schemas.PublicMessageIn)
    @blp.creates(schemas.PublicAddedOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Dispute an answer; somebody else than its author will look at it."""
        return _added(body, MessageKind.DISPUTE)


@blp.route("/withdrawals")
class Withdrawals(MethodView):
    """Taking it back."""

    @blp.public
    @blp.arguments(schemas.PublicWithdrawalIn)
    @blp.creates(schemas.PublicAddedOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Take back what was told; nothing more happens with it."""
        return _added(body, MessageKind.WITHDRAWAL)


@blp.route("/permissions")
class Permissions(MethodView):
    """Changing one's mind."""

    @blp.public
    @blp.arguments(schemas.PermissionIn)
    @blp.creates(schemas.PublicAddedOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Forbid or allow that what was told is passed on; the answer never tells what became of it."""
        return _added(body, MessageKind.PERMISSION)


@blp.route("/questionnaires")
class Questionnaires(MethodView):
    """Saying how it was."""

    @blp.public
    @blp.arguments(schemas.QuestionnaireIn)
    @blp.creates(schemas.PublicAddedOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Say how it was to tell the police something."""
        return _added(body, MessageKind.QUESTIONNAIRE)


@blp.route("/categories")
class Categories(MethodView):
    """What something may be about."""

    @blp.public
    @blp.response(200, schemas.CategoriesOut)
    def get(self) -> Any:
        """Read what something may be about, in your language."""
        listed, say, language = code_lists()["categories"], views.services().words.translate, views.language()
        laws = wishes.laws_to_pursue(views.uow(), language)
        items = [
            {
                "code": one.code,
                "label": say(one.label, language, listed.context),
                "description": one.description and say(one.description, language, listed.context),
                "duty_to_pursue": laws.get(one.code),
            }
            for one in listed.codes.values()
        ]
        return {"items": items}, 200, {"Content-Language": language}


@blp.route("/code-lists")
class CodeLists(MethodView):
    """Which codes the public meets."""

    @blp.public
    @blp.response(200, CodeListsOut)
    def get(self) -> Any:
        """List the code lists that everybody may read, in your language."""
        language = views.language()
        view = names_view(public_lists(), views.services().words, language)
        return view, 200, {"Content-Language": language}


@blp.route("/code-lists/<string:name>")
class OneCodeList(MethodView):
    """What codes mean."""

    @blp.public
    @blp.response(200, CodeListOut)
    def get(self, name: str) -> Any:
        """Read the labels of a code list, in your language."""
        language = views.language()
        view = list_view(public_list(name), views.services().words, language)
        return view, 200, {"Content-Language": language}


@blp.route("/areas")
class Areas(MethodView):
    """Where teams answer."""

    @blp.public
    @blp.response(200, schemas.PublicAreasOut)
    def get(self) -> Any:
        """Read the areas of all teams, with their outlines."""
        with views.uow()() as tx:
            teams = tree(tx).at_level(Level.COMMUNITY)
        return {"items": [schemas.area_view(team, team.area) for team in teams if team.area]}


@blp.route("/notice")
class Notice(MethodView):
    """What to know beforehand."""

    @blp.public
    @blp.response(200, schemas.PublicNoticeOut)
    def get(self) -> Any:
        """Read who is responsible, what may become of it, your rights, and whom to call in danger."""
        say, danger, language = views.translator(), observations.if_in_danger(), views.language()
        told = {name: say(text) for name, text in notice.PARAGRAPHS.items()}
        view = {
            **told,
            "duty_to_pursue": _pursued(language),
            "language": language,
            "emergency_number": danger["number"],
            "if_in_danger": danger,
        }
        return view, 200, {"Content-Language": language}


def _pursued(language: str) -> list[dict[str, str]]:
    """What the law obliges the police to pursue, in the order of the categories."""
    listed, say = code_lists()["categories"], views.services().words.translate
    laws = wishes.laws_to_pursue(views.uow(), language)
    return [
        {"category": code, "label": say(one.label, language, listed.context), "law": laws[code]}
        for code, one in listed.codes.items()
        if code in laws
    ]


def _added(body: dict[str, Any], kind: MessageKind) -> Any:
    code, keys = body["code"], views.uow().keys
    contents = _content(body, code), _content(views.body(), code)
    maker = receipts.maker_of(keys, receipts.normalised(code))
    sent_id = body.get("id")
    if sent_id is not None:
        body["id"] = receipts.command_id(keys, maker, sent_id)
    return _leaving(
        kind,
        views.perform(
            body,
            lambda command: schemas.added_view(
                public_thread.add(views.uow(), command, code=code, kind=kind, body=body, sent_id=sent_id),
                sent_id,
            ),
            lambda record: schemas.added_view(
                public_thread.read_added(views.uow(), code=code, message_id=record.id), sent_id
            ),
            nobody=AnonymousCaller(maker, *contents),
        ),
    )


def _leaving(kind: MessageKind, answer: Any) -> Any:
    """After a withdrawal nothing of the visit shall stay in the browser."""
    if kind is not MessageKind.WITHDRAWAL:
        return answer
    view, status, headers = answer if isinstance(answer, tuple) else (answer, 201, {})
    return view, status, {**headers, "Clear-Site-Data": '"cache", "cookies", "storage"'}


def _content(values: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The fields, with the code spelled one way: how it is written down makes no other content."""
    content = {name: value for name, value in values.items() if name not in NOT_CONTENT}
    return {**content, "code": receipts.normalised(code)}
