"""Runs the Dockerfile's own steps one by one in an empty folder, where no Docker engine is at hand.

The image's root is that folder: the absolute paths of the Dockerfile are moved below it. Left out
is only what needs another system: the base image, the user, the volume. At the end the image's
command is started and must become healthy by the image's own check, with a catalogue in its file.
"""

import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
PORT = "8000"
SECONDS_TO_START = 60
# The machine's own ways to reach packages; settings of the service are not among them.
PASSED_ON = re.compile(
    r"PATH|HOME|LANG|TMPDIR|(PIP|UV|SSL|REQUESTS|CURL)_.*|.*_proxy", re.IGNORECASE
)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), rest.strip()


class Image:
    """What the steps have built so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.folder = root
        self.environment = {k: v for k, v in os.environ.items() if PASSED_ON.fullmatch(k)}
        self.command: list[str] = []
        self.check: list[str] = []
        self.user = ""
        (root / "data").mkdir()

    def moved(self, text: str) -> str:
        """The text with the image's paths and port as they are here."""
        text = re.sub(r"(?<![\w.])/(srv/cdmo-match|data)\b", rf"{self.root}/\1", text)
        return re.sub(rf"\b{PORT}\b", self.port, text)

    def step(self, word: str, rest: str) -> None:
        """Do one instruction."""
        match word:
            case "FROM" | "VOLUME" | "EXPOSE":
                return
            case "USER":
                self.user = rest
            case "WORKDIR":
                self.folder = Path(self.moved(rest))
                self.folder.mkdir(parents=True, exist_ok=True)
            case "ENV":
                for pair in shlex.split(self.moved(rest)):
                    name, _, value = pair.partition("=")
                    self.environment[name] = value
            case "COPY":
                self.copy(shlex.split(rest))
            case "RUN":
                if not rest.startswith("useradd"):
                    subprocess.run(
                        ["/bin/sh", "-ec", self.moved(rest)],
                        cwd=self.folder,
                        env=self.environment,
                        check=True,
                    )
            case "HEALTHCHECK":
                self.check = json.loads(self.moved(rest[rest.index("[") :]))
            case "CMD":
                self.command = json.loads(self.moved(rest))
            case _:
                sys.exit(f"there is no way here to do {word}")

    def copy(self, words: list[str]) -> None:
        """COPY from the clone; from an earlier stage everything lies at its place already."""
        if words[0].startswith("--from="):
            for path in words[1:]:
                assert Path(self.moved(path)).is_dir(), f"the build has not made {path}"
            # The stage left behind takes its sources with it.
            kept = Path(self.moved(words[1]))
            for path in kept.parent.iterdir():
                if path != kept:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            return
        *sources, target = words
        for source in sources:
            place = self.folder / target
            if (CLONE / source).is_dir():
                unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
                shutil.copytree(CLONE / source, place, ignore=unwanted)
            else:
                shutil.copy(CLONE / source, place / source if target.endswith("/") else place)


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def wait_for_health(image: Image, server: subprocess.Popen[bytes]) -> bool:
    """Whether the image's check succeeds in time; the check's own words are shown at the end."""
    end = time.monotonic() + SECONDS_TO_START
    while True:
        check = subprocess.run(image.check, capture_output=True, text=True)
        if check.returncode == 0:
            return True
        if server.poll() is not None or time.monotonic() > end:
            print(check.stderr)
            return False
        time.sleep(0.5)


def prove(image: Image) -> None:
    """Start the image's command, wait for its own health check, look into its file."""
    assert image.user not in ("", "root", "0"), "the image runs as root"
    said = image.root / "said"
    with said.open("w") as output:
        server = subprocess.Popen(
            image.command, cwd=image.folder, env=image.environment, stdout=output, stderr=output
        )
    try:
        healthy = wait_for_health(image, server)
    finally:
        server.terminate()
        server.wait(20)
    if not healthy:
        sys.exit(f"{said.read_text()[-4000:]}\nthe image does not become healthy")
    with sqlite3.connect(image.root / "data" / "cdmo-match.db") as connection:
        (providers,) = connection.execute("SELECT count(*) FROM provider").fetchone()
    if providers == 0:
        sys.exit("the image starts with an empty catalogue")
    print(f"the image starts, is healthy and holds {providers} providers")


def main() -> None:
    """Run every step, then prove the result."""
    with tempfile.TemporaryDirectory(prefix="cdmo-image-") as folder:
        image = Image(Path(folder))
        for word, rest in instructions((CLONE / "Dockerfile").read_text()):
            print(f"{word} {rest}", flush=True)
            image.step(word, rest)
        prove(image)


if __name__ == "__main__":
    main()
