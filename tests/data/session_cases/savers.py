"""What savers write and restore, which files are there afterwards, and the errors."""

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
    if isinstance(value, dict):
        return {k.replace(folder, "DIR"): _anonymous(v, folder) for k, v in value.items()}
    return value.replace(folder, "DIR") if isinstance(value, str) else value


def files(folder):
    return sorted(os.listdir(folder))


def state(folder):
    with open(os.path.join(folder, "checkpoint")) as file:
        return file.read()


def started(tf):
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def variables(tf, offset=0.0, use_resource=False):
    a = tf.Variable(
        np.arange(6, dtype=np.float32).reshape(2, 3) + offset, name="a", use_resource=use_resource
    )
    b = tf.Variable(int(3 + offset), name="b", use_resource=use_resource)
    return a, b


def raised(tf, call):
    """The class of the exception."""
    try:
        return ["no error", call()]
    except Exception as error:
        return type(error).__name__


@case
def save_and_restore(tf, folder):
    a, b = variables(tf)
    c = tf.Variable(["x", "yz"], name="c")
    d = tf.Variable(True, name="d")
    e = tf.get_variable("e", initializer=np.float64(2.5), use_resource=True)
    saver = tf.train.Saver()
    with started(tf) as sess:
        path = saver.save(sess, folder + "/model")
        sess.run([a.assign(a * 0), b.assign(9), c.assign(["", ""]), d.assign(False), e.assign(0)])
        changed = sess.run([a, b, c, d, e])
        saver.restore(sess, path)
        restored = sess.run([a, b, c, d, e])
    with tf.Session() as sess:
        saver.restore(sess, folder + "/model")
        again = sess.run([a, b, c, d, e])
    return path, files(folder), state(folder), changed, restored, again


@case
def with_global_step(tf, folder):
    a, b = variables(tf)
    saver = tf.train.Saver(max_to_keep=2)
    paths = []
    with started(tf) as sess:
        for step in (1, np.int64(20), b):
            paths.append(saver.save(sess, folder + "/m", global_step=step))
            paths.append(saver.last_checkpoints)
            paths.append(files(folder))
    return paths, state(folder), tf.train.latest_checkpoint(folder)


@case
def with_padded_step(tf, folder):
    variables(tf)
    saver = tf.train.Saver(pad_step_number=True)
    with started(tf) as sess:
        return saver.save(sess, folder + "/m", 17, write_meta_graph=False), files(folder)


@case
def keeping_all(tf, folder):
    variables(tf)
    savers = [tf.train.Saver(max_to_keep=None), tf.train.Saver(max_to_keep=0)]
    with started(tf) as sess:
        for saver in savers:
            for step in range(7):
                saver.save(sess, folder + "/m", step, write_meta_graph=False)
    return files(folder), [saver.last_checkpoints for saver in savers], state(folder)


@case
def keeping_one_in_a_while(tf, folder):
    variables(tf)
    saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=-1e-9)
    with started(tf) as sess:
        for step in range(4):
            saver.save(sess, folder + "/m", step, write_meta_graph=False)
    return files(folder)


@case
def the_same_path_again(tf, folder):
    a, b = variables(tf)
    saver = tf.train.Saver()
    with started(tf) as sess:
        for _ in range(3):
            saver.save(sess, folder + "/m")
            sess.run(b.assign_add(1))
        saver.restore(sess, folder + "/m")
        return sess.run(b), saver.last_checkpoints, files(folder)


@case
def without_graph_or_state(tf, folder):
    variables(tf)
    saver = tf.train.Saver()
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m", write_meta_graph=False, write_state=False)
    return path, files(folder), tf.train.latest_checkpoint(folder), saver.last_checkpoints


@case
def under_other_names(tf, folder):
    a, b = variables(tf)
    saver = tf.train.Saver({"x/a": a, "b": b})
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m", latest_filename="newest", meta_graph_suffix="graph")
        names = tf.train.list_variables(path)
        sess.run(a.assign_add(a))
        tf.train.Saver({"x/a": a}).restore(sess, path)
        return names, sess.run(a), files(folder), tf.train.latest_checkpoint(folder, "newest")


@case
def in_a_new_folder(tf, folder):
    variables(tf)
    saver = tf.train.Saver()
    with started(tf) as sess:
        found = [saver.save(sess, folder + "/new/m")]
        found.append(raised(tf, lambda: saver.save(sess, folder + "/no/such/m")))
        return found, files(folder + "/new")


