"""tf.test: a TestCase with TensorFlow's assertions, and gradients checked by finite differences."""

from __future__ import annotations

import os
import random
import re
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.autodiff import gradients
from graphflow.ir import build, raw, stacks
from graphflow.ir.convert import const, convert
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.session import Session

_SEED = 87654321


def get_temp_dir() -> str:
    """A folder for the files of this test run."""
    if not _folders:
        _folders.append(tempfile.mkdtemp(prefix="graphflow_test_"))
    return _folders[0]


_folders: list[str] = []


class TestCase(unittest.TestCase):
    """unittest's TestCase with a graph and sessions of its own."""

    __test__ = False

    def __init_subclass__(cls) -> None:
        if "__test__" not in cls.__dict__:
            cls.__test__ = True

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self._cached: Any = None
        self._tempdir: str | None = None

    def setUp(self) -> None:
        random.seed(_SEED)
        np.random.seed(_SEED)  # noqa: NPY002  as TensorFlow does
        if not stacks.graph_stack():
            build.reset_default_graph()
        build.current_graph().seed = _SEED

    def tearDown(self) -> None:
        if self._cached is not None:
            self._cached.close()
        self._cached = None

    def get_temp_dir(self) -> str:
        if self._tempdir is None:
            self._tempdir = tempfile.mkdtemp(dir=get_temp_dir())
        return self._tempdir

    # ---- sessions ----------------------------------------------------------------------------------

    @contextmanager
    def session(
        self,
        graph: Graph | None = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Session]:
        with Session(graph=graph, config=config) as sess:
            yield sess

    @contextmanager
    def cached_session(
        self,
        graph: Graph | None = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Iterator[Any]:
        """One session for the whole test."""
        if self._cached is None:
            self._cached = Session(graph=graph, config=config)
        with self._cached.graph.as_default(), self._cached.as_default():
            yield self._cached

    test_session = cached_session

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors in the default session."""
        session = stacks.get_default_session()
        if session is None:
            with self.cached_session() as cached:
                return cached.run(tensors)
        return session.run(tensors)

    def _array(self, value: Any) -> Any:
        return np.asarray(
            self.evaluate(value)
            if isinstance(value, Tensor | Node) or hasattr(value, "_as_tensor")
            else value
        )

    # ---- assertions --------------------------------------------------------------------------------

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: Any = None
    ) -> None:
        if isinstance(a, dict):
            self.assertEqual(sorted(a), sorted(b))
            for key in a:
                self.assertAllClose(a[key], b[key], rtol, atol, f"{msg or ''} at {key!r}")
            return
        if isinstance(a, list | tuple) and any(
            isinstance(x, list | tuple | dict | Tensor | np.ndarray) for x in a
        ):
            self.assertEqual(len(a), len(b))
            for x, y in zip(a, b, strict=True):
                self.assertAllClose(x, y, rtol, atol, msg)
            return
        x, y = self._array(a), self._array(b)
        self.assertEqual(
            x.shape, y.shape, f"Shape mismatch: expected {x.shape}, got {y.shape}. {msg or ''}"
        )
        if np.result_type(x.dtype if x.dtype.kind in "fc" else float, x.dtype) == np.float16:
            rtol, atol = max(rtol, 1e-3), max(atol, 1e-3)
        np.testing.assert_allclose(x, y, rtol, atol, err_msg=str(msg or ""))

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: Any = None,
    ) -> None:
        bounds = {
            "float32": (float_rtol, float_atol),
            "complex64": (float_rtol, float_atol),
            "float16": (half_rtol, half_atol),
            "bfloat16": (bfloat16_rtol, bfloat16_atol),
        }
        for value in (a, b):
            r, t = bounds.get(self._array(value).dtype.name, (rtol, atol))
            rtol, atol = max(rtol, r), max(atol, t)
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertNotAllClose(self, a: Any, b: Any, **kwargs: Any) -> None:
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        raise AssertionError("The two values are close at all elements")

    def assertAllEqual(self, a: Any, b: Any, msg: Any = None) -> None:
        x, y = self._array(a), self._array(b)
        self.assertEqual(
            x.shape, y.shape, f"Shape mismatch: expected {x.shape}, got {y.shape}. {msg or ''}"
        )
        np.testing.assert_array_equal(x, y, err_msg=str(msg or ""))

    def assertNotAllEqual(self, a: Any, b: Any, msg: Any = None) -> None:
        try:
            self.assertAllEqual(a, b)
        except AssertionError:
            return
        raise AssertionError(f"The two values are equal at all elements. {msg or ''}")

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        self.assertTrue(np.all(self._array(a) > comparison_target))

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        self.assertTrue(np.all(self._array(a) < comparison_target))

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        self.assertTrue(np.all(self._array(a) >= comparison_target))

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        self.assertTrue(np.all(self._array(a) <= comparison_target))

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        x = self._array(target)
        above = x > lower_bound if open_lower_bound else x >= lower_bound
        below = x < upper_bound if open_upper_bound else x <= upper_bound
        self.assertTrue(np.all(above & below), f"{x} is not all in [{lower_bound}, {upper_bound}]")

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        self.assertTrue(np.all(np.isin(self._array(target), list(expected_set))))

    def assertNear(self, f1: float, f2: float, err: float, msg: Any = None) -> None:
        self.assertTrue(f1 == f2 or abs(f1 - f2) <= err, f"{f1} != {f2} +/- {err} {msg or ''}")

    def assertArrayNear(self, farray1: Any, farray2: Any, err: float, msg: Any = None) -> None:
        self.assertEqual(len(farray1), len(farray2), msg)
        for x, y in zip(farray1, farray2, strict=True):
            self.assertNear(float(x), float(y), err, msg)

    def assertNDArrayNear(self, ndarray1: Any, ndarray2: Any, err: float, msg: Any = None) -> None:
        self.assertLess(
            float(np.linalg.norm(self._array(ndarray1) - self._array(ndarray2))), err, msg
        )

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: Any = None) -> None:
        self.assertEqual(list(np.shape(np_array)), tf_tensor.get_shape().as_list(), msg)

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        self.assertEqual(self._array(target).dtype, expected_dtype)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: Any = None) -> None:
        self.assertEqual(str(device1 or ""), str(device2 or ""), msg)

    def assertStartsWith(self, actual: str, expected_start: str, msg: Any = None) -> None:
        self.assertTrue(actual.startswith(expected_start), msg)

    def assertItemsEqual(self, first: Any, second: Any, msg: Any = None) -> None:
        self.assertCountEqual(first, second, msg)

    def assertRaisesRegexp(self, *args: Any, **kwargs: Any) -> Any:
        return self.assertRaisesRegex(*args, **kwargs)

    @contextmanager
    def assertRaisesWithPredicateMatch(self, exception_type: Any, predicate: Any) -> Iterator[None]:
        """Raises, and the message matches a pattern or a predicate says yes."""
        try:
            yield
        except exception_type as error:
            fits = predicate(error) if callable(predicate) else re.search(predicate, str(error))
            if not fits:
                raise AssertionError(
                    f"Exception of type {type(error)}: {error} does not match"
                ) from error
        else:
            raise AssertionError(f"{exception_type.__name__} not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Any:
        return self.assertRaisesWithPredicateMatch(errors.OpError, expected_err_re_or_predicate)


def main(argv: Any = None) -> None:
    """Run the tests of the script."""
    unittest.main(argv=argv)


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: Any = None) -> bool:
    return False


def is_built_with_cuda() -> bool:
    return False


is_built_with_gpu_support = is_built_with_rocm = is_built_with_cuda


def gpu_device_name() -> str:
    return ""


def test_src_dir_path(relative_path: str) -> str:
    return os.path.join(os.getcwd(), relative_path)


test_src_dir_path.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> Any:
    """The Jacobian of y by x twice: by its gradient, and by finite differences."""
    several = isinstance(x, list)
    session = stacks.get_default_session()
    if session is None:
        raise ValueError("compute_gradient needs a default session: `with sess.as_default():`")
    if init_targets is not None:
        session.run(init_targets)
    xs, shapes = (x, x_shape) if several else ([x], [x_shape])
    starts = x_init_value if several else [x_init_value]
    values = [
        np.random.random_sample(s) if v is None else np.array(v)  # noqa: NPY002
        for s, v in zip(shapes, starts or [None] * len(xs), strict=True)
    ]
    values = [v.astype(t.dtype.numpy) for v, t in zip(values, xs, strict=True)]
    feed = dict(zip(xs, values, strict=True)) | (extra_feed_dict or {})
    zeros = const(np.zeros(y_shape, y.dtype.numpy), y.dtype.base_dtype)
    # which component of y is differentiated is fed
    seed = raw.PlaceholderWithDefault(zeros, shape=y_shape)
    pairs = [
        (
            _by_rule(session, v.size, y_shape, g, seed, feed),
            _by_step(session, t, v, y, feed, delta),
        )
        for t, v, g in zip(xs, values, gradients(y, xs, grad_ys=seed), strict=True)
    ]
    return pairs if several else pairs[0]


def _by_rule(session: Any, rows: int, y_shape: Any, grad: Any, seed: Any, feed: Any) -> Any:
    """A column for each component of y, from the symbolic gradient."""
    columns = int(np.prod(y_shape))
    found = np.zeros((rows, columns))
    if grad is None:
        return found
    dense = convert(grad)
    for j in range(columns):
        one = np.zeros(columns)
        one[j] = 1
        found[:, j] = session.run(dense, {**feed, seed: one.reshape(y_shape)}).ravel()
    return found


def _by_step(session: Any, x: Any, value: Any, y: Any, feed: Any, delta: float) -> Any:
    """A row for each component of x, from steps to both sides."""
    rows = []
    for i in range(value.size):
        ends = []
        for sign in (1, -1):
            moved = value.copy().reshape(-1)
            moved[i] += sign * delta
            ends.append(
                session.run(y, {**feed, x: moved.reshape(value.shape)}).ravel().astype(float)
            )
        rows.append((ends[0] - ends[1]) / (2 * delta))
    return np.array(rows)


def compute_gradient_error(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> float:
    """The greatest difference between the two Jacobians of compute_gradient."""
    found = compute_gradient(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )
    pairs = found if isinstance(x, list) else [found]
    return max(float(np.max(np.abs(a - b), initial=0)) for a, b in pairs)


NAMESPACES = {
    "test": [
        "TestCase",
        "compute_gradient",
        "compute_gradient_error",
        "get_temp_dir",
        "gpu_device_name",
        "is_built_with_cuda",
        "is_built_with_gpu_support",
        "is_built_with_rocm",
        "is_gpu_available",
        "main",
        "test_src_dir_path",
    ]
}
