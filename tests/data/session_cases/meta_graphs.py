"""Graphs with their collections and savers as messages, in files, and back again."""

from __future__ import annotations

import functools
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
    if isinstance(value, dict):
        return {k: _anonymous(v, folder) for k, v in value.items()}
    return value.replace(folder, "DIR") if isinstance(value, str) else value


def raised(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "no error"


def model(tf, use_resource=False):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.variable_scope("layer"):
        w = tf.get_variable(
            "w", initializer=np.float32([[1.0, 2.0], [3.0, 4.0]]), use_resource=use_resource
        )
        b = tf.get_variable("b", [2], initializer=tf.zeros_initializer(), trainable=False)
    y = tf.nn.bias_add(tf.matmul(x, w), b, name="y")
    loss = tf.reduce_sum(y * y, name="loss")
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=step, name="train")
    tf.add_to_collection("names", "a name")
    tf.add_to_collection("numbers", 3)
    tf.add_to_collection("numbers", 4)
    tf.add_to_collection("floats", 2.5)
    tf.add_to_collection("nodes", y)
    tf.add_to_collection("nodes", train)
    tf.add_to_collection("local_variables", tf.Variable(7.0, name="own", collections=[]))
    return x, w, y, train


def kinds(message):
    """What is in a MetaGraphDef, as far as two versions of TensorFlow would write the same."""
    found = {}
    for key in sorted(message.collection_def):
        kind = message.collection_def[key].WhichOneof("kind")
        values = list(getattr(message.collection_def[key], kind).value)
        found[key] = [kind, len(values) if key in VARIABLES else values]
    return {
        "collections": found,
        "nodes": [n.name for n in message.graph_def.node],
        "ops": [op.name for op in message.meta_info_def.stripped_op_list.op],
        "saver": message.saver_def.restore_op_name,
        "version": message.meta_info_def.tensorflow_version,
    }


VARIABLES = (
    "variables",
    "trainable_variables",
    "local_variables",
    "global_step",
    "savers",
    "queue_runners",
)


@case
def exported(tf, folder):
    model(tf)
    saver = tf.train.Saver(max_to_keep=3)
    tf.add_to_collection("savers", saver)
    made = tf.train.export_meta_graph(folder + "/a/graph.meta", saver_def=saver.as_saver_def())
    with open(folder + "/a/graph.meta", "rb") as file:
        same = tf.MetaGraphDef.FromString(file.read()) == made
    again = saver.export_meta_graph(collection_list=["names"])
    return kinds(made), same, sorted(again.collection_def), again.saver_def.max_to_keep


@case
def exported_as_text(tf, folder):
    x, w, y, train = model(tf)
    tf.train.export_meta_graph(folder + "/graph.pbtxt", as_text=True)
    with tf.Graph().as_default(), tf.Session() as sess:
        saver = tf.train.import_meta_graph(folder + "/graph.pbtxt")
        sess.run(tf.global_variables_initializer())
        found = sess.run("y:0", {"x:0": [[1.0, 1.0]]})
    return found, type(saver).__name__


@case
def imported(tf, folder):
    found = []
    for use_resource in (False, True):
        with tf.Graph().as_default():
            x, w, y, train = model(tf, use_resource)
            saver = tf.train.Saver()
            with tf.Session() as sess:
                sess.run(tf.global_variables_initializer())
                sess.run(train, {x: [[1.0, 2.0]]})
                path = saver.save(sess, folder + "/m", global_step=1)
                wanted = sess.run([y, w], {x: [[1.0, 1.0]]})
                sess.run(train, {x: [[1.0, 2.0]]})
                later = sess.run(w)
        with tf.Graph().as_default() as graph, tf.Session() as sess:
            saver = tf.train.import_meta_graph(path + ".meta")
            saver.restore(sess, path)
            (w,) = (v for v in tf.trainable_variables() if v.op.name == "layer/w")
            found.append(sess.run(["y:0", w], {"x:0": [[1.0, 1.0]]}))
            np.testing.assert_array_equal(found[-1][0], wanted[0])
            np.testing.assert_array_equal(found[-1][1], wanted[1])
            sess.run("train", {"x:0": [[1.0, 2.0]]})
            found.append(sess.run(w))
            np.testing.assert_allclose(found[-1], later, rtol=1e-6)
            found.append([v.name for v in tf.global_variables()])
            found.append([v.name for v in tf.local_variables()])
            found.append([tf.get_collection("names"), tf.get_collection("numbers")])
            found.append(
                [tf.get_collection("floats"), [n.name for n in tf.get_collection("nodes")]]
            )
            found.append(tf.train.get_global_step().name)
            found.append([w.shape.as_list(), w.dtype.base_dtype.name, w.trainable])
            found.append(sorted(graph.get_all_collection_keys()))
    return found


