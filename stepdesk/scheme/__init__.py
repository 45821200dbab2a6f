"""The scheme itself: its name, its sections, its people, as dated versions."""
