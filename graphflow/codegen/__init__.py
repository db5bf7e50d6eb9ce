"""Floor 4: ops as the text of compiled loops. The one door to graphflow_kernels."""
