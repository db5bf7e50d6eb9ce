"""Floor 0: types, ops, nodes, graphs, and how they are built, checked, printed and parsed."""
