"""Take another version of Swagger UI from the npm registry: python -m tools.swagger_ui.

The reference at /docs is shown by it. Its files are committed beside their licence, so that neither a start
nor a page asks anybody for them. To raise it: change VERSION and INTEGRITY (`npm view
swagger-ui-dist@VERSION dist.integrity`), run this, then `make browser`.
"""

import base64
import shutil
import subprocess
import sys
import tarfile
from hashlib import sha256, sha512
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.smoke import Failed

FOLDER = Path(__file__).resolve().parents[1] / "community_api" / "web" / "site" / "assets" / "swagger-ui"
VERSION = "5.35.0"
INTEGRITY = "U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ=="
FILES = ("swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-bundle.js.LICENSE.txt", "LICENSE", "NOTICE")
SUMS = FOLDER / "SHA256SUMS"


def sums() -> str:
    """The version, and the SHA-256 of every committed file as `sha256sum` writes it."""
    lines = [f"{sha256((FOLDER / name).read_bytes()).hexdigest()}  {name}" for name in FILES]
    return "\n".join([f"# swagger-ui-dist {VERSION}", *lines]) + "\n"


def take(npm: str) -> None:
    """Fetch the package and lay its files into the folder; raises Failed where it is another one."""
    with TemporaryDirectory() as scratch:
        words = (npm, "pack", f"swagger-ui-dist@{VERSION}", "--silent")
        subprocess.run(words, cwd=scratch, check=True, capture_output=True)
        (package,) = Path(scratch).glob("*.tgz")
        if sha512(package.read_bytes()).digest() != base64.b64decode(INTEGRITY):
            raise Failed("the registry gave another package than the one that was looked at")
        with tarfile.open(package) as archive:
            for name in FILES:
                member = archive.extractfile(f"package/{name}")
                if member is None:
                    raise Failed(f"the package has no {name}")
                (FOLDER / name).write_bytes(member.read())
    SUMS.write_text(sums(), encoding="utf-8")


def main() -> int:
    """Status 1 with what failed."""
    npm = shutil.which("npm")
    try:
        if npm is None:
            raise Failed("there is no npm on this machine")
        take(npm)
    except Failed as failed:
        print(f"FAILED: {failed}", file=sys.stderr)
        return 1
    print(f"swagger-ui-dist {VERSION} is in place.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
