"""Attempt logs coming in: find files, split them into records, check each, remember its place."""
