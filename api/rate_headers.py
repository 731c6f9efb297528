"""The header fields that say how often somebody may still ask."""


def rate_headers(limit: int, seconds: int, left: int) -> dict[str, str]:
    """The RateLimit fields of the HTTP working group's draft."""
    return {
        "RateLimit-Policy": f'"default";q={limit};w={seconds}',
        "RateLimit": f'"default";r={max(left, 0)};t={seconds}',
    }
