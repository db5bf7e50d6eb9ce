"""TensorFlow's own modules, such as `tensorflow.python.ops.array_ops`: where what programs import from them is.

A name is looked for under the public names first, in the namespaces that the longest fitting rule lists, then
in the modules of graphflow that it lists; `NAMES` has those that no rule finds. A name of such a module that
graphflow does not have fails when it is used, as every missing name does.
"""

from __future__ import annotations

import functools
from pathlib import Path

_PROTOS = "graphflow.io.protos"
_GENERATED = "graphflow.frontend.generated_modules"
_OPS = (
    *("", "math", "nn", "linalg", "image", "io", "sparse", "strings", "random", "signal", "sets"),
    *("bitwise", "debugging", "initializers", "losses", "metrics", "lookup", "queue", "audio"),
    *("quantization", "distributions", "nn.rnn_cell", "manip", "contrib.framework"),
)
_TRAIN = ("train", "train.queue_runner", "")

#: module path or beginning of one -> namespaces ("" is tf. itself) and modules, in the order of the search
RULES: dict[str, tuple[str, ...]] = {
    "core": (_PROTOS,),
    "python": ("", _PROTOS),
    "python.client": ("", "graphflow.session"),
    "python.data": ("data", "data.experimental"),
    "python.data.util.nest": ("graphflow.frontend.data.nesting",),
    "python.debug": ("",),
    "python.distribute": ("distribute", "distribute.experimental", "distribute.cluster_resolver"),
    "python.eager": ("", "contrib.eager"),
    "python.estimator": ("estimator", "estimator.inputs", "estimator.export", "train"),
    "python.feature_column": ("feature_column",),
    "python.framework": ("", "dtypes", "errors", "graph_util", "io", "train", "config", "random"),
    "python.framework.errors": ("errors", "graphflow.errors"),
    "python.framework.errors_impl": ("errors", "graphflow.errors"),
    "python.framework.meta_graph": ("train", "graphflow.frontend.train.meta_graph"),
    "python.framework.test_util": ("test",),
    "python.keras": ("keras", ""),
    "python.layers": ("layers", "layers.experimental", "graphflow.frontend.layers.smart_cond"),
    "python.layers.base": ("layers", "graphflow.frontend.layers.input_spec"),
    "python.layers.utils": (
        "graphflow.frontend.layers.smart_cond",
        "graphflow.frontend.layers.windows",
    ),
    "python.lib.io": ("python_io", "io", "gfile", "io.gfile"),
    "python.ops": _OPS,
    "python.ops.array_ops": ("", "manip", "nn", "linalg", "quantization"),
    "python.ops.candidate_sampling_ops": ("nn", "random"),
    "python.ops.check_ops": ("", "debugging", "math"),
    "python.ops.clip_ops": ("", "linalg"),
    "python.ops.distributions": ("distributions",),
    "python.ops.embedding_ops": ("nn", "contrib.layers"),
    "python.ops.init_ops": ("", "initializers"),
    "python.ops.linalg": ("linalg",),
    "python.ops.linalg.linalg": ("linalg", ""),
    "python.ops.linalg_ops": ("linalg", ""),
    "python.ops.logging_ops": ("", "summary"),
    "python.ops.lookup_ops": ("lookup", "contrib.lookup", "initializers", ""),
    "python.ops.losses": ("losses",),
    "python.ops.metrics": ("metrics",),
    "python.ops.metrics_impl": ("metrics",),
    "python.ops.nn": ("nn", "math", ""),
    "python.ops.nn_impl": ("nn", "math", ""),
    "python.ops.nn_ops": ("nn", "math", ""),
    "python.ops.parsing_ops": ("io", ""),
    "python.ops.ragged": ("ragged", "strings", ""),
    "python.ops.random_ops": ("random", "", "image"),
    "python.ops.rnn": ("nn", "contrib.rnn"),
    "python.ops.rnn_cell": ("nn.rnn_cell", "contrib.rnn"),
    "python.ops.rnn_cell_impl": ("nn.rnn_cell", "contrib.rnn", "nn", "math", "", "layers"),
    "python.ops.signal": ("signal",),
    "python.ops.sparse_ops": ("sparse", "", "io"),
    "python.ops.state_ops": ("", "initializers"),
    "python.ops.string_ops": ("strings", ""),
    "python.ops.summary_ops": ("summary",),
    "python.ops.tensor_array_ops": ("",),
    "python.ops.variable_scope": ("",),
    "python.ops.variables": ("", "initializers"),
    "python.platform.app": ("app", ""),
    "python.platform.flags": ("flags", "app.flags"),
    "python.platform.gfile": ("gfile", "io.gfile"),
    "python.platform.googletest": ("test",),
    "python.platform.resource_loader": ("resource_loader",),
    "python.platform.sysconfig": ("sysconfig",),
    "python.platform.test": ("test",),
    "python.platform.tf_logging": ("logging", ""),
    "python.profiler": ("profiler",),
    "python.pywrap_tensorflow": ("train", "", "graphflow.frontend.pywrap"),
    "python.pywrap_tensorflow_internal": ("train", "", "graphflow.frontend.pywrap"),
    "python.saved_model": ("saved_model",),
    "python.saved_model.signature_constants": ("saved_model.signature_constants", "saved_model"),
    "python.saved_model.tag_constants": ("saved_model.tag_constants", "saved_model"),
    "python.summary": ("summary", "train"),
    "python.training": _TRAIN,
    "python.training.gen_training_ops": (_GENERATED,),
    "python.training.training_ops": (_GENERATED,),
    "python.user_ops": ("user_ops",),
    "python.util": ("", "compat", "nest"),
    "python.util.compat": ("compat",),
    "python.util.nest": ("contrib.framework.nest", "nest"),
    "contrib.data.python": ("contrib.data", "data.experimental", "data"),
    "contrib.distributions.python": ("contrib.distributions", "distributions"),
    "contrib.learn.python": ("contrib.learn", "estimator"),
    "contrib.layers.python": ("contrib.layers", "contrib.framework"),
    "contrib.lookup.lookup_ops": ("contrib.lookup", "lookup", "", "initializers"),
    "contrib.rnn.python": ("contrib.rnn", "nn.rnn_cell", "nn"),
    "contrib.slim.python": ("contrib.slim", "contrib.layers"),
}

