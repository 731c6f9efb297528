"""The command `homeward`: serve, api, worker, migrate, keys, policy, openapi."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from domain.texts import Language
from services.settings import Settings, SettingsRefused, settings_from

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
keys = typer.Typer(no_args_is_help=True, help="Master keys and token keys.")
app.add_typer(keys, name="keys")
console = Console(stderr=True, highlight=False)


def _settings() -> Settings:
    try:
        return settings_from()
    except SettingsRefused as refused:
        console.print(f"[red]Homeward does not start:[/red] {refused}")
        raise typer.Exit(2) from None


def _quiet_log(level: int) -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")


@app.command()
def serve() -> None:
    """Run everything on this machine: database, demonstration on an empty one, server on PORT (8000)."""
    from api.serve import serve_here

    _quiet_log(logging.WARNING)
    _run(lambda: serve_here(_settings(), console))


@app.command()
def api() -> None:
    """Run the API alone, on the database of DATABASE_URL."""
    from api.serve import serve_api

    _quiet_log(logging.INFO)
    _run(lambda: serve_api(_settings()))


@app.command()
def worker() -> None:
    """Run the worker, on the database of WORKER_DATABASE_URL. Any number may run."""
    from api.serve import run_worker

    _quiet_log(logging.INFO)
    _run(lambda: run_worker(_settings()))


@app.command(name="migrate")
def bring_up_to_date() -> None:
    """Make the database roles and bring the schema to its newest version (ADMIN_DATABASE_URL)."""
    from services.installation import migrate

    settings = _settings()
    if settings.admin_database_url is None:
        console.print("[red]migrate needs ADMIN_DATABASE_URL[/red]")
        raise typer.Exit(2)
    address = settings.admin_database_url
    _run(lambda: migrate(address, settings))


@keys.command("new")
def new_keys(folder: Annotated[Path, typer.Option(help="Where master.json and tokens.json go.")]) -> None:
    """Write new master keys and token keys; files that exist are kept."""
    from services.installation import make_keys

    for path in make_keys(folder):
        console.print(str(path))


@app.command()
def policy(
    as_json: Annotated[bool, typer.Option("--json", help="Articles, stages and transitions as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The workflow as openapi/workflow.md.")] = False,
    language: Annotated[Language, typer.Option(help="Language of the glosses.")] = Language.EN,
) -> None:
    """Print the policy that the program carries out."""
    from domain.pictures import workflow_markdown
    from domain.policy import policy as policy_of

    if markdown:
        typer.echo(workflow_markdown(), nl=False)
        return
    typer.echo(json.dumps(policy_of(language), ensure_ascii=False, indent=None if as_json else 2))


@app.command()
def openapi() -> None:
    """Print the OpenAPI document, as openapi/openapi.json holds it."""
    from api.main import application

    typer.echo(json.dumps(application(None).openapi(), ensure_ascii=False, indent=1, sort_keys=True))


def _run(work: Callable[[], None]) -> None:
    """One line for what the operator can mend; anything else is a defect and shows where."""
    from services.cluster_home import PostgresUnavailable
    from services.database import UnsafeDatabase
    from services.key_files import KeyFileRefused

    try:
        work()
    except (SettingsRefused, UnsafeDatabase, KeyFileRefused, PostgresUnavailable, OSError) as refused:
        console.print(f"[red]Homeward does not start:[/red] {refused}")
        raise typer.Exit(2) from None
