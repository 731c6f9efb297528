"""What the policy says: tables and pure functions, on the standard library alone."""
