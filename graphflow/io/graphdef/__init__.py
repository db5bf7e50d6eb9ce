"""GraphDef in and out: TensorFlow's files of graphs."""
