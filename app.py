"""The application for a WSGI server (`app:app`), and where `flask` finds the commands."""

from community_api import cli
from community_api.server.import_by_name import named
from community_api.server.terms import APPLICATION

# A command loads and reads what it needs itself, and says what is wrong with it.
app = cli.shell() if cli.only_commands_are_wanted() else named(APPLICATION)()
