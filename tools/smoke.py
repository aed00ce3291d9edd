"""Start the product in this folder as a newcomer would, play its main job, and stop it by Ctrl-C.

python tools/smoke.py — status 1, with what the server said, when any of it fails. Standard library only.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

# The first start installs the dependencies.
START_SECONDS = 300.0
STOP_SECONDS = 30.0


class Failed(Exception):
    """The product did not do what a newcomer expects; the message says what."""


class Product:
    """``make run`` in a process group of its own, as a terminal gives it one."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.port = _free_port()
        with log.open("wb") as output:
            self._make = subprocess.Popen(
                ["make", "run"],  # noqa: S607 - the newcomer's make
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def environ(self) -> dict[str, str]:
        """The settings of the product and of those who call it."""
        return os.environ | {"PORT": str(self.port)}

    def wait_until_ready(self) -> None:
        """Wait for /health/ready; raises Failed."""
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._make.poll() is not None or time.monotonic() > deadline:
                raise Failed("the product did not get ready")
            time.sleep(0.2)

    def walk(self) -> None:
        """Play the main job from a second terminal; raises Failed."""
        walked = subprocess.run(["make", "walk"], env=self.environ, check=False)  # noqa: S607 - as above
        if walked.returncode:
            raise Failed("make walk failed")

    def interrupt(self) -> None:
        """Press Ctrl-C and wait until nothing runs any more; raises Failed."""
        self._signal(signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self._make.poll() is None or self._signal(0):
            if time.monotonic() > deadline:
                raise Failed("something still runs after Ctrl-C")
            time.sleep(0.1)
        if "Traceback" in self.log.read_text(errors="replace"):
            raise Failed("the product did not stop cleanly")

    def kill(self) -> None:
        """End whatever is left."""
        self._signal(signal.SIGKILL)

    def _is_ready(self) -> bool:
        # A proxy that the shell names has no business on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _signal(self, number: int) -> bool:
        """Send a signal to all of the group; False: nobody is left."""
        try:
            os.killpg(self._make.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def main() -> int:
    """Start, walk, stop."""
    with TemporaryDirectory() as folder:
        product = Product(Path(folder) / "server.log")
        try:
            product.wait_until_ready()
            product.walk()
            product.interrupt()
        except Failed as failed:
            print(product.log.read_text(errors="replace"), file=sys.stderr)
            print(f"FAILED: {failed}. What the server said stands above.", file=sys.stderr)
            return 1
        finally:
            product.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
