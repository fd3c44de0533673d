"""The license that a card states: spelled as the Hub spells licenses, and known to it or not."""

import re

from botcoin_dpo.errors import UsageError

DEFAULT_LICENSE = "other"
"""Whose data it is decides; this program must not."""

_SPELLING = re.compile(r"[a-z][a-z0-9.+-]{0,63}")

# The identifiers of https://huggingface.co/docs/hub/repositories-licenses, as of October 2026.
_IDENTIFIERS = """
afl-3.0 agpl-3.0 apache-2.0 apple-amlr apple-ascl artistic-2.0
bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m
bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0
c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0
cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0
cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0
cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 creativeml-openrail-m
deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2
fair-noncommercial-research-license gemma gfdl gpl gpl-2.0 gpl-3.0 grok2-community
h-research intel-research isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr
llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 lppl-1.3c mit mpl-2.0 ms-pl
ncsa odbl odc-by ofl-1.1 openmdw-1.0 openmdw-1.1 openrail openrail++ osl-3.0
other pddl postgresql unknown unlicense wtfpl zlib
"""
HUB_LICENSES = frozenset(_IDENTIFIERS.split())


def check_license(name: str) -> list[str]:
    """Return what the user should know of a license; nothing if the Hub knows it.

    Raises:
        UsageError: it is not spelled as the Hub spells licenses.
    """
    if not _SPELLING.fullmatch(name):
        raise UsageError(
            f"--license {name!a}: is no identifier of the Hub; such are apache-2.0, cc-by-4.0, mit"
        )
    if name in HUB_LICENSES:
        return []
    return [
        f"--license {name}: the Hub has no license of this identifier and may not show it; "
        "take one that it has, or other"
    ]
