"""What the guide's page on logs calls of depthai, called of the depthai that is installed."""

import csv
import importlib
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).parents[2] / "src/guide/timestamps.md"
HEADER = ["seq", "ts_device_us", "exposure_us"]


def snippet() -> str:
    """The Python of the chapter on depthai."""
    chapter = GUIDE.read_text(encoding="utf-8").split("## A log with depthai")[1]
    found = re.search(r"```python\n(.*?)```", chapter, re.DOTALL)
    if found is None:
        raise SystemExit(f"{GUIDE}: no Python in the chapter on depthai")
    return found[1]


def main(version: str) -> None:
    depthai: Any = importlib.import_module("depthai")
    if depthai.__version__.split(".")[0] != version:
        raise SystemExit(f"depthai {version} was asked for, {depthai.__version__} is here")
    text = snippet()
    named = set(re.findall(r"frame\.(\w+)\(", text))
    lacking = sorted(name for name in named if not callable(getattr(depthai.ImgFrame, name, None)))
    if lacking or not named:
        raise SystemExit(f"ImgFrame of depthai {depthai.__version__} has no {lacking}, called: {sorted(named)}")
    of_stamp = GUIDE.read_text(encoding="utf-8")
    if "CameraExposureOffset" in of_stamp and not hasattr(depthai, "CameraExposureOffset"):
        raise SystemExit(f"depthai {depthai.__version__} has no CameraExposureOffset")

    # A frame that no camera made has no times of its own, but they are of the types that a camera's are.
    frame = depthai.ImgFrame()
    frame.setSequenceNum(7)
    guide: dict[str, Any] = {}
    exec(compile(text, str(GUIDE), "exec"), guide)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        guide["write"]([frame, frame], path)
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
    if header != HEADER or len(rows) != 2 or rows[0][0] != "7":
        raise SystemExit(f"depthai {depthai.__version__}: the log is {header}, {rows}")
    for cell in rows[0]:
        int(cell)
    print(f"depthai {depthai.__version__}: {', '.join(sorted(named))}")


if __name__ == "__main__":
    main(sys.argv[1])
