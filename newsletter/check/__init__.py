"""Checks of a project and of the files that a build is about to write."""
