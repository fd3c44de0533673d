"""A build as tasks of a job array, which share a work folder and nothing else: see `work.py`."""
