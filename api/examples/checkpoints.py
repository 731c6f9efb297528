"""Answers about checkpoints: the log, its keys, its proofs, how far sealing is behind."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import CASE, Example, listing

_ROOT: Final = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
_HASH: Final = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw="
_KEY: Final = "homeward.invalid/log+a3ccbe11+AYqI49dUUd5hR1fFkB7jc5mOu4Z0pVEtX1c8pfN4mt2T"
_CHECKPOINT: Final[Example] = {
    "size": 20852,
    "root": _ROOT,
    "signed_at": "2026-03-12T01:30:31Z",
    "note": f"homeward.invalid/log\n20852\n{_ROOT}\n\n\u2014 homeward.invalid/log o8y+EQ...\n",
}
_LOG_KEY: Final[Example] = {
    "verifier_key": _KEY,
    "from_size": 1,
    "until_size": None,
    "from_at": "2026-01-01T00:00:30Z",
}
_PLACE: Final[Example] = {
    "place": "https://witness.example",
    "size": 20852,
    "delivered_at": "2026-03-12T01:30:32Z",
    "behind_seconds": 0,
    "last_outcome": "delivered",
}

CHECKPOINT_ANSWERS: Final[Mapping[str, Example]] = {
    "CheckpointAnswer": _CHECKPOINT,
    "CheckpointList": listing(
        "/checkpoints", _CHECKPOINT, keys="/checkpoints/keys", latest="/checkpoints/latest"
    ),
    "LogKeyAnswer": _LOG_KEY,
    "LogKeyList": listing("/checkpoints/keys", _LOG_KEY),
    "ConsistencyAnswer": {"from": 20100, "to": 20852, "proof": [_HASH]},
    "EntryProofAnswer": {
        "seq": 7,
        "sealed": True,
        "leaf_index": 20811,
        "leaf_hash": _HASH,
        "proof": [_HASH],
        "checkpoint": _CHECKPOINT,
        "links": {"timeline": f"/cases/{CASE}/timeline", "keys": "/checkpoints/keys"},
    },
    "DestinationAnswer": _PLACE,
    "SealerStateAnswer": {
        "looked_at": "2026-03-12T01:30:40Z",
        "unsealed_since": None,
        "behind_seconds": 1,
        "late": False,
        "places": [_PLACE],
        "links": {"self": "/checkpoints/state", "checkpoints": "/checkpoints"},
    },
}
