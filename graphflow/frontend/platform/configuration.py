"""ConfigProto and its kin: what a program may set, kept and checked; most of it has no bearing here.

They are plain records, so that a program that sets `config.gpu_options.allow_growth` needs no protobuf.
"""

from __future__ import annotations

import copy
from typing import Any

from graphflow.ir.report import did_you_mean


class _Record:
    """A message: its fields have defaults, and only its fields can be set."""

    fields: dict[str, Any] = {}  # noqa: RUF012  a constant of each class

    def __init__(self, **values: Any) -> None:
        for name, default in self.fields.items():
            made = default() if isinstance(default, type) else copy.copy(default)
            self.__dict__[name] = made
        for name, value in values.items():
            self._set(name, value)

    def _set(self, name: str, value: Any) -> None:
        if name not in self.fields:
            hint = did_you_mean(name, self.fields)
            raise AttributeError(f"{type(self).__name__} has no field {name!r}. {hint}".rstrip())
        current = self.__dict__[name]
        if isinstance(current, _Record) and isinstance(value, dict):
            value = type(current)(**value)
        if isinstance(current, bool) and not isinstance(value, bool | int):
            raise TypeError(f"{type(self).__name__}.{name} is a bool, not {value!r}")
        if isinstance(current, int | float) and not isinstance(value, int | float):
            raise TypeError(f"{type(self).__name__}.{name} is a number, not {value!r}")
        self.__dict__[name] = value

    def __setattr__(self, name: str, value: Any) -> None:
        self._set(name, value)

    def CopyFrom(self, other: Any) -> None:
        self.__dict__.update(copy.deepcopy(other.__dict__))

    def MergeFrom(self, other: Any) -> None:
        fresh = type(other)()
        changed = {k: v for k, v in other.__dict__.items() if v != fresh.__dict__[k]}
        self.__dict__.update(copy.deepcopy(changed))

    def HasField(self, name: str) -> bool:
        return bool(self.__dict__[name] != type(self)().__dict__[name])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        fresh = type(self)()
        lines = []
        for name, value in self.__dict__.items():
            if value == fresh.__dict__[name]:
                continue
            if isinstance(value, _Record):
                inner = "".join(f"  {line}\n" for line in str(value).splitlines())
                lines.append(f"{name} {{\n{inner}}}\n")
            else:
                shown = str(value).lower() if isinstance(value, bool) else repr(value)
                lines.append(f"{name}: {shown}\n")
        return "".join(lines)

    __repr__ = __str__


class _Experimental(_Record):
    fields = {  # noqa: RUF012
        "collective_group_leader": "",
        "executor_type": "",
        "client_handles_error_formatting": False,
        "use_numa_affinity": False,
        "disable_output_partition_graphs": False,
        "xla_fusion_autotuner_thresh": 0,
        "optimize_for_static_graph": False,
        "use_unified_memory": False,
    }


class GPUOptions(_Record):
    """How a GPU's memory is used."""

    fields = {  # noqa: RUF012
        "per_process_gpu_memory_fraction": 0.0,
        "allow_growth": False,
        "allocator_type": "",
        "deferred_deletion_bytes": 0,
        "visible_device_list": "",
        "polling_active_delay_usecs": 0,
        "polling_inactive_delay_msecs": 0,
        "force_gpu_compatible": False,
        "experimental": _Experimental,
    }


class OptimizerOptions(_Record):
    """How graphs are optimised."""

    DEFAULT = OFF = 0
    L1, L0 = 0, -1
    ON_1, ON_2 = 1, 2
    fields = {  # noqa: RUF012
        "do_common_subexpression_elimination": False,
        "do_constant_folding": False,
        "max_folded_constant_in_bytes": 0,
        "do_function_inlining": False,
        "opt_level": 0,
        "global_jit_level": 0,
    }


#: the rewrites that can be turned on and off
_REWRITES = (
    *("arithmetic_optimization", "auto_mixed_precision", "constant_folding", "debug_stripper"),
    *("dependency_optimization", "function_optimization", "implementation_selector"),
    *("layout_optimizer", "loop_optimization", "memory_optimization", "meta_optimizer_iterations"),
    *("min_graph_nodes", "pin_to_host_optimization", "remapping", "scoped_allocator_optimization"),
    "shape_optimization",
)


class RewriterConfig(_Record):
    """Which rewrites are on."""

    DEFAULT, ON, OFF, AGGRESSIVE = 0, 1, 2, 3
    fields = dict.fromkeys(_REWRITES, 0) | {
        "disable_model_pruning": False,
        "disable_meta_optimizer": False,
    }


class GraphOptions(_Record):
    """How a graph is prepared."""

    fields = {  # noqa: RUF012
        "enable_recv_scheduling": False,
        "optimizer_options": OptimizerOptions,
        "build_cost_model": 0,
        "build_cost_model_after": 0,
        "infer_shapes": False,
        "place_pruned_graph": False,
        "enable_bfloat16_sendrecv": False,
        "timeline_step": 0,
        "rewrite_options": RewriterConfig,
    }


class ConfigProto(_Record):
    """How a session runs."""

    fields = {  # noqa: RUF012
        "device_count": {},
        "intra_op_parallelism_threads": 0,
        "inter_op_parallelism_threads": 0,
        "use_per_session_threads": False,
        "session_inter_op_thread_pool": [],
        "placement_period": 0,
        "device_filters": [],
        "gpu_options": GPUOptions,
        "allow_soft_placement": False,
        "log_device_placement": False,
        "graph_options": GraphOptions,
        "operation_timeout_in_ms": 0,
        "rpc_options": _Experimental,
        "cluster_def": None,
        "isolate_session_state": False,
        "experimental": _Experimental,
    }


class RunOptions(_Record):
    """How one run runs."""

    NO_TRACE, SOFTWARE_TRACE, HARDWARE_TRACE, FULL_TRACE = range(4)
    fields = {  # noqa: RUF012
        "trace_level": 0,
        "timeout_in_ms": 0,
        "inter_op_thread_pool": 0,
        "output_partition_graphs": False,
        "debug_options": None,
        "report_tensor_allocations_upon_oom": False,
        "experimental": _Experimental,
    }


__all__ = ["ConfigProto", "GPUOptions", "GraphOptions", "OptimizerOptions", "RunOptions"]
NAMESPACES = {"python.core.protobuf.rewriter_config_pb2": ["RewriterConfig"]}
