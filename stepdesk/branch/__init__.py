"""The receiving side: returns of many schemes, stored once, answered with a signed receipt."""
