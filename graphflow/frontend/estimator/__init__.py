"""tf.estimator: training, evaluation and prediction around a function that builds a model."""
