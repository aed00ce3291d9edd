"""The commands of `flask`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from community_api.clients.demo_tour.command import walk_command
from community_api.clients.importer.command import feed_group
from community_api.core.config import SettingError, Settings, environment, read_settings
from community_api.core.database import schema_version
from community_api.core.errors import StartupError
from community_api.core.i18n.translations import SOURCE_LANGUAGE
from community_api.core.lockfile import Held, LockFile, holder_of, lock_path
from community_api.procedure_engine import check_command, commands
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.language.sections import pack_schema
from community_api.server import account_files, demo_setup, key_files, preflight, setup, trial, worker_process
from community_api.server.import_by_name import named
from community_api.server.preflight import PortTaken
from community_api.server.terms import DEMO_LOAD, DOWNGRADE, DOWNGRADING, SERVE, WORKER, Exit
from community_api.units.terms import Role

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
            _end(ctx, f"{refusal}.".replace("..", "."), REASONS[type(refusal)])
        except DBAPIError as error:
            _end(ctx, f"COMMUNITY_DATABASE_URL: {preflight.reason(error)}.", Exit.DATABASE)
        except OSError as error:
            _end(ctx, f"{error.filename or 'The system'}: {error.strerror}.", Exit.DATABASE)


def _end(ctx: click.Context, words: str, code: Exit) -> NoReturn:
    click.echo(words, err=True)
    ctx.exit(code)


def only_commands_are_wanted() -> bool:
    """Whether `flask` itself asks, which wants the names of commands and not yet an application."""
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None


def shell() -> Flask:
    """An application without anything but the commands: each reads the settings that it needs itself."""
    app = Flask("community_api", static_folder=None)
    environ = environment()
    demo = click.Group("demo", help="The demo organisation, and a walk through the main job.")
    demo.add_command(load_demo)
    demo.add_command(walk_command(environ))
    accounts = click.Group(
        "accounts", help="The first accounts of an installation, and the last way back in."
    )
    accounts.add_command(create_account)
    accounts.add_command(reset_account)
    accounts.add_command(import_accounts)
    keys = click.Group("keys", help="The key files under which texts are sealed and tokens signed.")
    for of_keys in (make_keys, next_key, rotate_keys):
        keys.add_command(of_keys)
    procedure = click.Group("procedure", help="Procedure packs: check one before anybody's case runs by it.")
    for of_procedures in (
        check_procedure,
        draw_procedure,
        compare_procedures,
        schema_of_packs,
        try_procedure,
    ):
        procedure.add_command(of_procedures)
    for command in (serve, worker, migrate, downgrade, demo, accounts, keys, procedure, feed_group(environ)):
        app.cli.add_command(command)
    return app


@click.command("serve", cls=PlainCommand)
@click.option("--processes", type=click.IntRange(1, 64), help="How many processes answer (PostgreSQL only).")
def serve(processes: int | None) -> None:
    """Start API and worker; Ctrl-C ends both. What `make run` does."""
    settings = read_settings()

    def greet() -> str:
        if not settings.playful:
            setup.put_lists_in_force(settings)
        return demo_setup.greeting(settings)

    preflight.serve(settings, processes, greet)


@click.command("worker", cls=PlainCommand)
def worker() -> None:
    """Do what is due, beside the server on PostgreSQL. Several may run."""
    settings = read_settings()
    path = lock_path(settings)
    if path is None:
        worker_process.work(settings)
        return
    holder = holder_of(path)
    if holder is not None and holder.what == SERVE:
        click.echo(f"The server (process {holder.pid}) already does this work; nothing to start.")
        return
    lock = LockFile(path, WORKER)
    worker_process.work(settings)
    lock.release()


@click.command("migrate", cls=PlainCommand)
def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = _settings_of_the_schema()
    preflight.migrate(settings)
    click.echo(f"The database is at {schema_version.head()}, the newest schema.")


@click.command("downgrade", cls=PlainCommand)
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
def downgrade(revision: str, *, yes: bool) -> None:
    """Take the schema back to REVISION (base: to nothing). What newer tables hold is lost."""
    settings = _settings_of_the_schema()
    if not yes:
        click.confirm("What newer tables and columns hold will be lost. Go on?", abort=True)
    _alone(settings, DOWNGRADE, lambda: named(DOWNGRADING)(settings.owner_url, revision))
    click.echo(f"The database is at {revision}.")


@click.command("load", cls=PlainCommand)
def load_demo() -> None:
    """Put the demo organisation into an empty database (demo and test mode)."""
    settings = read_settings()
    if not settings.playful:
        raise SettingError("COMMUNITY_MODE", "is demo or test for the demo organisation")

    def load() -> None:
        preflight.bring_to_head(settings)
        loaded = demo_setup.load(settings)
        told = "loaded" if loaded.fresh else "there already"
        click.echo(f"The demo organisation is {told}: {loaded.units} units, {loaded.accounts} accounts.")

    _alone(settings, DEMO_LOAD, load)


LANGUAGE = click.option("--language", default=SOURCE_LANGUAGE, show_default=True)


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


EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


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


@click.command("check", cls=PlainCommand)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@LANGUAGE
@click.pass_context
def check_procedure(ctx: click.Context, *, file: Path, language: str) -> None:
    """Say line by line what is wrong with the pack in FILE, or that it is sound."""
    lines, status = check_command.report(file, language)
    for line in lines:
        click.echo(line)
    ctx.exit(status)


@click.command("try", cls=PlainCommand)
@click.argument("file", type=EXISTING)
@click.option("--last", default=50, show_default=True, help="So many of the cases that ended last.")
@click.pass_context
def try_procedure(ctx: click.Context, file: Path, last: int) -> None:
    """Say what the pack in FILE would have changed of the cases that ended last; nothing is changed."""
    try:
        lines = trial.report(read_settings(), file, last)
    except PackError as error:
        _end(ctx, "\n".join(map(str, error.problems)), Exit.SETTING)
    click.echo("\n".join(lines))


@click.command("schema", cls=PlainCommand)
def schema_of_packs() -> None:
    """Print the JSON Schema of packs, by which editors complete and check them."""
    click.echo(json.dumps(pack_schema(), indent=1, ensure_ascii=False))


@click.command("draw", cls=PlainCommand)
@click.argument("file", type=EXISTING)
@click.option("--since", type=EXISTING, help="An older version: what is new, changed or gone is marked.")
@click.option("--language", default="en", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Left out: to the terminal.")
@click.pass_context
def draw_procedure(
    ctx: click.Context, *, file: Path, since: Path | None, language: str, output: Path | None
) -> None:
    """Draw the pack in FILE as SVG: stages by level, clocks, second persons, feedback; for one A3."""
    try:
        drawn = commands.drawing(file, since, language)
    except PackError as error:
        _end(ctx, _all_of(error, language), Exit.SETTING)
    if output is None:
        click.echo(drawn, nl=False)
    else:
        output.write_text(drawn, encoding="utf-8")


@click.command("compare", cls=PlainCommand)
@click.argument("old", type=EXISTING)
@click.argument("new", type=EXISTING)
@LANGUAGE
@click.pass_context
def compare_procedures(ctx: click.Context, *, old: Path, new: Path, language: str) -> None:
    """Say line by line what differs between the packs in OLD and NEW."""
    try:
        found = commands.differences(old, new, language)
    except PackError as error:
        _end(ctx, _all_of(error, language), Exit.SETTING)
    click.echo("\n".join(found))


def _all_of(unsound: PackError, language: str) -> str:
    return "\n".join(one.in_language(language) for one in unsound.problems)


def _password(*, from_stdin: bool) -> str:
    """The password as it was typed; a line of standard input without its end."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


