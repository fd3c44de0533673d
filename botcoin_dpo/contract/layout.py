"""Names of files in a built dataset (schemas/README.md, "What a build writes")."""

from typing import Literal

MANIFEST = "manifest.json"

CURRENT = "CURRENT.json"
"""In a store: the one object that says which of the builds there is published."""

BUILDS = "builds"
"""In a store: the folder that all builds lie in, each in a folder of its own."""

VERSIONS = ".versions"
"""In a store: the ending of the object beside a build's folder that holds the versions of the
build's logs. It is no ending of a log."""

INDEX: Literal["index"] = "index"
"""The folder of what the scans found."""

FactKind = Literal["attempts", "challenges"]
"""What a build can write beside pairs, and the folders of both."""
