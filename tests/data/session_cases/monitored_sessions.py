"""Monitored sessions: what hooks see, what is saved, and how sessions end."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import threading

import numpy as np

CASES = {}


def case(run):
    """A case that gets a folder of its own, which no result may name."""

    @functools.wraps(run)
    def with_folder(tf):
        folder = tempfile.mkdtemp()
        before = tf.logging.get_verbosity()
        tf.logging.set_verbosity(tf.logging.ERROR)
        try:
            return _anonymous(run(tf, folder), folder)
        finally:
            tf.logging.set_verbosity(before)
            tf.summary.FileWriterCache.clear()
            shutil.rmtree(folder)

    CASES[run.__name__] = with_folder
    return run


def _anonymous(value, folder):
    if isinstance(value, (list, tuple)):
        return [_anonymous(v, folder) for v in value]
    return value.replace(folder, "DIR") if isinstance(value, str) else value


def files(folder):
    return sorted(f for f in os.listdir(folder) if "tfevents" not in f)


def events(tf, folder):
    """Steps and kinds of events, tags of summaries."""
    tf.summary.FileWriterCache.clear()
    found = []
    for name in sorted(os.listdir(folder)):
        if "tfevents" not in name:
            continue
        for event in tf.train.summary_iterator(os.path.join(folder, name)):
            what = event.WhichOneof("what")
            tags = [v.tag for v in event.summary.value]
            status = event.session_log.status
            found.append([event.step, what, tags, status])
    return found


def raised(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "no error"


def model(tf):
    """A variable, its square, a step of training, and the global step; `fixed` can be fetched at any time."""
    step = tf.train.get_or_create_global_step()
    v = tf.Variable(4.0, name="v")
    loss = tf.multiply(v, v, name="loss")
    tf.summary.scalar("loss", loss)
    tf.constant(7, name="fixed")
    train = tf.train.GradientDescentOptimizer(0.25).minimize(loss, global_step=step)
    return v, loss, train, step


class Notes:
    """A hook that writes down how it is called."""

    def __init__(self, tf, wanted=None, feeds=None, stop_at=None):
        self.tf, self.wanted, self.feeds, self.stop_at = tf, wanted, feeds, stop_at
        self.notes = []

    def begin(self):
        self.notes.append("begin")
        self.tf.constant(1.0, name="made_by_hook")

    def after_create_session(self, session, coord):
        self.notes.append("created")

    def before_run(self, context):
        self.notes.append(["before", context.stop_requested])
        if self.wanted is not None or self.feeds is not None:
            return self.tf.train.SessionRunArgs(self.wanted, self.feeds)
        return None

    def after_run(self, context, values):
        self.notes.append(["after", values.results])
        if self.stop_at is not None and values.results >= self.stop_at:
            context.request_stop()

    def end(self, session):
        self.notes.append("end")


@case
def plain(tf, folder):
    v, loss, train, step = model(tf)
    with tf.train.MonitoredSession() as sess:
        found = [sess.run([train, "fixed:0"]), sess.run(v), sess.should_stop()]
        found.append(sess.graph is tf.get_default_graph())
        found.append(raised(lambda: tf.constant(1)))
    found.append(raised(lambda: tf.constant(1)))
    found.append(sess.should_stop())
    return found


@case
def hooks_are_called_in_order(tf, folder):
    v, loss, train, step = model(tf)
    hooks = [
        Notes(tf),
        Notes(tf, wanted={"l": "fixed:0", "s": ["fixed:0"]}),
        Notes(tf, wanted="fixed:0", stop_at=0),
    ]
    with tf.train.MonitoredSession(hooks=hooks) as sess:
        first = sess.run(train)
        stopped = sess.should_stop()
        error = raised(lambda: sess.run(train))
    return first, stopped, error, [h.notes for h in hooks]


@case
def hooks_when_a_block_fails(tf, folder):
    model(tf)
    found = []
    for error in (ValueError, tf.errors.OutOfRangeError, StopIteration):
        hook = Notes(tf)

        def run(error=error, hook=hook):
            with tf.train.MonitoredSession(hooks=[hook]):
                raise error(None, None, "text") if error is tf.errors.OutOfRangeError else error()

        found.append([raised(run), hook.notes])
    return found


@case
def hooks_that_feed(tf, folder):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.placeholder_with_default(1.0, [], name="y")
    z = tf.add(x, y)
    hook = Notes(tf, feeds={x: 5.0})
    with tf.train.SingularMonitoredSession(hooks=[hook]) as sess:
        found = [sess.run(z), sess.run(z, {y: 2.0}), raised(lambda: sess.run(z, {x: 1.0}))]
        found.append(sess.raw_session().run(z, {x: 0.0}))
    hooks = [tf.train.FeedFnHook(lambda: {x: 3.0}), Notes(tf, feeds={x: 5.0})]
    with tf.train.SingularMonitoredSession(hooks=hooks) as sess:
        found.append(raised(lambda: sess.run(z)))
    return found


@case
def stop_at_step(tf, folder):
    v, loss, train, step = model(tf)
    found = []
    for options in ({"last_step": 3}, {"num_steps": 2}):
        runs = 0
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder, hooks=[tf.train.StopAtStepHook(**options)]
        ) as sess:
            while not sess.should_stop():
                sess.run(train)
                runs += 1
        found.append([runs, files(folder), tf.train.latest_checkpoint(folder)])
    found.append(raised(lambda: tf.train.StopAtStepHook()))
    found.append(raised(lambda: tf.train.StopAtStepHook(1, 2)))
    return found


@case
def training_session(tf, folder):
    v, loss, train, step = model(tf)
    with tf.train.MonitoredTrainingSession(
        checkpoint_dir=folder,
        save_checkpoint_secs=None,
        save_checkpoint_steps=2,
        save_summaries_steps=2,
        log_step_count_steps=3,
        hooks=[tf.train.StopAtStepHook(last_step=5)],
    ) as sess:
        while not sess.should_stop():
            sess.run(train)
    return files(folder), events(tf, folder)


@case
def training_session_that_goes_on(tf, folder):
    values = []
    for _ in range(2):
        with tf.Graph().as_default():
            v, loss, train, step = model(tf)
            with tf.train.MonitoredTrainingSession(checkpoint_dir=folder) as sess:
                for _ in range(2):
                    values.append(sess.run([loss, step]))
                    sess.run(train)
    return values, files(folder)


@case
def training_session_without_a_folder(tf, folder):
    v, loss, train, step = model(tf)
    with tf.train.MonitoredTrainingSession() as sess:
        return sess.run([train, "fixed:0"]), files(folder)


@case
def singular_session_from_a_checkpoint(tf, folder):
    v, loss, train, step = model(tf)
    with tf.train.MonitoredTrainingSession(checkpoint_dir=folder) as sess:
        sess.run(train)
    path = tf.train.latest_checkpoint(folder)
    with tf.train.SingularMonitoredSession(checkpoint_dir=folder) as sess:
        found = [sess.run([v, step])]
    with tf.train.SingularMonitoredSession(checkpoint_filename_with_path=path) as sess:
        found.append(sess.run([v, step]))
    return found, path


@case
def scaffolds(tf, folder):
    v, loss, train, step = model(tf)
    w = tf.Variable(tf.placeholder_with_default(1.0, [], name="w0"), name="w")
    init = tf.global_variables_initializer()
    seen = []
    scaffold = tf.train.Scaffold(
        init_op=init,
        init_feed_dict={"w0:0": 9.0},
        init_fn=lambda scaffold, sess: seen.append(sess.run(w)),
    )
    with tf.train.MonitoredTrainingSession(scaffold=scaffold) as sess:
        found = [sess.run(w), seen]
    copy = tf.train.Scaffold(copy_from_scaffold=scaffold, init_fn=None)
    found += [copy.init_op is init, copy.saver is scaffold.saver, copy.init_feed_dict]
    found.append(raised(lambda: tf.train.Scaffold(copy_from_scaffold=3)))
    tf.add_to_collection("init_op", init)
    found.append(raised(lambda: tf.train.Scaffold().finalize()))
    return found


@case
def scaffold_makes_what_is_missing(tf, folder):
    with tf.variable_scope("local"):
        tf.get_variable(
            "counter", [], initializer=tf.zeros_initializer(), collections=["local_variables"]
        )
    model(tf)
    tf.train.Scaffold().finalize()
    graph = tf.get_default_graph()
    tf.train.Scaffold().finalize()
    keys = ["init_op", "ready_op", "ready_for_local_init_op", "local_init_op", "summary_op"]
    return (
        [[t.name for t in graph.get_collection(key)] for key in keys],
        len(graph.get_collection("savers")),
        graph.finalized,
    )


@case
def not_ready(tf, folder):
    a = tf.Variable(1.0, name="a")
    tf.Variable(2.0, name="b")
    scaffold = tf.train.Scaffold(init_op=a.initializer)
    return raised(lambda: tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)))


@case
def logged_tensors(tf, folder):
    v, loss, train, step = model(tf)
    texts = []

    def shown(values):
        texts.append({str(getattr(k, "name", k)): v for k, v in values.items()})
        return "shown"

    hooks = [
        tf.train.LoggingTensorHook(
            {"l": tf.constant(2.5), "s": "fixed"}, every_n_iter=2, formatter=shown
        ),
        tf.train.LoggingTensorHook(["loss:0"], at_end=True, formatter=shown),
    ]
    with tf.train.MonitoredSession(hooks=hooks) as sess:
        for _ in range(3):
            sess.run(train)
    wrong = [
        lambda: tf.train.LoggingTensorHook([loss]),
        lambda: tf.train.LoggingTensorHook([loss], every_n_iter=1, every_n_secs=1),
        lambda: tf.train.LoggingTensorHook([loss], every_n_iter=0),
        lambda: tf.train.LoggingTensorHook(["none"], every_n_iter=1).begin(),
        lambda: tf.train.LoggingTensorHook([3], every_n_iter=1).begin(),
    ]
    return texts, [raised(w) for w in wrong]


@case
def nan_stops(tf, folder):
    x = tf.placeholder(tf.float32, [])
    found = []
    for fail in (True, False):
        hook = tf.train.NanTensorHook(x, fail_on_nan_loss=fail)
        with tf.train.MonitoredSession(hooks=[hook]) as sess:
            sess.run(x, {x: 1.0})
            found.append(raised(lambda sess=sess: sess.run(x, {x: np.nan})))
            found.append(sess.should_stop())
    return found, str(tf.train.NanLossDuringTrainingError())


@case
def final_ops(tf, folder):
    v, loss, train, step = model(tf)
    hook = tf.train.FinalOpsHook([v, step])
    before = hook.final_ops_values
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        sess.run(train)
    return before, hook.final_ops_values


@case
def checkpoint_saver(tf, folder):
    v, loss, train, step = model(tf)
    notes = []

    class Listener(tf.train.CheckpointSaverListener):
        def begin(self):
            notes.append("begin")

        def before_save(self, session, global_step_value):
            notes.append(["before", global_step_value])

        def after_save(self, session, global_step_value):
            notes.append(["after", global_step_value])
            return global_step_value >= 4

        def end(self, session, global_step_value):
            notes.append(["end", global_step_value])

    saver = tf.train.Saver(max_to_keep=2)
    hook = tf.train.CheckpointSaverHook(
        folder, save_steps=2, saver=saver, checkpoint_basename="m", listeners=[Listener()]
    )
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        while not sess.should_stop():
            sess.run(train)
    wrong = [
        lambda: tf.train.CheckpointSaverHook(folder),
        lambda: tf.train.CheckpointSaverHook(folder, 1, 1),
        lambda: tf.train.CheckpointSaverHook(folder, 1, saver=saver, scaffold=tf.train.Scaffold()),
    ]
    return notes, files(folder), events(tf, folder), [raised(w) for w in wrong]


@case
def hooks_without_a_global_step(tf, folder):
    tf.Variable(1.0)
    hooks = [
        tf.train.StopAtStepHook(1),
        tf.train.StepCounterHook(),
        tf.train.CheckpointSaverHook(folder, save_steps=1),
        tf.train.SummarySaverHook(save_steps=1, summary_op=tf.constant("")),
        tf.train.GlobalStepWaiterHook(1),
    ]
    return [raised(hook.begin) for hook in hooks]


@case
def summary_saver(tf, folder):
    v, loss, train, step = model(tf)
    hook = tf.train.SummarySaverHook(
        save_steps=2,
        output_dir=folder,
        summary_op=[tf.summary.merge_all(), tf.summary.scalar("a", 1)],
    )
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        for _ in range(5):
            sess.run(train)
    wrong = [
        lambda: tf.train.SummarySaverHook(save_steps=1),
        lambda: tf.train.SummarySaverHook(
            save_steps=1, summary_op=loss, scaffold=tf.train.Scaffold()
        ),
    ]
    return events(tf, folder), [raised(w) for w in wrong]


@case
def step_counter(tf, folder):
    v, loss, train, step = model(tf)
    hook = tf.train.StepCounterHook(every_n_steps=2, output_dir=folder)
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        for _ in range(5):
            sess.run(train)
    return events(tf, folder), raised(lambda: tf.train.StepCounterHook(1, 1))


@case
def timers(tf, folder):
    timer = tf.train.SecondOrStepTimer(every_steps=3)
    found = [timer.last_triggered_step(), timer.should_trigger_for_step(1)]
    found.append(timer.update_last_triggered_step(1))
    found += [timer.should_trigger_for_step(s) for s in (1, 2, 3, 4, 5)]
    found += [timer.update_last_triggered_step(4)[1], timer.last_triggered_step()]
    timer.reset()
    found += [timer.should_trigger_for_step(4), timer.last_triggered_step()]
    hours = tf.train.SecondOrStepTimer(every_secs=3600)
    hours.update_last_triggered_step(1)
    found += [hours.should_trigger_for_step(99)]
    wrong = [lambda: tf.train.SecondOrStepTimer(), lambda: tf.train.SecondOrStepTimer(1, 1)]
    return found, [raised(w) for w in wrong]


@case
def steps_by_functions(tf, folder):
    v, loss, train, step = model(tf)
    hook = Notes(tf)

    def function(step_context):
        before = step_context.session.run(v)
        step_context.run_with_hooks(train)
        if before < 1:
            step_context.request_stop()
        return before

    found = []
    with tf.train.MonitoredTrainingSession(hooks=[hook]) as sess:
        found.append(raised(lambda: sess.run_step_fn(lambda x: x)))
        while not sess.should_stop():
            found.append(sess.run_step_fn(function))
    return found, hook.notes


@case
def a_session_after_a_preemption(tf, folder):
    v, loss, train, step = model(tf)

    class Breaking:
        broken = 0

        def __getattr__(self, name):
            return lambda *args: None

        def before_run(self, context):
            return None

        def after_run(self, context, values):
            Breaking.broken += 1
            if Breaking.broken == 2:
                raise tf.errors.AbortedError(None, None, "gone")

    with tf.train.MonitoredTrainingSession(
        checkpoint_dir=folder,
        save_checkpoint_secs=None,
        save_checkpoint_steps=1,
        hooks=[Breaking()],
    ) as sess:
        for _ in range(3):
            sess.run(train)
        return sess.run(step), Breaking.broken


@case
def queue_runners_are_started(tf, folder):
    queue = tf.FIFOQueue(10, tf.float32)
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1.5)]))
    item = queue.dequeue()
    with tf.train.MonitoredSession() as sess:
        return sess.run(item)


@case
def threads_that_fail(tf, folder):
    v, loss, train, step = model(tf)

    class Failing:
        def __getattr__(self, name):
            return lambda *args: None

        def after_create_session(self, session, coord):
            def fail():
                with coord.stop_on_exception():
                    raise ValueError("in a thread")

            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()

    def run():
        with tf.train.MonitoredSession(hooks=[Failing()]) as sess:
            found.append(sess.should_stop())

    found = []
    found.append(raised(run))
    return found


@case
def session_managers(tf, folder):
    a = tf.Variable(1.0, name="a")
    manager = tf.train.SessionManager(ready_op=tf.report_uninitialized_variables())
    saver = tf.train.Saver()
    found = [raised(lambda: manager.prepare_session(""))]
    sess = manager.prepare_session("", init_op=tf.global_variables_initializer())
    found.append(sess.run(a))
    saver.save(sess, folder + "/m")
    found.append(manager.recover_session("")[1])
    sess, ok = manager.recover_session("", saver, checkpoint_dir=folder)
    found += [ok, sess.run(a)]
    sess = manager.prepare_session("", saver=saver, checkpoint_filename_with_path=folder + "/m")
    found.append(sess.run(a))
    found.append(raised(lambda: manager.wait_for_session("", max_wait_secs=0)))
    found.append(raised(lambda: manager.prepare_session("", None, saver, folder, folder + "/m")))
    found.append(raised(lambda: tf.train.SessionManager(ready_for_local_init_op=a)))
    sess = manager.prepare_session("", init_fn=lambda sess: sess.run(a.initializer))
    found.append(sess.run(a))
    return found


@case
def supervisor(tf, folder):
    v, loss, train, step = model(tf)
    sv = tf.train.Supervisor(logdir=folder, save_model_secs=0, save_summaries_secs=0)
    found = [sv.save_path, sv.global_step is step, sv.is_chief, sv.saver is not None]
    with sv.managed_session() as sess:
        for _ in range(3):
            if sv.should_stop():
                break
            sess.run(train)
        sv.saver.save(sess, sv.save_path, global_step=step)
        sv.summary_computed(sess, sess.run(sv.summary_op))
        found.append(raised(lambda: tf.constant(1)))
    found += [files(folder), events(tf, folder), sv.should_stop()]
    with tf.Graph().as_default():
        v, loss, train, step = model(tf)
        sv = tf.train.Supervisor(logdir=folder, save_summaries_secs=0)
        with sv.managed_session() as sess:
            found.append(sess.run([step, v]))
            sv.request_stop()
    return found


@case
def supervisor_without_a_folder(tf, folder):
    v, loss, train, step = model(tf)
    sv = tf.train.Supervisor()
    calls = []

    def one_step(sess, *args):
        calls.append([sess.run(["fixed:0", train])[0], list(args)])
        if len(calls) == 3:
            sv.request_stop()

    tf.train.basic_train_loop(sv, one_step, args=[7])
    return calls, sv.summary_writer, sv.save_path


@case
def supervised_errors(tf, folder):
    model(tf)
    sv = tf.train.Supervisor(logdir=folder, summary_writer=None)
    found = []
    for error in (ValueError("x"), tf.errors.OutOfRangeError(None, None, "end")):

        def run(error=error):
            with sv.managed_session(start_standard_services=False):
                raise error

        found.append(raised(run))
    return found


@case
def supervised_loop(tf, folder):
    v, loss, train, step = model(tf)
    sv = tf.train.Supervisor(logdir=None)
    done = threading.Event()
    with sv.managed_session() as sess:
        sv.loop(0.01, lambda: (sess.run(train), done.set()))
        waited = done.wait(10)
    return waited


@case
def clusters(tf, folder):
    spec = tf.train.ClusterSpec({"worker": ["a:1", "b:2"], "ps": {3: "c:3"}})
    found = [str(spec), spec.as_dict() == {"worker": ["a:1", "b:2"], "ps": {3: "c:3"}}]
    found += [sorted(spec.jobs), spec.num_tasks("worker"), spec.task_indices("ps"), bool(spec)]
    found += [spec.task_address("worker", 1), spec.job_tasks("ps"), str(spec.as_cluster_def())]
    found.append(tf.train.ClusterSpec(spec.as_cluster_def()) == spec.as_dict())
    found.append(str(tf.train.ClusterSpec(spec)))
    for wrong in (
        lambda: spec.num_tasks("none"),
        lambda: spec.task_address("worker", 5),
        lambda: tf.train.ClusterSpec(3),
        lambda: tf.train.ClusterSpec({"a": 3}),
        lambda: tf.train.ClusterSpec({3: ["a"]}),
        lambda: tf.train.Server(3),
    ):
        found.append(raised(wrong))
    return found


@case
def device_setters(tf, folder):
    setters = [
        tf.train.replica_device_setter(ps_tasks=2),
        tf.train.replica_device_setter(
            worker_device="/job:worker/task:3", cluster={"ps": ["a", "b", "c"], "worker": ["d"]}
        ),
        tf.train.replica_device_setter(ps_tasks=1, ps_device="/job:ps/gpu:1", ps_ops=["Const"]),
        tf.train.replica_device_setter(ps_tasks=2, ps_strategy=lambda op: 1),
    ]
    found = []
    for setter in setters:
        with tf.Graph().as_default():
            with tf.device(setter):
                a = tf.Variable(1.0)
                b = tf.Variable(2.0)
                with tf.device("/cpu:0"):
                    c = tf.Variable(3.0)
                with tf.device("/job:other/task:7"):
                    d = tf.Variable(4.0)
                e = a + b
            found.append([x.device for x in (a, b, c, d, e, a.initial_value)])
    found.append(tf.train.replica_device_setter())
    found.append(tf.train.replica_device_setter(cluster={"worker": ["d"]}))
    found.append(raised(lambda: tf.train.replica_device_setter(1, ps_strategy=3)))
    return found


@case
def a_trace(tf, folder):
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    y = tf.matmul(x, x, name="y")
    metadata = tf.RunMetadata()
    untraced = tf.RunMetadata()
    with tf.Session() as sess:
        sess.run(y, {x: np.eye(2)})
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        value = sess.run(y, {x: np.eye(2)}, options=options, run_metadata=metadata)
        sess.run(y, {x: np.eye(2)}, run_metadata=untraced)
    stats = [s for d in metadata.step_stats.dev_stats for s in d.node_stats if s.node_name == "y"]
    shapes = [[d.size for d in o.tensor_description.shape.dim] for s in stats for o in s.output]
    timeline = __import__(tf.__name__ + ".python.client.timeline", fromlist=["x"])
    text = timeline.Timeline(metadata.step_stats).generate_chrome_trace_format()
    trace = __import__("json").loads(text)["traceEvents"]
    shown = [[e["ph"], e["args"]["op"]] for e in trace if e.get("args", {}).get("name") == "y"]
    return value, len(stats), shapes, shown, len(untraced.step_stats.dev_stats)
