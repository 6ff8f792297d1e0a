"""Speaks to servers: sends what a build wrote, and brings back what came of it."""
