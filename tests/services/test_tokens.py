"""A token counts if we signed it, for us, just now, in the one spelling that we write: nothing else does."""

import base64
import hashlib
import hmac
import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from jose import jwk

from domain.identifiers import new_id
from services.token_key_file import new_token_keys_file
from services.tokens import Claims, TokenKeys, TokenRefused

NOW = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Forger:
    """Somebody who can write any token, and here even holds our key: so that one thing at a time is wrong."""

    def __init__(self, path: Path) -> None:
        entry = json.loads(path.read_text())[0]
        self.kid: str = entry["kid"]
        self.pem: str = entry["pem"]
        private = load_pem_private_key(self.pem.encode(), None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        self.private = private
        self.header: dict[str, object] = {"alg": "ES256", "kid": self.kid, "typ": "at+jwt"}
        seconds = int(NOW.timestamp())
        self.claims: dict[str, object] = {
            "iss": "homeward",
            "aud": "homeward-api",
            "sub": str(new_id()),
            "sid": str(new_id()),
            "jti": "a-token-id",
            "iat": seconds,
            "exp": seconds + 600,
        }

    def token(self, header: object = None, claims: object = None) -> str:
        """Sign this header and these claims, given as values or as ready JSON text."""
        signed = f"{_segment(header or self.header)}.{_segment(claims or self.claims)}"
        return f"{signed}.{_encode(self.raw_signature(signed))}"

    def with_claims(self, **changed: object) -> str:
        return self.token(claims=self.claims | changed)

    def without_claim(self, name: str) -> str:
        return self.token(claims={key: value for key, value in self.claims.items() if key != name})

    def with_header(self, **changed: object) -> str:
        return self.token(header=self.header | changed)

    def raw_signature(self, signed: str, *, upper_half: bool = False) -> bytes:
        r, s = utils.decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        low = min(s, ORDER - s)
        return r.to_bytes(32, "big") + (ORDER - low if upper_half else low).to_bytes(32, "big")

    def public(self, encoding: Encoding, public_format: PublicFormat) -> bytes:
        return self.private.public_key().public_bytes(encoding, public_format)

    def keyed(self, secret: bytes, algorithm: str = "HS256") -> str:
        """Sign with a secret, as for a verifier that takes our public key for one."""
        signed = f"{_segment(self.header | {'alg': algorithm})}.{_segment(self.claims)}"
        return f"{signed}.{_encode(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _segment(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    return _encode(text.encode("utf-8", "surrogatepass"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "token keys.json"
    new_token_keys_file(file)
    return file


@pytest.fixture
def keys(path: Path) -> TokenKeys:
    return _load(path)


@pytest.fixture
def forger(path: Path) -> Forger:
    return Forger(path)


def _load(path: Path) -> TokenKeys:
    return TokenKeys.from_folder_or_file(path, issuer="homeward", audience="homeward-api")


def _fresh(keys: TokenKeys, now: datetime = NOW) -> Claims:
    return keys.new_claims(new_id(), new_id(), now=now)


def _refused(keys: TokenKeys, token: str, now: datetime = NOW) -> bool:
    try:
        keys.verify(token, now=now)
    except TokenRefused as refused:
        return refused.args == () and refused.__cause__ is None and refused.__suppress_context__
    return False


def test_a_token_says_after_verifying_what_was_signed(keys: TokenKeys) -> None:
    claims = _fresh(keys)
    assert keys.verify(keys.sign(claims), now=NOW) == claims
    assert claims.expires_at - claims.issued_at == timedelta(minutes=10)


def test_a_token_is_small_and_names_only_algorithm_type_and_key(keys: TokenKeys, forger: Forger) -> None:
    token = keys.sign(_fresh(keys))
    header = token.split(".")[0]
    content = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    assert content == {"alg": "ES256", "typ": "at+jwt", "kid": forger.kid}
    assert len(token) < 600


def test_every_token_we_sign_has_the_spelling_we_accept(keys: TokenKeys) -> None:
    claims = [_fresh(keys) for _ in range(200)]
    assert [keys.verify(keys.sign(each), now=NOW) for each in claims] == claims
    assert len({each.token_id for each in claims}) == 200


def test_the_forger_of_these_tests_would_pass_with_nothing_wrong(keys: TokenKeys, forger: Forger) -> None:
    assert keys.verify(forger.token(), now=NOW).token_id == "a-token-id"
    assert keys.verify(forger.with_claims(jti="another"), now=NOW).token_id == "another"
    assert not _refused(keys, forger.token(json.dumps(forger.header), json.dumps(forger.claims)))


def _unsigned(forger: Forger, algorithm: str) -> str:
    return forger.with_header(alg=algorithm).rpartition(".")[0] + "."


def _times(forger: Forger, begins: int, life: int) -> str:
    issued = int(NOW.timestamp()) + begins
    return forger.with_claims(iat=issued, exp=issued + life)


def _with_text(forger: Forger, name: str, text: str) -> str:
    return json.dumps(forger.claims | {name: "here"}).replace('"here"', text)


def _other_alphabet(forger: Forger) -> str:
    while True:
        token = forger.token()
        if {"-", "_"} & set(token):
            return token.replace("-", "+").replace("_", "/")


def _unused_bits(token: str) -> str:
    return token[:-1] + ALPHABET[ALPHABET.index(token[-1]) + 1]


def _upper_half(forger: Forger) -> str:
    signed = forger.token().rpartition(".")[0]
    return f"{signed}.{_encode(forger.raw_signature(signed, upper_half=True))}"


def _der(forger: Forger) -> str:
    signed = forger.token().rpartition(".")[0]
    return f"{signed}.{_encode(forger.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))}"


def _spliced(forger: Forger) -> str:
    return forger.token().rpartition(".")[0] + "." + forger.with_claims(jti="other").rpartition(".")[2]


Forgery = Callable[[Forger], str]

ALGORITHMS: dict[str, Forgery] = {
    "our public key as PEM taken for a secret": lambda f: f.keyed(
        f.public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "our public key as DER taken for a secret": lambda f: f.keyed(
        f.public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ),
    "our public point taken for a secret": lambda f: f.keyed(
        f.public(Encoding.X962, PublicFormat.UncompressedPoint)
    ),
    "our public key in SSH form taken for a secret": lambda f: f.keyed(
        f.public(Encoding.OpenSSH, PublicFormat.OpenSSH)
    ),
    "HS512 with DER": lambda f: f.keyed(f.public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), "HS512"),
    "the empty secret": lambda f: f.keyed(b""),
    "a secret under the name ES256": lambda f: f.keyed(b"secret", "ES256"),
    "none without a signature": lambda f: _unsigned(f, "none"),
    "None without a signature": lambda f: _unsigned(f, "None"),
    "none with a signature": lambda f: f.with_header(alg="none"),
    "no algorithm": lambda f: f.token(header={"kid": f.kid, "typ": "at+jwt"}),
    "algorithm null": lambda f: f.with_header(alg=None),
    "algorithm in a list": lambda f: f.with_header(alg=["ES256"]),
    "algorithm in small letters": lambda f: f.with_header(alg="es256"),
    "another curve's algorithm": lambda f: f.with_header(alg="ES384"),
    "RS256": lambda f: f.with_header(alg="RS256"),
}

HEADERS: dict[str, Forgery] = {
    "crit": lambda f: f.with_header(crit=["x"], x=1),
    "crit empty": lambda f: f.with_header(crit=[]),
    "jku": lambda f: f.with_header(jku="https://keys.example/jwks"),
    "x5u": lambda f: f.with_header(x5u="https://keys.example/chain"),
    "jwk": lambda f: f.with_header(jwk=jwk.construct(f.pem, "ES256").public_key().to_dict()),
    "unencoded payload": lambda f: f.with_header(b64=False),
    "zip": lambda f: f.with_header(zip="DEF"),
    "unknown kid": lambda f: f.with_header(kid="0" * 16),
    "kid in a list": lambda f: f.with_header(kid=[f.kid]),
    "kid as a path": lambda f: f.with_header(kid="../../dev/null"),
    "kid null": lambda f: f.with_header(kid=None),
    "kid in capitals": lambda f: f.with_header(kid=f.kid.upper() + "A"),
    "no kid": lambda f: f.token(header={"alg": "ES256", "typ": "at+jwt"}),
    "typ JWT": lambda f: f.with_header(typ="JWT"),
    "typ of a refresh token": lambda f: f.with_header(typ="rt+jwt"),
    "typ in capitals": lambda f: f.with_header(typ="AT+JWT"),
    "typ with its long name": lambda f: f.with_header(typ="application/at+jwt"),
    "no typ": lambda f: f.token(header={"alg": "ES256", "kid": f.kid}),
    "a member twice, the right one last": lambda f: f.token(
        header=f'{{"alg":"none","alg":"ES256","kid":"{f.kid}","typ":"at+jwt"}}'
    ),
    "a member twice, the same": lambda f: f.token(
        header=f'{{"alg":"ES256","alg":"ES256","kid":"{f.kid}","typ":"at+jwt"}}'
    ),
    "a list": lambda f: f.token(header='["ES256"]'),
    "a number": lambda f: f.token(header="7"),
    "no JSON": lambda f: f.token(header="{"),
    "a byte order mark": lambda f: f.token(header="\ufeff" + json.dumps(f.header)),
    "a lone surrogate": lambda f: f.token(header='{"alg":"ES256","typ":"at+jwt","kid":"\ud800"}'),
    "deep nesting within the limit": lambda f: f.token(header="[" * 2500),
    "deep nesting beyond the limit": lambda f: f.token(header="[" * 100_000),
}

CLAIMS: dict[str, Forgery] = {
    "another audience": lambda f: f.with_claims(aud="another-api"),
    "audience in a list": lambda f: f.with_claims(aud=["homeward-api"]),
    "audience in a list of two": lambda f: f.with_claims(aud=["homeward-api", "another-api"]),
    "audience null": lambda f: f.with_claims(aud=None),
    "another issuer": lambda f: f.with_claims(iss="homeward2"),
    "issuer with a blank": lambda f: f.with_claims(iss="homeward "),
    "subject no UUID": lambda f: f.with_claims(sub="admin"),
    "subject in capitals": lambda f: f.with_claims(sub=str(f.claims["sub"]).upper()),
    "subject without dashes": lambda f: f.with_claims(sub=str(f.claims["sub"]).replace("-", "")),
    "subject a number": lambda f: f.with_claims(sub=7),
    "session no UUID": lambda f: f.with_claims(sid="session"),
    "session null": lambda f: f.with_claims(sid=None),
    "token id empty": lambda f: f.with_claims(jti=""),
    "token id long": lambda f: f.with_claims(jti="a" * 65),
    "token id with a line feed": lambda f: f.with_claims(jti="a\n"),
    "token id a number": lambda f: f.with_claims(jti=1),
    "an unknown claim": lambda f: f.with_claims(role="auditor"),
    "not before": lambda f: f.with_claims(nbf=int(NOW.timestamp())),
    "issued in the future": lambda f: _times(f, 31, 600),
    "issued in the far future": lambda f: _times(f, 10**7, 600),
    "expired": lambda f: _times(f, -631, 600),
    "expired long ago": lambda f: _times(f, -(10**8), 600),
    "living too long": lambda f: _times(f, 0, 901),
    "living for years": lambda f: _times(f, 0, 10**8),
    "living for nothing": lambda f: _times(f, 0, 0),
    "expiring before it begins": lambda f: _times(f, 0, -1),
    "times as text": lambda f: f.with_claims(iat=str(f.claims["iat"]), exp=str(f.claims["exp"])),
    "times as true": lambda f: f.with_claims(iat=True, exp=True),
    "a fraction of a second": lambda f: f.with_claims(iat=float(NOW.timestamp()) + 0.5),
    "expiry 1e400": lambda f: f.token(claims=_with_text(f, "exp", "1e400")),
    "expiry Infinity": lambda f: f.token(claims=_with_text(f, "exp", "Infinity")),
    "expiry NaN": lambda f: f.token(claims=_with_text(f, "exp", "NaN")),
    "both times enormous": lambda f: f.with_claims(iat=10**300, exp=10**300 + 600),
    "both times beyond the digits of Python": lambda f: f.with_claims(iat=10**1500, exp=10**1500 + 600),
    "both times negative": lambda f: f.with_claims(iat=-(10**15), exp=-(10**15) + 600),
    "a claim twice, the right one last": lambda f: f.token(
        claims='{"aud":"another-api",' + json.dumps(f.claims)[1:]
    ),
    "a claim twice, the same": lambda f: f.token(claims='{"aud":"homeward-api",' + json.dumps(f.claims)[1:]),
    "a list of claims": lambda f: f.token(claims=[f.claims]),
    "text": lambda f: f.token(claims='"claims"'),
    "no JSON": lambda f: f.token(claims="claims"),
    "deep nesting": lambda f: f.token(claims='{"a":' * 500),
    "bytes that are no text": lambda f: f.token(claims="\ud800"),
}

SPELLINGS: dict[str, Forgery] = {
    "nothing": lambda _: "",
    "dots": lambda _: "..",
    "one segment": lambda f: f.token().replace(".", ""),
    "two segments": lambda f: f.token().rpartition(".")[0],
    "four segments": lambda f: f.token() + ".AAAA",
    "no signature": lambda f: f.token().rpartition(".")[0] + ".",
    "padding": lambda f: f.token() + "==",
    "padding after the header": lambda f: f.token().replace(".", "=.", 1),
    "signs outside the alphabet": lambda f: f.token() + "!!!!",
    "a line feed at the end": lambda f: f.token() + "\n",
    "blanks around": lambda f: f" {f.token()} ",
    "the type before it": lambda f: "Bearer " + f.token(),
    "the other base64 alphabet": _other_alphabet,
    "unused bits set": lambda f: _unused_bits(f.token()),
    "the other signature of the same key": _upper_half,
    "a signature in DER": _der,
    "a signature of zeros": lambda f: f.token().rpartition(".")[0] + "." + _encode(bytes(64)),
    "a signature cut short": lambda f: f.token()[:-4],
    "a signature made longer": lambda f: f.token() + "AAAA",
    "a signature of another token": _spliced,
    "full-width letters": lambda f: f.token().replace("A", "Ａ"),
    "a lone surrogate": lambda f: f.token() + "\ud800",
    "a NUL": lambda f: f.token() + "\0",
    "over 4 KiB, and right but for that": lambda f: f.token(header=json.dumps(f.header) + " " * 3000),
    "a hundred megabytes": lambda _: "A" * 100_000_000,
    "a million dots": lambda _: "." * 1_000_000,
    "an encrypted token": lambda f: f.token() + ".AAAA.AAAA",
}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_no_other_algorithm_is_accepted(keys: TokenKeys, forger: Forger, name: str) -> None:
    assert _refused(keys, ALGORITHMS[name](forger))


@pytest.mark.parametrize("name", HEADERS)
def test_no_other_header_is_accepted(keys: TokenKeys, forger: Forger, name: str) -> None:
    assert _refused(keys, HEADERS[name](forger))


@pytest.mark.parametrize("name", CLAIMS)
def test_no_other_claims_are_accepted(keys: TokenKeys, forger: Forger, name: str) -> None:
    assert _refused(keys, CLAIMS[name](forger))


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
def test_no_claim_may_be_missing(keys: TokenKeys, forger: Forger, name: str) -> None:
    assert _refused(keys, forger.without_claim(name))


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_token_has_one_spelling(keys: TokenKeys, forger: Forger, name: str) -> None:
    assert _refused(keys, SPELLINGS[name](forger))


@pytest.mark.parametrize("thing", [None, 7, b"bytes", [], {}], ids=str)
def test_what_is_not_even_text_is_refused_alike(keys: TokenKeys, thing: str) -> None:
    assert _refused(keys, thing)


@pytest.mark.parametrize("times", [(30, 600), (-600, 600), (-629, 600), (0, 900), (0, 1)])
def test_clocks_may_differ_by_thirty_seconds(keys: TokenKeys, forger: Forger, times: tuple[int, int]) -> None:
    assert not _refused(keys, _times(forger, *times))


def test_no_token_is_made_that_would_live_too_long(keys: TokenKeys) -> None:
    for life in (timedelta(0), -MINUTE, timedelta(minutes=15, seconds=1)):
        with pytest.raises(ValueError, match="15 minutes"):
            keys.new_claims(new_id(), new_id(), now=NOW, life=life)


def _mutant(seeded: random.Random, token: str, other: str) -> str:
    place, width = seeded.randrange(len(token)), seeded.randint(1, 4)
    sign = seeded.choice(ALPHABET + "=.+/ ~\0é")
    match seeded.randrange(8):
        case 0 | 1 | 2:
            return token[:place] + sign + token[place + 1 :]
        case 3:
            return token[:place] + sign * width + token[place:]
        case 4:
            return token[:place] + token[place + width :]
        case 5:
            return token[:place] + other[place:]
        case 6:
            return token[:place] + token[place : place + 2][::-1] + token[place + 2 :]
    parts = [seeded.choice(pair) for pair in zip(token.split("."), other.split("."), strict=True)]
    return ".".join(parts) + sign * seeded.randrange(2)


def _count_accepted(keys: TokenKeys, forger: Forger, mutants: int) -> int:
    seeded = random.Random(20240)
    accepted, token, other = 0, "", ""
    for number in range(mutants):
        if number % 500 == 0:
            token, other = keys.sign(_fresh(keys)), forger.with_claims(jti=f"other-{number}")
        mutant = _mutant(seeded, token, other)
        if mutant not in (token, other):
            accepted += not _refused(keys, mutant)
    return accepted


def test_of_twenty_thousand_altered_tokens_none_passes(keys: TokenKeys, forger: Forger) -> None:
    assert _count_accepted(keys, forger, 20_000) == 0


@pytest.mark.drill
def test_of_a_million_altered_tokens_none_passes(keys: TokenKeys, forger: Forger) -> None:
    assert _count_accepted(keys, forger, 1_000_000) == 0


def test_of_twenty_thousand_random_texts_none_passes(keys: TokenKeys) -> None:
    seeded = random.Random(7)
    for _ in range(20_000):
        text = "".join(map(chr, seeded.choices(range(0x3000), k=seeded.randint(0, 60))))
        assert _refused(keys, text)


def test_the_published_keys_hold_nothing_private(keys: TokenKeys, forger: Forger) -> None:
    published = keys.public_jwks(now=NOW)
    assert [sorted(key) for key in published["keys"]] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]
    private = forger.private.private_numbers().private_value.to_bytes(32, "big")
    assert _encode(private) not in json.dumps(published)
    assert repr(keys._keys).count(forger.pem[40:60]) == 0


def test_a_stranger_can_verify_our_token_with_the_published_key(keys: TokenKeys) -> None:
    signed, _, signature = keys.sign(_fresh(keys)).rpartition(".")
    key = jwk.construct(keys.public_jwks(now=NOW)["keys"][0], "ES256")
    assert key.verify(signed.encode(), base64.urlsafe_b64decode(signature + "=="))


def test_one_module_alone_knows_the_token_library() -> None:
    root = Path(__file__).parents[2]
    files = [file for folder in ("api", "domain", "services") for file in (root / folder).rglob("*.py")]
    knowing = [
        file.relative_to(root).as_posix() for file in files if re.search(r"\bjose\b", file.read_text("utf-8"))
    ]
    assert knowing == ["services/signed_tokens.py"]
