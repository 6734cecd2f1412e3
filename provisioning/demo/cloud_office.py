"""Several commands of `shikaku-cloud` in one process: its parts take seconds to load.

A command is a JSON list of its words, one a line on the input. The first that fails
ends the process with its exit code; its own sentence is on the error output.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from cloud.cli import app
from provisioning.demo.processes import ProcessDiedError


def perform(config: Path, commands: Iterable[Sequence[str]]) -> None:
    """In order, each with this configuration. Raises ProcessDiedError."""
    lines = "\n".join(
        json.dumps([*words, "--config", str(config)]) for words in commands
    )
    office = [sys.executable, "-m", "provisioning.demo.cloud_office"]
    done = subprocess.run(
        office, input=lines, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ProcessDiedError(f"shikaku-cloud: {done.stderr.strip()}")


def main() -> None:
    for line in sys.stdin:
        try:
            app(json.loads(line), prog_name="shikaku-cloud")
        except SystemExit as ended:
            if ended.code:
                raise


if __name__ == "__main__":
    main()
