"""`flask accounts`: the first accounts of an installation, and the last way back in."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from community_api.cli.plain_command import EXISTING, LANGUAGE, PlainCommand
from community_api.core.config import read_settings
from community_api.server import account_files, preflight, setup
from community_api.units.terms import Role


@click.command("create", cls=PlainCommand)
@click.argument("username")
@click.option("--name", required=True, help="The person's name, which is kept sealed.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", required=True, help="The short name of the unit, such as lin-a.")
@LANGUAGE
@click.option("--timezone", help="An IANA zone; the unit's when left out.")
@click.option(
    "--units",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of units (as `units:` of the demo organisation), stored first when there are none yet.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_account(*, password_stdin: bool, units: Path | None, **options: str) -> None:
    """Make the account USERNAME; the password is asked for, never told on the command line."""
    settings = read_settings()
    preflight.bring_to_head(settings)
    password = _password(from_stdin=password_stdin)
    setup.create_account(settings, units=units, password=password, **options)
    click.echo(f"{options['username']} is {options['role']} of {options['unit']}.")


@click.command("reset", cls=PlainCommand)
@click.argument("username")
def reset_account(username: str) -> None:
    """Let the owner of the account USERNAME set a new password: prints a token that is good for 30 minutes.

    The only way for oversight's own accounts; others are reset by proposal.
    """
    settings = read_settings()
    preflight.bring_to_head(settings)
    issued = setup.reset_password(settings, username)
    click.echo(
        f"Token for {username}, good once until {issued.expires_at:%Y-%m-%d %H:%M} UTC:\n{issued.token}\n"
        "Give it to the person yourself. They send it with a password of their own to"
        " POST /api/v1/auth/first-password; that ends all their sessions."
    )


@click.command("import", cls=PlainCommand)
@click.argument("file", type=EXISTING)
@click.option("--units", type=EXISTING, help="A file of units, stored first when there are none yet.")
@click.option(
    "--tokens",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the tokens for first passwords are written (0600); FILE.tokens.csv when left out.",
)
def import_accounts(*, file: Path, units: Path | None, tokens: Path | None) -> None:
    """Make the accounts of FILE (CSV or YAML), all or none; says line by line what is wrong."""
    settings = read_settings()
    preflight.bring_to_head(settings)
    target = tokens or file.with_name(f"{file.name}.tokens.csv")
    imported = account_files.import_accounts(settings, file, units=units, tokens=target)
    click.echo(account_files.summary(imported, target))


def _password(*, from_stdin: bool) -> str:
    """The password as it was typed; a line of standard input without its end."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
