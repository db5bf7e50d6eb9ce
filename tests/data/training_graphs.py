"""Training graphs, built by the same lines under TensorFlow 1.15.5 (to be recorded) and under graphflow.

Each function takes the module and builds a whole model with its training step in the default graph.
"""


def linear_regression(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.float32, [None, 1], name="y")
    w = tf.Variable(tf.zeros([3, 1]), name="w")
    b = tf.Variable(0.0, name="b")
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y), name="loss")
    tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    tf.global_variables_initializer()


def mlp_with_adam(tf):
    tf.set_random_seed(1)
    x = tf.placeholder(tf.float32, [None, 784])
    y = tf.placeholder(tf.int64, [None])
    keep = tf.placeholder(tf.float32)
    step = tf.Variable(0, trainable=False, name="global_step")
    with tf.variable_scope("hidden"):
        w = tf.get_variable(
            "w", [784, 100], initializer=tf.truncated_normal_initializer(stddev=0.1)
        )
        b = tf.get_variable("b", [100], initializer=tf.constant_initializer(0.1))
        h = tf.nn.dropout(tf.nn.relu(tf.matmul(x, w) + b), keep)
    with tf.variable_scope("out"):
        w2 = tf.get_variable("w", [100, 10])
        b2 = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
        logits = tf.nn.xw_plus_b(h, w2, b2)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    decay = 1e-4 * (tf.nn.l2_loss(w) + tf.nn.l2_loss(w2))
    rate = tf.train.exponential_decay(1e-3, step, 1000, 0.96, staircase=True)
    optimizer = tf.train.AdamOptimizer(rate)
    grads = optimizer.compute_gradients(tf.reduce_mean(losses) + decay)
    clipped = [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in grads if g is not None]
    optimizer.apply_gradients(clipped, global_step=step)
    tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32), name="accuracy")
    tf.global_variables_initializer()


def convnet_with_batch_norm(tf):
    images = tf.placeholder(tf.float32, [None, 28, 28, 1], name="images")
    labels = tf.placeholder(tf.float32, [None, 10], name="labels")
    net = tf.layers.conv2d(images, 8, 3, padding="same", use_bias=False)
    net = tf.nn.relu(tf.layers.batch_normalization(net, training=True))
    net = tf.layers.max_pooling2d(net, 2, 2)
    net = tf.layers.conv2d(net, 16, 3, activation=tf.nn.relu)
    net = tf.layers.average_pooling2d(net, 2, 2)
    net = tf.layers.flatten(net)
    logits = tf.layers.dense(tf.layers.dense(net, 32, tf.nn.tanh), 10)
    loss = tf.losses.softmax_cross_entropy(labels, logits)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(updates):
        tf.train.MomentumOptimizer(0.01, 0.9, use_nesterov=True).minimize(loss)
    tf.global_variables_initializer()


def embeddings_with_clipping(tf):
    words = tf.placeholder(tf.int32, [None, 20], name="words")
    target = tf.placeholder(tf.float32, [None], name="target")
    table = tf.get_variable("table", [1000, 16], initializer=tf.random_uniform_initializer(-1, 1))
    vectors = tf.nn.embedding_lookup(table, words)
    with tf.name_scope("attention"):
        scores = tf.reduce_sum(vectors * tf.reduce_mean(vectors, 1, keepdims=True), 2)
        weights = tf.expand_dims(tf.nn.softmax(scores), -1)
    summary = tf.concat([tf.reduce_sum(weights * vectors, 1), tf.reduce_max(vectors, 1)], 1)
    w = tf.Variable(tf.random_normal([32, 1], stddev=0.1), name="w")
    score = tf.squeeze(tf.matmul(tf.tanh(summary), w), [1])
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=score))
    variables = tf.trainable_variables()
    grads, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), 5.0)
    tf.train.AdagradOptimizer(0.1).apply_gradients(zip(grads, variables))
    tf.global_variables_initializer()


GRAPHS = [linear_regression, mlp_with_adam, convnet_with_batch_norm, embeddings_with_clipping]


def described(graph):
    """Name, type, inputs and control inputs of each node, in order of creation."""
    return [
        [
            op.name,
            op.type,
            [t.name for t in op.inputs],
            # TensorFlow keeps these in no order
            sorted(c.name for c in op.control_inputs),
        ]
        for op in graph.get_operations()
    ]
