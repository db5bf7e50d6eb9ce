"""The arithmetic of heavy operations in plain numpy: arrays in, arrays out, nothing of graphs."""