@case
def relative_paths(tf, folder):
    variables(tf)
    before = os.getcwd()
    os.chdir(folder)
    try:
        saver = tf.train.Saver()
        with started(tf) as sess:
            found = [saver.save(sess, "./m"), state("."), tf.train.latest_checkpoint(".")]
            found += [saver.save(sess, "sub/m", 3), state("sub"), tf.train.latest_checkpoint("sub")]
            found += [saver.save(sess, "m", 5), state(""), tf.train.latest_checkpoint("")]
            saver.restore(sess, "sub/m-3")
            saver.restore(sess, "./m")
        return found
    finally:
        os.chdir(before)


@case
def relative_on_request(tf, folder):
    variables(tf)
    saver = tf.train.Saver(save_relative_paths=True)
    with started(tf) as sess:
        saver.save(sess, folder + "/m", 1)
        saver.save(sess, folder + "/m", 2)
    shutil.move(folder, folder + "_moved")
    try:
        return state(folder + "_moved"), tf.train.latest_checkpoint(folder + "_moved")
    finally:
        shutil.move(folder + "_moved", folder)


@case
def in_shards(tf, folder):
    a, b = variables(tf)
    with tf.device("/gpu:0"):
        tf.Variable([1.5, 2.5], name="c")
    saver = tf.train.Saver(sharded=True)
    config = tf.ConfigProto(allow_soft_placement=True)
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        path = saver.save(sess, folder + "/m", 4)
        sess.run([a.assign_add(a), b.assign(0)])
        saver.restore(sess, path)
        found = sess.run([a, b])
    return path, files(folder), tf.train.list_variables(path), found


@case
def partitions(tf, folder):
    def by_offset(shape, dtype=None, partition_info=None):
        return tf.fill(shape, partition_info.var_offset[0] + 1.0)

    p = tf.get_variable(
        "p", [4, 3], initializer=by_offset, partitioner=tf.fixed_size_partitioner(2)
    )
    saver = tf.train.Saver()
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m")
    found = [tf.train.list_variables(path), tf.train.load_variable(path, "p")]
    with tf.Graph().as_default():
        whole = tf.get_variable("p", [4, 3])
        with tf.Session() as sess:
            tf.train.Saver().restore(sess, path)
            found.append(sess.run(whole))
            again = tf.train.Saver().save(sess, folder + "/whole")
    with tf.Session() as sess:
        saver.restore(sess, again)
        found.append(sess.run(tf.convert_to_tensor(p)))
    return found


@case
def slots(tf, folder):
    w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(w * w), global_step=step)
    saver = tf.train.Saver()
    found = []
    with started(tf) as sess:
        for _ in range(3):
            sess.run(train)
        path = saver.save(sess, folder + "/m", global_step=step)
        sess.run(train)
        found.append(sess.run(w))
    with tf.Session() as sess:
        saver.restore(sess, path)
        sess.run(train)
        found.append(sess.run(w))
    return path, found, tf.train.list_variables(path)


@case
def of_other_shapes_and_types(tf, folder):
    a, b = variables(tf)
    saver = tf.train.Saver()
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m")
    found = []
    others = [
        lambda: tf.Variable(np.zeros((3, 2), np.float32), name="a"),
        lambda: tf.Variable(np.zeros((2, 3)), name="a"),
        lambda: tf.Variable(np.zeros((2, 3), np.float32), name="c"),
        lambda: tf.get_variable("a", [3, 2], use_resource=True),
    ]
    for reshape in (False, True):
        for other in others:
            with tf.Graph().as_default(), tf.Session() as sess:
                v = other()
                saver = tf.train.Saver(reshape=reshape)
                error = raised(tf, lambda saver=saver, sess=sess: saver.restore(sess, path))
                found.append([error, sess.run(v) if error == ["no error", None] else None])
    return found


@case
def of_unknown_shape(tf, folder):
    v = tf.Variable(tf.placeholder_with_default([1.0, 2.0], None), validate_shape=False, name="v")
    saver = tf.train.Saver()
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m")
        sess.run(tf.assign(v, [7.0], validate_shape=False))
        saver.restore(sess, path)
        return sess.run(v)


@case
def of_what_has_no_value(tf, folder):
    variables(tf)
    saver = tf.train.Saver()
    with tf.Session() as sess:
        return raised(tf, lambda: saver.save(sess, folder + "/m")), files(folder)


