"""HTTP of the register of accounts."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.accounts import register, schemas
from community_api.access.accounts.terms import AccountState
from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "accounts", __name__, url_prefix=f"{views.BASE}/accounts", description="Who can sign in, and as what"
)


@blp.route("")
class Accounts(MethodView):
    """The register of accounts."""

    @blp.permission(Permission.ACCOUNT_LIST)
    @blp.arguments(schemas.AccountQuery, location="query")
    @blp.response(200, schemas.AccountList)
    def get(self, params: dict[str, Any]) -> Any:
        """List the accounts in scope, newest first."""
        state = params.get("state")
        listed = register.list_accounts(
            views.uow(),
            views.actor(),
            state=None if state is None else AccountState(state),
            unit=params.get("unit"),
            wanted=schemas.AccountQuery.wanted(params),
        )
        return views.page_response(listed, schemas.account_item)
