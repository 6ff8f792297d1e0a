"""Names the packages: every folder below newsletter/ with an __init__.py, and the themes."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["newsletter", "newsletter.*"]), "newsletter.themes"])
