"""When a hook acts: every so many steps or seconds, or never."""

from __future__ import annotations

import time


class NeverTriggerTimer:
    """Its time never comes."""

    def reset(self) -> None:
        """There is nothing to forget."""

    def should_trigger_for_step(self, step: int) -> bool:
        return False

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        return None, None

    def last_triggered_step(self) -> int | None:
        return None


class SecondOrStepTimer(NeverTriggerTimer):
    """Triggers at the first step, and then every so many steps or seconds."""

    _last_step: int | None = None
    _last_time: float | None = None

    def __init__(self, every_secs: float | None = None, every_steps: int | None = None) -> None:
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._every_secs, self._every_steps = every_secs, every_steps

    def reset(self) -> None:
        self._last_step = self._last_time = None

    def should_trigger_for_step(self, step: int) -> bool:
        if self._last_step is None or self._last_time is None:
            return True
        if self._last_step == step:
            return False
        if self._every_secs is not None:
            return time.time() >= self._last_time + self._every_secs
        assert self._every_steps is not None
        return step >= self._last_step + self._every_steps

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        """Note that it triggered; gives the seconds and steps since the time before."""
        now = time.time()
        seconds = None if self._last_time is None else now - self._last_time
        steps = None if self._last_step is None else step - self._last_step
        self._last_step, self._last_time = step, now
        return seconds, steps

    def last_triggered_step(self) -> int | None:
        return self._last_step


NAMESPACES = {"train": ["SecondOrStepTimer"]}
