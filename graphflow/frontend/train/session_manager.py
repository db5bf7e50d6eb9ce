"""SessionManager: sessions that are ready to work, their variables restored or initialised."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from graphflow import errors
from graphflow.frontend.platform import logging
from graphflow.frontend.train.checkpoint_files import get_checkpoint_state
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.session import Session


class SessionManager:
    """Makes sessions for a graph whose initialisers are known."""

    def __init__(
        self,
        local_init_op: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        graph: Graph | None = None,
        recovery_wait_secs: float = 30,
        local_init_run_options: Any = None,
    ) -> None:
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError(
                "If you pass a ready_for_local_init_op you must also pass a local_init_op"
            )
        self._local_init_op, self._ready_op = local_init_op, ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = graph or current_graph()
        self._wait_secs, self._options = recovery_wait_secs, local_init_run_options

    def prepare_session(
        self,
        master: str,
        init_op: Any = None,
        saver: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
        init_feed_dict: Any = None,
        init_fn: Callable[[Any], Any] | None = None,
    ) -> Session:
        """A session with what a checkpoint holds, or else initialised."""
        sess, restored = self._restored(
            master,
            saver,
            checkpoint_dir,
            checkpoint_filename_with_path,
            wait_for_checkpoint,
            max_wait_secs,
            config,
        )
        if not restored:
            if init_op is None and init_fn is None and self._local_init_op is None:
                raise RuntimeError(
                    "Model is not initialized and no init_op or init_fn or local_init_op was given"
                )
            if init_op is not None:
                sess.run(init_op, feed_dict=init_feed_dict)
            if init_fn is not None:
                init_fn(sess)
        given = f"Init op: {_name(init_op)}, init fn: {init_fn}"
        problem = self._initialize_locally(sess)
        if problem is not None:
            raise RuntimeError(
                f"Init operations did not make model ready for local_init.  {given}, error: {problem}"
            )
        problem = _not_ready(self._ready_op, sess, "Model not ready")
        if problem is not None:
            raise RuntimeError(
                f"Init operations did not make model ready.  {given}, error: {problem}"
            )
        return sess

    def recover_session(
        self,
        master: str,
        saver: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
    ) -> tuple[Session, bool]:
        """A session, and whether a checkpoint made it ready."""
        sess, restored = self._restored(
            master,
            saver,
            checkpoint_dir,
            checkpoint_filename_with_path,
            wait_for_checkpoint,
            max_wait_secs,
            config,
        )
        problem = self._initialize_locally(sess)
        if not restored:
            return sess, False
        place = checkpoint_dir or checkpoint_filename_with_path
        if problem is None:
            problem = _not_ready(self._ready_op, sess, "Model not ready")
        if problem is not None:
            logging.info("Restoring model from %s did not make model ready: %s", place, problem)
            return sess, False
        logging.info("Restored model from %s", place)
        return sess, True

    def wait_for_session(
        self, master: str, config: Any = None, max_wait_secs: float | None = None
    ) -> Session:
        """A session, as soon as somebody else has made its variables ready."""
        until = time.monotonic() + (float("inf") if max_wait_secs is None else max_wait_secs)
        while True:
            sess = Session(master, graph=self._graph, config=config)
            problem = self._initialize_locally(sess)
            if problem is None:
                problem = _not_ready(self._ready_op, sess, "Model not ready")
                if problem is None:
                    return sess
            with suppress(Exception):
                sess.close()
            if until - time.monotonic() < self._wait_secs:
                raise errors.DeadlineExceededError(
                    message=f"Session was not ready after waiting {max_wait_secs} secs: {problem}"
                )
            logging.info("Waiting for model to be ready: %s", problem)
            time.sleep(self._wait_secs)

    def _restored(
        self,
        master: str,
        saver: Any,
        folder: str | None,
        filename: str | None,
        waits: bool,
        max_wait_secs: float,
        config: Any,
    ) -> tuple[Session, bool]:
        """A new session, and whether its variables come from a checkpoint."""
        sess = Session(master, graph=self._graph, config=config)
        if folder and filename:
            raise ValueError(
                "Can not provide both checkpoint_dir and checkpoint_filename_with_path."
            )
        if not saver or not (folder or filename):
            return sess, False
        if filename:
            saver.restore(sess, filename)
            return sess, True
        assert folder is not None
        waited = 0.0
        state = get_checkpoint_state(folder)
        while state is None:
            if not waits or waited >= max_wait_secs:
                return sess, False
            logging.info("Waiting for checkpoint to be available.")
            time.sleep(self._wait_secs)
            waited += self._wait_secs
            state = get_checkpoint_state(folder)
        saver.restore(sess, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return sess, True

    def _initialize_locally(self, sess: Session) -> str | None:
        """Initialise local variables; what stands in the way of it."""
        if self._local_init_op is None:
            return None
        problem = _not_ready(self._ready_for_local_init_op, sess, "Model not ready for local init")
        if problem is None:
            logging.info("Running local_init_op.")
            sess.run(self._local_init_op, options=self._options)
            logging.info("Done running local_init_op.")
        return problem


def _not_ready(op: Any, sess: Session, message: str) -> str | None:
    """What `op` says is missing, or None."""
    if op is None:
        return None
    try:
        missing = sess.run(op)
    except errors.FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            logging.warning("%s : error [%s]", message, error)
            raise
        return str(error)
    if missing is None or missing.dtype.kind == "i" or not missing.size:
        return None
    return "Variables not initialized: " + ", ".join(name.decode() for name in missing)


def _name(op: Any) -> str:
    return "None" if op is None else getattr(op, "name", f"<no name for {type(op)}>")


NAMESPACES = {"train": ["SessionManager"]}
