"""Rules over what a build is about to write."""
