"""Reading and writing the garden."""
