"""The API with a planted fault: the key is claimed, the work done and the answer kept in three transactions.

The drill that kills the API must find duplicates here; it runs this file in place of `homeward api`.
"""

import contextlib
import time

from fastapi import Response

from api.answered import answered_as
from api.calls import Call, Use
from api.serve import serve_api
from domain.refusals import KeyInFlight
from services import idempotency
from services.idempotency import Claim, StoredAnswer
from services.settings import settings_from

SLOW_DISK_SECONDS = 0.02  # the gap between two commits is as wide on a busy disk


def write_in_three(call: Call, use: Use, status: int = 200) -> Response:
    assert call.asked.key is not None
    with call._transaction() as session:
        actor = call._actor(session)
        digest = idempotency.fingerprint(call.asked.method, call.asked.path, call.asked.body)
        wanted = Claim(actor.account_id, f"{call.asked.method} {call.asked.path}", call.asked.key, digest)
        with contextlib.suppress(KeyInFlight):
            first = idempotency.claim(session, wanted)
            if first is not None:
                return Response(first.body, first.status, first.headers)
    with call._transaction() as session:
        actor = call._actor(session)
        answer = answered_as(use(session, actor), status, call.asked, actor)
    time.sleep(SLOW_DISK_SECONDS)
    with call._transaction() as session:
        call._actor(session)
        kept = StoredAnswer(status, {"content-type": "application/json"}, bytes(answer.body))
        idempotency.keep_answer(session, wanted, kept)
    return answer


if __name__ == "__main__":
    setattr(Call, "write", write_in_three)  # noqa: B010  # the fault
    serve_api(settings_from())
