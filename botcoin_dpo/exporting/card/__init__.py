"""The card of an export: a head that the Hub and `datasets` read, and what a trainer must know.

All strings but the name and the license are this program's own; those two are quoted.
"""
