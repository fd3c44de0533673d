"""Limits that the contract sets, and what holds unless the user says otherwise.

Contract: schemas/README.md, "Files", "Pairing" and "What a build writes".
"""

MEGABYTE = 10**6
DEFAULT_RECORD_MB = 64
LARGEST_RECORD_MB = 2000
DEFAULT_PAIRS_PER_CHALLENGE = 3
"""Of `cross_session`."""
LARGEST_SHARD_MB = 10**6
