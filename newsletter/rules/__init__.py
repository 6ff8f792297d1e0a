"""The expression language: parsed once, compiled to columns."""
