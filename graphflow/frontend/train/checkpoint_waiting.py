"""Checkpoints as they come: waiting for those that another process writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from graphflow.frontend.platform import logging
from graphflow.frontend.train.checkpoint_files import latest_checkpoint


def wait_for_new_checkpoint(
    checkpoint_dir: str,
    last_checkpoint: str | None = None,
    seconds_to_sleep: float = 1,
    timeout: float | None = None,
) -> str | None:
    """The latest checkpoint, when it is another than `last_checkpoint`; None after the time is up."""
    logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    stop = None if timeout is None else time.monotonic() + timeout
    while True:
        path = latest_checkpoint(checkpoint_dir)
        if path is not None and path != last_checkpoint:
            logging.info("Found new checkpoint at %s", path)
            return path
        if stop is not None and time.monotonic() + seconds_to_sleep > stop:
            return None
        time.sleep(seconds_to_sleep)


def checkpoints_iterator(
    checkpoint_dir: str,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """New checkpoints one after the other; it ends when none comes in time and `timeout_fn` agrees."""
    path = None
    while True:
        found = wait_for_new_checkpoint(checkpoint_dir, path, timeout=timeout)
        if found is None:
            if timeout_fn is None:
                logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            continue
        start, path = time.monotonic(), found
        yield path
        time.sleep(max(0.0, start + min_interval_secs - time.monotonic()))


NAMESPACES = {
    "contrib.training": ["checkpoints_iterator", "wait_for_new_checkpoint"],
    "train": ["checkpoints_iterator"],
}
