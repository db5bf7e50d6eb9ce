"""The parts of tf.keras that prepare data: they need numpy alone."""
