"""Floor 5: what a session keeps, and the engines that run plans."""
