"""The kinds of trials, by name."""

from tests.fuzz.kinds.damage import damage
from tests.fuzz.kinds.logs import logs
from tests.fuzz.kinds.stops import disk, kill, race, stop
from tests.fuzz.trials import Kind

KINDS: dict[str, Kind] = {
    "logs": logs,
    "damage": damage,
    "kill": kill,
    "signal": stop,
    "disk": disk,
    "race": race,
}
