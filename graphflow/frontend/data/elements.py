"""Elements as structures of specs, and as flat lists of tensors."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.data import nesting
from graphflow.frontend.data.specs import SparseTensorSpec, TensorSpec, TypeSpec, spec_of
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops.bodies import loosened


def normalized(element: Any) -> Any:
    """A structure of Python values as one of tensors, sparse tensors and datasets."""
    with build.name_scope(None, "normalize_element"):
        leaves = enumerate(nesting.flatten(element))
        return nesting.pack(element, [_normalized_leaf(i, leaf) for i, leaf in leaves])


def _normalized_leaf(i: int, value: Any) -> Any:
    if is_sparse(value):
        return value if isinstance(value, SparseTensor) else SparseTensor.from_value(value)
    if spec_of(value) is not None and not isinstance(value, Tensor):
        return value
    return convert(value, name=f"component_{i}")


def structure_of(element: Any) -> Any:
    """The specs of a structure of values; TypeError for what no dataset can hold."""
    found = spec_of(element)
    if found is not None:
        return found
    if nesting.is_nested(element):
        leaves = nesting.flatten(element)
        return nesting.pack(element, [structure_of(leaf) for leaf in leaves])
    try:
        return spec_of(convert(element))
    except (TypeError, ValueError):
        raise TypeError(
            f"Could not build a TypeSpec for {element!r} with type {type(element).__name__}"
        ) from None


def flat_specs(structure: Any) -> list[TensorSpec]:
    """The tensors that an element of that structure is passed on as."""
    return [flat for spec in nesting.flatten(structure) for flat in spec.flat_specs()]


def flat_types(structure: Any) -> list[DType]:
    return [spec.dtype for spec in flat_specs(structure)]


def flat_shapes(structure: Any) -> list[TensorShape]:
    return [spec.shape for spec in flat_specs(structure)]


def declared(structure: Any) -> dict[str, Any]:
    """The attributes by which a dataset op says what its elements are."""
    return {"output_types": flat_types(structure), "output_shapes": flat_shapes(structure)}


def to_tensors(structure: Any, element: Any) -> list[Tensor]:
    nesting.check_same(structure, element)
    pairs = zip(nesting.flatten(structure), nesting.flatten(element), strict=True)
    return [t for spec, value in pairs for t in spec.to_tensors(value)]


def to_batched_tensors(structure: Any, element: Any) -> list[Tensor]:
    nesting.check_same(structure, element)
    pairs = zip(nesting.flatten(structure), nesting.flatten(element), strict=True)
    return [t for spec, value in pairs for t in spec.to_batched_tensors(value)]


def from_tensors(structure: Any, tensors: list[Tensor]) -> Any:
    """The element that a flat list of tensors stands for."""
    left = list(tensors)
    found = []
    for spec in nesting.flatten(structure):
        count = len(spec.flat_specs())
        found.append(spec.from_tensors(left[:count]))
        del left[:count]
    if left:
        raise ValueError(f"{len(left)} tensors are left over")
    return nesting.pack(structure, found)


def loose(shapes: list[TensorShape]) -> list[TensorShape]:
    """Shapes whose unknown sizes are nobody else's: each element may have other ones."""
    return [loosened(shape) for shape in shapes]


def batched(structure: Any, size: int | None) -> Any:
    return nesting.mapped(lambda spec: spec.batched(size), structure)


def unbatched(structure: Any) -> Any:
    return nesting.mapped(lambda spec: spec.unbatched(), structure)


# ---- types, shapes and classes: how structures were told before there were specs --------------------


def legacy_types(structure: Any) -> Any:
    return nesting.mapped(lambda spec: spec.legacy()[0], structure)


def legacy_shapes(structure: Any) -> Any:
    return nesting.mapped(lambda spec: spec.legacy()[1], structure)


def legacy_classes(structure: Any) -> Any:
    return nesting.mapped(lambda spec: spec.legacy()[2], structure)


def from_legacy(types: Any, shapes: Any, classes: Any) -> Any:
    """The specs for structures of types, shapes and classes."""
    flat = (nesting.flatten(s) for s in (types, shapes, classes))
    return nesting.pack(classes, [_spec(*leaves) for leaves in zip(*flat, strict=True)])


def _spec(dtype: Any, shape: Any, kind: Any) -> TypeSpec:
    if isinstance(kind, TypeSpec):
        return kind
    if issubclass(kind, SparseTensor):
        return SparseTensorSpec(shape, dtype)
    if issubclass(kind, Tensor):
        return TensorSpec(shape, dtype)
    raise TypeError(f"Could not build a structure for output class {kind!r}")


def completed(types: Any, shapes: Any, classes: Any) -> tuple[Any, Any, Any]:
    """Types, shapes and classes where only the types need be given."""
    types = nesting.mapped(as_dtype, types)
    if shapes is None:
        shapes = nesting.mapped(lambda _: TensorShape(None), types)
    else:
        shapes = nesting.mapped_up_to(types, as_shape, shapes)
    if classes is None:
        classes = nesting.mapped(lambda _: Tensor, types)
    nesting.check_same(types, shapes)
    return types, shapes, classes
