"""Who gets what, when and by which channel, and why not."""
