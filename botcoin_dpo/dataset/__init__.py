"""A built dataset on disk: shards, quarantine, manifest, card, atomic publishing, reading back."""
