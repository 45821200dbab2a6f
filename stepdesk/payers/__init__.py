"""Who pays for households beyond themselves: groups that sign, and third-party payers."""
