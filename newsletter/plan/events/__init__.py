"""What happened to customers, or is about to: the occasions for practices."""
