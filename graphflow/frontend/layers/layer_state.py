"""What a layer has: weights, losses that its weights and results call for, updates that its training calls for."""

from __future__ import annotations

import contextvars
import functools
import inspect
import math
from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.ir import build, stacks
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ir.node import Node, Tensor

#: of the layers that are being called: what they were called with, and whether they are trained
calling: contextvars.ContextVar[tuple[Any, Any] | None] = contextvars.ContextVar(
    "calling", default=None
)


class LayerState:
    """Weights, losses and updates, and whether the layer is trained."""

    name: str
    built: bool
    stateful = False

    def __init__(self, trainable: bool) -> None:
        self.trainable = trainable
        self._trainable_weights: list[Any] = []
        self._non_trainable_weights: list[Any] = []
        self._losses: list[Any] = []
        self._callable_losses: list[Callable[[], Any]] = []
        #: the losses that hold for all inputs
        self._unconditional: list[Any] = []
        #: updates, each with the inputs of the call that made it
        self._updates: list[tuple[Node, Any]] = []
        self._input_spec: Any = None

    # ---- weights -----------------------------------------------------------------------------------

    @property
    def trainable(self) -> bool:
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = value

    @property
    def trainable_weights(self) -> list[Any]:
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        frozen = [] if self.trainable else self._trainable_weights
        return [*frozen, *self._non_trainable_weights]

    @property
    def weights(self) -> list[Any]:
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_variables(self) -> list[Any]:
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        return self.non_trainable_weights

    @property
    def variables(self) -> list[Any]:
        return self.weights

    def count_params(self) -> int:
        """How many numbers the weights hold."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't built. "
                f"You can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return sum(math.prod(v.shape.as_tuple()) for v in self.weights)

    def get_weights(self) -> list[Any]:
        """The values of the weights in the default session."""
        found: list[Any] = _session().run(self.weights)
        return found

    def set_weights(self, weights: Any) -> None:
        """Give the weights these values in the default session."""
        variables = self.weights
        if len(variables) != len(weights):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self.name}" with a  weight list of '
                f"length {len(weights)}, but the layer was expecting {len(variables)} weights."
            )
        for variable, value in zip(variables, weights, strict=True):
            if not variable.shape.is_compatible_with(value.shape):
                raise ValueError(
                    f"Layer weight shape {variable.shape} not compatible with provided weight "
                    f"shape {value.shape}"
                )
        for variable, value in zip(variables, weights, strict=True):
            variable.load(value, _session())

    @property
    def input_spec(self) -> Any:
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        for spec in nest.flatten(value):
            if spec is not None and not isinstance(spec, InputSpec):
                raise TypeError(f"Layer input_spec must be an instance of InputSpec. Got: {spec}")
        self._input_spec = value

    # ---- losses ------------------------------------------------------------------------------------

    @property
    def losses(self) -> list[Any]:
        """The losses; those of weights are computed by new nodes each time that they are asked for."""
        made = (loss() for loss in self._callable_losses)
        return [*self._losses, *(loss for loss in made if loss is not None)]

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Take down losses: tensors, or functions that make them."""
        for loss in nest.flatten(losses):
            if callable(loss):
                self._callable_losses.append(functools.partial(self._noted, loss, inputs))
            elif loss is not None:
                self._losses.append(self._noted(loss, inputs))

    def _noted(self, given: Any, inputs: Any) -> Any:
        loss = given() if callable(given) else given
        if loss is None:
            return None
        if not hasattr(loss, "_as_tensor"):
            loss = convert(loss, float32)
        if inputs is None:
            self._unconditional.append(loss)
        return loss

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """The losses that depend on these inputs; with None, those that depend on no input."""
        losses = self.losses
        free = {id(loss) for loss in self._unconditional}
        if inputs is None:
            return [loss for loss in losses if id(loss) in free]
        return [x for x in losses if id(x) not in free and depends(x.op, nest.flatten(inputs))]

    # ---- updates -----------------------------------------------------------------------------------

    @property
    def updates(self) -> list[Node]:
        if not self.trainable and not self.stateful:
            return []
        return [update for update, _ in self._updates]

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Take down nodes that must run in each step of training."""
        context = calling.get()
        for update in updates if isinstance(updates, list | tuple) else [updates]:
            made = update() if callable(update) else update
            node = made if isinstance(made, Node) else (made.op if hasattr(made, "op") else made)
            if not isinstance(node, Node):
                node = convert(node).node
            self._updates.append((node, None if context is None else context[0]))

    def get_updates_for(self, inputs: Any) -> list[Node]:
        """The updates that depend on these inputs; with None, those that depend on no input."""
        made_for = [(update, depends(update, nest.flatten(own))) for update, own in self._updates]
        if inputs is None:
            return [update for update, conditional in made_for if not conditional]
        wanted = nest.flatten(inputs)
        return [u for u, conditional in made_for if conditional and depends(u, wanted)]


def depends(node: Node, tensors: list[Any]) -> bool:
    """Whether a node cannot run without these tensors."""
    wanted = {t for t in tensors if isinstance(t, Tensor)}
    seen: set[Node] = set()
    ahead = [node]
    while ahead:
        at = ahead.pop()
        if not wanted.isdisjoint(at.inputs):
            return True
        before = {*(t.node for t in at.inputs), *at.controls} - seen
        seen |= before
        ahead.extend(before)
    return False


@functools.cache
def parameters(function: Any) -> tuple[str, ...]:
    """The names of the parameters that may be given by position."""
    found = inspect.signature(function).parameters.values()
    by_position = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)
    return tuple(p.name for p in found if p.kind in by_position)


def take_down(elements: Any, collection: str) -> None:
    """Add to a collection of the graph what is not in it yet."""
    kept = build.current_graph().get_collection_ref(collection)
    if not elements:
        return
    have = {id(e) for e in kept}
    for element in nest.flatten(elements):
        if id(element) not in have:
            kept.append(element)
            have.add(id(element))


def _session() -> Any:
    session = stacks.get_default_session()
    if session is None:
        raise ValueError(
            "the values of weights live in a session: do this inside `with tf.Session()`"
        )
    return session
