"""The public face: which name under `tf.` lives where. Nothing is imported before it is used."""
