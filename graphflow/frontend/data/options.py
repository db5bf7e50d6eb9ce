"""tf.data.Options: what a pipeline may be told; here most of it changes the graph and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

NAMESPACES = {
    "data": ["Options"],
    "data.experimental": [
        *("DistributeOptions", "MapVectorizationOptions", "OptimizationOptions"),
        *("StatsOptions", "ThreadingOptions"),
    ],
}
__all__: list[str] = []

DEFAULT_REWRITES = ("map_and_batch_fusion", "noop_elimination", "shuffle_and_repeat_fusion")
OTHER_REWRITES = (
    *("filter_fusion", "filter_with_random_uniform_fusion", "hoist_random_uniform"),
    *("map_and_filter_fusion", "map_fusion", "map_parallelization", "parallel_batch"),
)


class _Options:
    """Properties of given types; what was never set is None, or a record of its own."""

    kinds: ClassVar[dict[str, Any]] = {}
    starts: ClassVar[dict[str, Callable[[], Any]]] = {}

    def __init__(self) -> None:
        self.__dict__["_given"] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self.kinds:
            raise AttributeError(f"{type(self).__name__} has no property {name!r}")
        if name not in self._given and name in self.starts:
            self._given[name] = self.starts[name]()
        return self._given.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.kinds:
            raise AttributeError(f"Cannot set the property {name} on {type(self).__name__}.")
        if not isinstance(value, self.kinds[name]):
            raise TypeError(
                f'Property "{name}" must be of type {self.kinds[name]}, got: {value!r} (type: {type(value)!r})'
            )
        self._given[name] = value

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        names = {*self._given, *other._given}
        return all(getattr(self, n) == getattr(other, n) for n in names)

    __hash__ = None  # type: ignore[assignment]  # they change

    def merged(self, other: Any) -> Any:
        """What both say; ValueError where they contradict each other."""
        if type(other) is not type(self):
            raise TypeError(f"Incompatible options type: {type(other)!r} vs {type(self)!r}")
        found, default = type(self)(), type(self)()
        for name in (*self._given, *(n for n in other._given if n not in self._given)):
            ours, theirs, usual = (getattr(o, name) for o in (self, other, default))
            if ours in (usual, theirs):
                chosen = theirs
            elif theirs == usual:
                chosen = ours
            elif isinstance(ours, _Options):
                chosen = ours.merged(theirs)
            else:
                raise ValueError(
                    f"Cannot merge incompatible values ({ours!r} and {theirs!r}) of option: {name}"
                )
            if chosen is not None:
                setattr(found, name, chosen)
        return found

    def merge(self, options: Any) -> Any:
        return self.merged(options)


class MapVectorizationOptions(_Options):
    """Whether functions are applied to whole batches."""

    kinds: ClassVar[dict[str, Any]] = {"enabled": bool, "use_choose_fastest": bool}


class OptimizationOptions(_Options):
    """Which rewritings TensorFlow applies."""

    kinds: ClassVar[dict[str, Any]] = {
        "apply_default_optimizations": bool,
        "autotune": bool,
        "autotune_algorithm": int,
        "autotune_buffers": bool,
        "autotune_cpu_budget": int,
        "map_vectorization": MapVectorizationOptions,
        **dict.fromkeys((*DEFAULT_REWRITES, *OTHER_REWRITES), bool),
    }
    starts: ClassVar[dict[str, Callable[[], Any]]] = {"map_vectorization": MapVectorizationOptions}

    def rewrites(self) -> list[str]:
        """The names of the rewritings, sorted."""
        found = {n for n in (*DEFAULT_REWRITES, *OTHER_REWRITES) if getattr(self, n)}
        if self.apply_default_optimizations is not False:
            found |= {n for n in DEFAULT_REWRITES if getattr(self, n) is not False}
        if self.map_vectorization.enabled:
            found.add("map_vectorization")
        if self.autotune is not False and self.autotune_buffers:
            found.add("inject_prefetch")
        return sorted(found)


class ThreadingOptions(_Options):
    """How many threads work for a pipeline."""

    kinds: ClassVar[dict[str, Any]] = {
        "max_intra_op_parallelism": int,
        "private_threadpool_size": int,
    }


class StatsOptions(_Options):
    """What is measured of a pipeline: nothing, here."""

    kinds: ClassVar[dict[str, Any]] = {
        "aggregator": object,
        "counter_prefix": str,
        "latency_all_edges": bool,
        "prefix": str,
    }
    starts: ClassVar[dict[str, Callable[[], Any]]] = {"prefix": str, "counter_prefix": str}


class DistributeOptions(_Options):
    """How a pipeline is shared out among workers."""

    kinds: ClassVar[dict[str, Any]] = {"auto_shard": bool, "num_devices": int}
    starts: ClassVar[dict[str, Callable[[], Any]]] = {"auto_shard": lambda: True}


class Options(_Options):
    """What holds of a whole pipeline."""

    kinds: ClassVar[dict[str, Any]] = {
        "experimental_deterministic": bool,
        "experimental_distribute": DistributeOptions,
        "experimental_optimization": OptimizationOptions,
        "experimental_slack": bool,
        "experimental_stateful_whitelist": list,
        "experimental_stats": StatsOptions,
        "experimental_threading": ThreadingOptions,
    }
    starts: ClassVar[dict[str, Callable[[], Any]]] = {
        "experimental_distribute": DistributeOptions,
        "experimental_optimization": OptimizationOptions,
        "experimental_stats": StatsOptions,
        "experimental_threading": ThreadingOptions,
    }

    def rewrites(self) -> list[str]:
        """The names of the rewritings that OptimizeDataset is told."""
        found = self.experimental_optimization.rewrites()
        if self.experimental_deterministic is False:
            found.append("make_sloppy")
        if self.experimental_stats.latency_all_edges:
            found.append("latency_all_edges")
        if self.experimental_slack:
            found.append("slack")
        return found

    def rewrite_settings(self) -> list[str]:
        """What the rewritings are told beside."""
        chosen = self.experimental_optimization.map_vectorization.use_choose_fastest
        found = [f"map_vectorization:use_choose_fastest:{'true' if chosen else 'false'}"]
        if self.experimental_slack:
            found.append(f"slack:slack_period:{self.experimental_distribute.num_devices or 1}")
        return found
