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
    "python.framework.dtypes": ("dtypes", "", "graphflow.frontend.reference_dtypes"),
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
    "python.ops.summary_ops": ("summary", _GENERATED),
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
    "python.pywrap_tensorflow": ("train", "", "graphflow.frontend.events_writer"),
    "python.pywrap_tensorflow_internal": ("train", "", "graphflow.frontend.events_writer"),
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

_INITIALIZERS = "graphflow.frontend.initializers"
_DATA = "graphflow.frontend.data.dataset"
_NESTING = "graphflow.frontend.data.nesting"
_FILES = "graphflow.frontend.platform.files"
_SIZES = "graphflow.frontend.layers.windows"
_STORE = "graphflow.frontend.variable_store"
_LINEAR = "graphflow.contrib.rnn.linear"
_RESOURCE = "graphflow.frontend.resource_variables"

#: modules whose names lie in one module of graphflow, some of them called otherwise there
_ELSEWHERE: dict[str, dict[str, str]] = {
    _INITIALIZERS: {
        "python.ops.init_ops.Constant": "Constant",
        "python.ops.init_ops.Identity": "Identity",
        "python.ops.init_ops.Initializer": "Initializer",
        "python.ops.init_ops.Ones": "Ones",
        "python.ops.init_ops.Orthogonal": "Orthogonal",
        "python.ops.init_ops.RandomNormal": "RandomNormal",
        "python.ops.init_ops.RandomUniform": "RandomUniform",
        "python.ops.init_ops.TruncatedNormal": "TruncatedNormal",
        "python.ops.init_ops.UniformUnitScaling": "UniformUnitScaling",
        "python.ops.init_ops.VarianceScaling": "VarianceScaling",
        "python.ops.init_ops.Zeros": "Zeros",
        "python.ops.init_ops._compute_fans": "fans",
        "python.ops.init_ops.identity_initializer": "Identity",
    },
    _DATA: {
        "python.data.ops.dataset_ops.DatasetV1": "Dataset",
        "python.data.ops.dataset_ops.DatasetV1Adapter": "DatasetV1Adapter",
        "python.data.ops.dataset_ops.DatasetV2": "Dataset",
        "python.data.ops.dataset_ops.get_legacy_output_classes": "get_output_classes",
        "python.data.ops.dataset_ops.get_legacy_output_shapes": "get_output_shapes",
        "python.data.ops.dataset_ops.get_legacy_output_types": "get_output_types",
    },
    _NESTING: {
        "python.data.util.nest.assert_same_structure": "check_same",
        "python.data.util.nest.is_sequence": "is_nested",
        "python.data.util.nest.map_structure": "mapped",
        "python.data.util.nest.map_structure_up_to": "mapped_up_to",
        "python.data.util.nest.pack_sequence_as": "pack",
    },
    _FILES: {
        "python.lib.io.file_io.FileIO": "GFile",
        "python.lib.io.file_io.copy": "Copy",
        "python.lib.io.file_io.create_dir": "MkDir",
        "python.lib.io.file_io.delete_file": "Remove",
        "python.lib.io.file_io.delete_recursively": "DeleteRecursively",
        "python.lib.io.file_io.file_exists": "Exists",
        "python.lib.io.file_io.get_matching_files": "Glob",
        "python.lib.io.file_io.is_directory": "IsDirectory",
        "python.lib.io.file_io.list_directory": "ListDirectory",
        "python.lib.io.file_io.recursive_create_dir": "MakeDirs",
        "python.lib.io.file_io.rename": "Rename",
        "python.lib.io.file_io.stat": "Stat",
        "python.lib.io.file_io.walk": "Walk",
    },
    _SIZES: {
        "python.layers.utils.conv_output_length": "swept",
        "python.layers.utils.convert_data_format": "layout",
        "python.layers.utils.deconv_output_length": "unswept",
        "python.layers.utils.normalize_data_format": "data_format",
        "python.layers.utils.normalize_padding": "padding",
        "python.layers.utils.normalize_tuple": "sizes",
    },
    _STORE: {"python.ops.variable_scope._VariableStore": "VariableStore"},
    "graphflow.frontend.variable_scope": {
        "python.ops.variable_scope._get_default_variable_store": "_get_default_variable_store",
    },
    "graphflow.frontend.partitioned_variables": {
        "python.ops.variable_scope._PartitionInfo": "PartitionInfo",
        "python.ops.variables.PartitionedVariable": "PartitionedVariable",
    },
    "graphflow.frontend.ref_variables": {"python.ops.variables.RefVariable": "RefVariable"},
    "graphflow.frontend.variable_base": {"python.ops.variables.VariableV1": "Variable"},
    _RESOURCE: {
        "python.ops.resource_variable_ops.BaseResourceVariable": "BaseResourceVariable",
        "python.ops.resource_variable_ops.ResourceVariable": "ResourceVariable",
    },
    _LINEAR: {
        "contrib.rnn.python.ops.core_rnn_cell._Linear": "Linear",
        "contrib.rnn.python.ops.core_rnn_cell._linear": "linear",
        "python.ops.rnn_cell._Linear": "Linear",
        "python.ops.rnn_cell._linear": "linear",
        "python.ops.rnn_cell_impl._Linear": "Linear",
        "python.ops.rnn_cell_impl._linear": "linear",
    },
    "graphflow.frontend.random": {
        "python.ops.random_ops.parameterized_truncated_normal": "parameterized_truncated_normal",
    },
    "graphflow.frontend.train.slots": {
        "python.training.slot_creator.create_slot": "create_slot",
        "python.training.slot_creator.create_slot_with_initializer": "create_slot_with_initializer",
        "python.training.slot_creator.create_zeros_slot": "create_zeros_slot",
    },
    "graphflow.autodiff.registry": {"python.framework.ops.no_gradient": "not_differentiable"},
    "graphflow.ir.sparse_tensor": {"python.framework.sparse_tensor.is_sparse": "is_sparse"},
    "graphflow.ir.shape": {"python.framework.tensor_shape.as_shape": "as_shape"},
    "inspect": {
        "python.util.tf_inspect.currentframe": "currentframe",
        "python.util.tf_inspect.getcallargs": "getcallargs",
        "python.util.tf_inspect.getdoc": "getdoc",
        "python.util.tf_inspect.getfile": "getfile",
        "python.util.tf_inspect.getfullargspec": "getfullargspec",
        "python.util.tf_inspect.getmembers": "getmembers",
        "python.util.tf_inspect.getmodule": "getmodule",
        "python.util.tf_inspect.getmro": "getmro",
        "python.util.tf_inspect.getsource": "getsource",
        "python.util.tf_inspect.getsourcefile": "getsourcefile",
        "python.util.tf_inspect.getsourcelines": "getsourcelines",
        "python.util.tf_inspect.isbuiltin": "isbuiltin",
        "python.util.tf_inspect.isclass": "isclass",
        "python.util.tf_inspect.isframe": "isframe",
        "python.util.tf_inspect.isfunction": "isfunction",
        "python.util.tf_inspect.isgenerator": "isgenerator",
        "python.util.tf_inspect.isgeneratorfunction": "isgeneratorfunction",
        "python.util.tf_inspect.ismethod": "ismethod",
        "python.util.tf_inspect.ismodule": "ismodule",
        "python.util.tf_inspect.isroutine": "isroutine",
        "python.util.tf_inspect.stack": "stack",
    },
    "contextlib": {"python.util.tf_contextlib.contextmanager": "contextmanager"},
}

#: a name of TensorFlow's own modules -> module and attribute
NAMES: dict[str, str] = {
    public: f"{module}:{attribute}"
    for module, names in _ELSEWHERE.items()
    for public, attribute in names.items()
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
    return path in modules() and (
        path.partition(".")[0] in ("core", "python") or path.count(".") > 1
    )


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
