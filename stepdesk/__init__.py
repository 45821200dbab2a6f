"""StepDesk: the desk of a village health mutual."""

__version__ = "0.1.0"
