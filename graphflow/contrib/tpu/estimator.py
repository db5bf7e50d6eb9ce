"""The estimator of TPUs with `use_tpu=False`: an estimator whose functions are told the size of a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graphflow.frontend.estimator.estimator import Estimator
from graphflow.frontend.estimator.run_config import ModeKeys
from graphflow.frontend.estimator.run_config import RunConfig as PlainRunConfig
from graphflow.frontend.estimator.specs import (
    EstimatorSpec,
    checked_hooks,
    checked_loss,
    checked_predictions,
    checked_train_op,
)
from graphflow.frontend.train.optimizer import Optimizer

_NAMES = [
    *("CrossShardOptimizer", "InputPipelineConfig", "RunConfig", "TPUConfig", "TPUEstimator"),
    "TPUEstimatorSpec",
]
NAMESPACES = {
    "contrib.tpu": _NAMES,
    "contrib.cluster_resolver": ["TPUClusterResolver"],
}
__all__: list[str] = []

_NO_TPU = "graphflow has no TPUs: pass use_tpu=False"


class InputPipelineConfig:
    """How input is shared out among the cores of a TPU."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


class TPUConfig(NamedTuple):
    """Settings that only a TPU looks at."""

    iterations_per_loop: int = 2
    num_shards: int | None = None
    num_cores_per_replica: int | None = None
    per_host_input_for_training: Any = True
    tpu_job_name: str | None = None
    initial_infeed_sleep_secs: float | None = None
    input_partition_dims: Any = None
    eval_training_input_configuration: Any = InputPipelineConfig.PER_HOST_V1
    experimental_host_call_every_n_steps: int = 1


class RunConfig(PlainRunConfig):
    """The settings of an estimator and of its TPU."""

    def __init__(
        self,
        tpu_config: TPUConfig | None = None,
        evaluation_master: str | None = None,
        master: str | None = None,
        cluster: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if cluster is not None:
            raise NotImplementedError("graphflow runs in one process: it has no clusters")
        self.tpu_config = tpu_config or TPUConfig()
        self.cluster = None


class TPUClusterResolver:
    """Would find a TPU."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(_NO_TPU)


def CrossShardOptimizer(
    opt: Optimizer,
    reduction: Any = None,
    name: str = "CrossShardOptimizer",
    group_assignment: Any = None,
) -> Optimizer:
    """The optimiser itself: with one shard there is nothing to add up."""
    if not isinstance(opt, Optimizer):
        raise TypeError(f"CrossShardOptimizer only works with tf.training.Optimizer, got {opt}")
    return opt


class _Fields(NamedTuple):
    mode: Any
    predictions: Any = None
    loss: Any = None
    train_op: Any = None
    eval_metrics: Any = None
    export_outputs: Any = None
    scaffold_fn: Any = None
    host_call: Any = None
    training_hooks: Any = None
    evaluation_hooks: Any = None
    prediction_hooks: Any = None


class TPUEstimatorSpec(_Fields):
    """What a model function returns; metrics and scaffold as functions that are called later."""

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metrics: Any = None,
        export_outputs: Any = None,
        scaffold_fn: Any = None,
        host_call: Any = None,
        training_hooks: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> TPUEstimatorSpec:
        if eval_metrics is not None and (
            not isinstance(eval_metrics, list | tuple) or len(eval_metrics) != 2
        ):
            raise ValueError("eval_metrics should be a tuple of (function, tensors)")
        return super().__new__(
            cls,
            mode,
            checked_predictions(predictions, mode),
            checked_loss(loss, mode),
            checked_train_op(train_op, mode),
            eval_metrics,
            export_outputs,
            scaffold_fn,
            host_call,
            checked_hooks(training_hooks),
            checked_hooks(evaluation_hooks),
            checked_hooks(prediction_hooks),
        )

    def as_estimator_spec(self) -> EstimatorSpec:
        """The same with the metrics and the scaffold themselves."""
        metrics = None
        if self.eval_metrics is not None:
            function, tensors = self.eval_metrics
            metrics = function(**tensors) if isinstance(tensors, dict) else function(*tensors)
        return EstimatorSpec(
            mode=self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=metrics,
            export_outputs=self.export_outputs,
            scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=self.training_hooks,
            evaluation_hooks=self.evaluation_hooks,
            prediction_hooks=self.prediction_hooks,
        )


class TPUEstimator(Estimator):
    """An estimator that tells its functions the size of a batch, as params["batch_size"]."""

    def __init__(
        self,
        model_fn: Callable[..., Any] | None = None,
        model_dir: Any = None,
        config: Any = None,
        params: dict[str, Any] | None = None,
        use_tpu: bool = True,
        train_batch_size: int | None = None,
        eval_batch_size: int | None = None,
        predict_batch_size: int | None = None,
        batch_axis: Any = None,
        eval_on_tpu: bool = True,
        export_to_tpu: bool = True,
        export_to_cpu: bool = True,
        warm_start_from: Any = None,
        embedding_config_spec: Any = None,
        export_saved_model_api_version: Any = None,
    ) -> None:
        if use_tpu:
            raise NotImplementedError(_NO_TPU)
        if config is None or not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tpu_config.RunConfig`")
        if params is not None and "batch_size" in params:
            raise ValueError("batch_size are reserved keys but existed in params.")
        self._batch_sizes = {
            ModeKeys.TRAIN: train_batch_size,
            ModeKeys.EVAL: eval_batch_size,
            ModeKeys.PREDICT: predict_batch_size,
        }
        self._mode = ModeKeys.TRAIN
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        super().__init__(model_fn, model_dir, config, params, warm_start_from)

    @property
    def params(self) -> Any:
        found = {**super().params, "use_tpu": False}
        size = self._batch_sizes[self._mode]
        if size is not None:
            found["batch_size"] = size
        return found

    def _input(self, input_fn: Callable[..., Any], mode: str) -> tuple[Any, Any]:
        self._mode = mode
        return super()._input(input_fn, mode)

    def _as_spec(self, returned: Any) -> Any:
        return returned.as_estimator_spec() if isinstance(returned, TPUEstimatorSpec) else returned
