"""Programs around estimators: each a function of `tf` and a folder of its own, that returns numbers and texts.

They run under TensorFlow 1.15.5 too, so they are written for Python 3.7.
"""

import numpy as np

INPUTS = np.random.RandomState(0).randn(64, 3).astype(np.float32)
LABELS = (INPUTS.sum(1) > 0).astype(np.int32)
TARGETS = INPUTS.dot(np.array([[1.0], [2.0], [3.0]])).astype(np.float32)


def rounded(found):
    """Numbers a float32 of another machine can reproduce."""
    return {k: round(float(v), 3) for k, v in sorted(found.items())}


def classifier(tf):
    """A model function of two dense layers."""

    def model(features, labels, mode, params):
        seeded = tf.glorot_uniform_initializer
        hidden = tf.layers.dense(features["x"], 4, tf.nn.relu, kernel_initializer=seeded(seed=1))
        logits = tf.layers.dense(hidden, 2, kernel_initializer=seeded(seed=2))
        classes = tf.argmax(logits, 1)
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, {"class": classes, "logits": logits})
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        if mode == tf.estimator.ModeKeys.EVAL:
            metrics = {"accuracy": tf.metrics.accuracy(labels, classes)}
            return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)
        optimizer = tf.train.AdamOptimizer(params["rate"])
        step = optimizer.minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    return model


def estimator(tf, folder):
    config = tf.estimator.RunConfig(tf_random_seed=3, save_checkpoints_steps=10)
    return tf.estimator.Estimator(classifier(tf), folder, params={"rate": 0.05}, config=config)


def in_order(tf, num_epochs, labels=LABELS):
    return tf.estimator.inputs.numpy_input_fn(
        {"x": INPUTS}, labels, batch_size=16, num_epochs=num_epochs, shuffle=False
    )


def training(tf, folder):
    """Train, evaluate, look at the folder."""
    made = estimator(tf, folder)
    made.train(in_order(tf, None), steps=30)
    return [
        rounded(made.evaluate(in_order(tf, 1))),
        rounded(made.evaluate(in_order(tf, 1), steps=2, name="part")),
        made.get_variable_names(),
        int(made.get_variable_value("global_step")),
        made.latest_checkpoint().split("/")[-1],
    ]


def predicting(tf, folder):
    made = estimator(tf, folder)
    made.train(in_order(tf, None), steps=20)
    rows = list(made.predict(in_order(tf, 1, None)))
    keys = list(made.predict(in_order(tf, 1, None), predict_keys=["class"]))
    return [
        [int(row["class"]) for row in rows],
        rounded({str(i): v for i, v in enumerate(rows[5]["logits"])}),
        sorted(keys[0]),
    ]


def datasets(tf, folder):
    """A dataset that ends, and steps counted from a checkpoint."""

    def batches():
        return tf.data.Dataset.from_tensor_slices(({"x": INPUTS}, LABELS)).batch(16).repeat(2)

    made = estimator(tf, folder)
    counts = []
    for asked in ({}, {"max_steps": 9}, {"max_steps": 9}, {"steps": 3}):
        made.train(batches, **asked)
        counts.append(int(made.get_variable_value("global_step")))
    return counts


def in_turns(tf, folder):
    """train_and_evaluate."""

    def batches():
        return tf.data.Dataset.from_tensor_slices(({"x": INPUTS}, LABELS)).batch(16)

    found, exported = tf.estimator.train_and_evaluate(
        estimator(tf, folder),
        tf.estimator.TrainSpec(lambda: batches().repeat(), max_steps=40),
        tf.estimator.EvalSpec(batches, steps=None, throttle_secs=0),
    )
    return [rounded(found), exported]


def exporting(tf, folder):
    """export_savedmodel, and the model loaded again."""
    made = estimator(tf, folder)
    made.train(in_order(tf, None), steps=20)

    def receiver():
        x = tf.placeholder(tf.float32, [None, 3])
        return tf.estimator.export.ServingInputReceiver({"x": x}, {"given": x})

    path = made.export_savedmodel(folder + "/exported", receiver)
    with tf.Graph().as_default(), tf.Session() as session:
        loaded = tf.saved_model.loader.load(session, ["serve"], path)
        signature = loaded.signature_def["serving_default"]
        feeds = {signature.inputs["given"].name: INPUTS[:2]}
        values = session.run(signature.outputs["logits"].name, feeds)
    return [
        sorted(loaded.signature_def),
        sorted(signature.inputs),
        sorted(signature.outputs),
        rounded({str(i): v for i, v in enumerate(values.ravel())}),
    ]


