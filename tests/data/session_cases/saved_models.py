"""SavedModels: what is in the folder, what comes back from it, and signatures."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile

import numpy as np

CASES = {}


def case(run):
    """A case that gets a folder of its own, which no result may name."""

    @functools.wraps(run)
    def with_folder(tf):
        folder = tempfile.mkdtemp()
        try:
            return _anonymous(run(tf, folder), folder)
        finally:
            shutil.rmtree(folder)

    CASES[run.__name__] = with_folder
    return run


def _anonymous(value, folder):
    if isinstance(value, (list, tuple)):
        return [_anonymous(v, folder) for v in value]
    if isinstance(value, bytes):
        return value.replace(folder.encode(), b"DIR")
    return value.replace(folder, "DIR") if isinstance(value, str) else value


def raised(call):
    try:
        call()
    except Exception as error:
        return "TypeError" if isinstance(error, TypeError) else type(error).__name__
    return "no error"


def files(folder):
    found = []
    for root, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(root, name), folder) for name in names]
    return sorted(found)


def model(tf, use_resource=False):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", initializer=np.float32([[1.0], [3.0]]), use_resource=use_resource)
    return x, w, tf.matmul(x, w, name="y")


def started(tf):
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def signature(message, key="serving_default"):
    return shown(message.signature_def[key])


def shown(made):
    """A signature as lists."""
    return [
        made.method_name,
        *[
            sorted(
                [
                    k,
                    str(v),
                    v.dtype,
                    [d.size for d in v.tensor_shape.dim],
                    v.tensor_shape.unknown_rank,
                ]
                for k, v in part.items()
            )
            for part in (made.inputs, made.outputs)
        ],
    ]


@case
def simple_save(tf, folder):
    found = []
    for use_resource in (False, True):
        path = f"{folder}/m{int(use_resource)}"
        with tf.Graph().as_default():
            x, w, y = model(tf, use_resource)
            with started(tf) as sess:
                sess.run(w.assign([[5.0], [7.0]]))
                tf.saved_model.simple_save(sess, path, {"x": x}, {"y": y})
        found.append(files(path))
        with tf.Graph().as_default(), tf.Session() as sess:
            made = tf.saved_model.loader.load(sess, [tf.saved_model.tag_constants.SERVING], path)
            found += [signature(made), sess.run("y:0", {"x:0": [[1.0, 1.0]]})]
            found.append([v.name for v in tf.global_variables()])
    return found


@case
def built(tf, folder):
    x, w, y = model(tf)
    c = tf.saved_model.signature_constants
    builder = tf.saved_model.builder.SavedModelBuilder(folder + "/a/b")
    info = tf.saved_model.utils.build_tensor_info
    signatures = {
        "own": tf.saved_model.signature_def_utils.build_signature_def(
            {"in": info(x)}, {"out": info(y), "w": info(w)}, c.PREDICT_METHOD_NAME
        )
    }
    with started(tf) as sess:
        builder.add_meta_graph_and_variables(sess, ["serve", "gpu"], signatures)
        tf.constant(1.0, name="later")
        builder.add_meta_graph(["train"], strip_default_attrs=True, clear_devices=True)
        path = builder.save()
    found = [path, files(folder), signature_of(tf, folder + "/a/b", ["gpu", "serve"])]
    with tf.Graph().as_default(), tf.Session() as sess:
        found.append(raised(lambda: tf.saved_model.load(sess, ["serve"], folder + "/a/b")))
        made = tf.saved_model.load(sess, ["train"], folder + "/a/b", import_scope="in")
        found += [
            sess.run(["in/y:0", "in/later:0"], {"in/x:0": [[1.0, 2.0]]}),
            len(made.signature_def),
        ]
        found.append([v.name for v in tf.global_variables()])
    return found


def signature_of(tf, path, tags):
    with tf.Graph().as_default(), tf.Session() as sess:
        return signature(tf.saved_model.loader.load(sess, tags, path), "own")


@case
def built_as_text(tf, folder):
    x, w, y = model(tf)
    builder = tf.saved_model.Builder(folder + "/t")
    with started(tf) as sess:
        builder.add_meta_graph_and_variables(sess, [])
        path = builder.save(as_text=True)
    found = [path, files(folder), tf.saved_model.contains_saved_model(folder + "/t")]
    found.append(tf.saved_model.loader.maybe_saved_model_directory(folder))
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.saved_model.load(sess, [], folder + "/t")
        found.append(sess.run("y:0", {"x:0": [[1.0, 2.0]]}))
    return found


@case
def without_variables(tf, folder):
    x = tf.placeholder(tf.float32, name="x")
    tf.multiply(x, 2.0, name="y")
    builder = tf.saved_model.builder.SavedModelBuilder(folder + "/m")
    with tf.Session() as sess:
        builder.add_meta_graph_and_variables(sess, ["serve"])
        builder.save()
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.saved_model.load(sess, ["serve"], folder + "/m")
        return files(folder), sess.run("y:0", {"x:0": 4.0})


@case
def with_assets_and_main_op(tf, folder):
    for name, text in (("one/words", "a b"), ("two/words", "c d"), ("three/words", "a b")):
        os.makedirs(os.path.dirname(os.path.join(folder, name)))
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    paths = [tf.constant(f"{folder}/{n}/words", name=n) for n in ("one", "two", "three")]
    kept = tf.get_variable(
        "kept", [], tf.string, collections=["local_variables"], initializer=tf.zeros_initializer()
    )
    fill = tf.assign(kept, tf.read_file(paths[1]), name="fill")
    builder = tf.saved_model.builder.SavedModelBuilder(folder + "/m")
    with tf.Session() as sess:
        builder.add_meta_graph_and_variables(
            sess, ["serve"], assets_collection=paths, main_op=tf.group(fill)
        )
        builder.save()
    shutil.rmtree(folder + "/two")
    found = [files(folder + "/m")]
    with tf.Graph().as_default(), tf.Session() as sess:
        made = tf.saved_model.load(sess, ["serve"], folder + "/m")
        found.append(sess.run("kept:0"))
        found.append(sorted(k for k in made.collection_def if k.startswith("saved_model")))
    return found


@case
def used_wrongly(tf, folder):
    x, w, y = model(tf)
    os.makedirs(folder + "/full/of")
    Builder = tf.saved_model.builder.SavedModelBuilder
    builder = Builder(folder + "/m")
    u = tf.saved_model.signature_def_utils
    bad = u.predict_signature_def({"x": x}, {"y": y})
    bad.inputs["x"].dtype = 0
    nameless = u.build_signature_def({"x": tf.TensorInfo(dtype=1)})
    with started(tf) as sess:
        add = functools.partial(builder.add_meta_graph_and_variables, sess)
        calls = [
            lambda: Builder(folder + "/full"),
            lambda: builder.add_meta_graph(["a"]),
            lambda: add(["a"], {"s": bad}),
            lambda: add(["a"], {"s": nameless}),
            lambda: add(["a"], {"__saved_model_init_op": u.build_signature_def()}),
            lambda: add(["a"], assets_collection=["text"]),
            lambda: add(["a"], assets_collection=[x]),
            lambda: add(["a"], assets_collection=[tf.constant(1)]),
            lambda: add(["a"], assets_collection=[tf.constant(["a", "b"])]),
            lambda: add(["a"], main_op=tf.constant(1)),
            lambda: add(["a"], main_op=tf.no_op()),
            lambda: add(["a"]),
            lambda: builder.add_meta_graph(["a"], main_op=tf.no_op()),
            lambda: tf.saved_model.load(sess, ["a"], folder + "/none"),
            lambda: tf.saved_model.simple_save(sess, folder + "/n", {}, {"y": y}),
        ]
        return [raised(call) for call in calls]


@case
def signatures(tf, folder):
    x, w, y = model(tf)
    examples = tf.placeholder(tf.string, [None], name="examples")
    classes = tf.constant(["a"], name="classes")
    sparse = tf.SparseTensor([[0, 1]], [1.5], [2, 3])
    u, v = tf.saved_model.signature_def_utils, tf.saved_model.utils
    made = [
        u.predict_signature_def({"x": x}, {"y": y, "s": sparse}),
        u.regression_signature_def(examples, y),
        u.classification_signature_def(examples, classes, None),
        u.classification_signature_def(examples, None, y),
        u.classification_signature_def(examples, classes, y),
        u.build_signature_def(),
        u.build_signature_def({"x": v.build_tensor_info(x)}, None, "tensorflow/serving/predict"),
    ]
    found = [[shown(m), u.is_valid_signature(m)] for m in made]
    wrong = (
        lambda: u.predict_signature_def({}, {"y": y}),
        lambda: u.predict_signature_def({"x": x}, None),
        lambda: u.regression_signature_def(None, y),
        lambda: u.regression_signature_def(x, y),
        lambda: u.regression_signature_def("x", y),
        lambda: u.regression_signature_def(examples, classes),
        lambda: u.regression_signature_def(examples, None),
        lambda: u.classification_signature_def(examples, None, None),
        lambda: u.classification_signature_def(examples, y, None),
        lambda: u.classification_signature_def(examples, None, classes),
        lambda: v.get_tensor_from_tensor_info(tf.TensorInfo()),
        lambda: v.get_tensor_from_tensor_info(tf.TensorInfo(name="none:0")),
    )
    found += [raised(w) for w in wrong]
    found.append(u.is_valid_signature(None))
    info = v.build_tensor_info(sparse)
    again = v.get_tensor_from_tensor_info(info)
    found += [again.values.name, again.indices.name, type(again).__name__]
    found.append(v.get_tensor_from_tensor_info(v.build_tensor_info(y)) is y)
    return found


@case
def main_ops(tf, folder):
    v = tf.Variable(3.0, name="v")
    op = tf.saved_model.main_op.main_op()
    with_restore = tf.saved_model.main_op_with_restore(tf.no_op())
    with tf.Session() as sess:
        sess.run(op)
        found = [sess.run(v), sess.run(with_restore), [c.name for c in with_restore.control_inputs]]
    c = tf.saved_model.signature_constants
    names = [c.PREDICT_METHOD_NAME, c.CLASSIFY_INPUTS, tf.saved_model.tag_constants.GPU]
    return found, op.name, names, tf.saved_model.constants.SAVED_MODEL_FILENAME_PB
