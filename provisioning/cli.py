"""`shikaku-provision`: what an installer runs."""

import typer

from provisioning.models.cli import app as models

app = typer.Typer(
    no_args_is_help=True,
    help="Set readers up. Example: shikaku-provision models install intel-reid-0095",
)
app.add_typer(models, name="models", help="Model packs: list, install, add, verify.")


@app.callback()
def _main() -> None:
    """Keep the sub-commands as groups."""


def main() -> None:
    app()
