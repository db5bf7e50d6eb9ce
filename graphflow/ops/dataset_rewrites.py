"""What TensorFlow makes of a pipeline before it is gone through, as far as one sees it in the elements."""

from __future__ import annotations

from typing import Any

from graphflow.ops.dataset_batches import Batched
from graphflow.ops.dataset_elements import Elements, TypedDatasetOp, text
from graphflow.ops.dataset_lengths import Repeated
from graphflow.ops.dataset_maps import Mapped, mapped_in_batches
from graphflow.ops.dataset_shuffles import Shuffled, shuffled_and_repeated


def _one_buffer(elements: Elements, source: Elements) -> Elements | None:
    """A shuffled dataset that is repeated at once goes through one buffer."""
    if not isinstance(elements, Repeated) or elements.count in (0, 1):
        return None
    if not isinstance(source, Shuffled) or not source.reshuffle:
        return None
    return shuffled_and_repeated(source.sources[0], source.size, source.seeds, elements.count)


def _whole_batches(elements: Elements, source: Elements) -> Elements | None:
    """A function whose results are stacked at once fails for a whole batch."""
    if not isinstance(elements, Batched) or not isinstance(source, Mapped):
        return None
    return mapped_in_batches(
        source.sources[0], source.function, source.ends, elements.size, elements.drop
    )


#: the name of a rewriting -> what it makes of a dataset and its only source
REWRITES = {"map_and_batch_fusion": _whole_batches, "shuffle_and_repeat_fusion": _one_buffer}


class OptimizeDataset(TypedDatasetOp):
    """The dataset after some rewritings."""

    signature = "input_dataset:variant, optimizations:string -> handle:variant"
    optimization_configs: tuple[str, ...] = ()

    def reference(self, *inputs: Any) -> Any:
        dataset, names = inputs
        chosen = {text(n) for n in names}
        return _rewritten(dataset, [r for name, r in REWRITES.items() if name in chosen])


def _rewritten(elements: Elements, rewrites: list[Any]) -> Elements:
    sources = [_rewritten(s, rewrites) for s in elements.sources]
    if len(sources) == 1:
        for rewrite in rewrites:
            found: Elements | None = rewrite(elements, sources[0])
            if found is not None:
                return found
    changed = any(a is not b for a, b in zip(sources, elements.sources, strict=True))
    return elements.with_sources(sources) if changed else elements
