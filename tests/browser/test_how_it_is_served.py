"""How the files of the page leave the house; no browser is needed to see it."""

import re

import httpx


def test_the_page_is_served_under_a_policy_that_leaves_nothing_to_inline_text(client: httpx.Client) -> None:
    for path in ("/audit", "/audit/main.js", "/audit/page.css", "/audit/words.json"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert not {"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} & set(
            policy.replace(";", "").replace("'", "").split()
        )
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    html = client.get("/audit").text
    assert "<style" not in html
    assert " style=" not in html
    assert re.search(r"<[^>]* on\w+=", html) is None
    for path in ("/audit/page.html", "/audit/serving.py", "/audit/..%2Fmain.py", "/audit/nothing.js"):
        assert client.get(path).status_code == 404
