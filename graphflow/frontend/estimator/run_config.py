"""How an estimator runs: where it keeps its files, how often it saves and logs."""

from __future__ import annotations

import copy
import json
import os
from typing import Any

NAMESPACES = {
    "estimator": ["ModeKeys", "RunConfig"],
    "contrib.learn": {"ModeKeys": "LearnModeKeys", "RunConfig": "RunConfig"},
}
__all__: list[str] = []

USE_DEFAULT: Any = object()


class ModeKeys:
    """What a model is built for."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


class LearnModeKeys:
    """The same, as tf.contrib.learn calls it."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"

    @classmethod
    def validate(cls, key: str) -> None:
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ValueError(f"Invalid mode {key}.")


#: fields and what they are where nothing else is said
_FIELDS: dict[str, Any] = {
    "model_dir": None,
    "tf_random_seed": None,
    "save_summary_steps": 100,
    "save_checkpoints_steps": None,
    "save_checkpoints_secs": 600,
    "session_config": None,
    "keep_checkpoint_max": 5,
    "keep_checkpoint_every_n_hours": 10000,
    "log_step_count_steps": 100,
    "train_distribute": None,
    "device_fn": None,
    "protocol": None,
    "eval_distribute": None,
    "experimental_distribute": None,
    "experimental_max_worker_delay_secs": None,
    "session_creation_timeout_secs": 7200,
}
#: what holds of a program that is alone
_ALONE: dict[str, Any] = {
    "cluster_spec": None,
    "evaluation_master": "",
    "global_id_in_cluster": 0,
    "is_chief": True,
    "master": "",
    "num_ps_replicas": 0,
    "num_worker_replicas": 1,
    "service": None,
    "task_id": 0,
    "task_type": "worker",
}
_REPLACEABLE = frozenset(_FIELDS) - {"experimental_distribute"}


class RunConfig:
    """A record of settings; `replace` makes another one."""

    def __init__(
        self,
        model_dir: Any = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: Any = USE_DEFAULT,
        save_checkpoints_secs: Any = USE_DEFAULT,
        session_config: Any = None,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        train_distribute: Any = None,
        device_fn: Any = None,
        protocol: Any = None,
        eval_distribute: Any = None,
        experimental_distribute: Any = None,
        experimental_max_worker_delay_secs: float | None = None,
        session_creation_timeout_secs: float = 7200,
    ) -> None:
        given = {name: value for name, value in locals().items() if name in _FIELDS}
        if save_checkpoints_steps is USE_DEFAULT and save_checkpoints_secs is USE_DEFAULT:
            given |= {"save_checkpoints_steps": None, "save_checkpoints_secs": 600}
        elif save_checkpoints_steps is USE_DEFAULT:
            given["save_checkpoints_steps"] = None
        elif save_checkpoints_secs is USE_DEFAULT:
            given["save_checkpoints_secs"] = None
        _check(given)
        if train_distribute is not None or eval_distribute is not None:
            raise NotImplementedError(
                "graphflow runs in one process: it has no distribution strategies"
            )
        if json.loads(os.environ.get("TF_CONFIG") or "{}").get("cluster"):
            raise NotImplementedError(
                "graphflow runs in one process: TF_CONFIG describes a cluster"
            )
        given["model_dir"] = None if model_dir is None else os.fspath(model_dir)
        self.__dict__.update({f"_{name}": value for name, value in given.items()})

    def __getattr__(self, name: str) -> Any:
        if name in _FIELDS:
            try:
                return self.__dict__[f"_{name}"]
            except KeyError:
                return _FIELDS[name]
        if name in _ALONE:
            return _ALONE[name]
        raise AttributeError(f"{type(self).__name__} has no setting {name!r}")

    def replace(self, **kwargs: Any) -> Any:
        """The same settings with some changed."""
        for name in kwargs:
            if name not in _REPLACEABLE:
                raise ValueError(
                    f"Replacing {name} is not supported. Allowed properties are {sorted(_REPLACEABLE)}."
                )
        if (
            kwargs.get("save_checkpoints_steps") is not None
            and kwargs.get("save_checkpoints_secs") is not None
        ):
            raise ValueError(
                "Can not provide both save_checkpoints_steps and save_checkpoints_secs."
            )
        made = copy.copy(self)
        for one, other in (("steps", "secs"), ("secs", "steps")):
            if kwargs.get(f"save_checkpoints_{one}") is not None:
                made.__dict__[f"_save_checkpoints_{other}"] = None
        _check(kwargs)
        made.__dict__.update({f"_{name}": value for name, value in kwargs.items()})
        return made


def _check(given: dict[str, Any]) -> None:
    steps, secs = given.get("save_checkpoints_steps"), given.get("save_checkpoints_secs")
    if steps is not None and secs is not None:
        raise ValueError("Can not provide both save_checkpoints_steps and save_checkpoints_secs.")
    for name in (
        "save_checkpoints_steps",
        "save_checkpoints_secs",
        "save_summary_steps",
        "keep_checkpoint_max",
    ):
        value = given.get(name)
        if value is not None and value < 0:
            raise ValueError(f"{name} should be >= 0")
    hours = given.get("keep_checkpoint_every_n_hours")
    if hours is not None and hours <= 0:
        raise ValueError("keep_checkpoint_every_n_hours should be > 0")
    steps = given.get("log_step_count_steps")
    if steps is not None and steps <= 0:
        raise ValueError("log_step_count_steps should be > 0")
    if given.get("model_dir") == "":
        raise ValueError("model_dir should be non-empty")
    seed = given.get("tf_random_seed")
    if seed is not None and not isinstance(seed, int):
        raise ValueError(f"tf_random_seed must be integer, found {seed!r}")
