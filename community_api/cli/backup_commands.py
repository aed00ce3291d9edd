"""`flask backup` and `flask restore`: the whole database as one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from community_api.cli.plain_command import EXISTING, PlainCommand
from community_api.cli.service_commands import alone
from community_api.core.config import read_settings
from community_api.server.terms import RESTORE


@click.command("backup", cls=PlainCommand)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def back_up(folder: Path) -> None:
    """Write the whole database into a new file in DIR, while the product runs."""
    from community_api.server.backups import service  # noqa: PLC0415 - loads alembic, half a second

    file, manifest = service.back_up(read_settings(), folder)
    rows = sum(manifest.contents.rows.values())
    click.echo(f"{file}: {rows} rows, {manifest.contents.audit_entries} audit entries.")
    needed = ", ".join(f"{name}.key" for name in (*manifest.contents.key_ids, "backup"))
    click.echo(f"It holds no keys. To bring it back, {needed} are needed: keep copies of them elsewhere.")


@click.command("restore", cls=PlainCommand)
@click.argument("file", type=EXISTING)
def restore(file: Path) -> None:
    """Bring the backup FILE back into an empty database; everybody signs in again."""
    from community_api.server.backups import service  # noqa: PLC0415 - loads alembic, half a second

    settings = read_settings()

    def bring_back() -> None:
        done = service.restore(settings, file)
        rows, entries = sum(done.contents.rows.values()), done.contents.audit_entries
        click.echo(
            f"The database is that of {done.made_at}: {rows} rows, {entries} audit entries as they were "
            f"written. {done.ended_sessions} sessions were ended."
        )

    alone(settings, RESTORE, bring_back)