#: a name that is called otherwise here, or lies elsewhere -> module and attribute
NAMES: dict[str, str] = {
    "python.framework.constant_op.constant": "graphflow.frontend.array:constant",
}


@functools.cache
def modules() -> frozenset[str]:
    """The paths of TensorFlow's own modules and of the folders around them."""
    text = Path(__file__).with_name("tensorflow-modules.txt").read_text(encoding="utf-8")
    paths = [line for line in text.split("\n") if line and not line.startswith("#")]
    return frozenset(part for path in paths for part in _beginnings(path))


def _beginnings(path: str) -> list[str]:
    parts = path.split(".")
    return [".".join(parts[: i + 1]) for i in range(len(parts))]


def is_module(path: str) -> bool:
    """Whether `path` is a module of TensorFlow's own, which has names beside the public ones."""
    return path in modules() and (path.partition(".")[0] in ("core", "python") or path.count(".") > 1)


@functools.cache
def sources(path: str) -> tuple[str, ...]:
    """Where the names of a module are looked for."""
    for beginning in reversed(_beginnings(path)):
        if beginning in RULES and (beginning == path or not _is_generated(path)):
            return RULES[beginning]
        if _is_generated(path):
            return (_GENERATED, "")
    if path.startswith("contrib."):
        return (".".join(path.split(".")[:2]),)
    return ("",)


def _is_generated(path: str) -> bool:
    return path.rpartition(".")[2].startswith("gen_")
