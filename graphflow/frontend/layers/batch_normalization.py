"""BatchNormalization: by the moments of the batch in training, by their moving averages afterwards."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import ones_initializer, zeros_initializer
from graphflow.frontend.layers import constraints, named_initializers, regularizers
from graphflow.frontend.layers.batch_moments import BatchMoments
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.variable_modes import VariableAggregation, VariableSynchronization
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.shape import TensorShape, as_shape

_ZEROS, _ONES = zeros_initializer(), ones_initializer()


class BatchNormalization(BatchMoments):
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta.

    The averages are updated by nodes in the collection UPDATE_OPS.
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = _ZEROS,
        gamma_initializer: Any = _ONES,
        moving_mean_initializer: Any = _ZEROS,
        moving_variance_initializer: Any = _ONES,
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        if not isinstance(axis, list | int):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.axis = list(axis) if isinstance(axis, list) else [axis]
        self.momentum, self.epsilon = momentum, epsilon
        self.center, self.scale = center, scale
        self.beta_initializer = named_initializers.get(beta_initializer)
        self.gamma_initializer = named_initializers.get(gamma_initializer)
        self.moving_mean_initializer = named_initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = named_initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.virtual_batch_size, self.adjustment = virtual_batch_size, adjustment
        self.fused = fused is None or fused
        self.supports_masking = True
        self.trainable = trainable
        self.renorm, self.renorm_momentum = renorm, renorm_momentum
        self.renorm_clipping = renorm_clipping or {}
        unknown = set(self.renorm_clipping) - {"rmax", "rmin", "dmax"}
        if renorm and unknown:
            raise ValueError(
                f"renorm_clipping {renorm_clipping} contains keys not in ['rmax', 'rmin', 'dmax']"
            )

    def build(self, input_shape: Any) -> None:
        shape = as_shape(input_shape)
        if not shape.rank:
            raise ValueError("Input has undefined rank:", input_shape)
        self._check_axes(shape.rank)
        self._choose_fused(shape.rank)
        sizes = {axis: shape.dims[axis].value for axis in self.axis}  # type: ignore[index]
        if None in sizes.values():
            raise ValueError("Input has undefined `axis` dimension. Input shape: ", shape)
        self.input_spec = InputSpec(ndim=shape.rank, axes=sizes)
        params = self._param_shape(shape, sizes)
        self._make_transform(params)
        self._make_averages(params)
        self.built = True

    def _check_axes(self, rank: int) -> None:
        self.axis = [axis + rank if axis < 0 else axis for axis in self.axis]
        for axis in self.axis:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {self.axis}")
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError(
                "virtual_batch_size must be a positive integer that divides the true batch size of "
                "the input Tensor"
            )
        if 0 in self.axis:
            raise ValueError(
                "When using virtual_batch_size, the batch dimension must be 0 and thus axis cannot "
                "include 0"
            )
        if self.adjustment is not None:
            raise ValueError("When using virtual_batch_size, adjustment cannot be specified")

    def _choose_fused(self, rank: int) -> None:
        """One op does it all for images, unless something is asked that it cannot do."""
        plain = not self.renorm and self.virtual_batch_size is None and self.adjustment is None
        self.fused = self.fused and rank == 4 and plain and self.axis in ([1], [3])
        self._data_format = "NCHW" if self.axis == [1] else "NHWC"

    def _param_shape(self, shape: TensorShape, sizes: dict[int, Any]) -> list[int]:
        if len(sizes) == 1 and self.virtual_batch_size is None:
            return list(sizes.values())
        params = [sizes.get(axis, 1) for axis in range(len(shape))]
        if self.virtual_batch_size is not None:
            params.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        return params

    def _make_transform(self, shape: list[int]) -> None:
        """gamma and beta, or what stands for them in the fused op."""
        for name, wanted, neutral in (("gamma", self.scale, 1.0), ("beta", self.center, 0.0)):
            made: Any = None
            if wanted:
                made = self.add_weight(
                    name,
                    shape,
                    dtype=self._param_dtype,
                    initializer=getattr(self, name + "_initializer"),
                    regularizer=getattr(self, name + "_regularizer"),
                    constraint=getattr(self, name + "_constraint"),
                    trainable=True,
                )
            elif self.fused:
                value = [neutral] * shape[0]
                self.__dict__[f"_{name}_const"] = constant(value, self._param_dtype)
            self.__dict__[name] = made

    def _make_averages(self, shape: list[int]) -> None:
        scope = self._scope
        partitioner = None if scope is None else scope.partitioner
        if scope is not None:
            scope.set_partitioner(None)
        try:
            self.moving_mean = self._average("moving_mean", shape, self.moving_mean_initializer)
            self.moving_variance = self._average(
                "moving_variance", shape, self.moving_variance_initializer
            )
            if self.renorm:
                self._make_renorm_averages(shape)
        finally:
            if scope is not None and partitioner:
                scope.set_partitioner(partitioner)

    def _average(self, name: str, shape: list[int], initializer: Any) -> Any:
        return self.add_weight(
            name,
            shape,
            dtype=self._param_dtype,
            initializer=initializer,
            synchronization=VariableSynchronization.ON_READ,
            trainable=False,
            aggregation=VariableAggregation.MEAN,
        )

    def _make_renorm_averages(self, shape: list[int]) -> None:
        def deviation(*args: Any, **kwargs: Any) -> Any:
            return raw.Sqrt(self.moving_variance_initializer(*args, **kwargs))

        graph = current_graph()
        with graph.colocate_with(self.moving_variance.op):
            self.moving_stddev = self._average("moving_stddev", shape, deviation)
        with graph.colocate_with(self.moving_mean.op):
            self.renorm_mean = self._average("renorm_mean", shape, self.moving_mean_initializer)
        with graph.colocate_with(self.moving_stddev.op):
            self.renorm_stddev = self._average("renorm_stddev", shape, deviation)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        untold = ["adjustment", "fused"]
        if not self.renorm:
            untold += ["renorm", "renorm_clipping", "renorm_momentum"]
        if self.virtual_batch_size is None:
            untold.append("virtual_batch_size")
        return {name: value for name, value in config.items() if name not in untold}


def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = _ZEROS,
    gamma_initializer: Any = _ONES,
    moving_mean_initializer: Any = _ZEROS,
    moving_variance_initializer: Any = _ONES,
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: Any = None,
    reuse: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: float = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta; see the collection UPDATE_OPS."""
    options = dict(locals())
    inputs, training, reuse = (options.pop(key) for key in ("inputs", "training", "reuse"))
    layer = BatchNormalization(**options, _reuse=reuse, _scope=name)
    return layer.apply(inputs, training=training)


__all__: list[str] = []
NAMESPACES = {
    "layers": ["BatchNormalization", "batch_normalization"],
    "python.layers.normalization": {
        "BatchNorm": "BatchNormalization",
        "BatchNormalization": "BatchNormalization",
        "batch_norm": "batch_normalization",
        "batch_normalization": "batch_normalization",
    },
}
