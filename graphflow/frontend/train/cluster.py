"""ClusterSpec and Server: clusters can be described, but graphflow runs in this process alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from graphflow import errors
from graphflow.io import protos


class ClusterSpec:
    """Jobs, each with the addresses of its tasks."""

    def __init__(self, cluster: Any) -> None:
        self._jobs: dict[str, dict[int, str]]
        if isinstance(cluster, ClusterSpec):
            self._jobs = {job: dict(tasks) for job, tasks in cluster._jobs.items()}
        elif isinstance(cluster, Mapping):
            self._jobs = {_text("Job name", job): _tasks(job, t) for job, t in cluster.items()}
        elif hasattr(cluster, "job"):
            self._jobs = {job.name: dict(job.tasks) for job in cluster.job}
        else:
            raise TypeError(
                "`cluster` must be a dictionary mapping one or more job names to lists of network "
                "addresses, or a `ClusterDef` protocol buffer"
            )

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def __eq__(self, other: object) -> bool:
        return self._jobs == (other._jobs if isinstance(other, ClusterSpec) else other)

    __hash__ = None  # type: ignore[assignment]  # as TensorFlow's

    def __str__(self) -> str:
        known = self.as_dict()
        return "ClusterSpec({" + ", ".join(f"{j!r}: {known[j]!r}" for j in sorted(known)) + "})"

    def as_dict(self) -> dict[str, Any]:
        """Job -> list of addresses, or index -> address where indices are left out."""
        return {
            job: self.job_tasks(job) if tasks and max(tasks) + 1 == len(tasks) else dict(tasks)
            for job, tasks in self._jobs.items()
        }

    def as_cluster_def(self) -> Any:
        """A ClusterDef."""
        made = protos.ClusterDef()
        for name, tasks in sorted(self._jobs.items()):
            job = made.job.add(name=name)
            for index, address in sorted(tasks.items()):
                job.tasks[index] = address
        return made

    @property
    def jobs(self) -> list[str]:
        return list(self._jobs)

    def num_tasks(self, job_name: str) -> int:
        return len(self._job(job_name))

    def task_indices(self, job_name: str) -> list[int]:
        return sorted(self._job(job_name))

    def task_address(self, job_name: str, task_index: int) -> str:
        tasks = self._job(job_name)
        if task_index not in tasks:
            raise ValueError(f"No task with index {task_index!r} in job {job_name!r}")
        return tasks[task_index]

    def job_tasks(self, job_name: str) -> list[str | None]:
        """The addresses by index, None where there is none."""
        tasks = self._job(job_name)
        return [tasks.get(i) for i in range(max(tasks) + 1)]

    def _job(self, name: str) -> dict[int, str]:
        if name not in self._jobs:
            raise ValueError(f"No such job in cluster: {name!r}")
        return self._jobs[name]


def _text(what: str, value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode()
    if not isinstance(value, str):
        raise TypeError(f"{what} {value!r} must be bytes or unicode")
    return value


def _tasks(job: Any, tasks: Any) -> dict[int, str]:
    if isinstance(tasks, list | tuple):
        tasks = dict(enumerate(tasks))
    elif not isinstance(tasks, Mapping):
        raise TypeError(
            f"The tasks for job {job!r} must be a list or a dictionary from integers to strings."
        )
    return {index: _text("Task address", address) for index, address in tasks.items()}


class Server:
    """The one task of a cluster of one: its target is this process."""

    def __init__(
        self,
        server_or_cluster_def: Any,
        job_name: str | None = None,
        task_index: int | None = None,
        protocol: str | None = None,
        config: Any = None,
        start: bool = True,
    ) -> None:
        if hasattr(server_or_cluster_def, "default_session_config"):
            given = server_or_cluster_def
            job_name, task_index = job_name or given.job_name, task_index or given.task_index
            server_or_cluster_def = given.cluster
        try:
            self._cluster = ClusterSpec(server_or_cluster_def)
        except TypeError as error:
            raise TypeError(
                "Could not convert `server_or_cluster_def` to a `tf.train.ServerDef` or "
                f"`tf.train.ClusterSpec`: {error}"
            ) from None
        jobs = self._cluster.jobs
        if job_name is None:
            if len(jobs) != 1:
                raise ValueError("Must specify an explicit `job_name`.")
            job_name = jobs[0]
        indices = self._cluster.task_indices(job_name)
        if task_index is None:
            if len(indices) != 1:
                raise ValueError("Must specify an explicit `task_index`.")
            task_index = indices[0]
        if sum(self._cluster.num_tasks(job) for job in jobs) > 1:
            raise errors.UnimplementedError(
                message=f"{self._cluster}: graphflow runs in one process, not on a cluster of several"
            )
        self._job_name, self._task_index = job_name, task_index
        self._protocol = protocol or "grpc"

    def start(self) -> None:
        """There is nothing to start: sessions run in this process."""

    def join(self) -> None:
        """Wait for ever, as a server does."""
        threading.Event().wait()

    @property
    def target(self) -> str:
        """What tf.Session takes for this server."""
        return "local"

    @property
    def server_def(self) -> Any:
        """A ServerDef."""
        return protos.ServerDef(
            cluster=self._cluster.as_cluster_def(),
            job_name=self._job_name,
            task_index=self._task_index,
            protocol=self._protocol,
        )

    @staticmethod
    def create_local_server(config: Any = None, start: bool = True) -> Server:
        return Server({"local": ["localhost:0"]}, protocol="grpc", config=config, start=start)


NAMESPACES = {"distribute": ["Server"], "train": ["ClusterSpec", "Server"]}
