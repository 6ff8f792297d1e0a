"""Who gets what, and why not."""
