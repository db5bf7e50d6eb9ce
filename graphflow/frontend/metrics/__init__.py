"""tf.metrics: measures that are kept in local variables from batch to batch: each a value and an update."""
