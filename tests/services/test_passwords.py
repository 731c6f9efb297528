"""Passwords are hashed slowly, checked in equal time, and cannot be used to exhaust the machine."""

import os
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from services import passwords
from services.passwords import (
    PasswordCheckBusy,
    PasswordRefused,
    PasswordRule,
    hash_password,
    verify_password,
)

PLACES = passwords._CONCURRENT + passwords._WAITING
RIGHT = "correct horse 电池 staple"
HASH = hash_password(RIGHT)
ROOT = Path(__file__).parents[2]


def test_the_right_password_is_accepted_and_no_other() -> None:
    assert verify_password(RIGHT, HASH)
    for wrong in (RIGHT + " ", RIGHT.upper(), RIGHT[:-1], " " + RIGHT):
        assert not verify_password(wrong, HASH)


def test_a_hash_is_argon2id_with_the_agreed_cost_and_a_fresh_salt() -> None:
    assert HASH.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password(RIGHT) != HASH


def test_another_program_can_check_our_hashes() -> None:
    assert PasswordHasher().verify(HASH, RIGHT)


def test_not_one_character_of_a_long_password_is_ignored() -> None:
    long = "a" * 127 + "b"
    stored = hash_password(long)
    assert verify_password(long, stored)
    assert not verify_password("a" * 127 + "c", stored)


@pytest.mark.parametrize("password", ["a" * 15, "a" * 128, "🌊" * 15, "🌊" * 128, "密码" * 8, " " * 15])
def test_length_is_all_that_a_password_needs(password: str) -> None:
    assert verify_password(password, hash_password(password))


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("", PasswordRule.TOO_SHORT),
        ("a" * 14, PasswordRule.TOO_SHORT),
        ("a" * 129, PasswordRule.TOO_LONG),
        ("a" * 1_000_000, PasswordRule.TOO_LONG),
        ("a" * 15 + "\0", PasswordRule.FORBIDDEN_CHARACTER),
        ("a" * 15 + "\ud800", PasswordRule.FORBIDDEN_CHARACTER),
        ("\udfff" + "a" * 15, PasswordRule.FORBIDDEN_CHARACTER),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_by_name(password: str, rule: PasswordRule) -> None:
    with pytest.raises(PasswordRefused) as caught:
        hash_password(password)
    assert caught.value.rule == rule
    assert not password or password not in str(caught.value)
    assert not verify_password(password, HASH)
    assert not verify_password(password, None)


@pytest.mark.parametrize(
    "stored", ["", "plain", "$argon2id$", HASH[:-5] + "!!!!!", "$2b$12$" + "a" * 53], ids=range(5)
)
def test_a_stored_hash_that_is_none_matches_nothing(stored: str) -> None:
    assert not verify_password(RIGHT, stored)


def test_nobody_signs_in_where_there_is_no_account() -> None:
    for password in ("", RIGHT, "a" * 20):
        assert not verify_password(password, None)


def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    verify_password(RIGHT, None)

    def seconds(stored: str | None, password: str) -> float:
        start = time.thread_time()
        verify_password(password, stored)
        return time.thread_time() - start

    wrong = RIGHT[::-1]
    rounds = [(seconds(HASH, wrong), seconds(None, wrong), seconds(HASH, "short")) for _ in range(15)]
    known, unknown, impossible = (statistics.median(column) for column in zip(*rounds, strict=True))
    assert unknown == pytest.approx(known, rel=0.25)
    assert impossible == pytest.approx(known, rel=0.25)


def test_a_few_passwords_at_a_time_are_checked_and_four_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = _CountedSemaphore(passwords._CONCURRENT)
    monkeypatch.setattr(passwords, "_working", counted)
    together = threading.Barrier(40)

    def attempt(_: int) -> str:
        together.wait()
        try:
            return str(verify_password(RIGHT, HASH))
        except PasswordCheckBusy as busy:
            return f"busy {busy.retry_after}"

    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(attempt, range(40)))
    assert set(outcomes) == {"True", "busy 1"}
    assert outcomes.count("True") >= PLACES
    assert counted.most == passwords._CONCURRENT


def test_one_more_is_turned_away_at_once_and_a_place_comes_free_again() -> None:
    with ExitStack() as at_work:
        for _ in range(passwords._CONCURRENT):
            at_work.enter_context(passwords._working)
        waiting = [threading.Thread(target=verify_password, args=(RIGHT, HASH)) for _ in range(PLACES)]
        for thread in waiting:
            thread.start()
        _until_full()
        with pytest.raises(PasswordCheckBusy):
            verify_password(RIGHT, HASH)
        with pytest.raises(PasswordCheckBusy):
            hash_password(RIGHT)
        with pytest.raises(PasswordCheckBusy), passwords.place_in_the_queue():
            pytest.fail("there was no place")
    for thread in waiting:
        thread.join(30)
    assert verify_password(RIGHT, HASH)


def test_who_has_a_place_needs_no_second_one_and_gives_it_back() -> None:
    for _ in range(3 * PLACES):
        with passwords.place_in_the_queue():
            assert verify_password(RIGHT, HASH)


def test_half_the_machine_is_left_to_those_who_work() -> None:
    assert 1 <= passwords._CONCURRENT <= max(1, (os.cpu_count() or 1) // 2)


def test_a_refused_password_takes_no_place() -> None:
    for _ in range(30):
        with pytest.raises(PasswordRefused):
            hash_password("short")
    assert verify_password(RIGHT, HASH)


def test_the_library_loads_where_every_warning_is_an_error() -> None:
    program = "from services.passwords import *; assert verify_password('a' * 15, hash_password('a' * 15))"
    done = _run(program)
    assert (done.returncode, done.stderr) == (0, "")


def test_other_warnings_of_the_library_stay_visible() -> None:
    program = "import services.passwords, warnings; warnings.warn('argon2 is old', DeprecationWarning)"
    done = _run(program)
    assert "argon2 is old" in done.stderr
    assert done.returncode == 1


def _run(program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def _until_full() -> None:
    for _ in range(1000):
        if not passwords._admitted.acquire(blocking=False):
            return
        passwords._admitted.release()
        time.sleep(0.005)
    pytest.fail("the threads never took the places")


class _CountedSemaphore(threading.Semaphore):
    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.now = self.most = 0
        self._guard = threading.Lock()

    def __enter__(self, blocking: bool = True, timeout: float | None = None) -> bool:
        entered = super().__enter__(blocking, timeout)
        with self._guard:
            self.now += 1
            self.most = max(self.most, self.now)
        return entered

    def __exit__(self, *details: object) -> None:
        with self._guard:
            self.now -= 1
        self.release()
