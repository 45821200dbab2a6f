"""What leaves: the return of a closed month, checked, packed, carried and acknowledged."""
