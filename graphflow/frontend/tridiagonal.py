"""Products with and systems of matrices that are zero but for three diagonals."""

from __future__ import annotations

from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Tensor
from graphflow.ops.arrays import stack, transpose
from graphflow.ops.matrix_idioms import diag_part, matrix_transpose
from graphflow.ops.reduce_idioms import conj

__all__: list[str] = []


def tridiagonal_solve(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    transpose_rhs: bool = False,
    conjugate_rhs: bool = False,
    name: str | None = None,
    partial_pivoting: bool = True,
) -> Any:
    """The x with a x = rhs, where a is given by its diagonals or whole."""
    if diagonals_format == "sequence":
        diagonals = _from_sequence(diagonals)
    elif diagonals_format == "matrix":
        diagonals = _from_matrix(diagonals)
    elif diagonals_format != "compact":
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    return _solved(diagonals, rhs, transpose_rhs, conjugate_rhs, partial_pivoting, name)


def _from_sequence(diagonals: Any) -> Tensor:
    if not isinstance(diagonals, tuple | list) or len(diagonals) != 3:
        raise ValueError("Expected diagonals to be a sequence of length 3.")
    above, main, below = diagonals
    if not all(d.shape[:-1].is_compatible_with(main.shape[:-1]) for d in (above, below)):
        raise ValueError(
            "Tensors representing the three diagonals must have the same shape, except for the "
            f"last dimension, got {below.shape}, {main.shape}, {above.shape}"
        )
    size = main.shape[-1].value
    below = _filled(below, size, "subdiagonal", [1, 0])
    above = _filled(above, size, "superdiagonal", [0, 1])
    return stack((above, main, below), axis=-2)


def _filled(diagonal: Any, size: int | None, name: str, padding: list[int]) -> Any:
    """A diagonal beside the main one, one element longer than it need be."""
    length = diagonal.shape[-1].value
    if not length or length == size:
        return diagonal
    if size is None or length != size - 1:
        shorter = None if size is None else size - 1
        raise ValueError(f"Expected {name} to have length {size} or {shorter}, got {length}.")
    return raw.Pad(diagonal, [[0, 0]] * (len(diagonal.shape) - 1) + [padding])


def _from_matrix(matrix: Any) -> Any:
    columns, rows = matrix.shape[-1].value, matrix.shape[-2].value
    if columns and rows and columns != rows:
        raise ValueError(
            f"Expected last two dimensions of diagonals to be same, got {columns} and {rows}"
        )
    size = columns or rows
    if not size:
        raise ValueError('The size of the matrix needs to be known for diagonals_format="matrix"')
    nowhere = [0, 0]
    places = [
        [[1, 0], [0, 0], nowhere],
        *([[i + 1, i], [i, i], [i - 1, i]] for i in range(1, size - 1)),
        [nowhere, [size - 1, size - 1], [size - 2, size - 1]],
    ]
    return transpose(raw.GatherNd(transpose(matrix), places))


def _solved(
    diagonals: Any, rhs: Any, flip: bool, conjugate: bool, pivoting: bool, name: str | None
) -> Any:
    depth, rank = len(diagonals.shape), len(rhs.shape)
    if depth < 2:
        raise ValueError(f"Expected diagonals to have rank at least 2, got {depth}")
    if rank not in (depth, depth - 1):
        raise ValueError(f"Expected the rank of rhs to be {depth - 1} or {depth}, got {rank}")
    if diagonals.shape[-2].value not in (None, 3):
        raise ValueError(f"Expected 3 diagonals got {diagonals.shape[-2]}")
    if not diagonals.shape[:-2].is_compatible_with(rhs.shape[: depth - 2]):
        raise ValueError(
            f"Batch shapes {diagonals.shape[:-2]} and {rhs.shape[: depth - 2]} are incompatible"
        )
    if rank == depth - 1:
        rhs = raw.ExpandDims(conj(rhs) if conjugate else rhs, -1)
        _check_sides(diagonals, rhs)
        found = raw.TridiagonalSolve(diagonals, rhs, partial_pivoting=pivoting, name=name)
        return raw.Squeeze(found, squeeze_dims=[-1])
    if flip:
        rhs = matrix_transpose(rhs, conjugate=conjugate)
    elif conjugate:
        rhs = conj(rhs)
    _check_sides(diagonals, rhs)
    found = raw.TridiagonalSolve(diagonals, rhs, partial_pivoting=pivoting, name=name)
    return matrix_transpose(found) if flip else found


def _check_sides(diagonals: Any, rhs: Any) -> None:
    left, right = diagonals.shape[-1].value, rhs.shape[-2].value
    if left and right and left != right:
        raise ValueError(
            "Expected number of left-hand sided and right-hand sides to be equal, "
            f"got {left} and {right}"
        )


def tridiagonal_matmul(
    diagonals: Any, rhs: Any, diagonals_format: str = "compact", name: str | None = None
) -> Any:
    """a rhs, where a is given by its diagonals or whole."""
    if diagonals_format == "compact":
        above, main, below = (diagonals[..., i, :] for i in range(3))
    elif diagonals_format == "sequence":
        above, main, below = diagonals
    elif diagonals_format == "matrix":
        above, main, below = _lines(diagonals)
    else:
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    rows = [raw.ExpandDims(d, -2) for d in (above, main, below)]
    return raw.TridiagonalMatMul(*rows, rhs, name=name)


def _lines(matrix: Any) -> tuple[Any, Any, Any]:
    """The diagonals above, on and below the main one."""
    columns, rows = matrix.shape[-1].value, matrix.shape[-2].value
    if not columns or not rows:
        raise ValueError('The size of the matrix needs to be known for diagonals_format="matrix"')
    if columns != rows:
        raise ValueError(
            f"Expected last two dimensions of diagonals to be same, got {columns} and {rows}"
        )
    main = diag_part(matrix)
    flipped = transpose(matrix)
    above = [*([i + 1, i] for i in range(columns - 1)), [0, 0]]
    below = [[0, 0], *([i - 1, i] for i in range(1, columns))]
    first = transpose(raw.GatherNd(flipped, above))
    return first, main, transpose(raw.GatherNd(flipped, below))


NAMESPACES = {"linalg": ["tridiagonal_matmul", "tridiagonal_solve"]}
