"""What TensorFlow's programs use beside graphs: flags, logging, files, configuration, test cases."""
