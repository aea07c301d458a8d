"""What the commands print as JSON: plain values, whatever they were made of."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pytest

from counterpoise.cli.entry import main
from counterpoise.cli.output import plain


def test_arrays_and_their_numbers_are_lists_and_numbers() -> None:
    value = {
        1: np.array([[1.5, np.nan]]),
        "count": (np.int64(3), np.bool_(True), np.float64("inf")),
        "day": dt.date(2001, 6, 15),
        "set": {2, 1},
    }
    printed = json.loads(json.dumps(plain(value), allow_nan=False))
    assert printed == {
        "1": [[1.5, None]],
        "count": [3, True, None],
        "day": "2001-06-15",
        "set": [1, 2],
    }


def test_the_calibration_of_claims_is_numbers(capsys: Any) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["claims", "score", "--json"])
    assert not stop.value.code
    found = json.loads(capsys.readouterr().out)["calibration"]
    assert sum(found["count"]) > 0
    assert len(found["count"]) == len(found["probability"]) == len(found["observed"])
    assert all(0 <= p <= 1 for p in found["probability"])
