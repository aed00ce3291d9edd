"""Use the product as browsers do: python -m tools.browser.

A page of another origin reports, and another one, which no setting names, uses the public part alone. Then
the front page and the reference are opened: by day and at night, on a telephone, without JavaScript, in a
language that is read from the right. No page may ask another host for anything, or be hindered by its policy.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from tools.chromium import Chromium, Page
from tools.smoke import Failed, Product

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "browser"
PASSWORD = "only-for-this-run-4711"  # noqa: S105 - of a demo organisation that ends with the run
OFFICER = "officer1.lin-a"
OPERATION = "#operations-observations-submitObservation"
RESULT = f"{OPERATION} .live-responses-table tbody .response-col_status"
SHAPES = f"{OPERATION} .responses-table"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_told: Any) -> None:
        """Say nothing."""


@contextmanager
def origin() -> Iterator[str]:
    """The example from a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(EXAMPLE)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def report(browser: Chromium, portal: str, api: str) -> None:
    """A page that the product names signs in and reports."""
    page = Page(browser)
    page.open(portal)
    for name, text in (("api", api), ("username", OFFICER), ("password", PASSWORD)):
        page.fill(f"#staff [name={name}]", text)
    page.click("#staff button")
    log = end_of(page)
    if "read which field is wrong" not in log:
        raise Failed(f"the officer's page did not report:\n{log}")
    print(log)


def tell(browser: Chromium, stranger: str, api: str) -> None:
    """A page that nobody named uses the public part, and nothing else."""
    page = Page(browser)
    page.open(stranger)
    page.fill("#public [name=api]", api)
    page.click("#public button")
    log = end_of(page)
    if "own account is kept from this page" not in log:
        raise Failed(f"a strange page read what it must not:\n{log}")
    print(log)


def end_of(page: Page) -> str:
    """What the page says it did; raises Failed where it came to no good end."""
    page.wait_until("/^(Done|Failed)/.test(document.querySelector('#log').lastChild?.textContent)")
    log = page.text("#log")
    if not log.endswith("Done."):
        raise Failed(f"a page of another origin failed:\n{log}")
    return log


def look_at_front(browser: Chromium, api: str) -> None:
    """The front page, by day and at night, from the left and from the right."""
    for language, way in (("en", "ltr"), ("de", "ltr"), ("ar", "rtl")):
        page = Page(browser, width=390, height=844)
        page.speak(language)
        page.darken()
        page.open(f"{api}/")
        expect(page, f"document.documentElement.lang === '{language}'")
        expect(page, f"getComputedStyle(document.body).direction === '{way}'")
        expect(page, "getComputedStyle(document.body).backgroundColor !== 'rgba(0, 0, 0, 0)'")
        fits(page)
        unhindered(page)


def look_at_reference(browser: Chromium, api: str) -> None:
    """The reference: an anchor, nested bodies, signing in, and a call that is tried out."""
    page = Page(browser)
    page.open(f"{api}/docs#/observations/submitObservation")
    page.wait_until(f"document.querySelector('{OPERATION} .opblock-body')")
    expect(page, f"document.querySelector('{SHAPES}').innerText.includes('audit_receipt')")
    page.fill("#sign-in [name=username]", OFFICER)
    page.fill("#sign-in [name=password]", PASSWORD)
    page.click("#sign-in button")
    page.wait_until(f"document.querySelector('#sign-in output').value === 'Signed in as {OFFICER}.'")
    page.click(f"{OPERATION} .execute")
    page.wait_until(f"document.querySelector('{RESULT}')")
    expect(page, f"document.querySelector('{RESULT}').innerText.startsWith('201')")
    unhindered(page)


def look_at_night(browser: Chromium, api: str) -> None:
    """The reference on a telephone, at night."""
    page = Page(browser, width=390, height=844)
    page.darken()
    page.open(f"{api}/docs#/me/getMe")
    page.wait_until("document.querySelector('#operations-me-getMe .opblock-body')")
    expect(page, "document.documentElement.classList.contains('dark-mode')")
    fits(page)
    unhindered(page)


def look_without_script(browser: Chromium, api: str) -> None:
    """The reference without JavaScript: the operations, and where the document is."""
    page = Page(browser)
    page.without_script()
    page.open(f"{api}/docs")
    text = page.text()
    for part in ("POST /api/v1/observations", "GET /api/v1/me", "openapi.json"):
        if part not in text:
            raise Failed(f"without JavaScript the reference does not name {part}")


def fits(page: Page) -> None:
    """Nobody has to push a page of a telephone to the side."""
    expect(page, "document.documentElement.scrollWidth <= innerWidth")


def expect(page: Page, expression: str) -> None:
    if page.evaluate(expression) is not True:
        raise Failed(f"a page is not as it should be: {expression}")


def unhindered(page: Page) -> None:
    """The console has nothing to complain of."""
    complaints = page.complaints()
    if complaints:
        raise Failed("\n".join(complaints))


def play(portal: str, stranger: str, api: str) -> None:
    """Everything, in one browser."""
    with Chromium() as browser:
        say("a page of another origin, as an officer")
        report(browser, portal, api)
        say("a page of any origin, as the public")
        tell(browser, stranger, api)
    with Chromium() as browser:
        say("the front page and the reference")
        for look in (look_at_front, look_at_reference, look_at_night, look_without_script):
            look(browser, api)
        if browser.hosts() != {api.removeprefix("http://")}:
            raise Failed(f"pages asked others: {sorted(browser.hosts())}")


def say(sentence: str) -> None:
    print(f"== {sentence}", flush=True)


def main() -> int:
    """Start the product on a database of its own, play, stop it; status 1 with what failed."""
    with TemporaryDirectory() as state, origin() as portal, origin() as stranger:
        os.environ["COMMUNITY_ORIGINS"] = f"{portal},*"
        os.environ["COMMUNITY_DEMO_PASSWORD"] = PASSWORD
        os.environ["COMMUNITY_DATABASE_URL"] = f"sqlite:///{state}/browser.sqlite3"
        product = Product(Path(state) / "server.log")
        try:
            product.wait_until_ready()
            play(portal, stranger, f"http://127.0.0.1:{product.port}")
            product.interrupt()
        except Failed as failed:
            print(product.log.read_text(errors="replace"), file=sys.stderr)
            print(f"FAILED: {failed}", file=sys.stderr)
            return 1
        finally:
            product.kill()
    say("pages of other origins and our own pages do what they should, and ask nobody else")
    return 0


if __name__ == "__main__":
    sys.exit(main())
