"""What a Ray cluster says of a failure, in a line for the user."""

import re

from botcoin_dpo.errors import UserError

_VERSIONS = re.compile(
    r"Version mismatch.*?Ray: (\S+)\s+Python: (\S+).*?Ray: (\S+)\s+Python: (\S+)", re.DOTALL
)
_TOKEN_ADVICE = "set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN_PATH or RAY_AUTH_TOKEN"
_ADVICE = {
    "OutOfMemoryError": "use nodes with more memory, or --memory-mb for smaller partitions",
    "ObjectStoreFullError": "use nodes with more memory",
    "OutOfDiskError": "use nodes with larger disks",
}


def lost(what: str, error: Exception) -> UserError:
    """Return the error of a job, or of what it has left, that the cluster lost too often."""
    kind = type(error).__name__
    advice = _ADVICE.get(kind, "see what Ray's logs say of its nodes, and run again")
    return UserError(f"{what}: lost by the cluster: {kind}: {_first_line(error)}; {advice}")


def not_connected(address: str, error: Exception) -> UserError:
    """Return the error of a connection that failed."""
    if type(error).__name__ == "AuthenticationError":
        return UserError(f"--address {address}: needs a token; {_TOKEN_ADVICE}")
    versions = _VERSIONS.search(str(error))
    if versions is None:
        return UserError(
            f"--address {address}: cannot connect: {_first_line(error)}; if the cluster asks for a "
            f"token, {_TOKEN_ADVICE}"
        )
    ray, python, own_ray, own_python = versions.groups()
    return UserError(
        f"--address {address}: the cluster has Ray {ray} and Python {python}, this process has "
        f"Ray {own_ray} and Python {own_python}; use the same on both sides"
    )


def not_importable(error: Exception) -> UserError:
    """Return the error of a node that cannot import what it is to run."""
    lines = str(error).strip().splitlines()
    return UserError(
        f"a node of the cluster cannot run jobs: {lines[-1]}; install the same version of "
        "botcoin-dpo on all nodes"
    )


def _first_line(error: Exception) -> str:
    """Return how the text of an error begins."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
