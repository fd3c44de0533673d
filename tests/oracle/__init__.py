"""A small world of its own, with challenges and attempts whose truth is known.

It imports nothing of the package: what a constraint asks for follows here from a table, by a few
lines of its own. So it can tell where an audit is wrong, and where simulator and audit share an
error. Documents are written so that a person reads them without doubt.

`domains.py` has the words, `world.py` the truth; `challenge.py` and `document.py` make a world,
`attempts.py` and `records.py` what miners hand in at it, and `lies.py` changes that.
"""
