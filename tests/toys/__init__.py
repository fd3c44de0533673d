"""What somebody else might add to the program, each from one module outside the package."""
