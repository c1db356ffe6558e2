"""Starts leakhunt's agent in a Python process, and then what stands here otherwise (https://docs.python.org/3/library/site.html)."""

import os
import sys

_here = os.path.dirname(__file__)
_folder = os.environ.get("LEAKHUNT_AGENTS")
try:
    if _folder:
        import leakhunt_agent

        leakhunt_agent.start(os.path.join(_folder, "{pid}.sock"))
except BaseException:  # Whatever fails here is no business of the program.
    pass

# Python looks for the next one, and the program finds its path as it would be without leakhunt.
_path = sys.path[:]
sys.path[:] = [entry for entry in sys.path if entry != _here]
_self = sys.modules.pop("sitecustomize", None)
try:
    import sitecustomize  # noqa: F401  The one that another folder has.
except ImportError as _error:
    if _error.name != "sitecustomize":
        raise
    if _self is not None:
        sys.modules["sitecustomize"] = _self
finally:
    if not _folder:
        sys.path[:] = _path
