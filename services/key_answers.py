"""Keys in a setting or as the answer of a program, such as a vault's client; never a word of them in a message."""

import json
import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer
from typing import Final

from services.key_files import KeyFileRefused, unique_members

_LONGEST_ANSWER: Final = 256 * 1024
_SECONDS: Final = 10.0
_COMMAND_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def json_answered(setting: str, line: str) -> object:
    """The JSON that the program of this setting writes: started without a shell, in an environment of its own, for at most
    10 s. KeyFileRefused."""
    name = Path(setting)
    try:
        arguments = shlex.split(line)
    except ValueError:
        raise KeyFileRefused(name, "is no list of arguments") from None
    if not arguments or not Path(arguments[0]).is_absolute():
        raise KeyFileRefused(name, "begins with the absolute path of a program")
    return json_in(setting, _answer(name, arguments))


def _answer(name: Path, arguments: list[str]) -> str:
    """What the program writes; never a word of it in a message, since it may be half a key."""
    try:
        program = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_COMMAND_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise KeyFileRefused(name, f"cannot be started ({error.strerror})") from None
    with program:
        return _bounded(name, program)


def _bounded(name: Path, program: subprocess.Popen[bytes]) -> str:
    over = Event()
    watch = Timer(_SECONDS, _end, (program, over))
    watch.start()
    try:
        assert program.stdout is not None
        answer = program.stdout.read(_LONGEST_ANSWER + 1)
        if len(answer) > _LONGEST_ANSWER:
            _end(program)
        program.wait()
    finally:
        watch.cancel()
    if over.is_set():
        raise KeyFileRefused(name, f"did not answer within {_SECONDS:.0f} s")
    if len(answer) > _LONGEST_ANSWER:
        raise KeyFileRefused(name, "answered at too great a length")
    if program.returncode != 0:
        raise KeyFileRefused(name, f"ended with {program.returncode}")
    return answer.decode("utf-8", "replace")


def _end(program: subprocess.Popen[bytes], over: Event | None = None) -> None:
    """It and whatever it started: one of them may hold the pipe open."""
    if over is not None:
        over.set()
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def json_in(name: str, text: str) -> object:
    """The JSON of a setting; KeyFileRefused says which setting, never what it holds."""
    try:
        content: object = json.loads(text, object_pairs_hook=unique_members)
    except (ValueError, RecursionError):
        raise KeyFileRefused(Path(name), "is not JSON") from None
    return content
