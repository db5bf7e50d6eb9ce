"""Record TensorFlow 1.15.5's random numbers for tests/numeric/random: `python record_random.py [GROUP...]`.

Run it with a Python that has TensorFlow 1.15.5. A group becomes GROUP.json: a list of cases, each with the function
of graphflow.numeric.random to call, its arguments, the seeds of its stream, and the results of three runs. Of an
array are kept its type, its shape, its first values and the SHA-256 of its bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import pathlib
import subprocess
import sys

import numpy as np
import tensorflow as tf
from tensorflow.python.ops import gen_candidate_sampling_ops as candidate_ops
from tensorflow.python.ops import gen_data_flow_ops as queue_ops
from tensorflow.python.ops import gen_random_ops as random_ops
from tensorflow.python.ops import gen_stateless_random_ops as stateless_ops

HERE = pathlib.Path(__file__).resolve().parent
RUNS = 3
THREADS = 1
FLOATS = "float16", "float32", "float64"
SHAPES = [], [1], [3], [5], [257], [7, 11, 13], [2, 0, 3], [100003]
SEEDS = (42, 3), (87654321, 1), (0, 2**31 - 1), (2**40 + 12345, 2**35 + 7), (-5, -7), (6, 0)


def described(array, run):
    """What is kept of an array; its first values are for the reader."""
    array = np.asarray(array)
    name = array.dtype.name
    plain = array.view(np.uint16) if name == "bfloat16" else array
    if array.dtype.kind == "f":
        # One NaN for all: a processor may give it a sign.
        plain = np.where(np.isnan(array), array.dtype.type(np.nan), array)
    kept = {
        "dtype": name,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(np.ascontiguousarray(plain).tobytes()).hexdigest(),
    }
    if run == 0:
        number = int if array.dtype.kind in "iu" else float
        kept["first"] = [number(v) for v in array.reshape(-1)[:4]]
    return kept


def array(values, dtype="float32"):
    """An argument that is an array, element by element."""
    value = np.array(values, dtype)
    return {"array": value.reshape(-1).tolist(), "shape": list(value.shape), "dtype": dtype}


def ramp(shape, times=1.0, plus=0.0, dtype="float32", **modulo):
    """An argument that is an array of times * i + plus, maybe mod `modulo`, in double, then cast."""
    return dict(modulo, times=times, plus=plus, shape=list(shape), dtype=dtype)


def made(argument):
    """The argument as TensorFlow takes it."""
    if not isinstance(argument, dict):
        return argument
    if "array" in argument:
        return np.array(argument["array"], argument["dtype"]).reshape(argument["shape"])
    count = int(np.prod(argument["shape"]))
    value = np.arange(count) * argument["times"] + argument["plus"]
    if "modulo" in argument:
        value = np.fmod(value, argument["modulo"])
    return value.astype(argument["dtype"]).reshape(argument["shape"])


class Recorder:
    """Collects calls in one graph, runs them together, and keeps what came out."""

    def __init__(self):
        self.graph = tf.Graph()
        self.cases = []
        self.fetches = []

    def add(self, build, function, arguments, seeds=(42, 3), **facts):
        """Record that `function(stream of seeds, **arguments)` gives what `build(*values, seed, seed2)` gives."""
        with self.graph.as_default():
            values = [made(value) for value in arguments.values()]
            fetch = build(*values, seed=seeds[0], seed2=seeds[1])
        case = {"function": function, "arguments": arguments, "seeds": list(seeds)}
        case.update(facts)
        self.cases.append(case)
        self.fetches.append(list(fetch) if isinstance(fetch, tuple) else [fetch])

    def finish(self):
        """The cases with the results of their runs."""
        config = tf.compat.v1.ConfigProto(
            intra_op_parallelism_threads=THREADS, inter_op_parallelism_threads=1
        )
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        with tf.compat.v1.Session(graph=self.graph, config=config) as session:
            runs = [session.run(self.fetches) for _ in range(RUNS)]
        return [
            dict(case, runs=[[described(a, n) for a in run[i]] for n, run in enumerate(runs)])
            for i, case in enumerate(self.cases)
        ]


def shaped(op, dtype):
    return lambda shape, _dtype, **seeds: op(np.array(shape, np.int32), tf.as_dtype(dtype), **seeds)


def as_vector(op):
    """`op` of a shape that is a Python list: an empty one would make a vector of floats."""
    return lambda shape, *values, **seeds: op(np.array(shape, np.int32), *values, **seeds)


def continuous():
    recorder = Recorder()
    ops = {
        "random_uniform": random_ops.random_uniform,
        "random_standard_normal": random_ops.random_standard_normal,
        "truncated_normal": random_ops.truncated_normal,
    }
    for (name, op), dtype in itertools.product(ops.items(), (*FLOATS, "bfloat16")):
        for shape in SHAPES:
            recorder.add(shaped(op, dtype), name, {"shape": shape, "dtype": dtype})
        for seeds in SEEDS[1:]:
            recorder.add(shaped(op, dtype), name, {"shape": [1001], "dtype": dtype}, seeds)
    return recorder.finish()


def integers():
    recorder = Recorder()
    ranges = {
        "int32": [(0, 100), (-5, 1000003), (-(2**31), 2**31 - 1), (7, 8), (-9, -3), (0, 2**30)],
        "int64": [(-7, 10**15 + 1), (0, 3), (-(2**63), 2**63 - 1), (0, 2**62), (-9, -8)],
    }
    for dtype, bounds in ranges.items():

        def build(shape, low, high, dtype, **seeds):
            bounds = np.array([low, high], dtype)
            return random_ops.random_uniform_int(np.array(shape, np.int32), *bounds, **seeds)

        for low, high in bounds:
            for shape in SHAPES:
                arguments = {"shape": shape, "low": low, "high": high, "dtype": dtype}
                recorder.add(build, "random_uniform_int", arguments)
        for seeds in SEEDS[1:]:
            arguments = {"shape": [1001], "low": -17, "high": 12345, "dtype": dtype}
            recorder.add(build, "random_uniform_int", arguments, seeds)
    return recorder.finish()


def shuffles():
    recorder = Recorder()
    shapes = (
        [1],
        [2],
        [3],
        [4],
        [5],
        [6],
        [10],
        [257],
        [60001],
        [5, 3],
        [1, 5],
        [4, 1],
        [3, 0],
        [0, 3],
    )
    for shape in (*shapes, [2, 2, 2], []):
        value = ramp(shape, dtype="int32")
        recorder.add(random_ops.random_shuffle, "random_shuffle", {"value": value})
    for seeds in SEEDS[1:]:
        value = ramp([99, 2], dtype="float64")
        recorder.add(random_ops.random_shuffle, "random_shuffle", {"value": value}, seeds)
    return recorder.finish()


def multinomials():
    recorder = Recorder()
    inf, nan = np.inf, np.nan
    skewed = np.log([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]]).tolist()

    def build(logits, samples, dtype, **seeds):
        return random_ops.multinomial(logits, samples, output_dtype=tf.as_dtype(dtype), **seeds)

    def add(logits, samples, dtype="int64", seeds=(42, 3)):
        arguments = {"logits": logits, "num_samples": samples, "dtype": dtype}
        recorder.add(build, "multinomial", arguments, seeds)

    for dtype, samples in itertools.product(FLOATS, (0, 1, 4, 9, 2000)):
        add(array(skewed, dtype), samples)
    for odd in (
        [[inf, 1, 2]],
        [[-inf, 1, -inf]],
        [[nan, 0, 1]],
        [[-inf] * 3],
        [[nan, nan], [1, 2]],
    ):
        add(array(odd), 7, "int32")
    for rows, classes, samples in (
        (0, 4, 3),
        (1, 10, 5),
        (1, 5000, 30),
        (3, 1, 4),
        (37, 500, 11),
        (300, 7, 50),
        (64, 1000, 1),
        (1000, 10, 1),
        (129, 40, 129),
        (17, 3000, 200),
    ):
        add(ramp([rows, classes], 1e-4, -1.0), samples)
    for seeds in SEEDS[1:]:
        add(ramp([5, 7], 0.03), 6, seeds=seeds)
    return recorder.finish()


def rejections():
    """Gamma, Poisson and truncated normal values with parameters."""
    recorder = Recorder()
    inf, nan = np.inf, np.nan
    for dtype, shape in itertools.product(FLOATS, ([501], [], [3, 2], [0], [10001])):
        for alpha in ([0.5, 2.5], 1.0, [[0.01, 1.0, 30.0], [1e4, 0.999, 1.001]]):
            if shape == [10001] and alpha != [0.5, 2.5]:
                continue
            arguments = {"shape": shape, "alpha": array(alpha, dtype)}
            recorder.add(as_vector(random_ops.random_gamma), "random_gamma", arguments)
    for alpha in ([-1.0, 0.0, nan, inf, 1e-30, 1e30], [-0.3], []):
        recorder.add(
            as_vector(random_ops.random_gamma),
            "random_gamma",
            {"shape": [40], "alpha": array(alpha)},
        )
    arguments = {"shape": [3001], "alpha": array([1e6, 1e10, 1e14], "float64")}
    recorder.add(as_vector(random_ops.random_gamma), "random_gamma", arguments)
    for seeds in SEEDS[1:]:
        arguments = {"shape": [300], "alpha": array([0.7, 1.0, 5.0])}
        recorder.add(as_vector(random_ops.random_gamma), "random_gamma", arguments, seeds)

    def poisson(shape, rate, dtype, **seeds):
        return random_ops.random_poisson_v2(
            np.array(shape, np.int32), rate, dtype=tf.as_dtype(dtype), **seeds
        )

    def add(shape, rate, dtype, seeds=(42, 3)):
        recorder.add(
            poisson, "random_poisson", {"shape": shape, "rate": rate, "dtype": dtype}, seeds
        )

    for dtype in (*FLOATS, "int32", "int64"):
        for shape in ([301], [], [3, 2], [0]):
            add(shape, array([0.5, 20.0]), dtype)
        add([200], array([0.0, 9.99, 10.0, 11.0, 1000.0, 6e4], "float64"), dtype)
        add([10001], array(3.0), dtype)
        add([10001], array(40.0), dtype)
        add([50], array([-1.0, -0.0, -200.0]), dtype)
    for dtype in ("int32", "int64", "float16"):
        add([100], array([[1, 5], [12, 300]], dtype), "int64")
    add([300], array([65504.0, 65900.0]), "float16")
    add([300], array([2147483647.0, 2147540000.0], "float64"), "int32")
    add([300], array([1e12, 1e30, 1e300], "float64"), "float64")
    add([3001], array([1e6, 1e9, 1e14], "float64"), "float64")
    add([30], array([inf]), "float32")
    for seeds in SEEDS[1:]:
        add([300], array([2.0, 50.0]), "float32", seeds)

    for dtype in FLOATS:
        for shape, parameters in (
            ([4], (0, 1, -1, 1)),
            ([0], (0, 1, -1, 1)),
            ([1000], (0, 1, -1, 1)),
            ([1000], (0, 1, -2, 2)),
            ([37, 11], (1, 2, -5, 0.5)),
            ([300], (0, 1, 5, inf)),
            ([300], (0, 1, 5, 5.1)),
            ([300], (0, 1, -inf, -4)),
            ([300], (3, 2, 1, 2.9)),
            ([300], (0, 1, 30, 31)),
            ([2, 40], ([0, 10], [1, 1], [-1, 9], [1, 11])),
            ([3, 40], ([0, 10, 1], [1, 0.5, 2], [-3, 12, 1.5], [1, inf, 1.8])),
            ([2, 40], (0, 1, [-3, 1], [3, 2])),
        ):
            names = "means", "stdevs", "minvals", "maxvals"
            arguments = {"shape": shape}
            arguments.update(zip(names, (array(p, dtype) for p in parameters)))
            op = as_vector(random_ops.parameterized_truncated_normal)
            recorder.add(op, "parameterized_truncated_normal", arguments)
    return recorder.finish()


def candidates():
    recorder = Recorder()
    ops = {
        "UniformSampler": candidate_ops.uniform_candidate_sampler,
        "LogUniformSampler": candidate_ops.log_uniform_candidate_sampler,
        "LearnedUnigramSampler": candidate_ops.learned_unigram_candidate_sampler,
        "FixedUnigramSampler": candidate_ops.fixed_unigram_candidate_sampler,
    }

    def add(sampler, range_max, true, sampled, unique, seeds=(42, 3), **attributes):
        def build(true_classes, *_, **seeds):
            values = {name: made(value) for name, value in attributes.items()}
            if "unigrams" in values:
                values["unigrams"] = values["unigrams"].tolist()
            columns = true_classes.shape[1]
            return ops[sampler](
                true_classes, columns, sampled, unique, range_max, **values, **seeds
            )

        arguments = {"true_classes": true, "num_sampled": sampled, "unique": unique}
        attributes_of = dict(attributes, range_max=range_max)
        recorder.add(
            build, "sample_candidates", arguments, seeds, sampler=sampler, attributes=attributes_of
        )

    for sampler, unique in itertools.product(ops, (True, False)):
        for range_max, rows, columns, sampled in (
            (7, 2, 1, 5),
            (7, 3, 2, 7),
            (1, 2, 1, 1),
            (1000, 1, 3, 64),
            (2000, 40, 1, 500),
            (64, 1, 1, 40),
        ):
            true = ramp([rows, columns], 1, 0, "int64")
            if range_max == 1:
                true = ramp([rows, columns], 0, 0, "int64")
            fixed = sampler == "FixedUnigramSampler"
            attributes = {"unigrams": ramp([range_max], 5.25, 1, modulo=97)} if fixed else {}
            add(sampler, range_max, true, sampled, unique, **attributes)
            if fixed and range_max > 1:
                add(sampler, range_max, true, sampled, unique, distortion=0.75, **attributes)
        if sampler != "FixedUnigramSampler":
            for seeds in SEEDS[1:]:
                add(sampler, 300, ramp([4, 1], 3, 0, "int64"), 20, unique, seeds)
    for range_max in (10**6, 2**62, 2**33):
        for sampler in ("UniformSampler", "LogUniformSampler"):
            add(sampler, range_max, ramp([3, 2], 999, 0, "int64"), 100, True)
    few = ramp([9], 3.3, 0.5)
    outside = array([[3], [30], [-1]], "int64")
    add("FixedUnigramSampler", 11, outside, 6, True, unigrams=few, num_reserved_ids=2)
    add("FixedUnigramSampler", 5, outside, 5, False, unigrams=few, num_shards=2, shard=0)
    add("FixedUnigramSampler", 4, outside, 4, True, unigrams=few, num_shards=2, shard=1)
    many = ramp([20000], 7, 1, modulo=9973)
    add("FixedUnigramSampler", 20000, ramp([5, 1], 7, 0, "int64"), 3000, True, unigrams=many)
    add("UniformSampler", 300, outside, 6, True)
    add("LogUniformSampler", 300, array([[3], [400]], "int64"), 6, True)
    return recorder.finish()


def stateless():
    recorder = Recorder()

    def build(op, dtype):
        def call(shape, _dtype, seed, seed2):
            return op(shape, np.array([seed, seed2], np.int64), dtype=tf.as_dtype(dtype))

        return call

    ops = {
        "random_uniform": stateless_ops.stateless_random_uniform,
        "random_standard_normal": stateless_ops.stateless_random_normal,
        "truncated_normal": stateless_ops.stateless_truncated_normal,
    }
    for (name, op), dtype, seeds in itertools.product(ops.items(), FLOATS, (*SEEDS, (0, 0))):
        recorder.add(build(op, dtype), name, {"shape": [1001], "dtype": dtype}, seeds)

    def integer(shape, low, high, dtype, seed, seed2):
        bounds = np.array([low, high], dtype)
        return stateless_ops.stateless_random_uniform_int(
            shape, np.array([seed, seed2], np.int64), *bounds
        )

    def multinomial(logits, samples, seed, seed2):
        return stateless_ops.stateless_multinomial(
            logits, samples, np.array([seed, seed2], np.int64)
        )

    for seeds in SEEDS:
        for dtype in ("int32", "int64"):
            arguments = {"shape": [1001], "low": -9, "high": 1000, "dtype": dtype}
            recorder.add(integer, "random_uniform_int", arguments, seeds)
        arguments = {"logits": ramp([7, 5], 0.1), "num_samples": 9}
        recorder.add(multinomial, "multinomial", arguments, seeds)
    return recorder.finish()


def orders():
    """Shuffling queues and datasets: which elements come out, in order."""
    cases = []
    for seeds, first, later in (((42, 3), 12, 0), ((87654321, 1), 5, 40), ((7, 7), 1, 3)):
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            queue = queue_ops.random_shuffle_queue_v2(
                [tf.int32], shapes=[[]], capacity=100, seed=seeds[0], seed2=seeds[1]
            )
            value = tf.compat.v1.placeholder(tf.int32, [None])
            enqueue = queue_ops.queue_enqueue_many_v2(queue, [value])
            dequeue = queue_ops.queue_dequeue_v2(queue, [tf.int32])
            session.run(enqueue, {value: range(first)})
            order = []
            for number in range(first + later):
                order.append(int(session.run(dequeue)[0]))
                if number < later:
                    session.run(enqueue, {value: [first + number]})
        cases.append(
            {"queue": [first, later], "seeds": list(seeds), "order": order},
        )

    def order_of(build, take):
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            tf.compat.v1.set_random_seed(42)
            iterator = tf.compat.v1.data.make_one_shot_iterator(build().take(take))
            element = iterator.get_next()
            order = []
            with contextlib.suppress(tf.errors.OutOfRangeError):
                while True:
                    order.append(int(session.run(element)))
            return order

    for size, buffer, epochs in itertools.product((10, 1, 3), (1, 4, 10, 25), (0, 1, 3, None)):
        count = -1 if epochs is None else epochs

        def apart(again, size=size, buffer=buffer, count=count):
            shuffled = tf.data.Dataset.range(size).shuffle(buffer, 1, again)
            return shuffled.batch(1).repeat(count).map(lambda x: x[0])

        def fused(size=size, buffer=buffer, count=count):
            return tf.data.Dataset.range(size).shuffle(buffer, 1).repeat(count)

        facts = {"size": size, "buffer": buffer, "epochs": epochs, "seeds": [42, 1], "take": 60}
        for again in (True, False):
            order = order_of(lambda again=again: apart(again), 60)
            cases.append(dict(facts, dataset="reshuffled" if again else "same", order=order))
        if epochs not in (0, 1):
            # To repeat once is to do nothing, and is taken out before; not to repeat fails when fused.
            cases.append(dict(facts, dataset="fused", order=order_of(fused, 60)))
    return cases


def seeds():
    cases = []
    values = None, 0, 1, -1, 42, 2**31 - 2, 2**31 - 1, 2**31, 2**40, -(2**31)
    for graph_seed, op_seed, ops in itertools.product(values, values, (0, 1, 7)):
        with tf.Graph().as_default():
            tf.compat.v1.set_random_seed(graph_seed)
            for _ in range(ops):
                tf.no_op()
            pair = tf.compat.v1.get_seed(op_seed)
        cases.append([[graph_seed, op_seed, ops], list(pair)])
    return cases


GROUPS = {
    group.__name__: group
    for group in (
        continuous,
        integers,
        shuffles,
        multinomials,
        rejections,
        candidates,
        stateless,
        orders,
        seeds,
    )
}


# The results of these depend on the number of threads, or were suspected to.
THREADED = {"continuous": (2, 4), "multinomials": (2, 4)}


def recorded(name, threads):
    """The cases of a group; from a process of its own, as the first session's threads serve them all."""
    command = [sys.executable, __file__, "--threads", str(threads), name]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode())


def write(name):
    cases = recorded(name, 1)
    found = list(cases)
    for threads in THREADED.get(name, ()):
        for one, other in zip(cases, recorded(name, threads)):
            if one["runs"] != other["runs"]:
                found.append(dict(other, arguments=dict(other["arguments"], threads=threads)))
    lines = ",\n".join(json.dumps(case, sort_keys=True) for case in found)
    (HERE / (name + ".json")).write_text("[\n" + lines + "\n]\n", encoding="utf-8")
    print(name, len(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--threads"]:
        THREADS = int(sys.argv[2])
        print(json.dumps(GROUPS[sys.argv[3]]()))
    else:
        for chosen in sys.argv[1:] or GROUPS:
            write(chosen)
