"""Records what TensorFlow 1.15.5 writes, for the tests of graphflow.io: ``python record_io.py`` there.

It makes tests/data/io/ anew: files as TensorFlow leaves them and, in expected.json, what they hold.
"""

import base64
import glob
import gzip
import importlib
import json
import os
import re
import shutil

import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from tensorflow.core.framework.tensor_pb2 import TensorProto
from tensorflow.python.ops import gen_logging_ops
from tensorflow.python.training import checkpoint_management

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "io")
SCHEMAS = os.path.join(HERE, "..", "..", "graphflow", "io", "protos", "*.schema")
tf1 = tf.compat.v1
expected = {}


def text(data):
    return base64.b64encode(data).decode()


def array_record(array):
    """An array as JSON: strings in base64, numbers as their bytes in base64."""
    array = np.asarray(array)
    if array.dtype == object:
        values = [text(x if isinstance(x, bytes) else x.encode()) for x in array.ravel()]
        return {"dtype": "string", "shape": array.shape, "values": values}
    name = "bfloat16" if array.dtype == tf.bfloat16.as_numpy_dtype else array.dtype.name
    return {"dtype": name, "shape": array.shape, "bytes": text(array.tobytes())}


# ---- messages ----

SCALARS = {
    "double": lambda n: n + 0.25,
    "float": lambda n: -n - 0.5,
    "int64": lambda n: -(1 << 40) - n,
    "uint64": lambda n: (1 << 63) + n,
    "int32": lambda n: -n,
    "fixed32": lambda n: (1 << 31) + n,
    "fixed64": lambda n: (1 << 63) + n,
    "bool": lambda n: True,
    "string": lambda n: f"text {n} \u00e9",
    "bytes": lambda n: b"\x00\xff" + str(n).encode(),
    "uint32": lambda n: (1 << 31) + n,
    "sint64": lambda n: -n,
}
NUMBERS = {1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 6: "fixed64"}
NUMBERS.update({7: "fixed32", 8: "bool", 9: "string", 12: "bytes", 13: "uint32", 18: "sint64"})


def value_of(field, salt):
    if field.enum_type:
        return field.enum_type.values[-1 - salt % len(field.enum_type.values)].number
    return SCALARS[NUMBERS[field.type]](field.number + salt)


def fill(message, variant, depth):
    """Set every field, of each oneof the alternative number `variant`."""
    for field in message.DESCRIPTOR.fields:
        oneof = field.containing_oneof
        if oneof and oneof.fields[variant % len(oneof.fields)] is not field:
            continue
        target = getattr(message, field.name)
        if field.message_type and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            for salt in (0, 1):
                key = value_of(field.message_type.fields_by_name["key"], salt)
                key = abs(key) if isinstance(key, int) else key
                if not value.message_type:
                    target[key] = value_of(value, salt)
                elif depth:
                    fill(target[key], variant + salt, depth - 1)
        elif field.label == field.LABEL_REPEATED and field.message_type:
            for salt in (0, 1) if depth else ():
                fill(target.add(), variant + salt, depth - 1)
        elif field.label == field.LABEL_REPEATED:
            target.extend([value_of(field, 0), value_of(field, 1)])
        elif field.message_type:
            target.SetInParent()
            if depth:
                fill(target, variant, depth - 1)
        else:
            setattr(message, field.name, value_of(field, variant))


