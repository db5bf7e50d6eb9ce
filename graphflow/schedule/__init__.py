"""Floor 3: from a graph, fetches and feeds to a Plan: what runs, in which order, and what is freed when."""
