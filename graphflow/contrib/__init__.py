"""The parts of tf.contrib that programs use; each module declares its public names."""
