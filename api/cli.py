"""The command `homeward`: serve, api, worker, migrate, first-administrator, keys, retention, erase-again, policy,
verify, openapi."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import structlog
import typer
from rich.console import Console

from domain.texts import Language
from services.settings import Settings, SettingsRefused, settings_from

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
keys = typer.Typer(no_args_is_help=True, help="Master keys, token keys, the key of the log.")
app.add_typer(keys, name="keys")
console = Console(stderr=True, highlight=False)


def _settings() -> Settings:
    try:
        return settings_from()
    except (SettingsRefused, OSError) as refused:
        _stop(str(refused))


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
        _stop("migrate needs ADMIN_DATABASE_URL")
    address = settings.admin_database_url
    _run(lambda: migrate(address, settings))


@app.command()
def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be erased; there is no other way.")
    ],
    by: Annotated[datetime | None, typer.Option(help="By this day; without it, by now.")] = None,
) -> None:
    """Say what would be erased by when, as counts (WORKER_DATABASE_URL). What is due, the worker erases by itself."""
    from api.serve import retention_report

    if not dry_run:
        _stop("retention only looks: --dry-run")
    day = by.replace(tzinfo=UTC) if by else None
    _run(lambda: typer.echo("\n".join(retention_report(_settings(), day))))


@app.command("erase-again")
def erase_in_restored_database() -> None:
    """After a backup was put back: erase in it what had been erased since (WORKER_DATABASE_URL)."""
    from api.serve import erase_again_in

    _quiet_log(logging.WARNING)
    _run(lambda: typer.echo(f"erased again: {erase_again_in(_settings())}"))


@keys.command("new")
def new_keys(
    folder: Annotated[Path, typer.Option(help="Where master.json, tokens.json and log.json go.")],
) -> None:
    """Write new master keys, token keys and log key; files that exist are kept."""
    from services.installation import make_keys

    for path in make_keys(folder):
        console.print(str(path))


@keys.command("rotate-master")
def rotate_master_key() -> None:
    """Make a new master key the current one; the worker brings over what is under the old one."""
    from api.key_commands import rotate_master

    _run(lambda: typer.echo(f"version {rotate_master(_settings())} is the current one"))


@keys.command("rotate-tokens")
def rotate_token_keys() -> None:
    """Make a new key that signs access tokens in 24 hours; the old one counts until its last token has ended."""
    from api.key_commands import rotate_tokens

    _run(lambda: typer.echo(f"the new key signs from {rotate_tokens(_settings()).isoformat()} on"))


@keys.command("rotate-log")
def rotate_log_key(
    leaked: Annotated[
        bool,
        typer.Option("--leaked", help="The old key signs nothing any more, not even beside the new one."),
    ] = False,
) -> None:
    """Make a new key that signs checkpoints; until the next rotation the old one signs beside it."""
    from api.key_commands import rotate_log

    _run(lambda: typer.echo(f"tell witnesses and auditors: {rotate_log(_settings(), leaked=leaked)}"))


@keys.command("log-key")
def show_log_key() -> None:
    """The public key of the log, as witnesses and auditors need it."""
    from services.log_keys import read_log_keys

    _run(lambda: typer.echo(read_log_keys(_settings()).verifier.written))


@keys.command("status")
def status_of_keys() -> None:
    """How much is still under each master key (WORKER_DATABASE_URL)."""
    from api.key_commands import key_status

    _run(lambda: typer.echo("\n".join(key_status(_settings()))))


@keys.command("retire-master")
def retire_master_key(version: Annotated[int, typer.Argument(help="The old version.")]) -> None:
    """Take an old master key away, once nothing is under it any more (WORKER_DATABASE_URL)."""
    from api.key_commands import retire_master

    _run(lambda: typer.echo(retire_master(_settings(), version)))


@app.command("first-administrator")
def first_administrator(
    username: Annotated[str, typer.Option(help="Name to sign in with: a-z, 0-9, point, hyphen.")],
    place_code: Annotated[str, typer.Option(help="Code of the place at the top.")] = "00",
    name_zh: Annotated[str, typer.Option(help="Its name in Chinese.")] = "兵团",
    name_en: Annotated[str, typer.Option(help="Its name in English.")] = "Corps",
    password_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the password; without it, it is asked for.")
    ] = None,
) -> None:
    """Add the top place, one unit and the first administrator to an empty database (DATABASE_URL)."""
    from api.appointing import appoint, first_place

    _quiet_log(logging.WARNING)

    def work() -> None:
        settings, place = _settings(), first_place(username, place_code, (name_zh, name_en))
        appoint(settings, place, username, _password(password_file))
        console.print(
            f"{username} is the first administrator; they add places, units and accounts over the API."
        )

    _run(work)


def _password(file: Path | None) -> str:
    """From a file or the terminal, never from the command line, where others on the machine would read it."""
    if file is not None:
        return file.read_text(encoding="utf-8").partition("\n")[0]
    asked: str = typer.prompt(
        "Password (15 characters or more)", hide_input=True, confirmation_prompt=True, err=True
    )
    return asked


@app.command()
def policy(
    as_json: Annotated[
        bool, typer.Option("--json", help="Articles, stages and transitions as JSON.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The workflow as openapi/workflow.md.")
    ] = False,
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
def verify(
    bundle: Annotated[Path, typer.Argument(help="A file from /cases/{case_id}/bundle.")],
    since: Annotated[
        Path | None, typer.Option(help="A checkpoint that was kept, or what --keep wrote.")
    ] = None,
    key: Annotated[list[str] | None, typer.Option(help="A verifier key, of the log or a witness.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Write down what to compare later bundles with.")] = None,
) -> None:
    """Check a case bundle offline. Exit 0: whole, 1: tampered with, 2: the file cannot be used."""
    from api.verify_bundle import checked

    try:
        code = checked(bundle, since, key or [], keep)
    except OSError as error:
        console.print(f"UNUSABLE: {error.strerror}: {error.filename}", soft_wrap=True, markup=False)
        code = 2
    raise typer.Exit(code)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document, as openapi/openapi.json holds it."""
    from api.main import application
    from api.openapi import written

    # as bytes: the terminal's own encoding must not change the document
    typer.echo(written(application(None)).encode(), nl=False)


def _run(work: Callable[[], None]) -> None:
    """One line for what the operator can mend; anything else is a defect and shows where."""
    from sqlalchemy.exc import OperationalError

    from services.cluster_home import PostgresUnavailable
    from services.database import UnsafeDatabase
    from services.key_files import KeyFileRefused

    try:
        work()
    except (SettingsRefused, UnsafeDatabase, KeyFileRefused, PostgresUnavailable, OSError) as refused:
        _stop(str(refused))
    except OperationalError:
        # what the driver says may hold the address and the name to sign in with
        _stop("the database does not answer at its address, or does not let this role in")


def _stop(why: str) -> NoReturn:
    console.print(f"[red]Homeward does not start:[/red] {why}", soft_wrap=True)
    raise typer.Exit(2)
