"""tf.estimator.Estimator: a model function, and the folder in which its checkpoints lie."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from typing import Any

from graphflow.frontend.estimator import exporting
from graphflow.frontend.estimator.arguments import (
    check_arguments,
    checked_hooks,
    checked_listeners,
    warm_start_settings,
    with_folder,
)
from graphflow.frontend.estimator.evaluation import (
    StopAfterNEvalsHook,
    evaluate_once,
    write_results,
)
from graphflow.frontend.estimator.evaluation_graph import LOSS, metrics_of, with_local_init
from graphflow.frontend.estimator.input_results import features_and_labels, has_an_end
from graphflow.frontend.estimator.prediction_rows import chosen, rows
from graphflow.frontend.estimator.run_config import ModeKeys, RunConfig
from graphflow.frontend.estimator.specs import EstimatorSpec
from graphflow.frontend.estimator.warm_start import warm_start
from graphflow.frontend.framework import set_random_seed
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.platform.inspection import fn_args
from graphflow.frontend.summary.summaries import scalar
from graphflow.frontend.train.checkpoint_files import latest_checkpoint
from graphflow.frontend.train.checkpoint_reader import list_variables, load_variable
from graphflow.frontend.train.global_step import create_global_step, get_global_step
from graphflow.frontend.train.monitored import MonitoredSession, MonitoredTrainingSession
from graphflow.frontend.train.saver import Saver
from graphflow.frontend.train.saving_hooks import CheckpointSaverHook
from graphflow.frontend.train.session_creators import ChiefSessionCreator
from graphflow.frontend.train.step_hooks import StopAtStepHook
from graphflow.frontend.train.value_hooks import LoggingTensorHook, NanTensorHook
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph

NAMESPACES = {"estimator": ["Estimator"]}
__all__: list[str] = []


class Estimator:
    """Trains, evaluates and predicts; each time in a graph of its own, which the model function builds."""

    def __init__(
        self,
        model_fn: Callable[..., Any],
        model_dir: Any = None,
        config: RunConfig | None = None,
        params: dict[str, Any] | None = None,
        warm_start_from: Any = None,
    ) -> None:
        self._config = with_folder(config, model_dir)
        self._model_dir: str = self._config.model_dir
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        check_arguments(model_fn, params)
        self._model_fn, self._params = model_fn, copy.deepcopy(params or {})
        self._warm_start = warm_start_settings(warm_start_from)

    # ---- what it is ------------------------------------------------------------------------------------

    @property
    def model_dir(self) -> str:
        return self._model_dir

    @property
    def config(self) -> Any:
        return copy.copy(self._config)

    @property
    def params(self) -> Any:
        return copy.deepcopy(self._params)

    @property
    def model_fn(self) -> Callable[..., EstimatorSpec]:
        """The model function, of (features, labels, mode, config)."""

        def function(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
            return self._call_model_fn(features, labels, mode, config)

        return function

    def latest_checkpoint(self) -> str | None:
        return latest_checkpoint(self._model_dir)

    def get_variable_names(self) -> list[str]:
        self._check_checkpoint()
        return [name for name, _ in list_variables(self._model_dir)]

    def get_variable_value(self, name: str) -> Any:
        self._check_checkpoint()
        return load_variable(self._model_dir, name)

    def eval_dir(self, name: str | None = None) -> str:
        return os.path.join(self._model_dir, f"eval_{name}" if name else "eval")

    def _check_checkpoint(self) -> None:
        if self.latest_checkpoint() is None:
            raise ValueError(f"Couldn't find trained model at {self._model_dir}.")

    # ---- training ----------------------------------------------------------------------------------------

    def train(
        self,
        input_fn: Callable[..., Any],
        hooks: Any = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Any = None,
    ) -> Estimator:
        """Run the training op until the input ends or so many steps are made."""
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        for name, value in (("steps", steps), ("max_steps", max_steps)):
            if value is not None and value <= 0:
                raise ValueError(f"Must specify {name} > 0, given: {value}")
        if max_steps is not None and max_steps <= self._steps_made():
            logging.info("Skipping training since max_steps has already saved.")
            return self
        every = checked_hooks(hooks)
        if steps is not None or max_steps is not None:
            every.append(StopAtStepHook(steps, max_steps))
        loss = self._train(input_fn, every, checked_listeners(saving_listeners))
        logging.info("Loss for final step: %s.", loss)
        return self

    def _steps_made(self) -> int:
        path = self.latest_checkpoint()
        if path is None:
            return 0
        names = {name for name, _ in list_variables(path)}
        if GraphKeys.GLOBAL_STEP not in names:
            return 0
        return int(load_variable(path, GraphKeys.GLOBAL_STEP))

    def _train(self, input_fn: Any, hooks: list[Any], listeners: tuple[Any, ...]) -> Any:
        with self._new_graph():
            step = create_global_step()
            features, labels = self._input(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            if self._warm_start is not None and self.latest_checkpoint() is None:
                warm_start(self._warm_start)
            if all(s.op.name != LOSS for s in current_graph().get_collection(GraphKeys.SUMMARIES)):
                scalar(LOSS, spec.loss)
            current_graph().add_to_collection(GraphKeys.LOSSES, spec.loss)
            return self._run_training(spec, step, hooks, listeners)

    def _run_training(
        self, spec: EstimatorSpec, step: Any, hooks: list[Any], listeners: tuple[Any, ...]
    ) -> Any:
        config = self._config
        every = [*hooks, NanTensorHook(spec.loss)]
        if config.log_step_count_steps is not None:
            shown = {"loss": spec.loss, "step": step}
            every.append(LoggingTensorHook(shown, every_n_iter=config.log_step_count_steps))
        every += spec.training_hooks
        if not (spec.scaffold.saver or current_graph().get_collection(GraphKeys.SAVERS)):
            saver = Saver(
                sharded=True,
                max_to_keep=config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                defer_build=True,
                save_relative_paths=True,
            )
            current_graph().add_to_collection(GraphKeys.SAVERS, saver)
        own = [*self._saving_hooks(spec, [*every, *spec.training_chief_hooks], listeners)]
        with MonitoredTrainingSession(
            checkpoint_dir=self._model_dir,
            scaffold=spec.scaffold,
            hooks=every,
            chief_only_hooks=[*own, *spec.training_chief_hooks],
            save_checkpoint_secs=0,
            save_summaries_steps=config.save_summary_steps,
            config=config.session_config,
            log_step_count_steps=config.log_step_count_steps,
        ) as session:
            loss = None
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
        if loss is None:
            logging.warning(
                "Training with estimator made no steps. Perhaps input is empty or misspecified."
            )
        return loss

    def _saving_hooks(
        self, spec: EstimatorSpec, hooks: list[Any], listeners: tuple[Any, ...]
    ) -> list[Any]:
        """A hook that saves checkpoints, unless the user has one."""
        config = self._config
        found = [h for h in hooks if isinstance(h, CheckpointSaverHook)]
        made: list[Any] = []
        if not found and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            hook = CheckpointSaverHook(
                self._model_dir,
                save_secs=config.save_checkpoints_secs,
                save_steps=config.save_checkpoints_steps,
                scaffold=spec.scaffold,
            )
            found = made = [hook]
        if listeners and not found:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of the "
                "RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        for listener in listeners:
            if listener not in found[0]._listeners:
                found[0]._listeners.append(listener)
        return made

    # ---- evaluation and prediction ------------------------------------------------------------------------------

    def evaluate(
        self,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Any = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """The values of the metrics, of the loss, and the global step of the checkpoint."""
        every = checked_hooks(hooks)
        if steps is not None:
            if steps <= 0:
                raise ValueError(f"Must specify steps > 0, given: {steps}")
            every.append(StopAfterNEvalsHook(num_evals=steps))
        path = self._checkpoint(checkpoint_path, "evaluate")
        with self._new_graph():
            create_global_step()
            features, labels = self._input(input_fn, ModeKeys.EVAL)
            spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
            values, updates = metrics_of(spec)
            if path is None and self._warm_start is not None:
                warm_start(self._warm_start)
            values[GraphKeys.GLOBAL_STEP] = get_global_step()
            results: dict[str, Any] = evaluate_once(
                path,
                scaffold=with_local_init(spec.scaffold),
                eval_ops=updates,
                final_ops=values,
                hooks=[*every, *spec.evaluation_hooks],
                config=self._config.session_config,
            )
        step = int(results[GraphKeys.GLOBAL_STEP])
        write_results(self.eval_dir(name), results, step, path)
        return results

    def predict(
        self,
        input_fn: Callable[..., Any],
        predict_keys: Any = None,
        hooks: Any = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """The predictions, one example after the other or a batch at a time."""
        every = checked_hooks(hooks)
        path = self._checkpoint(checkpoint_path, "predict")
        with self._new_graph():
            create_global_step()
            features, _ = self._input(input_fn, ModeKeys.PREDICT)
            if not has_an_end(features):
                logging.warning(
                    "Input graph does not use tf.data.Dataset or contain a QueueRunner. That means predict "
                    "yields forever. This is probably a mistake."
                )
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            if path is None and self._warm_start is not None:
                warm_start(self._warm_start)
            wanted = chosen(spec.predictions, predict_keys)
            creator = ChiefSessionCreator(
                checkpoint_filename_with_path=path,
                scaffold=spec.scaffold,
                config=self._config.session_config,
            )
            session_hooks = [*every, *spec.prediction_hooks]
            with MonitoredSession(session_creator=creator, hooks=session_hooks) as session:
                while not session.should_stop():
                    found = session.run(wanted)
                    if not yield_single_examples:
                        yield found
                    elif isinstance(wanted, dict):
                        yield from rows(found)
                    else:
                        yield from found

    def _checkpoint(self, given: str | None, what: str) -> str | None:
        found = given or self.latest_checkpoint()
        if not found:
            logging.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.",
                self._model_dir,
                what,
            )
        return found or None

    # ---- export --------------------------------------------------------------------------------------------------

    def export_saved_model(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Any = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        experimental_mode: str = ModeKeys.PREDICT,
    ) -> bytes:
        """Write the model, with the values of the latest checkpoint, into a new folder; returns its path."""
        if serving_input_receiver_fn is None:
            raise ValueError("An input_receiver_fn must be defined.")
        path = checkpoint_path or self.latest_checkpoint()
        if not path:
            raise ValueError(f"Couldn't find trained model at {self._model_dir}.")
        with self._new_graph():
            create_global_step()
            receiver = serving_input_receiver_fn()
            labels = getattr(receiver, "labels", None)
            spec = self._call_model_fn(receiver.features, labels, experimental_mode, self.config)
            return exporting.export(spec, receiver, path, export_dir_base, assets_extra, as_text)

    def export_savedmodel(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Any = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        return self.export_saved_model(
            export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path
        )

    # ---- the user's functions ------------------------------------------------------------------------------------------

    def _new_graph(self) -> Any:
        return _seeded_graph(self._config.tf_random_seed)

    def _input(self, input_fn: Callable[..., Any], mode: str) -> tuple[Any, Any]:
        known = fn_args(input_fn)
        values = {"mode": mode, "params": self.params, "config": self.config}
        with current_graph().device("/cpu:0"):
            result = input_fn(**{k: v for k, v in values.items() if k in known})
        return features_and_labels(result)

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        known = fn_args(self._model_fn)
        if labels is not None and "labels" not in known:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        values = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        logging.info("Calling model_fn.")
        given = {k: v for k, v in values.items() if k in known}
        spec = self._as_spec(self._model_fn(features=features, **given))
        logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec

    def _as_spec(self, returned: Any) -> Any:
        """What a model function has returned, as an EstimatorSpec."""
        return returned


class _seeded_graph:
    """A new default graph, with a seed."""

    def __init__(self, seed: int | None) -> None:
        self._seed, self._block = seed, Graph().as_default()

    def __enter__(self) -> None:
        self._block.__enter__()
        set_random_seed(self._seed)

    def __exit__(self, *error: Any) -> None:
        self._block.__exit__(*error)
