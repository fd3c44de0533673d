"""Names of files in a built dataset (schemas/README.md, "What a build writes")."""

from typing import Literal

MANIFEST = "manifest.json"

FactKind = Literal["attempts", "challenges"]
"""What a build can write beside pairs, and the folders of both."""
