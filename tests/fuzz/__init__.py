"""A break-in campaign: hostile logs, damaged datasets, kills, signals, full disks and races.

`python -m tests.fuzz --minutes N` runs it, from the root of the checkout. A *trial* is one attempt
to break the program; it is known by the campaign's seed, its *kind* and its number, and can be
repeated from those three. `kinds/` has one module a kind; a new kind is one module and a line in
`kinds/__init__.py`.
"""
