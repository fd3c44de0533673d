"""What the constraints of a challenge ask, and whether an artifact keeps them."""
