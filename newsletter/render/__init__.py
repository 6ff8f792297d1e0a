"""Theme + content → message templates with their per-customer parts left open."""
