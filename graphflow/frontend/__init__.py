"""Floor 6: TensorFlow 1's public functions, made of raw ops; what users touch."""
