"""tf.saved_model: a graph, its variables and its files in one folder, with named inputs and outputs."""
