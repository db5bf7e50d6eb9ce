"""How batches are normalised: fused or step by step, and how the moving averages follow."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.layers.smart_cond import smart_cond, smart_constant_value
from graphflow.frontend.nn_normalization import batch_normalization, fused_batch_norm, moments
from graphflow.frontend.reduce import reduce_mean
from graphflow.frontend.state import assign, assign_sub
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, float32
from graphflow.ops import idioms


class BatchMoments(Layer):
    """The arithmetic of BatchNormalization."""

    axis: list[int]
    momentum: float
    epsilon: float
    fused: bool
    renorm: bool
    renorm_momentum: float
    renorm_clipping: dict[str, Any]
    virtual_batch_size: int | None
    adjustment: Any
    gamma: Any
    beta: Any
    moving_mean: Any
    moving_variance: Any
    moving_stddev: Any
    renorm_mean: Any
    renorm_stddev: Any
    _gamma_const: Any
    _beta_const: Any
    _data_format: str

    def call(self, inputs: Any, training: Any = False) -> Any:
        shape: list[Any] = []
        if self.virtual_batch_size is not None:
            shape = [-1, *inputs.shape.as_list()[1:]]
            inputs = raw.Reshape(inputs, [self.virtual_batch_size, -1, *shape[1:]])
        outputs = self._fused(inputs, training) if self.fused else self._stepwise(inputs, training)
        return raw.Reshape(outputs, shape) if shape else outputs

    @property
    def _param_dtype(self) -> DType:
        """The type of weights and averages: short floats are averaged in longer ones."""
        dtype = as_dtype(self.dtype or float32)
        return float32 if dtype.name in ("float16", "bfloat16") else dtype

    # ---- one op does it all ------------------------------------------------------------------------

    def _fused(self, inputs: Any, training: Any) -> Any:
        beta = self._beta_const if self.beta is None else self.beta
        gamma = self._gamma_const if self.gamma is None else self.gamma
        options: dict[str, Any] = {"epsilon": self.epsilon, "data_format": self._data_format}

        def by_batch() -> Any:
            return fused_batch_norm(inputs, gamma, beta, **options)

        def by_averages() -> Any:
            return fused_batch_norm(
                inputs,
                gamma,
                beta,
                mean=self.moving_mean,
                variance=self.moving_variance,
                is_training=False,
                **options,
            )

        output, mean, variance = smart_cond(training, by_batch, by_averages)
        known = smart_constant_value(training)
        momentum = (
            smart_cond(training, lambda: self.momentum, lambda: 1.0)
            if known is None
            else convert(self.momentum)
        )
        if known is not False:
            self.add_update(lambda: self._averaged(self.moving_mean, mean, momentum))
            self.add_update(lambda: self._averaged(self.moving_variance, variance, momentum))
        return output

    def _averaged(self, variable: Any, value: Any, momentum: Any) -> Any:
        """variable -= (variable - value) * (1 - momentum)."""
        graph = build.current_graph()
        with graph.name_scope("AssignMovingAvg") as scope, graph.colocate_with(variable.op):
            dtype = variable.dtype.base_dtype
            decay = idioms.cast(convert(1.0 - momentum, name="decay"), dtype)
            delta = (variable - idioms.cast(value, dtype)) * decay
            return assign_sub(variable, delta, name=scope)

    # ---- step by step ------------------------------------------------------------------------------

    def _stepwise(self, inputs: Any, training: Any) -> Any:
        shape = inputs.shape
        axes = [axis for axis in range(len(shape)) if axis not in self.axis]
        if self.virtual_batch_size is not None:
            del axes[1]
        beside = [1] * len(shape)
        beside[self.axis[0]] = shape.dims[self.axis[0]].value

        def spread(value: Any) -> Any:
            """Along the axes of the inputs."""
            flat = value is not None and value.shape.rank != len(shape)
            last = axes == list(range(len(shape) - 1))
            return raw.Reshape(value, beside) if flat and not last else value

        scale, offset = spread(self.gamma), spread(self.beta)
        if smart_constant_value(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment:
                scale, offset = self._adjusted(inputs, training, scale, offset)
            mean, variance, new_mean, new_variance = self._moments(inputs, axes, training)
            if self.renorm:
                r, d, new_mean, new_variance = self._renormed(new_mean, new_variance, training)
                r = spread(raw.StopGradient(r, name="renorm_r"))
                d = spread(raw.StopGradient(d, name="renorm_d"))
                scale, offset = _composed(r, d, scale, offset)
            self._follow(new_mean, new_variance, training)
        mean, variance, offset, scale = (
            None if value is None else idioms.cast(value, inputs.dtype)
            for value in (mean, variance, offset, scale)
        )
        outputs = batch_normalization(
            inputs, spread(mean), spread(variance), offset, scale, self.epsilon
        )
        outputs.set_shape(shape)
        return outputs

    def _moments(self, inputs: Any, axes: list[int], training: Any) -> tuple[Any, ...]:
        """The moments to normalise by, and those that the averages follow."""
        keep = self.virtual_batch_size is not None or len(self.axis) > 1
        mean, variance = moments(idioms.cast(inputs, self._param_dtype), axes, keep_dims=keep)
        batch = mean, variance
        mean = smart_cond(training, lambda: batch[0], lambda: convert(self.moving_mean))
        variance = smart_cond(training, lambda: batch[1], lambda: convert(self.moving_variance))
        if self.virtual_batch_size is None:
            return mean, variance, mean, variance
        new_mean = reduce_mean(mean, axis=1, keepdims=True)
        new_variance = reduce_mean(variance, axis=1, keepdims=True)
        return mean, variance, new_mean, new_variance

    def _adjusted(self, inputs: Any, training: Any, scale: Any, offset: Any) -> tuple[Any, Any]:
        """What the user adds to the transform while training."""
        factor, bias = self.adjustment(idioms.shape(inputs))
        factor, bias = _only_in_training(training, factor, bias)
        return _composed(factor, bias, scale, offset)

    def _renormed(self, mean: Any, variance: Any, training: Any) -> tuple[Any, ...]:
        """The correction (r, d) from the moments of the batch to slowly moving ones, and both moments."""
        graph = build.current_graph()
        stddev = raw.Sqrt(variance + self.epsilon)
        slow = raw.Maximum(self.renorm_stddev, raw.Sqrt(self.epsilon))
        r = stddev / slow
        d = (mean - self.renorm_mean) / slow
        with graph.control_dependencies([r, d]):
            mean, stddev = raw.Identity(mean), raw.Identity(stddev)
        least, most, shift = (self.renorm_clipping.get(k) for k in ("rmin", "rmax", "dmax"))
        if least is not None:
            r = raw.Maximum(r, least)
        if most is not None:
            r = raw.Minimum(r, most)
        if shift is not None:
            d = raw.Minimum(raw.Maximum(d, -shift), shift)
        r, d = _only_in_training(training, r, d)
        followed = [
            self._followed(self.renorm_mean, mean, training),
            self._followed(self.renorm_stddev, stddev, training),
        ]
        with graph.control_dependencies(followed):
            return r, d, raw.Identity(mean), raw.Identity(variance)

    def _followed(self, variable: Any, value: Any, training: Any) -> Any:
        value = raw.Identity(value)
        return smart_cond(
            training,
            lambda: self._averaged(variable, value, self.renorm_momentum),
            lambda: raw.Identity(variable),
        )

    def _follow(self, mean: Any, variance: Any, training: Any) -> None:
        """Let the averages follow the moments, in training."""

        def mean_followed() -> Any:
            return self._averaged(self.moving_mean, mean, self.momentum)

        def variance_followed() -> Any:
            if not self.renorm:
                return self._averaged(self.moving_variance, variance, self.momentum)
            deviation = raw.Sqrt(variance + self.epsilon)
            stddev = self._averaged(self.moving_stddev, deviation, self.momentum)
            graph = build.current_graph()
            squared = raw.Relu(stddev * stddev - self.epsilon)
            with (
                graph.name_scope("AssignNewValue") as scope,
                graph.colocate_with(self.moving_variance.op),
            ):
                return assign(self.moving_variance, squared, name=scope)

        self.add_update(smart_cond(training, mean_followed, lambda: self.moving_mean))
        self.add_update(smart_cond(training, variance_followed, lambda: self.moving_variance))


def _composed(scale: Any, offset: Any, then_scale: Any, then_offset: Any) -> tuple[Any, Any]:
    """Two transforms as one."""
    if then_scale is not None:
        scale = scale * then_scale
        offset = offset * then_scale
    if then_offset is not None:
        offset = offset + then_offset
    return scale, offset


def _only_in_training(training: Any, scale: Any, offset: Any) -> tuple[Any, Any]:
    """A transform that changes nothing otherwise."""
    return (
        smart_cond(training, lambda: scale, lambda: idioms.ones_like(scale)),
        smart_cond(training, lambda: offset, lambda: idioms.zeros_like(offset)),
    )
