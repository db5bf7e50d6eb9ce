"""tf.layers: objects that make their variables when they are first called, and functions that make such objects."""
