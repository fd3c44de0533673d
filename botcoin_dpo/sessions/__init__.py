"""Attempts grouped into sessions: duplicates and conflicts resolved, challenge context joined."""
