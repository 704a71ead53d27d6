"""Identifiers and moments made by the application, so that no value ever lacks one."""

import os
from datetime import UTC, datetime


def new_id() -> str:
    """Return a fresh identifier of 16 hexadecimal digits."""
    return os.urandom(8).hex()


def now() -> datetime:
    """Return this moment in UTC, to the millisecond: for history only, never for a rule of the field."""
    moment = datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def local_now() -> datetime:
    """Return this moment on the wall clock, to the second, without a zone: for hours people speak of, such as a call's."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005, TID251 - the other place that reads the clock
