"""Command-line tools that stand on top of graphflow."""
