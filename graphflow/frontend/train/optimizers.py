"""The optimisers, each a class that says its hyper-parameters, its slots and its Apply op."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.initializers import Constant, Ones, filled_constant
from graphflow.frontend.train.optimizer import Optimizer
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import group
from graphflow.ops.training import FAMILIES


class RuleOptimizer(Optimizer):
    """An optimiser whose step is one of TensorFlow's Apply ops."""

    #: the name of the rule in graphflow.ops.training.FAMILIES
    rule: str
    #: input of the op -> (attribute of this optimiser, name of its tensor), in the order they are made
    hyper: dict[str, tuple[str, str]]
    #: input of the op -> name of the slot
    slots: dict[str, str] = {}  # noqa: RUF012  a constant of the class
    options: dict[str, Any]

    def _prepare(self) -> None:
        self._tensors: dict[str, Tensor] = {}
        for key, (attribute, name) in self.hyper.items():
            self._tensors[key] = convert(
                self._call_if_callable(getattr(self, attribute)), name=name
            )
        self.__dict__["_learning_rate_tensor"] = next(iter(self._tensors.values()))

    def _inputs(self, var: Any, order: str, given: dict[str, Any]) -> list[Any]:
        """The inputs of the op in its order: slots, then hyper-parameters in the type of the variable."""
        family = FAMILIES[self.rule]
        names = [*family.slots.split(), *order.split()]
        inputs = []
        for name in names:
            if name in self.slots:
                inputs.append(self.get_slot(var, self.slots[name]))
            elif name in given:
                inputs.append(given[name])
            else:
                inputs.append(idioms.cast(self._tensors[name], var.dtype.base_dtype))
        return inputs

    def _attributes(self) -> dict[str, Any]:
        return {"use_locking": self._use_locking} | getattr(self, "options", {})

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        inputs = self._inputs(var, FAMILIES[self.rule].dense, {"grad": grad, "delta": grad})
        return getattr(raw, "Apply" + self.rule)(var, *inputs, **self._attributes()).op

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        given = {"grad": grad.values, "delta": grad.values, "indices": grad.indices}
        inputs = self._inputs(var, FAMILIES[self.rule].sparse, given)
        return getattr(raw, "SparseApply" + self.rule)(var, *inputs, **self._attributes()).op

    def _handles(self, inputs: list[Any]) -> list[Any]:
        return [getattr(i, "handle", i) for i in inputs]

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        inputs = self._inputs(handle, FAMILIES[self.rule].dense, {"grad": grad, "delta": grad})
        return getattr(raw, "ResourceApply" + self.rule)(
            handle.handle, *self._handles(inputs), **self._attributes()
        )

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        given = {"grad": grad, "delta": grad, "indices": indices}
        inputs = self._inputs(handle, FAMILIES[self.rule].sparse, given)
        return getattr(raw, "ResourceSparseApply" + self.rule)(
            handle.handle, *self._handles(inputs), **self._attributes()
        )


class GradientDescentOptimizer(RuleOptimizer):
    """var - learning_rate g."""

    rule = "GradientDescent"
    hyper = {"alpha": ("_learning_rate", "learning_rate")}  # noqa: RUF012

    def __init__(
        self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        scaled = grad.values * idioms.cast(self._tensors["alpha"], var.dtype.base_dtype)
        return var.scatter_sub(
            IndexedSlices(scaled, grad.indices, grad.dense_shape), self._use_locking
        )

    def _resource_apply_sparse_duplicate_indices(self, grad: Any, handle: Any, indices: Any) -> Any:
        return raw.ResourceScatterAdd(handle.handle, indices, -grad * self._learning_rate)


class MomentumOptimizer(RuleOptimizer):
    """Gradient descent with momentum, or with Nesterov's form of it."""

    rule = "Momentum"
    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "momentum": ("_momentum", "momentum"),
    }
    slots = {"accum": "momentum"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate, self._momentum = learning_rate, momentum
        self.options = {"use_nesterov": use_nesterov}

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)


