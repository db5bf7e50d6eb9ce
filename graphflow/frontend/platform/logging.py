"""tf.logging: TensorFlow's logger, which is Python's logger called "tensorflow"."""

from __future__ import annotations

import logging
import sys
from typing import Any

DEBUG, INFO, WARN, ERROR, FATAL = (
    logging.DEBUG,
    logging.INFO,
    logging.WARNING,
    logging.ERROR,
    logging.CRITICAL,
)


class _StandardError(logging.StreamHandler[Any]):
    """Writes to whatever standard error is at the moment: tests and notebooks replace it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, value: Any) -> None:
        """The base class sets it once; it is looked up anew each time."""


def _logger() -> logging.Logger:
    logger = logging.getLogger("tensorflow")
    if not logger.handlers and not logging.getLogger().handlers:
        logger.addHandler(_StandardError())
    return logger


get_logger = _logger


def log(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().log(level, msg, *args, **kwargs)


def debug(msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().debug(msg, *args, **kwargs)


def info(msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().info(msg, *args, **kwargs)


def warn(msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().warning(msg, *args, **kwargs)


warning = warn


def error(msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().error(msg, *args, **kwargs)


def fatal(msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().critical(msg, *args, **kwargs)


def vlog(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    _logger().log(level, msg, *args, **kwargs)


_counts: dict[Any, int] = {}


def _count(message: Any) -> int:
    _counts[message] = _counts.get(message, -1) + 1
    return _counts[message]


def log_every_n(level: int, msg: Any, n: int, *args: Any) -> None:
    """The 1st, the (n + 1)th, ... time this message comes."""
    log_if(level, msg, _count(msg) % n == 0, *args)


def log_first_n(level: int, msg: Any, n: int, *args: Any) -> None:
    log_if(level, msg, _count(msg) < n, *args)


def log_if(level: int, msg: Any, condition: Any, *args: Any) -> None:
    if condition:
        log(level, msg, *args)


TaskLevelStatusMessage = info


def flush() -> None:
    for handler in _logger().handlers:
        handler.flush()


def get_verbosity() -> int:
    return _logger().getEffectiveLevel()


def set_verbosity(v: int) -> None:
    """How grave a message must be to be shown."""
    _logger().setLevel(v)


__all__ = ["get_logger"]
NAMESPACES = {
    "logging": [
        "DEBUG",
        "ERROR",
        "FATAL",
        "INFO",
        "TaskLevelStatusMessage",
        "WARN",
        "debug",
        "error",
        "fatal",
        "flush",
        "get_verbosity",
        "info",
        "log",
        "log_every_n",
        "log_first_n",
        "log_if",
        "set_verbosity",
        "vlog",
        "warn",
        "warning",
    ]
}