def without_tpu(tf, folder):
    """TPUEstimator with use_tpu=False."""

    def batches(params):
        pairs = tf.data.Dataset.from_tensor_slices((INPUTS, TARGETS)).repeat()
        return pairs.batch(params["batch_size"], drop_remainder=True)

    def model(features, labels, mode, params):
        found = tf.layers.dense(features, 1, kernel_initializer=tf.zeros_initializer())
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.contrib.tpu.TPUEstimatorSpec(mode, {"found": found})
        loss = tf.reduce_mean(tf.square(found - labels))
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        if params["use_tpu"]:
            optimizer = tf.contrib.tpu.CrossShardOptimizer(optimizer)

        def metrics(labels, found):
            return {"error": tf.metrics.mean_absolute_error(labels, found)}

        return tf.contrib.tpu.TPUEstimatorSpec(
            mode,
            loss=loss,
            train_op=optimizer.minimize(loss, tf.train.get_global_step()),
            eval_metrics=(metrics, [labels, found]),
        )

    config = tf.contrib.tpu.RunConfig(model_dir=folder, save_checkpoints_steps=50)
    made = tf.contrib.tpu.TPUEstimator(
        model,
        config=config,
        use_tpu=False,
        train_batch_size=8,
        eval_batch_size=16,
        predict_batch_size=4,
    )
    made.train(batches, max_steps=20)
    return [
        rounded(made.evaluate(batches, steps=4)),
        rounded({"first": next(made.predict(batches))["found"][0]}),
        made.get_variable_names(),
    ]


def wrong(tf, folder):
    """The classes of the errors of what cannot be."""

    def without_features(labels, mode):
        return None

    def of_no_spec(features, labels, mode):
        return None

    def of_no_loss(features, labels, mode):
        return tf.estimator.EstimatorSpec(mode, train_op=tf.no_op())

    untrained = estimator(tf, folder)
    calls = [
        lambda: tf.estimator.Estimator(None),
        lambda: tf.estimator.Estimator(without_features),
        lambda: tf.estimator.Estimator(of_no_spec, params={"a": 1}),
        lambda: tf.estimator.Estimator(of_no_spec).train(in_order(tf, 1)),
        lambda: tf.estimator.Estimator(of_no_loss).train(in_order(tf, 1)),
        lambda: untrained.train(in_order(tf, 1), steps=1, max_steps=1),
        lambda: untrained.train(in_order(tf, 1), steps=0),
        lambda: untrained.train(in_order(tf, 1), hooks=[1]),
        lambda: untrained.evaluate(in_order(tf, 1)),
        lambda: next(untrained.predict(in_order(tf, 1))),
        lambda: untrained.get_variable_names(),
        lambda: tf.estimator.inputs.numpy_input_fn({}, shuffle=False)(),
        lambda: tf.estimator.inputs.numpy_input_fn({"x": INPUTS}, LABELS[:3], shuffle=False)(),
        lambda: tf.estimator.inputs.numpy_input_fn({"x": INPUTS}),
        lambda: tf.estimator.inputs.numpy_input_fn(3, shuffle=False)(),
        lambda: tf.estimator.EstimatorSpec("other"),
        lambda: tf.estimator.EstimatorSpec("train", loss=tf.constant([1.0, 2.0])),
        lambda: tf.estimator.EstimatorSpec("infer"),
        lambda: tf.estimator.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1),
        lambda: tf.estimator.RunConfig(keep_checkpoint_max=-1),
        lambda: tf.estimator.TrainSpec(None),
        lambda: tf.estimator.TrainSpec(in_order(tf, 1), max_steps=0),
        lambda: tf.estimator.EvalSpec(in_order(tf, 1), steps=0),
        lambda: tf.estimator.EvalSpec(in_order(tf, 1), throttle_secs=-1),
    ]
    return [_class_of_error(call) for call in calls]


def _class_of_error(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return None


def vocabularies(tf, folder):
    """contrib.learn.preprocessing.VocabularyProcessor."""
    preprocessing = tf.contrib.learn.preprocessing
    texts = ["Hello world, it's a test", "the test of the hello World", "foo bar foo", ""]
    plain = preprocessing.VocabularyProcessor(5)
    rows = np.array(list(plain.fit_transform(texts)))
    often = preprocessing.VocabularyProcessor(4, min_frequency=1)
    trimmed = [row.tolist() for row in often.fit_transform(texts)]
    often.save(folder + "/kept")
    again = preprocessing.VocabularyProcessor.restore(folder + "/kept")
    own = preprocessing.CategoricalVocabulary(unknown_token="X", support_reverse=True)
    own.add("a")
    own.add("b")
    own.add("b", 3)
    own.trim(2)
    return [
        rows.tolist(),
        str(rows.dtype),
        len(plain.vocabulary_),
        plain.vocabulary_.get("test"),
        list(plain.reverse(np.array([[1, 2, 3, 0, 0]]))),
        trimmed,
        [row.tolist() for row in again.transform(["hello unknown test"])],
        len(again.vocabulary_),
        own.reverse(own.get("b")),
        own.get("a"),
        list(preprocessing.tokenizer(["It's a x-y_z 3.5 na\u00efve"])),
    ]


PROGRAMS = [
    *(training, predicting, datasets, in_turns, exporting, without_tpu, wrong, vocabularies),
]
