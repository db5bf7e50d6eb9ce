"""The variables of a graph by their full names: made once, shared on request."""

from __future__ import annotations

import inspect
from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.initializers import glorot_uniform_initializer, zeros_initializer
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.variables import Variable
from graphflow.ir import report
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.shape import TensorShape, as_shape


class VariableStore:
    """What get_variable looks in before it makes anything."""

    def __init__(self) -> None:
        self._vars: dict[str, Any] = {}

    def get_variable(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = "float32",
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Any = None,
        constraint: Any = None,
    ) -> Any:
        """The variable of this full name."""
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
        options = {
            "shape": shape,
            "dtype": as_dtype(dtype).base_dtype,
            "initializer": initializer,
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": True if trainable is None else trainable,
            "collections": collections,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "constraint": constraint,
        }
        if custom_getter is None:
            return self._true_getter(name, **options)
        return custom_getter(self._true_getter, name, **options)

    def _true_getter(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = "float32",
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        constraint: Any = None,
        **_: Any,
    ) -> Any:
        if partitioner is not None and shape is not None:
            parts = partitioner(shape=as_shape(shape), dtype=as_dtype(dtype))
            if any(int(p) > 1 for p in parts):
                raise NotImplementedError(
                    f"variable {name!r}: partitions {list(parts)}: graphflow keeps a variable in one piece; "
                    "leave the partitioner out (checkpoints of partitioned variables are read as a whole)"
                )
        if initializer is not None and not callable(initializer) and shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        wanted, shape = as_dtype(dtype), as_shape(shape)
        found = self._vars.get(name)
        if found is not None:
            return self._shared(found, name, wanted, shape, reuse)
        if reuse is True:
            raise ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). "
                "Did you mean to set reuse=tf.AUTO_REUSE in VarScope?" + _nearest(name, self._vars)
            )
        variable = self._new(
            name, wanted, shape, initializer,
            trainable=trainable, collections=collections, caching_device=caching_device,
            validate_shape=validate_shape, constraint=constraint, use_resource=use_resource,
        )  # fmt: skip
        self._vars[name] = variable
        if regularizer is not None:
            self._regularise(variable, name, regularizer)
        return variable

    def _shared(self, found: Any, name: str, dtype: DType, shape: TensorShape, reuse: Any) -> Any:
        if not reuse:
            at = found.op.where
            raise ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                f"reuse=tf.AUTO_REUSE in VarScope? Originally defined at:\n\n  {at}   {at.text if at else ''}"
            )
        if not shape.is_compatible_with(found.get_shape()):
            raise ValueError(
                f"Trying to share variable {name}, but specified shape {shape} and found shape {found.get_shape()}."
            )
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError(
                f"Trying to share variable {name}, but specified dtype {dtype.name} and found dtype {found.dtype.name}."
            )
        return found

    def _new(
        self,
        name: str,
        dtype: DType,
        shape: TensorShape,
        initializer: Any,
        use_resource: bool | None,
        **options: Any,
    ) -> Any:
        if initializer is None:
            initializer = default_initializer(name, dtype)
        value, value_dtype = initializer, None
        if callable(initializer):
            if inspect.isclass(initializer):
                initializer = initializer()
            if shape.is_static:
                sizes, value_dtype = shape.as_list(), dtype.base_dtype
                value = _Call(initializer, sizes, dtype)
            elif _needs_nothing(initializer):
                value = initializer
            else:
                raise ValueError(
                    f"The initializer passed for {name} is not valid: it should be a callable with no arguments and "
                    f"the shape should not be provided, or the shape, here {shape}, should be fully defined."
                )
        return Variable(value, name=name, dtype=value_dtype, use_resource=use_resource, **options)

    def _regularise(self, variable: Any, name: str, regularizer: Any) -> None:
        graph = current_graph()
        with graph.colocate_with(variable.op), graph.name_scope(name + "/Regularizer/"):
            with init_scope():
                loss = regularizer(variable)
            if loss is not None:
                graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)


class _Call:
    """An initialiser with its arguments: called when the variable asks for its initial value."""

    def __init__(self, initializer: Any, sizes: list[int | None], dtype: DType) -> None:
        self.initializer, self.sizes, self.dtype = initializer, sizes, dtype

    def __call__(self) -> Any:
        names = _parameters(self.initializer)
        options = {"partition_info": None} if names is None or "partition_info" in names else {}
        return self.initializer(self.sizes, dtype=self.dtype, **options)


def _parameters(f: Any) -> Any:
    """The names of a function's parameters, None where it takes any."""
    try:
        found = inspect.signature(f).parameters
    except (TypeError, ValueError):
        return ()
    return None if any(p.kind is p.VAR_KEYWORD for p in found.values()) else found


def _needs_nothing(f: Any) -> bool:
    try:
        found = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return False
    return all(
        p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in found
    )


def default_initializer(name: str, dtype: DType) -> Any:
    """Glorot's uniform distribution for floats, zeros for what counts or names."""
    if dtype.is_floating:
        return glorot_uniform_initializer()
    if dtype.is_integer or dtype.is_bool or dtype.kind == "s":
        return zeros_initializer()
    raise ValueError(f"An initializer for variable {name} of {dtype.base_dtype} is required")


def _nearest(name: str, names: Any) -> str:
    hint = report.did_you_mean(name, names)
    return f" ({hint})" if hint else ""
