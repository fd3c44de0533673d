"""Scanned attempts in, pairs out: sessions, repeats and conflicts, the strategies, the split."""
