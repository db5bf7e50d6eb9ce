"""tf.distributions: random variables as objects."""
