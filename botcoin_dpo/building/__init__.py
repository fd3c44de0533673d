"""The main job, top-down: start reading at `build.py`."""
