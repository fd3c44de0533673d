"""Names of files in a built dataset (schemas/README.md, "What a build writes")."""

MANIFEST = "manifest.json"
