"""What is said of a whole month: how it stands, and its closing."""
