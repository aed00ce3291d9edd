"""An application that only reads, under a deadline for which a second is a tenth of a millisecond."""

import threading
import time

from community_api.server.stalled_connections import StalledConnections

FASTER = 10_000.0


def create_app():
    """Answer how many bytes of a body came; the port is learned from the first request."""
    started = threading.Event()

    def sweep(port):
        stalled = StalledConnections(port, lambda: time.monotonic() * FASTER)
        while True:
            stalled.sweep()
            time.sleep(0.02)

    def app(environ, start_response):
        if not started.is_set():
            started.set()
            threading.Thread(target=sweep, args=(int(environ["SERVER_PORT"]),), daemon=True).start()
        body = environ["wsgi.input"].read(5000)
        start_response("408 Request Timeout", [("Connection", "close")])
        return [b"%d byte came" % len(body)]

    return app