@case
def wrong_uses(tf, folder):
    a, b = variables(tf)
    saver = tf.train.Saver()
    deferred = tf.train.Saver(defer_build=True)
    with started(tf) as sess:
        calls = [
            lambda: saver.save(sess, folder + "/checkpoint"),
            lambda: saver.save(sess, folder + "/m", latest_filename="x/y"),
            lambda: saver.save(a, folder + "/m"),
            lambda: saver.restore(sess, None),
            lambda: saver.restore(sess, folder + "/none"),
            lambda: deferred.save(sess, folder + "/m"),
            lambda: tf.train.Saver(saver_def=tf.train.SaverDef()),
            lambda: saver.set_last_checkpoints("x"),
            lambda: tf.train.load_checkpoint(folder),
            lambda: tf.train.load_variable(folder + "/none", "a"),
            lambda: tf.train.NewCheckpointReader(folder + "/none"),
        ]
        return [raised(tf, call) for call in calls]


@case
def allowed_to_be_empty(tf, folder):
    saver = tf.train.Saver(allow_empty=True)
    tf.constant(1)
    with tf.Session() as sess:
        path = saver.save(sess, folder + "/m")
        saver.restore(sess, folder + "/m")
    return path, files(folder)


@case
def a_corrupted_index(tf, folder):
    variables(tf)
    saver = tf.train.Saver()
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m")
        with open(path + ".data-00000-of-00001", "r+b") as file:
            file.write(b"\x55\x66")
        return raised(tf, lambda: saver.restore(sess, path))


@case
def definitions(tf, folder):
    a, b = variables(tf)
    with tf.name_scope("scope"):
        saver = tf.train.Saver([a], max_to_keep=7, keep_checkpoint_every_n_hours=2.5)
    texts = [
        str(made)
        for made in (
            saver.as_saver_def(),
            saver.saver_def,
            saver.to_proto(),
            saver.to_proto("scope"),
            saver.to_proto("other"),
        )
    ]
    twin = tf.train.Saver.from_proto(saver.to_proto("scope"), "scope")
    with started(tf) as sess:
        path = twin.save(sess, folder + "/m")
        saver.restore(sess, path)
    return texts, str(twin.saver_def), twin.last_checkpoints


@case
def recovered_checkpoints(tf, folder):
    variables(tf)
    with started(tf) as sess:
        saver = tf.train.Saver(max_to_keep=2)
        paths = [saver.save(sess, folder + "/m", step) for step in (1, 2)]
        later = tf.train.Saver(max_to_keep=2)
        later.recover_last_checkpoints([*paths, folder + "/none"])
        found = [later.last_checkpoints]
        later.save(sess, folder + "/m", 3)
        found += [later.last_checkpoints, files(folder)]
        third = tf.train.Saver(max_to_keep=2)
        third.set_last_checkpoints(later.last_checkpoints)
        third.save(sess, folder + "/m", 4)
        third.save(sess, folder + "/m", 5)
        found += [third.last_checkpoints, files(folder)]
    return found


@case
def reading_without_a_graph(tf, folder):
    a, b = variables(tf)
    tf.Variable("text", name="t")
    tf.Variable(np.float16(1.5), name="half")
    with started(tf) as sess:
        path = tf.train.Saver().save(sess, folder + "/m", 3)
    reader = tf.train.NewCheckpointReader(path)
    shapes, types = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    names = sorted(shapes)
    return {
        "values": [reader.get_tensor(n) for n in names],
        "shapes": [[n, shapes[n], types[n].name] for n in names],
        "has": [reader.has_tensor("a"), reader.has_tensor("z")],
        "missing": raised(tf, lambda: reader.get_tensor("z")),
        "text": reader.debug_string(),
        "list": tf.train.list_variables(folder),
        "one": [tf.train.load_variable(folder, "b"), tf.train.load_variable(path, "b:0")],
        "exists": [tf.train.checkpoint_exists(path), tf.train.checkpoint_exists(folder + "/x")],
        "times": len(tf.train.get_checkpoint_mtimes([path, folder + "/none"])),
        "state": str(tf.train.get_checkpoint_state(folder)),
        "none": [tf.train.get_checkpoint_state(folder + "/x"), tf.train.latest_checkpoint("/x")],
    }


