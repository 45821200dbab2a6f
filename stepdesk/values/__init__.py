"""Values without input or output: money, months, days, ids, numbers with a check digit."""
