"""`flask procedure`: packs, for whoever writes them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from community_api.cli.plain_command import EXISTING, LANGUAGE, PlainCommand, end
from community_api.core.config import read_settings
from community_api.core.i18n.translations import SOURCE_LANGUAGE
from community_api.procedure_engine import check_command, commands, texts_command
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.language.language_words import LANGUAGE_CODE
from community_api.procedure_engine.language.sections import pack_schema
from community_api.server import trial
from community_api.server.terms import Exit


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
        end(ctx, "\n".join(map(str, error.problems)), Exit.SETTING)
    click.echo("\n".join(lines))


@click.command("texts", cls=PlainCommand)
@click.argument("file", type=EXISTING)
@click.option("--language", required=True, help="The code of the language to translate into, such as fr.")
@click.pass_context
def texts_of_pack(ctx: click.Context, file: Path, language: str) -> None:
    """Print what the pack in FILE lacks in a language, as YAML to fill in."""
    if not LANGUAGE_CODE.fullmatch(language):
        raise click.BadParameter("two or three small letters, such as fr", param_hint="--language")
    try:
        click.echo(texts_command.skeleton(file, language), nl=False)
    except PackError as error:
        end(ctx, _all_of(error, SOURCE_LANGUAGE), Exit.SETTING)


@click.command("schema", cls=PlainCommand)
def schema_of_packs() -> None:
    """Print the JSON Schema of packs, by which editors complete and check them."""
    click.echo(json.dumps(pack_schema(), indent=1, ensure_ascii=False))


@click.command("draw", cls=PlainCommand)
@click.argument("file", type=EXISTING)
@click.option("--since", type=EXISTING, help="An older version: what is new, changed or gone is marked.")
@LANGUAGE
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Left out: to the terminal.")
@click.pass_context
def draw_procedure(
    ctx: click.Context, *, file: Path, since: Path | None, language: str, output: Path | None
) -> None:
    """Draw the pack in FILE as SVG: stages by level, clocks, second persons, feedback; for one A3."""
    try:
        drawn = commands.drawing(file, since, language)
    except PackError as error:
        end(ctx, _all_of(error, language), Exit.SETTING)
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
        end(ctx, _all_of(error, language), Exit.SETTING)
    click.echo("\n".join(found))


def _all_of(unsound: PackError, language: str) -> str:
    return "\n".join(one.in_language(language) for one in unsound.problems)
