"""What leaves the scheme: how it is made, shown, sent and acknowledged."""