@case
def imported_under_a_scope(tf, folder):
    x, w, y, train = model(tf)
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = saver.save(sess, folder + "/m")
    found = []
    with tf.Graph().as_default(), tf.Session() as sess:
        for _ in range(2):
            saver = tf.train.import_meta_graph(path + ".meta", import_scope="in")
            saver.restore(sess, path)
            found.append(saver.saver_def.restore_op_name)
        found.append(sess.run("in/y:0", {"in/x:0": [[1.0, 1.0]]}))
        found.append(sess.run("in_1/y:0", {"in_1/x:0": [[1.0, 1.0]]}))
        found.append([v.name for v in tf.global_variables()])
        found.append(tf.get_collection("names"))
        tf.train.Saver(tf.global_variables(scope="in/")).save(sess, folder + "/scoped")
        found.append([name for name, _ in tf.train.list_variables(folder + "/scoped")])
    return found


@case
def imported_with_other_inputs(tf, folder):
    x, w, y, train = model(tf)
    message = tf.train.export_meta_graph()
    with tf.Graph().as_default(), tf.Session() as sess:
        mine = tf.constant([[2.0, 2.0]])
        saver = tf.train.import_meta_graph(message, input_map={"x:0": mine})
        sess.run(tf.global_variables_initializer())
        found = [sess.run("y:0"), saver is None]
    wrong = [
        lambda: tf.train.import_meta_graph(folder + "/none"),
        lambda: tf.train.import_meta_graph(__file__),
        lambda: tf.train.import_meta_graph(message, input_map={"none:0": mine}),
    ]
    with tf.Graph().as_default():
        found += [raised(w) for w in wrong]
    return found


@case
def without_variables(tf, folder):
    tf.constant(1.0, name="c")
    message = tf.train.export_meta_graph()
    with tf.Graph().as_default():
        return tf.train.import_meta_graph(message), kinds(message)


@case
def devices(tf, folder):
    with tf.device("/gpu:0"):
        tf.constant(1.0, name="c")
    message = tf.train.export_meta_graph()
    cleared = tf.train.export_meta_graph(clear_devices=True)
    found = [[n.device for n in m.graph_def.node] for m in (message, cleared)]
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(message, clear_devices=True)
        found.append([op.device for op in graph.get_operations()])
    return found


@case
def a_part(tf, folder):
    x = tf.placeholder(tf.float32, [], name="x")
    with tf.name_scope("part"):
        w = tf.Variable(2.0, name="w")
        tf.multiply(x, w, name="y")
    tf.Variable(3.0, name="other")
    message = tf.train.export_meta_graph(export_scope="part")
    found = [kinds(message), [list(n.input) for n in message.graph_def.node]]
    with tf.Graph().as_default(), tf.Session() as sess:
        given = tf.constant(5.0)
        found.append(raised(lambda: tf.train.import_meta_graph(message)))
        tf.train.import_meta_graph(
            message, import_scope="new", input_map={"$unbound_inputs_x": given}
        )
        sess.run(tf.global_variables_initializer())
        found.append(sess.run("new/y:0"))
        found.append([v.name for v in tf.global_variables()])
    return found


