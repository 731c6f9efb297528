"""The page for auditors: its files, the words it shares with the policy, and how both are served."""