@click.command("make", cls=PlainCommand)
def make_keys() -> None:
    """Make the key files that are missing in COMMUNITY_KEYS; those that are there stay."""
    made = key_files.make_keys(read_settings())
    click.echo("\n".join(f"Made {path.name}." for path in made) or "Nothing is missing.")
    if made:
        click.echo("Keep a copy apart from the database: without the wrap-*.key files no text can be read.")


@click.command("next", cls=PlainCommand)
def next_key() -> None:
    """Make the next wrapping key. Then start everything anew, and run `flask keys rotate`."""
    path = key_files.add_wrapping_key(read_settings())
    click.echo(
        f"Made {path.name}. Keep a copy, start every server and worker anew, then `flask keys rotate`."
    )


@click.command("rotate", cls=PlainCommand)
@click.option("--yes", is_flag=True, help="Do not ask.")
def rotate_keys(*, yes: bool) -> None:
    """Put every record's data key under the newest wrapping key, while the product runs; texts stay."""
    if not yes:
        click.confirm("Was every server and worker started anew since the newest key was made?", abort=True)
    done = key_files.rotate(read_settings())
    click.echo(f"{done.count} data keys were put under {done.newest}.")
    for name in done.idle:
        click.echo(f"{name} wraps nothing here any more; keep it as long as you keep backups from before.")


def _alone(settings: Settings, what: str, act: Callable[[], None]) -> None:
    """Act while nobody else works on the database; raises Held. PostgreSQL needs no such care."""
    path = lock_path(settings)
    if path is None:
        act()
        return
    lock = LockFile(path, what)
    try:
        act()
    finally:
        lock.release()


def _settings_of_the_schema() -> Settings:
    """The settings of a command that reads no sealed text: keys need not be there."""
    environ = environment()
    return read_settings({**environ, "COMMUNITY_KEYS": environ.get("COMMUNITY_KEYS") or os.devnull})
