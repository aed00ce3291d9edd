"""Drive Chromium through its own protocol, over a pipe: nothing but the browser and the standard library."""

import json
import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tools.smoke import Failed

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, because CI is root; and nothing that a browser does by itself.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
ANSWER_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.1


def program() -> str | None:
    """The browser of this machine; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """A browser of its own, with an empty profile. Raises Failed where there is none, or no answer."""

    def __init__(self) -> None:
        found = program()
        if found is None:
            raise Failed("there is no Chromium: apt-get install chromium")
        self._profile = TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # The browser reads commands from its descriptor 3 and answers on 4.
        script = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, found, *FLAGS, f"--user-data-dir={self._profile.name}"],  # noqa: S607
            pass_fds=(to_browser, from_browser),
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        self._profile.cleanup()

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Give one command and wait for its answer; what is told meanwhile goes to ``events``."""
        self._number += 1
        sent: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session is not None:
            sent["sessionId"] = session
        os.write(self._write, json.dumps(sent).encode() + b"\0")
        for message in self._message(ANSWER_SECONDS):
            if message.get("id") == self._number:
                if "error" in message:
                    raise Failed(f"the browser refused {method}: {message['error']['message']}")
                answer: dict[str, Any] = message["result"]
                return answer
        raise Failed(f"the browser did not answer {method}")

    def hosts(self) -> set[str]:
        """Every host and port that a page has asked for something."""
        urls = [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return {urlsplit(url).netloc for url in urls if not url.startswith(("data:", "blob:"))}

    def _message(self, seconds: float) -> Iterator[dict[str, Any]]:
        """What the browser says until so many seconds are over; events are kept on the way."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = self._messages.get(timeout=left)
            except queue.Empty:
                return
            if "method" in message:
                self.events.append(message)
            yield message

    def _listen(self) -> None:
        pending = b""
        while read := os.read(self._read, 65_536):
            *whole, pending = (pending + read).split(b"\0")
            for message in whole:
                self._messages.put(json.loads(message))
        os.close(self._read)


class Page:
    """One page of the browser."""

    def __init__(self, browser: Chromium, *, width: int = 1280, height: int = 900) -> None:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._browser = browser
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for part in ("Page", "Network", "Runtime", "Log"):
            self._call(f"{part}.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", **size)

    def speak(self, language: str) -> None:
        """Ask for pages in this language from now on."""
        self._call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def darken(self) -> None:
        """Be used at night."""
        dark = {"name": "prefers-color-scheme", "value": "dark"}
        self._call("Emulation.setEmulatedMedia", features=[dark])

    def without_script(self) -> None:
        """Run no script of pages from now on."""
        self._call("Emulation.setScriptExecutionDisabled", value=True)

    def open(self, url: str) -> None:
        """Go to an address and wait until the page is there; raises Failed."""
        told = self._call("Page.navigate", url=url)
        if "errorText" in told:
            raise Failed(f"{url}: {told['errorText']}")
        self.wait_until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript, awaited; raises Failed with what it threw."""
        told = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise Failed(json.dumps(told["exceptionDetails"].get("exception", {}).get("description")))
        return told["result"].get("value")

    def wait_until(self, expression: str) -> None:
        """Wait until an expression holds; raises Failed."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > deadline:
                raise Failed(f"the page never came to this: {expression}")
            time.sleep(LOOK_AGAIN_SECONDS)

    def fill(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self._call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Press a button or a link."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def text(self, selector: str = "body") -> str:
        """What stands there to be read."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def save_picture(self, path: Path) -> None:
        """Keep what can be seen as a PNG."""
        import base64  # noqa: PLC0415 - for looking only

        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot")["data"]))

    def complaints(self) -> list[str]:
        """What the console has complained about: scripts that failed, things that the policy forbade."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            entry = event["params"].get("entry", {})
            if event["method"] == "Log.entryAdded" and entry["level"] == "error":
                found.append(f"{entry['text']} {entry.get('url', '')}")
            if event["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"])[:500])
        return found

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)
