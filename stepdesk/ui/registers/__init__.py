"""The window of bringing in a members' register: six steps, of which only the last writes."""
