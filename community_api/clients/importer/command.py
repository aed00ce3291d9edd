"""``flask feed``: the command line of the feed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import httpx
from click.core import ParameterSource

from community_api.clients.account import Account
from community_api.clients.environment import default_url, feed_password
from community_api.clients.http_client import ClientStopped, Patience, Wire
from community_api.clients.importer.dry_run import DryRun, ask_codes
from community_api.clients.importer.language import KINDS, FeedMap, read_map
from community_api.clients.importer.ledger import Entry, Ledger
from community_api.clients.importer.progress import Progress
from community_api.clients.importer.refusals import summary
from community_api.clients.importer.report import write_report
from community_api.clients.importer.rows import SourceRow, check_file, read_rows
from community_api.clients.importer.run import Feed
from community_api.clients.importer.senders import AccountSender, PublicSender, Sender
from community_api.clients.importer.yaml_lines import MapWrong
from community_api.core.i18n.translations import Words

# The demo officer, so that a newcomer needs no option.
DEMO_ACCOUNT = "officer1.lin-a"
AGAIN = """
    Run it again after an interruption: nothing is sent twice, refused rows are tried again. What is
    refused, and why, is in FILE.refused.csv.
"""
COMMANDS = {
    "observations": f"""Send the rows of FILE as observations.

    The password comes from COMMUNITY_FEED_PASSWORD, in a demo from COMMUNITY_DEMO_PASSWORD or
    var/demo-password. {AGAIN}""",
    "concerns": f"""Send the rows of FILE as concerns of the public, without an account.

    Each row gets a receipt code of its own, which is kept in FILE.ledger.jsonl before the row is
    sent: who reads that file can read the answers. {AGAIN}""",
}
# Exit codes; 0: every row has its outcome. WRONG: map, file or options. STOPPED: on the way, to be run again.
WRONG, STOPPED, INTERRUPTED = 2, 3, 130
# A check asks a server that may not run yet, and does not wait for it.
IMPATIENT = Patience(tries=1, longest_wait=5.0, total_wait=5.0)


def feed_group(environ: Mapping[str, str], transport: httpx.BaseTransport | None = None) -> click.Group:
    """The group ``feed``; ``environ`` is a copy of the process environment, ``transport`` the network."""
    group = click.Group("feed", help="Send the rows of an existing CSV file through the HTTP API.")
    for kind, words in COMMANDS.items():
        group.add_command(_command(kind, words, environ, transport))
    return group


def _command(
    kind: str, words: str, environ: Mapping[str, str], transport: httpx.BaseTransport | None
) -> click.Command:
    def run(**options: Any) -> None:
        click.get_current_context().exit(
            _Job(kind=kind, environ=environ, transport=transport, **options).do()
        )

    return click.Command(kind, callback=run, help=words, params=_parameters(kind, environ))


def _parameters(kind: str, environ: Mapping[str, str]) -> list[click.Parameter]:
    there, anywhere = (click.Path(exists=e, dir_okay=False, path_type=Path) for e in (True, False))
    told: list[click.Parameter] = [
        click.Argument(["file"], type=there),
        click.Option(["--map", "map_path"], required=True, type=there, help=f"How rows become {kind}."),
        click.Option(["--limit"], type=click.IntRange(min=0), help="Only the first N rows of the file."),
        click.Option(["--url"], default=default_url(environ), show_default=True, help="The server."),
        click.Option(
            ["--parallel"], type=click.IntRange(1, 16), default=4, show_default=True, help="Rows in flight."
        ),
        click.Option(
            ["--ledger"], type=anywhere,
            help="What was sent, so that nothing is sent twice.  [default: FILE.ledger.jsonl]",
        ),
        click.Option(["--trust"], type=there, help="PEM file of the authority that certifies the server."),
        click.Option(
            ["--check"], is_flag=True,
            help="Send no row: show the first as it would be sent, what the map refuses, and which codes the"
            " server does not take.",
        ),
    ]  # fmt: skip
    if KINDS[kind].by_the_public:
        languages = click.Choice(Words().languages)
        whose = "In which refusals are said."
        told.append(click.Option(["--language"], type=languages, default="en", show_default=True, help=whose))
    else:
        whose = "Reports in this account's name; refusals are said in its language."
        told.append(click.Option(["--account"], default=DEMO_ACCOUNT, show_default=True, help=whose))
    return told


@dataclass(frozen=True)
class _Job:
    """The options of one call; ``do`` returns the exit code."""

    kind: str
    environ: Mapping[str, str]
    transport: httpx.BaseTransport | None
    file: Path
    map_path: Path
    limit: int | None
    url: str
    parallel: int
    ledger: Path | None
    trust: Path | None
    check: bool
    account: str = ""
    language: str = "en"

    def do(self) -> int:
        try:
            feed_map = read_map(self.map_path, self.kind)
            total = check_file(self.file, feed_map, self.limit)
        except (MapWrong, ClientStopped) as wrong:
            return _say(str(wrong), WRONG)
        try:
            return self._check(feed_map) if self.check else self._send(feed_map, total)
        except ClientStopped as stopped:
            return _say(str(stopped), STOPPED)
        except OSError as failed:
            return _say(f"{failed.filename or 'A file'} cannot be used: {failed.strerror}.", STOPPED)

    def _send(self, feed_map: FeedMap, total: int) -> int:
        _warn_of_plain_http(self.url)
        with closing(Wire(self.url, certificates=self.trust, transport=self.transport)) as wire:
            return self._send_over(wire, feed_map, total)

    def _check(self, feed_map: FeedMap) -> int:
        """Show what would be sent; WRONG where the server does not take a code of the map or a row."""
        _warn_of_plain_http(self.url)
        allowed, language, unasked = self._ask_codes(feed_map)
        run = DryRun(feed_map)
        run.read(read_rows(self.file, feed_map, self.limit), language)
        run.show()
        wrong = run.wrong_codes(allowed)
        if wrong:
            return _say("\n".join(wrong), WRONG)
        if not unasked:
            return 0
        # A check without a server is a check of the map and the file; one that names a server is not.
        return _say(f"The codes were not checked: {unasked}", STOPPED if self._names_a_server() else 0)

    def _ask_codes(self, feed_map: FeedMap) -> tuple[dict[str, tuple[str, ...]], str, str]:
        """The allowed codes by field, the language of the server's words, and why nothing was asked."""
        wire = Wire(self.url, certificates=self.trust, transport=self.transport, patience=IMPATIENT)
        with closing(wire):
            try:
                sender = self._sender(wire, feed_map)
                sender.start()
                allowed = ask_codes(sender, feed_map)
            except ClientStopped as stopped:
                return {}, self.language, str(stopped)
            _end(sender)
            return allowed, sender.language, ""

    def _names_a_server(self) -> bool:
        return click.get_current_context().get_parameter_source("url") is ParameterSource.COMMANDLINE

    def _send_over(self, wire: Wire, feed_map: FeedMap, total: int) -> int:
        sender = self._sender(wire, feed_map)
        progress = Progress(total, sys.stderr)
        with Ledger(self._beside("ledger.jsonl", self.ledger), sender.name, feed_map.key) as ledger:
            rows = read_rows(self.file, feed_map, self.limit, ledger.key)
            sender.start()
            feed = Feed(sender, feed_map, ledger, progress, parallel=self.parallel)
            code = _run(feed, rows, progress)
            code = self._report(feed.refused, whole=code == 0) or code
        if code == 0:
            _end(sender)
        else:
            left = f"{total - feed.tally.rows} rows were not reached"
            unknown = f"; of {feed.tally.unknown} sent nobody knows the fate" if feed.tally.unknown else ""
            click.echo(f"{left}{unknown}: the same command goes on.", err=True)
        click.echo(str(feed.tally))
        return code

    def _sender(self, wire: Wire, feed_map: FeedMap) -> Sender:
        if feed_map.kind.by_the_public:
            return PublicSender(wire, feed_map.kind.path, self.language)
        return AccountSender(Account(wire, self.account, feed_password(self.environ)), feed_map.kind.path)

    def _report(self, refused: list[Entry], *, whole: bool) -> int:
        """Write or remove the report; STOPPED where that fails, else 0."""
        path = self._beside("refused.csv", None)
        for line in summary(refused):
            click.echo(line, err=True)
        try:
            if refused:
                write_report(path, refused)
                click.echo(f"What was refused, each row with its reason: {path}", err=True)
            elif whole:
                path.unlink(missing_ok=True)
        except OSError as failed:
            return _say(f"The report {path} cannot be written: {failed.strerror}.", STOPPED)
        return 0

    def _beside(self, ending: str, path: Path | None) -> Path:
        """A file beside the ledger; the ledger itself lies beside the input unless told otherwise."""
        if path:
            return path
        base = self.ledger or self.file
        return base.with_name(f"{base.name}.{ending}")


def _run(feed: Feed, rows: Iterator[SourceRow], progress: Progress) -> int:
    try:
        feed.run(rows)
    except ClientStopped as stopped:
        progress.end()
        return _say(str(stopped), STOPPED)
    except KeyboardInterrupt:
        progress.end()
        return _say("Interrupted.", INTERRUPTED)
    progress.end()
    return 0


def _end(sender: Sender) -> None:
    """End the session; that the server has gone by now loses nothing, but is said."""
    try:
        sender.finish()
    except ClientStopped as stopped:
        click.echo(f"Signing out failed: {stopped}", err=True)


def _warn_of_plain_http(url: str) -> None:
    address = urlsplit(url)
    if address.scheme == "http" and address.hostname not in ("127.0.0.1", "::1", "localhost"):
        click.echo(
            "Warning: over http:// rows, passwords and codes are readable on the way.",
            err=True,
        )


def _say(words: str, code: int) -> int:
    click.echo(words, err=True)
    return code
