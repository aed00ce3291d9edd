"""`flask keys`: the key files under which texts are sealed and tokens signed."""

from __future__ import annotations

import click

from community_api.cli.plain_command import PlainCommand
from community_api.core.config import read_settings
from community_api.server import key_files


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
