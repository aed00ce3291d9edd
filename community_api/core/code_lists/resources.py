"""`/code-lists`, `/code-lists/{name}`: the labels of codes, so that a client needs to carry none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import fields

from community_api.core.code_lists import CodeList, service
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.i18n.translations import Words
from community_api.core.schemas.fields import BaseSchema

blp = Blueprint("code_lists", __name__, url_prefix=f"{views.BASE}/code-lists", description="Labels of codes")


class CodeOut(BaseSchema):
    """One code in words; ``description`` null: the label says it all."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    description = fields.String(required=True, allow_none=True)


class CodeListOut(BaseSchema):
    """A list, in the order in which people choose."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    items = fields.List(fields.Nested(CodeOut), required=True)


class CodeListItem(BaseSchema):
    """A list by its name."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    public = fields.Boolean(required=True)


class CodeListsOut(BaseSchema):
    """The lists, by name."""

    items = fields.List(fields.Nested(CodeListItem), required=True)


@blp.route("")
@blp.permission(service.PERMISSION)
@blp.response(200, CodeListsOut)
def list_code_lists() -> Any:
    """List the code lists by name, in your language."""
    listed = service.list_code_lists(views.uow(), views.actor(), gate=views.services().gate)
    language = views.language()
    return names_view(listed, views.services().words, language), 200, {"Content-Language": language}


@blp.route("/<string:name>")
@blp.permission(service.PERMISSION)
@blp.etagged
@blp.response(200, CodeListOut)
def read_code_list(name: str) -> Any:
    """Read a code list in your language."""
    found = service.read(views.uow(), views.actor(), gate=views.services().gate, name=name)
    language = views.language()
    view = list_view(found, views.services().words, language)
    # A list changes with the product only; its words make the view part of the tag.
    return views.with_etag(view, 1), 200, {"Content-Language": language}


def names_view(lists: Iterable[CodeList], words: Words, language: str) -> dict[str, Any]:
    """What lists there are, in the words of ``language``."""
    items = [
        {
            "name": listed.name,
            "label": words.translate(listed.label, language, listed.context),
            "public": listed.public,
        }
        for listed in lists
    ]
    return {"items": items}


def list_view(listed: CodeList, words: Words, language: str) -> dict[str, Any]:
    """The list in the words of ``language``."""
    return {
        "name": listed.name,
        "label": words.translate(listed.label, language, listed.context),
        "items": [
            {
                "code": one.code,
                "label": words.translate(one.label, language, listed.context),
                "description": one.description and words.translate(one.description, language, listed.context),
            }
            for one in listed.codes.values()
        ],
    }