class AdamOptimizer(RuleOptimizer):
    """Adam; epsilon stands outside of the bias correction."""

    rule = "Adam"
    hyper = {  # noqa: RUF012
        "lr": ("_lr", "learning_rate"),
        "beta1": ("_beta1", "beta1"),
        "beta2": ("_beta2", "beta2"),
        "epsilon": ("_epsilon", "epsilon"),
    }
    slots = {"m": "m", "v": "v"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr, self._beta1, self._beta2, self._epsilon = learning_rate, beta1, beta2, epsilon

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        with init_scope():
            graph = current_graph()
            powers = [self._get_non_slot_variable(n, graph) for n in ("beta1_power", "beta2_power")]
            return powers[0], powers[1]

    def _create_slots(self, var_list: Any) -> None:
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        self._create_non_slot_variable(self._beta2, "beta2_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _inputs(self, var: Any, order: str, given: dict[str, Any]) -> list[Any]:
        powers = dict(
            zip(("beta1_power", "beta2_power"), self._get_beta_accumulators(), strict=True)
        )
        cast = {n: idioms.cast(p, var.dtype.base_dtype) for n, p in powers.items()}
        return super()._inputs(var, order, given | cast)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        """All rows of the slots decay, the rows named get the gradient."""

        def scatter(x: Any, rows: Any, values: Any) -> Any:
            return raw.ScatterAdd(x, rows, values, use_locking=self._use_locking)

        return self._apply_sparse_shared(grad.values, var, grad.indices, scatter)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        def scatter(x: Any, rows: Any, values: Any) -> Any:
            with current_graph().control_dependencies(
                [raw.ResourceScatterAdd(x.handle, rows, values)]
            ):
                return x.value()

        return self._apply_sparse_shared(grad, handle, indices, scatter)

    def _apply_sparse_shared(self, grad: Any, var: Any, indices: Any, scatter_add: Any) -> Any:
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = (idioms.cast(p, dtype) for p in self._get_beta_accumulators())
        rate, beta1, beta2, epsilon = (
            idioms.cast(self._tensors[n], dtype) for n in ("lr", "beta1", "beta2", "epsilon")
        )
        alpha = rate * raw.Sqrt(1 - beta2_power) / (1 - beta1_power)
        graph = current_graph()
        m = self.get_slot(var, "m")
        m_values = grad * (1 - beta1)
        m_new = m.assign(m * beta1, use_locking=self._use_locking)
        with graph.control_dependencies([m_new]):
            m_new = scatter_add(m, indices, m_values)
        v = self.get_slot(var, "v")
        v_values = (grad * grad) * (1 - beta2)
        v_new = v.assign(v * beta2, use_locking=self._use_locking)
        with graph.control_dependencies([v_new]):
            v_new = scatter_add(v, indices, v_values)
        root = raw.Sqrt(v_new)
        update = var.assign_sub(alpha * m_new / (root + epsilon), use_locking=self._use_locking)
        return group(update, m_new, v_new)

    def _finish(self, update_ops: Any, name_scope: str) -> Any:
        graph = current_graph()
        with graph.control_dependencies(update_ops):
            beta1_power, beta2_power = self._get_beta_accumulators()
            with graph.colocate_with(beta1_power.op):
                powers = [
                    p.assign(p * self._tensors[n], use_locking=self._use_locking)
                    for p, n in ((beta1_power, "beta1"), (beta2_power, "beta2"))
                ]
        return group(*update_ops, *powers, name=name_scope)


class AdagradOptimizer(RuleOptimizer):
    """Steps divided by the root of the sum of squared gradients so far."""

    rule = "Adagrad"
    hyper = {"lr": ("_learning_rate", "learning_rate")}  # noqa: RUF012
    slots = {"accum": "accumulator"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate, self._initial = learning_rate, initial_accumulator_value

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype, shape = v.dtype.base_dtype, v.get_shape()
            start: Any = Constant(self._initial, dtype)
            if not shape.is_static:
                start = _like(v, self._initial)
            self._get_or_make_slot_with_initializer(
                v, start, shape, dtype, "accumulator", self._name
            )


def _like(v: Any, value: float) -> Any:
    """A function that makes a constant of the shape the variable turns out to have."""

    def make() -> Tensor:
        dtype = v.dtype.base_dtype
        filled: Tensor = raw.Cast(raw.Fill(raw.Shape(v), dtype.numpy.type(value)), DstT=dtype)
        return filled

    return make


class AdadeltaOptimizer(RuleOptimizer):
    """Steps in the ratio of the root mean squares of past steps and gradients."""

    rule = "Adadelta"
    hyper = {  # noqa: RUF012
        "lr": ("_lr", "lr"),
        "rho": ("_rho", "rho"),
        "epsilon": ("_epsilon", "epsilon"),
    }
    slots = {"accum": "accum", "accum_update": "accum_update"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr, self._rho, self._epsilon = learning_rate, rho, epsilon

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "accum", self._name)
            self._zeros_slot(v, "accum_update", self._name)


class RMSPropOptimizer(RuleOptimizer):
    """Steps divided by the root of a running mean of squared gradients, which starts at 1."""

    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "rho": ("_decay", "decay"),
        "momentum": ("_momentum", "momentum"),
        "epsilon": ("_epsilon", "epsilon"),
    }
    slots = {"mg": "mg", "ms": "rms", "mom": "momentum"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate, self._decay = learning_rate, decay
        self._momentum, self._epsilon, self._centered = momentum, epsilon, centered
        self.rule = "CenteredRMSProp" if centered else "RMSProp"

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype, shape = v.dtype.base_dtype, v.get_shape()
            start: Any = Ones(dtype) if shape.is_static else idioms.ones_like(v)
            self._get_or_make_slot_with_initializer(v, start, shape, dtype, "rms", self._name)
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)


class FtrlOptimizer(RuleOptimizer):
    """Follow the regularised leader."""

    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "l1": ("_l1", "l1_regularization_strength"),
        "l2": ("_l2", "l2_regularization_strength"),
        "l2_shrinkage": ("_l2_shrinkage", "l2_shrinkage_regularization_strength"),
        "lr_power": ("_power", "learning_rate_power"),
    }
    slots = {"accum": "accum", "linear": "linear"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: Any = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        signs = {
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for what, value in signs.items():
            if value < 0.0:
                raise ValueError(f"{what} {value} needs to be positive or zero")
        if not callable(learning_rate_power) and learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power} needs to be negative or zero"
            )
        self._learning_rate, self._power = learning_rate, learning_rate_power
        self._initial, self._l1, self._l2 = (
            initial_accumulator_value,
            l1_regularization_strength,
            l2_regularization_strength,
        )
        self._l2_shrinkage = l2_shrinkage_regularization_strength
        self._accum_name, self._linear_name = accum_name, linear_name
        self.rule = "FtrlV2" if self._l2_shrinkage > 0.0 else "Ftrl"

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            with current_graph().colocate_with(v.op):
                start = filled_constant(self._initial, v.dtype.base_dtype, v.get_shape())
                self._get_or_make_slot(v, start, "accum", self._accum_name or self._name)
                self._zeros_slot(v, "linear", self._linear_name or self._name)


class _Proximal(RuleOptimizer):
    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "l1": ("_l1", "l1_regularization_strength"),
        "l2": ("_l2", "l2_regularization_strength"),
    }


class ProximalGradientDescentOptimizer(_Proximal):
    """Gradient descent with the proximal step of l1 and l2."""

    rule = "ProximalGradientDescent"
    hyper = {  # noqa: RUF012
        "alpha": ("_learning_rate", "learning_rate"),
        "l1": ("_l1", "l1_regularization_strength"),
        "l2": ("_l2", "l2_regularization_strength"),
    }

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength


class ProximalAdagradOptimizer(_Proximal):
    """Adagrad with the proximal step of l1 and l2."""

    rule = "ProximalAdagrad"
    slots = {"accum": "accumulator"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate, self._initial = learning_rate, initial_accumulator_value
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            with current_graph().colocate_with(v.op):
                start = filled_constant(self._initial, v.dtype.base_dtype, v.get_shape())
            self._get_or_make_slot(v, start, "accumulator", self._name)


NAMESPACES = {
    "train": [
        "AdadeltaOptimizer",
        "AdagradOptimizer",
        "AdamOptimizer",
        "FtrlOptimizer",
        "GradientDescentOptimizer",
        "MomentumOptimizer",
        "Optimizer",
        "ProximalAdagradOptimizer",
        "ProximalGradientDescentOptimizer",
        "RMSPropOptimizer",
    ]
}
