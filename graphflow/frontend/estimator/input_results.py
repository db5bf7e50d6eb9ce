"""What input functions return: features and labels, or a dataset of them."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.data.dataset import Dataset
from graphflow.frontend.keys import GraphKeys
from graphflow.ir.build import current_graph


def features_and_labels(result: Any) -> tuple[Any, Any]:
    """The tensors of an input function; of a dataset the next element, whose iterator starts with the session."""
    if isinstance(result, Dataset):
        iterator = result.make_initializable_iterator()
        current_graph().add_to_collection(GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
        result = iterator.get_next()
    if isinstance(result, list | tuple):
        if len(result) != 2:
            raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
        return result[0], result[1]
    return result, None


def has_an_end(features: Any) -> bool:
    """Whether the input comes from a dataset or a queue."""
    tensors = [t for t in nest.flatten(features) if hasattr(t, "op")]
    if any(t.op.type == "IteratorGetNext" for t in tensors):
        return True
    return bool(current_graph().get_collection(GraphKeys.QUEUE_RUNNERS))
