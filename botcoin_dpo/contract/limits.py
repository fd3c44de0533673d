"""Limits on sizes that the contract sets (schemas/README.md, "Files" and "What a build writes")."""

MEGABYTE = 10**6
LARGEST_RECORD_MB = 2000
LARGEST_SHARD_MB = 10**6