@case
def without_other_savers(tf, folder):
    tf.Variable(1.0, name="v")
    tf.train.Saver(name="one")
    kept = tf.train.Saver(name="two")
    tf.add_to_collection("savers", kept)
    message = tf.train.export_meta_graph(saver_def=kept.saver_def, clear_extraneous_savers=True)
    return [n.name for n in message.graph_def.node], message.collection_def["savers"].WhichOneof(
        "kind"
    )


@case
def without_defaults(tf, folder):
    x, w, y, train = model(tf)
    saver = tf.train.Saver()
    message = tf.train.export_meta_graph(strip_default_attrs=True)
    attrs = {
        n.name: sorted(k for k in n.attr if not k.startswith("_")) for n in message.graph_def.node
    }
    attrs = {k: v for k, v in attrs.items() if not k.startswith("gradients")}
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        saver.save(sess, folder + "/m", strip_default_attrs=True)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(folder + "/m.meta").restore(sess, folder + "/m")
        value = sess.run("y:0", {"x:0": [[1.0, 1.0]]})
    return attrs, message.meta_info_def.stripped_default_attrs, value


@case
def chosen_collections(tf, folder):
    model(tf)
    message = tf.train.export_meta_graph()
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(
            message, restore_collections_predicate=lambda key: key in ("names", "variables")
        )
        return sorted(graph.get_all_collection_keys()), len(tf.global_variables())


@case
def things_that_cannot_be_saved(tf, folder):
    tf.constant(1.0)
    tf.add_to_collection("objects", object())
    tf.add_to_collection(("not", "a", "string"), 3)
    tf.add_to_collection("mixed", 1)
    tf.add_to_collection("mixed", "text")
    return sorted(tf.train.export_meta_graph().collection_def)


@case
def partitions(tf, folder):
    tf.get_variable("p", [4, 2], partitioner=tf.fixed_size_partitioner(2))
    message = tf.train.export_meta_graph()
    with tf.Graph().as_default():
        tf.train.import_meta_graph(message, import_scope="in")
        infos = [v._get_save_slice_info() for v in tf.global_variables()]
        names = [v.name for v in tf.global_variables()]
    return names, [[i.full_name, list(i.full_shape), list(i.var_offset), i.spec] for i in infos]


@case
def queues(tf, folder):
    queue = tf.FIFOQueue(4, tf.float32, name="queue")
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1.5, name="put")]))
    queue.dequeue(name="get")
    message = tf.train.export_meta_graph()
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(message, import_scope="in")
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        value = sess.run("in/get:0")
        coord.request_stop()
        coord.join(threads)
    return value, [q.name for q in tf.get_collection("queue_runners")]


@case
def control_flow(tf, folder):
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.Variable(2.0, name="v")
    tf.cond(x > 0, lambda: x * v, lambda: x - v, name="either")
    tf.while_loop(lambda i: i < 10, lambda i: i * v, [x], name="loop")
    picked = tf.cond(x > 0, lambda: x * v, lambda: x - v)
    tf.identity(picked, name="y")
    tf.identity(tf.while_loop(lambda i: i < 10, lambda i: i * v, [x]), name="z")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(v.initializer)
        saver.save(sess, folder + "/m")
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(folder + "/m.meta").restore(sess, folder + "/m")
        return sess.run(["y:0", "z:0"], {"x:0": 3.0}), sess.run("y:0", {"x:0": -3.0})


@case
def average_and_initialized_values(tf, folder):
    v = tf.Variable(2.0, name="v")
    w = tf.Variable(v.initialized_value() * 3, name="w")
    averages = tf.train.ExponentialMovingAverage(0.5)
    averages.apply([v, w])
    message = tf.train.export_meta_graph()
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(message)
        sess.run(tf.global_variables_initializer())
        return sess.run(sorted(v.name for v in tf.global_variables())), [
            v.name for v in tf.moving_average_variables()
        ]
