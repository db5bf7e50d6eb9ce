"""tf.train: optimisers, schedules, averages, savers, coordinators."""
