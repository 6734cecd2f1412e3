"""shikaku-cloud: every noun and verb, each loaded when it is called.

What the others need (FHIR, PDF, databases, web) takes seconds to load on a small
machine; nobody who checks a number waits for it.
"""

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_group

VERBS: Final = {
    "migrate": "store_cli",
    "seed": "store_cli",
    "import": "store_cli",
    "serve": "serve_cli",
    "worker": "serve_cli",
    "api": "serve_cli",
    "check": "check_cli",
}
"""Commands of their own, by the file they stand in."""
NOUNS: Final = {
    "registry": "registry_cli",
    "eligibility": "eligibility_cli",
    "consent": "consent_cli",
    "records": "records_cli",
    "bulk": "bulk_cli",
    "oqs": "oqs_cli",
    "fhir": "fhir_cli",
    "page": "page_cli",
    "facility": "facility_cli",
    "account": "account_cli",
    "mode": "mode_cli",
    "workplace": "workplace_cli",
    "device": "device_cli",
    "online": "online_cli",
    "place": "place_cli",
    "audit": "audit_cli",
    "proof": "proof_cli",
    "retention": "retention_cli",
}
"""Groups of commands, by the file that each is."""


class Rooms(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return [*VERBS, *NOUNS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in NOUNS:
            group = get_group(_app(NOUNS[cmd_name]))
            group.name = cmd_name
            return group
        if cmd_name in VERBS:
            return get_group(_app(VERBS[cmd_name])).commands[cmd_name]
        return None


app = typer.Typer(
    cls=Rooms,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The cloud of Shikaku: answers readers over MQTT.\n\n"
    "Example: shikaku-cloud serve --config cloud.toml",
)


@app.callback()
def _rooms() -> None:
    pass


def main() -> None:
    app()


def _app(module: str) -> typer.Typer:
    found = import_module(f"cloud.{module}").app
    assert isinstance(found, typer.Typer)  # noqa: S101  our own files
    return found
