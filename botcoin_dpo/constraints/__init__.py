"""What the constraints of a challenge ask, and whether an artifact keeps them.

One module for each kind, listed in `kinds.py`; a new kind is such a module and its entry there.
"""