def record_messages():
    root = os.path.dirname(importlib.import_module("tensorflow.core").__file__)
    paths = glob.glob(root + "/**/*_pb2.py", recursive=True)
    modules = ["tensorflow.core" + path[len(root) : -3].replace("/", ".") for path in paths]
    modules.append("tensorflow_core.python.training.checkpoint_state_pb2")
    modules.append("tensorflow.contrib.tensorboard.plugins.projector.projector_config_pb2")
    modules.append("tensorflow.contrib.training.python.training.hparam_pb2")
    classes, enums = {}, {}

    def collect(cls):
        descriptor = cls.DESCRIPTOR
        classes[descriptor.full_name] = cls
        for enum in descriptor.enum_types:
            enums[enum.full_name] = enum
        for nested in descriptor.nested_types:
            if not nested.GetOptions().map_entry:
                collect(getattr(cls, nested.name))

    for name in modules:
        module = importlib.import_module(name)
        for enum in module.DESCRIPTOR.enum_types_by_name.values():
            enums[enum.full_name] = enum
        for message in module.DESCRIPTOR.message_types_by_name:
            collect(getattr(module, message))
    out = {"messages": [], "enums": {}, "fields": {}}
    for path in sorted(glob.glob(SCHEMAS)):
        with open(path) as file:
            names = re.findall(r"^(message|enum) ([\w.]+)", file.read(), re.MULTILINE)
        for kind, name in names:
            full = "tensorflow." + name
            if kind == "enum" and full in enums:
                out["enums"][name] = {value.name: value.number for value in enums[full].values}
            if kind == "enum" or full not in classes:
                continue
            cls = classes[full]
            out["fields"][name] = {field.name: field.number for field in cls.DESCRIPTOR.fields}
            for variant in range(max([1] + [len(o.fields) for o in cls.DESCRIPTOR.oneofs])):
                message = cls()
                fill(message, variant, 2)
                data = message.SerializeToString(deterministic=True)
                out["messages"].append([name, text(data), text_format.MessageToString(message)])
    with gzip.GzipFile(os.path.join(OUT, "messages.json.gz"), "wb", mtime=0) as file:
        file.write(json.dumps(out, sort_keys=True).encode())
    print(len(out["messages"]), "messages")


# ---- tensors ----


