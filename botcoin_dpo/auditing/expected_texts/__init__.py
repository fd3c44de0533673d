"""What must stand in an artifact, and on what ground."""
