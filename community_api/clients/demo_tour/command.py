"""``flask demo walk``: the command line of the walk."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing

import click
import httpx

from community_api.clients.demo_tour.play import play
from community_api.clients.demo_tour.stage import NotAsPromised, Stage
from community_api.clients.environment import default_url, demo_password
from community_api.clients.http_client import ClientStopped, Patience, ServerUnreachable, Wire

# A newcomer without a server should learn so at once.
PATIENCE = Patience(tries=3, first_pause=0.5, longest_wait=30, total_wait=60)


def walk_command(environ: Mapping[str, str], transport: httpx.BaseTransport | None = None) -> click.Command:
    """The command ``walk``; ``environ`` is a copy of the process environment, ``transport`` the network."""

    @click.command("walk")
    @click.option("--url", default=default_url(environ), show_default=True, help="The server to play at.")
    def walk(url: str) -> None:
        """Play the main job through real HTTP, from an officer's report to the answers, and tell it.

        Needs a running demo (make run). Adds one made-up case at each run; may be run any number of times.
        Ends with 1 and a sentence when anything is not as promised.
        """
        click.get_current_context().exit(_walk(url, environ, transport))

    return walk


def _walk(url: str, environ: Mapping[str, str], transport: httpx.BaseTransport | None) -> int:
    stage = Stage(sys.stdout)
    try:
        with closing(Wire(url, patience=PATIENCE, transport=transport)) as wire:
            play(wire, demo_password(environ), stage)
    except NotAsPromised as broken:
        click.echo(f"\nNot as promised in step {stage.steps} ({stage.title}): {broken}", err=True)
    except ServerUnreachable as nobody:
        click.echo(f"{nobody} Start it by `make run` in another terminal.", err=True)
    except ClientStopped as stopped:
        click.echo(str(stopped), err=True)
    else:
        return 0
    return 1
