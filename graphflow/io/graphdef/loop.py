"""One While, made of the nodes of a frame."""