@case
def states_by_hand(tf, folder):
    found = []
    tf.train.update_checkpoint_state(folder, folder + "/m-2", [folder + "/m-1"])
    found += [state(folder), tf.train.latest_checkpoint(folder)]
    tf.train.update_checkpoint_state(
        folder, "m-2", ["m-1", "m-2"], "other", [1.5, 2.5], last_preserved_timestamp=0.5
    )
    with open(os.path.join(folder, "other")) as file:
        found.append(file.read())
    made = tf.train.generate_checkpoint_state_proto("rel", "rel/m-2", ["rel/m-1"])
    found += [str(made), made.model_checkpoint_path, list(made.all_model_checkpoint_paths)]
    found.append(
        raised(tf, lambda: tf.train.update_checkpoint_state(folder, folder + "/checkpoint"))
    )
    found.append(
        raised(
            tf,
            lambda: tf.train.generate_checkpoint_state_proto(
                folder, "m", ["m"], all_model_checkpoint_timestamps=[1.0, 2.0]
            ),
        )
    )
    for text in ("", "nonsense", 'model_checkpoint_path: "x'):
        with open(os.path.join(folder, "checkpoint"), "w") as file:
            file.write(text)
        found.append(raised(tf, lambda: tf.train.latest_checkpoint(folder)))
    return found


@case
def removed_checkpoint(tf, folder):
    variables(tf)
    with started(tf) as sess:
        path = tf.train.Saver().save(sess, folder + "/m", 3)
    tf.train.remove_checkpoint(path)
    return files(folder), tf.train.latest_checkpoint(folder)


@case
def resource_variables(tf, folder):
    a, b = variables(tf, use_resource=True)
    saver = tf.train.Saver([b, a])
    with started(tf) as sess:
        path = saver.save(sess, folder + "/m")
        sess.run([a.assign(a * 0.0), b.assign(9)])
        saver.restore(sess, path)
        return sess.run([a, b]), tf.train.list_variables(path)


@case
def initialised_from_a_checkpoint(tf, folder):
    with tf.variable_scope("old"):
        variables(tf)
        tf.get_variable("in/deep", initializer=[7.0, 8.0])
        tf.get_variable("v", initializer=np.arange(12, dtype=np.float32).reshape(4, 3))
    with started(tf) as sess:
        path = tf.train.Saver().save(sess, folder + "/m")
    found = []
    with tf.Graph().as_default():
        with tf.variable_scope("new"):
            x = tf.get_variable("x", [2, 3])
            deep = tf.get_variable("in/deep", [2], use_resource=True)
            p = tf.get_variable("v", [4, 3], partitioner=tf.fixed_size_partitioner(3))
        y = tf.get_variable("y", [2, 3])
        tf.train.init_from_checkpoint(path, {"old/a": x, "old/in/": "new/in/", "old/v": list(p)})
        tf.train.init_from_checkpoint(folder, {"old/a": "y"})
        with started(tf) as sess:
            found.append(sess.run([x, deep, tf.convert_to_tensor(p), y]))
    with tf.Graph().as_default():
        v = tf.get_variable("old/in/deep", [2])
        tf.train.init_from_checkpoint(path, {"/": "/"})
        with started(tf) as sess:
            found.append(sess.run(v))
    with tf.Graph().as_default():
        tf.get_variable("s/a", [5])
        v = tf.get_variable("s/b", [2])
        maps = [
            {"old/a": v},
            {"old/zz": v},
            {"old/": "s/"},
            {"old": "s/"},
            {"old/a": "nowhere/"},
            {"old/a": "nowhere"},
            {"none/": "s/"},
        ]
        found += [raised(tf, lambda m=m: tf.train.init_from_checkpoint(path, m)) for m in maps]
    return found


@case
def warm_start(tf, folder):
    a, b = variables(tf)
    with started(tf) as sess:
        path = tf.train.Saver().save(sess, folder + "/m")
    found = []
    for options in (
        {},
        {"vars_to_warm_start": "a"},
        {"vars_to_warm_start": ["b"]},
        {"var_name_to_prev_var_name": {"b": "b"}},
        {"var_name_to_prev_var_name": {"zz": "b"}},
        {"vars_to_warm_start": 3},
    ):
        with tf.Graph().as_default():
            a = tf.get_variable("a", [2, 3], initializer=tf.zeros_initializer())
            b = tf.get_variable("b", [], tf.int32, initializer=tf.zeros_initializer())
            error = raised(tf, lambda o=options: tf.train.warm_start(path, **o))
            with started(tf) as sess:
                found.append([error, sess.run([a, b])])
    return found
