"""The commands of `flask`."""

from __future__ import annotations

import click
from flask import Flask

from community_api.cli import (
    account_commands,
    backup_commands,
    key_commands,
    procedure_commands,
    service_commands,
)
from community_api.clients.demo_tour.command import walk_command
from community_api.clients.importer.command import feed_group
from community_api.core.config import environment


def only_commands_are_wanted() -> bool:
    """Whether `flask` itself asks, which wants the names of commands and not yet an application."""
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None


def shell() -> Flask:
    """An application without anything but the commands: each reads the settings that it needs itself."""
    app = Flask("community_api", static_folder=None)
    environ = environment()
    demo = click.Group("demo", help="The demo organisation, and a walk through the main job.")
    demo.add_command(service_commands.load_demo)
    demo.add_command(walk_command(environ))
    accounts = click.Group(
        "accounts", help="The first accounts of an installation, and the last way back in."
    )
    accounts.add_command(account_commands.create_account)
    accounts.add_command(account_commands.reset_account)
    accounts.add_command(account_commands.import_accounts)
    keys = click.Group("keys", help="The key files under which texts are sealed and tokens signed.")
    for of_keys in (key_commands.make_keys, key_commands.next_key, key_commands.rotate_keys):
        keys.add_command(of_keys)
    procedure = click.Group("procedure", help="Procedure packs: check one before anybody's case runs by it.")
    for of_procedures in (
        procedure_commands.check_procedure,
        procedure_commands.draw_procedure,
        procedure_commands.compare_procedures,
        procedure_commands.texts_of_pack,
        procedure_commands.schema_of_packs,
        procedure_commands.try_procedure,
    ):
        procedure.add_command(of_procedures)
    services = (
        service_commands.serve,
        service_commands.worker,
        service_commands.migrate,
        service_commands.downgrade,
        backup_commands.back_up,
        backup_commands.restore,
    )
    for command in (*services, demo, accounts, keys, procedure, feed_group(environ)):
        app.cli.add_command(command)
    return app
