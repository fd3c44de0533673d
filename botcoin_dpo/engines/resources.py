"""What this process may use of the machine, the limits of its container included."""

import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MEGABYTE = 10**6
_UNKNOWN_MEMORY = 2000 * _MEGABYTE


def usable_cpus(cgroup: Path = _CGROUP) -> int:
    """Return how many CPUs this process may use, at least 1."""
    try:
        cpus = len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        cpus = os.cpu_count() or 1
    quota = _cpu_quota(cgroup)
    return max(1, min(cpus, int(quota)) if quota is not None else cpus)


def available_memory(cgroup: Path = _CGROUP, meminfo: Path = Path("/proc/meminfo")) -> int:
    """Return how many bytes of memory this process may still take."""
    limits = [_meminfo(meminfo)]
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        most, taken = _number(cgroup / limit), _number(cgroup / used)
        if most is not None and taken is not None:
            limits.append(max(0, most - taken))
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else _UNKNOWN_MEMORY


def _cpu_quota(cgroup: Path) -> float | None:
    """Return the CPUs that a cgroup (version 2 or 1) grants, None for no limit."""
    words = _read(cgroup / "cpu.max").split()
    if len(words) == 2 and words[0].isdigit() and words[1].isdigit() and int(words[1]):
        return int(words[0]) / int(words[1])
    quota = _number(cgroup / "cpu/cpu.cfs_quota_us")
    period = _number(cgroup / "cpu/cpu.cfs_period_us")
    return quota / period if quota is not None and quota > 0 and period else None


def _meminfo(path: Path) -> int | None:
    for line in _read(path).splitlines():
        words = line.split()
        if words[0] == "MemAvailable:":
            return int(words[1]) * 1024
    return None


def _number(path: Path) -> int | None:
    text = _read(path).strip()
    return int(text) if text.lstrip("-").isdigit() else None


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
