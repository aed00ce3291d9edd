"""The application for a WSGI server (`app:app`), and where `flask` finds the commands."""

from community_api import cli
from community_api.factory import create_app

# A command loads and reads what it needs itself, and says what is wrong with it.
app = cli.shell() if cli.only_commands_are_wanted() else create_app()
