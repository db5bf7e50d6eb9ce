"""Variables that start with the values of another checkpoint."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.estimator.specs import WarmStartSettings
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.train.checkpoint_initializers import init_from_checkpoint
from graphflow.ir.build import current_graph


def warm_start(settings: WarmStartSettings) -> None:
    """Let the chosen variables be initialised from a checkpoint."""
    if settings.var_name_to_vocab_info:
        raise NotImplementedError(
            "warm starts with vocabularies of other sizes are not in graphflow"
        )
    chosen = settings.vars_to_warm_start
    if chosen is None:
        return
    graph = current_graph()
    if isinstance(chosen, str):
        variables: list[Any] = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES, chosen)
    else:
        patterns = chosen if isinstance(chosen, list | tuple) else [chosen]
        found: dict[Any, None] = {}
        for pattern in patterns:
            if isinstance(pattern, str):
                found |= dict.fromkeys(graph.get_collection(GraphKeys.GLOBAL_VARIABLES, pattern))
            else:
                found[pattern] = None
        variables = list(found)
    old_names = settings.var_name_to_prev_var_name or {}
    names = {v: v.name.partition(":")[0] for v in variables}
    init_from_checkpoint(
        settings.ckpt_to_initialize_from,
        {old_names.get(name, name): variable for variable, name in names.items()},
    )
