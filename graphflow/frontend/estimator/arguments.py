"""What an Estimator is given, checked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any

from graphflow.frontend.estimator.run_config import RunConfig
from graphflow.frontend.estimator.specs import WarmStartSettings
from graphflow.frontend.platform import logging
from graphflow.frontend.platform.inspection import fn_args
from graphflow.frontend.train.saving_hooks import CheckpointSaverListener
from graphflow.frontend.train.session_run_hook import SessionRunHook

_TAKEN = {"features", "labels", "mode", "params", "self", "config"}


def with_folder(config: RunConfig | None, model_dir: Any) -> RunConfig:
    if config is None:
        config = RunConfig()
        logging.info("Using default config.")
    if not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
    folder = None if model_dir is None else os.fspath(model_dir)
    if folder is not None and config.model_dir not in (None, folder):
        raise ValueError(
            "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
            f"In constructor: '{folder}', in `RunConfig`: '{config.model_dir}' "
        )
    if not folder and config.model_dir is None:
        folder = tempfile.mkdtemp()
        logging.warning("Using temporary folder as model directory: %s", folder)
    made: RunConfig = config.replace(model_dir=folder) if folder else config
    return made


def check_arguments(model_fn: Callable[..., Any], params: Any) -> None:
    known = set(fn_args(model_fn))
    if "features" not in known:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in known:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is passed to Estimator."
        )
    odd = known - _TAKEN
    if odd:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {odd}")


def warm_start_settings(warm_start_from: Any) -> WarmStartSettings | None:
    if warm_start_from is None or isinstance(warm_start_from, WarmStartSettings):
        return warm_start_from
    if isinstance(warm_start_from, str | bytes):
        return WarmStartSettings(os.fsdecode(warm_start_from))
    raise ValueError("warm_start_from must be a string or a WarmStartSettings")


def checked_hooks(hooks: Any) -> list[Any]:
    found = list(hooks or ())
    for hook in found:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return found


def checked_listeners(listeners: Any) -> tuple[Any, ...]:
    found = tuple(listeners or ())
    for listener in found:
        if not isinstance(listener, CheckpointSaverListener):
            raise TypeError(
                f"saving_listeners must be a list of CheckpointSaverListener, given: {listener}"
            )
    return found
