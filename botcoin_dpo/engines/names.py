"""What the command line calls engines: processes of this machine, and a Ray cluster."""

ENGINE_NAMES = ("processes", "ray")
