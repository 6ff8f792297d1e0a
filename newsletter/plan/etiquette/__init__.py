"""Which touchpoints are kept, and why the others are not; the same rules for all practices."""
