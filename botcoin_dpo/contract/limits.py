"""Limits that the contract sets, and what holds unless the user says otherwise.

Contract: schemas/README.md, "Files", "Pairing" and "What a build writes".
"""

MEGABYTE = 10**6
DEFAULT_RECORD_MB = 64
LARGEST_RECORD_MB = 2000
DEFAULT_PAIRS_ACROSS_SESSIONS = 3
"""Of a challenge by `cross_session`; of all other pair types there may be any number."""
LARGEST_SHARD_MB = 10**6
LARGEST_TASK_MB = 10**6
LARGEST_FILE = 1 << 46
"""Bytes of a log file, 70 TB: no store takes more. What claims to be larger is not what it says."""