def sample_arrays():
    """One small array of each type, and awkward shapes."""
    rng = np.random.RandomState(7)
    arrays = {}
    for name in ("int8", "uint8", "int16", "uint16", "int32", "int64", "uint32", "uint64"):
        info = np.iinfo(name)
        arrays[name] = np.array([[info.min, info.max, 1], [2, 3, info.max // 3]], name)
    for name in ("float16", "float32", "float64"):
        arrays[name] = np.array([0.0, -0.0, 1.5, np.nan, -np.inf, np.finfo(name).tiny], name)
    for name in ("complex64", "complex128"):
        arrays[name] = np.array([1 + 2j, -3.5j, complex(np.nan, np.inf)], name)
    arrays["bool"] = np.array([[True], [False]])
    arrays["bfloat16"] = np.array([1.5, -2.0, 3.0]).astype(tf.bfloat16.as_numpy_dtype)
    arrays["string"] = np.array([[b"", b"a\0b\xff"], [b"x" * 300, "\u00e9".encode()]], object)
    arrays["scalar"] = np.float32(2.5)
    arrays["string_scalar"] = np.array(b"one", object)
    arrays["one"] = np.array([7], np.int64)
    arrays["empty"] = np.zeros((0, 3), np.float32)
    arrays["empty_string"] = np.zeros((2, 0), object)
    arrays["large"] = rng.randn(30, 41).astype(np.float32)
    return arrays


def as_variable_value(array):
    if array.dtype == object:
        return tf.constant(array.tolist(), tf.string, shape=array.shape)
    return tf.constant(array, array.dtype, shape=array.shape)


def record_tensor_protos():
    made, read = {}, []
    for name, array in sample_arrays().items():
        dtype = tf.string if array.dtype == object else None
        proto = tf1.make_tensor_proto(array, dtype=dtype, shape=array.shape)
        made[name] = {"array": array_record(array), "proto": text(proto.SerializeToString())}
    proto = tf1.make_tensor_proto(np.array([1.0, 2.0], np.float32), shape=[2, 3])
    made["repeated"] = {
        "array": array_record(np.array([1.0, 2.0], np.float32)),
        "shape": [2, 3],
        "proto": text(proto.SerializeToString()),
    }
    shapes = {
        "2x3": "tensor_shape { dim { size: 2 } dim { size: 3 } }",
        "0": "tensor_shape { dim { } }",
    }
    for source in (
        "dtype: DT_FLOAT float_val: 1.5 float_val: -2 " + shapes["2x3"],
        "dtype: DT_FLOAT float_val: 1.5 " + shapes["2x3"],
        "dtype: DT_FLOAT " + shapes["2x3"],
        "dtype: DT_FLOAT " + shapes["0"],
        "dtype: DT_FLOAT float_val: 3 tensor_shape { }",
        "dtype: DT_FLOAT float_val: 3 float_val: 4 tensor_shape { }",
        "dtype: DT_HALF half_val: 15360 half_val: 49152 " + shapes["2x3"],
        "dtype: DT_BFLOAT16 half_val: 16320 " + shapes["2x3"],
        "dtype: DT_INT8 int_val: -128 int_val: 127 " + shapes["2x3"],
        "dtype: DT_UINT8 int_val: 255 " + shapes["2x3"],
        "dtype: DT_UINT16 int_val: 65535 int_val: 1 " + shapes["2x3"],
        "dtype: DT_INT64 int64_val: -9223372036854775808 " + shapes["2x3"],
        "dtype: DT_UINT64 uint64_val: 18446744073709551615 " + shapes["2x3"],
        "dtype: DT_UINT32 uint32_val: 4294967295 " + shapes["2x3"],
        "dtype: DT_BOOL bool_val: true bool_val: false " + shapes["2x3"],
        "dtype: DT_COMPLEX64 scomplex_val: 1 scomplex_val: 2 " + shapes["2x3"],
        "dtype: DT_COMPLEX128 dcomplex_val: 1 dcomplex_val: 2 dcomplex_val: 3 dcomplex_val: 4 "
        + shapes["2x3"],
        'dtype: DT_STRING string_val: "a" string_val: "b" ' + shapes["2x3"],
        "dtype: DT_STRING " + shapes["2x3"],
        'dtype: DT_INT32 tensor_content: "\\001\\000\\000\\000\\377\\377\\377\\377" '
        "tensor_shape { dim { size: 2 } }",
        'dtype: DT_BOOL tensor_content: "\\001\\000" tensor_shape { dim { size: 2 } }',
    ):
        proto = text_format.Parse(source, TensorProto())
        graph = tf1.GraphDef()
        node = graph.node.add(name="c", op="Const")
        node.attr["value"].tensor.CopyFrom(proto)
        node.attr["dtype"].type = proto.dtype
        with tf.Graph().as_default(), tf1.Session() as session:
            tf.import_graph_def(graph, name="")
            value = session.run("c:0")
        if proto.dtype == 7:
            value = np.array(value, object)
        read.append({"proto": text(proto.SerializeToString()), "array": array_record(value)})
    expected["tensor_protos"] = {"made": made, "read": read}


# ---- checkpoints ----


def save(name, build, **options):
    """Save the variables that `build` makes; returns what they hold by their names in the checkpoint."""
    with tf.Graph().as_default(), tf1.Session() as session:
        variables = build()
        parts = [v for v in variables.values() if hasattr(v, "as_tensor")]
        saver = tf1.train.Saver(None if parts else variables, **options)
        session.run(tf1.global_variables_initializer())
        path = saver.save(
            session, os.path.join(OUT, name), write_meta_graph=False, write_state=False
        )
        assert os.path.basename(path).startswith(name), path
        values = session.run({k: tf.convert_to_tensor(v) for k, v in variables.items()})
    reader = tf1.train.NewCheckpointReader(path)
    held = {}
    for key, dtype in reader.get_variable_to_dtype_map().items():
        held[key] = array_record(
            np.array(values[key], object) if dtype == tf.string else values[key]
        )
    expected.setdefault("checkpoints", {})[os.path.basename(path)] = held


def record_checkpoints():
    arrays = sample_arrays()

    def every_type():
        return {
            "v/" + name: tf1.Variable(as_variable_value(np.asarray(array)))
            for name, array in arrays.items()
            if name not in ("uint32", "uint64", "uint16")
        }

    def partitioned():
        rows, columns = tf1.fixed_size_partitioner(3, axis=0), tf1.fixed_size_partitioner(2, axis=1)
        uniform = tf1.random_uniform_initializer(-9, 9, seed=1)
        part = tf1.get_variable("part", [7, 5], initializer=uniform, partitioner=rows)
        whole = tf1.random_uniform_initializer(-9, 9, seed=1, dtype=tf.int32)
        cols = tf1.get_variable("cols", [3, 4], tf.int32, initializer=whole, partitioner=columns)
        return {
            "part": part,
            "cols": cols,
            "one": tf1.get_variable("one", initializer=np.float32(4)),
        }

    def many():
        return {
            f"scope_{i % 7}/layer/weights_{i:03d}": tf1.Variable(np.float32(i)) for i in range(100)
        }

    def two_devices():
        with tf.device("/cpu:0"):
            a = tf1.Variable([1.0, 2.0])
        with tf.device("/job:localhost/task:0/device:CPU:0"):
            b = tf1.Variable([[3]])
        return {"a": a, "b": b}

    save("every_type", every_type)
    save("partitioned", partitioned)
    save("many", many)
    save("sharded", two_devices, sharded=True)
    v1 = {"write_version": tf1.train.SaverDef.V1}
    old_types = (
        "float32",
        "float64",
        "int32",
        "int64",
        "int16",
        "int8",
        "uint8",
        "bool",
        "float16",
    )
    old_types += ("complex64", "complex128", "string", "scalar", "empty", "large")

    def old():
        return {"v/" + n: tf1.Variable(as_variable_value(np.asarray(arrays[n]))) for n in old_types}

    save("old.ckpt", old, **v1)
    save("old_partitioned.ckpt", partitioned, **v1)
    save("old_sharded.ckpt", two_devices, sharded=True, **v1)


def record_checkpoint_states():
    states = []
    directory = os.path.join(OUT, "state")
    os.makedirs(directory)
    for directory_name, latest, every, times, last in (
        ("/d", "/d/m.ckpt-2", ["/d/m.ckpt-1", "/d/m.ckpt-2"], [1573.25, 1e9 + 0.123456789], 3.5),
        ("/d", "/d/m\u00e9\"\\\n'.ckpt", [], [], 1e30),
        ("d", "d/m-1", ["d/m-0"], None, None),
        ("a/b", "a/b/c/m", ["a/x", "/abs/y"], None, None),
        ("/d", "m-1", ["m-1", "m-0"], None, None),
    ):
        state = checkpoint_management.generate_checkpoint_state_proto(
            directory_name, latest, list(every), times, last
        )
        states.append(
            [directory_name, latest, every, times, last, text_format.MessageToString(state)]
        )
    expected["states"] = states
    shutil.rmtree(directory)


# ---- records, events, summaries ----


def record_records():
    contents = [b"hello", b"", b"x" * 300, bytes(bytearray(range(256))) * 8]
    expected["records"] = [text(record) for record in contents]
    for name, option in (("plain", None), ("gzip", "GZIP"), ("zlib", "ZLIB")):
        with tf.io.TFRecordWriter(os.path.join(OUT, name + ".tfrecord"), option) as writer:
            for record in contents:
                writer.write(record)


def record_summaries():
    rng = np.random.RandomState(3)
    histograms = [
        np.zeros(0),
        np.array([0.0, 1, -1, 1e-13, -1e-13, 1e30, -1e21]),
        np.array([1e308, 1e308]),
        np.array([-np.finfo(np.float64).max]),
        np.array([1e-12, 1.1e-12, 0.0, 0.0]),
        rng.randn(3000),
        rng.randn(50, 3).astype(np.float32) * 1e3,
        rng.randn(40).astype(np.float16),
        np.array([1, 2, 3, -7], np.int64),
        np.array([255, 0, 1], np.uint8),
    ]
    rows = ([0, 1, 2, 3], [-1, 0, 1, 3], [-3, -1, 0, 1], [0, 0, 0, 0], [1e-7, 0, 5e-7, 1e-8])
    rows += ([-1e-7, 0, 0, 0], [np.nan, 1, 2, 3], [np.inf, -np.inf, 1, 2], [0.1, 0.2, 0.7, 0.9])
    rows += ([-0.1, 0.2, -0.7, 0.9], [np.nan] * 4, [-5, -4, -3, -2], [5, 4, 3, 2], [6e4, 1, 0, 3])
    images = [
        np.array(row).reshape(1, 2, 2, 1).astype(dtype)
        for dtype in (np.float16, np.float32, np.float64)
        for row in rows
    ]
    colour = rng.randn(2, 5, 4, 3).astype(np.float32)
    colour[0, 1, 2, 1] = np.nan
    images += [colour, abs(rng.randn(4, 2, 3, 4)).astype(np.float16)]
    images += [rng.randint(0, 256, (1, 6, 7, 3)).astype(np.uint8)]
    sounds = [
        np.array(
            [[-2, -1, -0.5, 0, 0.5, 1, 1.5, 1 / 65536, 3 / 65536, np.nan, 0.99999]], np.float32
        ),
        rng.uniform(-1, 1, (2, 6, 2)).astype(np.float32),
    ]
    out = {"histograms": [], "images": [], "sounds": []}
    with tf.Graph().as_default(), tf1.Session() as session:
        for values in histograms:
            made = session.run(tf1.summary.histogram("h", tf.constant(values)))
            value = tf1.Summary.FromString(made).value[0]
            out["histograms"].append([array_record(values), text(value.histo.SerializeToString())])
        for values in images:
            for outputs in (1, 3):
                made = session.run(
                    gen_logging_ops.image_summary("im", tf.constant(values), max_images=outputs)
                )
                tags, pixels = [], []
                for value in tf1.Summary.FromString(made).value:
                    png = session.run(tf.image.decode_png(value.image.encoded_image_string))
                    assert png.shape == (
                        value.image.height,
                        value.image.width,
                        value.image.colorspace,
                    )
                    tags.append(value.tag)
                    pixels.append(array_record(png))
                out["images"].append([array_record(values), outputs, tags, pixels])
        for values in sounds:
            for outputs, rate in ((1, 8000.7), (3, 44100.0)):
                op = gen_logging_ops.audio_summary_v2(
                    "s", tf.constant(values), rate, max_outputs=outputs
                )
                made = tf1.Summary.FromString(session.run(op)).value
                tags = [value.tag for value in made]
                bodies = [text(value.audio.SerializeToString()) for value in made]
                out["sounds"].append([array_record(values), outputs, rate, tags, bodies])
        with tf1.summary.FileWriter(OUT, filename_suffix=".recorded") as writer:
            for step in range(3):
                scalar = tf1.summary.scalar("loss", tf.constant(0.5 / (step + 1)))
                writer.add_summary(session.run(scalar), step)
            words = tf1.summary.text("words", tf.constant(["a", "b\u00e9"]))
            tensor = tf1.summary.tensor_summary("tensor", tf.constant([[1, 2]], tf.float16))
            both = session.run(tf1.summary.merge([words, tensor]))
            writer.add_summary(both, 9)
            with tf.Graph().as_default() as small:
                tf.constant(1.0, name="one")
            writer.add_graph(small)
            writer.add_session_log(tf1.SessionLog(status=tf1.SessionLog.START), 10)
    out["text"] = text(both)
    expected["summaries"] = out
    (path,) = glob.glob(os.path.join(OUT, "events.out.tfevents.*.recorded"))
    name = os.path.join(OUT, "events.out.tfevents.1500000000.host.recorded")
    os.rename(path, name)
    events = list(tf1.train.summary_iterator(name))
    expected["events"] = [text_format.MessageToString(event) for event in events]


def main():
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    record_messages()
    record_tensor_protos()
    record_checkpoints()
    record_checkpoint_states()
    record_records()
    record_summaries()
    with open(os.path.join(OUT, "expected.json"), "w") as file:
        json.dump(expected, file, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
