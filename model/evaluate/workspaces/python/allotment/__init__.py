"""Plans a vegetable garden."""

__version__ = "1.3.0"
