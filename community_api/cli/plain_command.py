"""What all commands share: how they end, and options that several take."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

from community_api.core.config import SettingError
from community_api.core.errors import StartupError
from community_api.core.i18n.translations import SOURCE_LANGUAGE
from community_api.core.lockfile import Held
from community_api.server import preflight
from community_api.server.preflight import PortTaken
from community_api.server.terms import Exit

LANGUAGE = click.option("--language", default=SOURCE_LANGUAGE, show_default=True)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
REASONS: dict[type[Exception], Exit] = {
    SettingError: Exit.SETTING,
    StartupError: Exit.SETTING,
    Held: Exit.HELD,
    PortTaken: Exit.PORT,
}


class PlainCommand(click.Command):
    """A command that says in one sentence why it cannot, and ends with a code of its own."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except tuple(REASONS) as refusal:
            end(ctx, f"{refusal}.".replace("..", "."), REASONS[type(refusal)])
        except DBAPIError as error:
            end(ctx, f"COMMUNITY_DATABASE_URL: {preflight.reason(error)}.", Exit.DATABASE)
        except OSError as error:
            end(ctx, f"{error.filename or 'The system'}: {error.strerror}.", Exit.DATABASE)


def end(ctx: click.Context, words: str, code: Exit) -> NoReturn:
    """Say it on standard error and leave with the code."""
    click.echo(words, err=True)
    ctx.exit(code)
