"""The files of TensorFlow: protocol buffers, checkpoints, records, events."""
