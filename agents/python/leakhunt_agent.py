"""
Tells leakhunt what this Python process holds, over a Unix socket of mode 0600. It opens no port, prints nothing and
does nothing until it is asked: a thread waits for a connection. For a program that leakhunt does not start itself:

    import leakhunt_agent
    leakhunt_agent.start("/run/user/1000/upload.sock")

    leakhunt upload http://localhost:8000/upload --probe agent=/run/user/1000/upload.sock --probe auto

Each connection carries one request and one answer, a line of JSON each. Python 3.9 and newer.
"""

import _signal
import _socket
import _thread
import os
import sys

VERSION = 1

#: Stacks are kept so deep: frameworks put some twenty frames between the server's loop and a handler.
FRAMES = 25
#: No request of leakhunt's is longer.
LONGEST_REQUEST = 65536
#: Seconds that a client may take to send its request and to read its answer.
PATIENCE = 10

_state = {"place": None, "bound": None, "lock": None}


def start(path=None):
    """
    Listens at a path, in which ``{pid}`` stands for the process, and returns it; a process that forks has each child
    listen at a path of its own.
    """
    if path is None:
        import tempfile

        path = os.path.join(tempfile.gettempdir(), "leakhunt-{pid}.sock")
    first = _state["place"] is None
    _state["place"] = path
    bound = _listen()
    if first:
        import atexit

        os.register_at_fork(after_in_child=_after_fork)
        atexit.register(_remove)
        _allow_forks()
    return bound


def _listen(forked=False):
    place = _state["place"]
    bound = place.replace("{pid}", str(os.getpid()))
    if forked and bound == place:
        bound = "%s.%d" % (place, os.getpid())
    try:
        os.unlink(bound)
    except OSError:
        pass
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    listener.bind(bound)
    # Nobody can connect before it listens.
    os.chmod(bound, 0o600)
    listener.listen(8)
    _state["bound"] = (os.getpid(), bound)
    # The program's signals are for its own threads.
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    try:
        _thread.start_new_thread(_serve, (listener,))
    finally:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
    return bound


def _after_fork():
    try:
        _listen(forked=True)
    except Exception:
        pass


def _remove():
    pid, path = _state["bound"] or (0, "")
    if pid == os.getpid():
        try:
            os.unlink(path)
        except OSError:
            pass


def _allow_forks():
    """Since 3.12 a process with threads is warned of at a fork; this one waits in the kernel and holds no lock."""
    if sys.version_info >= (3, 12):
        import warnings

        warnings.filterwarnings("ignore", r".*use of (?:fork|forkpty)\(\) may lead to deadlocks", DeprecationWarning)


def _serve(listener):
    descriptor = listener.fileno()
    inode = os.fstat(descriptor).st_ino
    while True:
        try:
            # A program that closes all descriptors gives this number to a socket of its own.
            if os.fstat(descriptor).st_ino != inode:
                listener.detach()
                return
            connection = _socket.socket(fileno=listener._accept()[0])
        except OSError:
            return
        try:
            connection.settimeout(PATIENCE)
            _answer(connection)
        except BaseException:
            pass
        finally:
            connection.close()


def _answer(connection):
    import json

    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST_REQUEST:
        part = connection.recv(4096)
        if not part:
            return
        line += part
    try:
        request = json.loads(line)
        answer = _commands[request["do"]](request)
    except Exception as error:
        answer = {"error": "%s: %s" % (type(error).__name__, error)}
    connection.sendall(json.dumps(answer).encode() + b"\n")


def _hello(_):
    import platform

    return {
        "agent": VERSION,
        "runtime": "python",
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "pid": os.getpid(),
        "started": _started(),
        "tracing": _is_tracing(),
    }


def _started():
    """Seconds since the epoch, by /proc (proc_pid_stat(5), `starttime`); None where there is none."""
    try:
        with open("/proc/self/stat", "rb") as stat:
            ticks = int(stat.read().rpartition(b")")[2].split()[19])
        with open("/proc/stat", "rb") as stat:
            boot = next(int(row.split()[1]) for row in stat if row.startswith(b"btime"))
        return boot + ticks / os.sysconf("SC_CLK_TCK")
    except Exception:
        return None


def _collect():
    """
    The cache of attributes by type holds up to 4096 names: a program that looks attributes up by names made at run time,
    as http.server does at each request, fills it for hours (cpython, `type_cache_clear`).
    """
    import gc

    gc.collect()
    clear = getattr(sys, "_clear_internal_caches", None) or getattr(sys, "_clear_type_cache", None)
    if clear:
        clear()


def _read(_):
    _collect()
    blocks = sys.getallocatedblocks()
    answer = {"pid": os.getpid(), "blocks": blocks, "tracing": _is_tracing(), "tasks": _count_tasks(), "threads": _threads_by_name()}
    if answer["tracing"]:
        import tracemalloc

        answer["traced"] = tracemalloc.get_traced_memory()[0]
    return answer


def _is_tracing():
    import _tracemalloc

    return _tracemalloc.is_tracing()


def _count_tasks():
    """asyncio's tasks that have not ended; None where the program has none of them."""
    tasks = sys.modules.get("asyncio.tasks")
    if tasks is None:
        return None
    known = [getattr(tasks, name, None) for name in ("_all_tasks", "_scheduled_tasks", "_eager_tasks")]
    if sys.version_info >= (3, 14) or not any(known):
        return sum(1 for each in _objects() if issubclass(type(each), tasks.Task) and not each.done())
    count = 0
    for each in known:
        for _ in range(100):
            # They are changed by the loop's thread meanwhile.
            try:
                count += sum(1 for task in list(each or ()) if not task.done())
                break
            except RuntimeError:
                continue
    return count


def _threads_by_name():
    threading = sys.modules.get("threading")
    names = {}
    for thread in list(getattr(threading, "_active", {}).values()):
        names[thread.name] = names.get(thread.name, 0) + 1
    return dict(sorted(names.items(), key=lambda item: -item[1])[:100])


def _objects():
    import gc

    return gc.get_objects()


_traced = {"ours": False}


def _trace(request):
    """`on` and `clear` so that what is there already is left out: a snapshot of all of it takes many seconds."""
    import tracemalloc

    what = request["what"]
    if what == "on":
        if not tracemalloc.is_tracing() or tracemalloc.get_traceback_limit() < FRAMES:
            _traced["ours"] = not tracemalloc.is_tracing()
            tracemalloc.stop()
            tracemalloc.start(FRAMES)
        _files.begin()
    elif what == "clear":
        _collect()
        tracemalloc.clear_traces()
        _files.clear()
    elif what == "off":
        _files.end()
        if _traced["ours"]:
            tracemalloc.stop()
            _traced["ours"] = False
    else:
        raise ValueError(what)
    return {"tracing": tracemalloc.is_tracing()}


class _Files:
    """Which line made which file, by the interpreter's audit events; a hook cannot be taken away, only be idle."""

    MOST = 20000

    def __init__(self):
        self.hooked = False
        self.on = False
        self.made = {}

    def begin(self):
        self.made.clear()
        self.on = True
        if not self.hooked:
            self.hooked = True
            sys.addaudithook(self.hear)

    def clear(self):
        self.made.clear()

    def end(self):
        self.on = False
        self.made.clear()

    def hear(self, event, arguments):
        if not self.on:
            return
        try:
            if event == "open":
                path, _, flags = arguments
                if isinstance(flags, int) and flags & os.O_CREAT and len(self.made) < self.MOST:
                    self.made[_place_of(path)] = _stack_of(sys._getframe(1))
            elif event == "os.rename":
                stack = self.made.pop(_place_of(arguments[0]), None)
                if stack:
                    self.made[_place_of(arguments[1])] = stack
        except Exception:
            pass

    def kept(self):
        """Stack, number and bytes of the files that are still there."""
        found = {}
        for path, stack in list(self.made.items()):
            try:
                size = os.lstat(path).st_size
            except (OSError, ValueError):
                self.made.pop(path, None)
                continue
            row = found.setdefault(stack, [0, 0])
            row[0] += 1
            row[1] += size
        return found


def _place_of(path):
    return os.path.abspath(os.fsdecode(path))


def _stack_of(frame):
    stack = []
    while frame is not None and len(stack) < FRAMES:
        stack.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return tuple(stack)


_files = _Files()


def _sites(request):
    """
    What was allocated since the traces were cleared and is still there, by the stack that allocated it: bytes and
    blocks; beside it the open files, sockets, threads and tasks by the stack that made them. The largest of each.
    """
    import gc

    import _tracemalloc

    most = min(int(request.get("most", 300)), 2000)
    _collect()
    # Each is a domain, a size, the frames (the nearest first) and their number; equal stacks are one tuple.
    traces = _tracemalloc._get_traces()
    by_stack = {}
    for trace in traces:
        row = by_stack.get(id(trace[2]))
        if row is None:
            row = by_stack[id(trace[2])] = [0, 0, trace[2]]
        row[0] += 1
        row[1] += trace[1]
    memory = {stack: [count, size] for count, size, stack in by_stack.values() if not _is_ours(stack)}
    del traces, by_stack
    things = {"open-files": {}, "sockets": {}, "threads": {}, "tasks": {}}
    kinds = {}
    traceback = _tracebacks()
    for each in gc.get_objects():
        kind = type(each)
        if kind not in kinds:
            kinds[kind] = _kind_of(kind)
        if kinds[kind] is None:
            continue
        name, lives = kinds[kind]
        stack = traceback(each)
        if stack and lives(each):
            things[name].setdefault(stack, [0, 0])[0] += 1
    kept = _files.kept()
    tables = {"memory": memory, "files": kept, **things}
    answer = {}
    for name, table in tables.items():
        largest = sorted(table.items(), key=lambda item: (-item[1][1], -item[1][0]))[:most]
        answer[name] = [{"count": row[0], "bytes": row[1], "frames": stack} for stack, row in largest]
    functions = _Functions({place[0] for table in answer.values() for row in table for place in row["frames"]})
    for table in answer.values():
        for row in table:
            row["frames"] = [[_absolute(file), line, functions.name(file, line)] for file, line in row["frames"]]
    return answer


def _tracebacks():
    """
    What tells the stack that allocated an object. Python 3.11 looks in the wrong place for an object with a dict, whose
    memory begins two pointers before the collector's header (cpython, `_PyType_PreHeaderSize`).
    """
    import _tracemalloc

    plain = _tracemalloc._get_object_traceback
    if sys.version_info[:2] != (3, 11):
        return plain
    try:
        import ctypes

        at = ctypes.pythonapi._PyTraceMalloc_GetTraceback
    except (ImportError, AttributeError):
        return plain
    at.argtypes = [ctypes.c_uint, ctypes.c_size_t]
    at.restype = ctypes.py_object
    header = 4 * ctypes.sizeof(ctypes.c_void_p)
    # Py_TPFLAGS_MANAGED_DICT
    return lambda each: at(0, id(each) - header) if type(each).__flags__ & (1 << 4) else plain(each)


def _is_ours(stack):
    return any(file == __file__ for file, _ in stack)


def _absolute(file):
    return file if file.startswith(("/", "<")) else os.path.abspath(file)


def _kind_of(kind):
    """What an object of a type is, and how to see whether it lives. By the type: an object may be a proxy."""
    import io

    socket = sys.modules.get("socket")
    threading = sys.modules.get("threading")
    tasks = sys.modules.get("asyncio.tasks")
    try:
        if issubclass(kind, io.FileIO):
            return "open-files", lambda each: not each.closed
        if socket and issubclass(kind, socket.socket):
            return "sockets", lambda each: each.fileno() >= 0
        if threading and issubclass(kind, threading.Thread):
            return "threads", lambda each: each.is_alive()
        if tasks and issubclass(kind, tasks.Task):
            return "tasks", lambda each: not each.done()
    except Exception:
        pass
    return None


class _Functions:
    """Which function a line lies in: traces know files and lines only."""

    known = {}

    def __init__(self, files):
        import gc

        wanted = {file for file in files if file not in self.known}
        if not wanted:
            return
        function = type(_serve)
        for file in wanted:
            self.known[file] = []
        seen = set()
        for each in gc.get_objects():
            if type(each) is function:
                self._take(each.__code__, wanted, seen)

    def _take(self, code, wanted, seen):
        if code.co_filename not in wanted or id(code) in seen:
            return
        seen.add(id(code))
        lines = [line for line in _lines_of(code) if line]
        if lines:
            name = getattr(code, "co_qualname", code.co_name).replace(".<locals>", "")
            self.known[code.co_filename].append((code.co_firstlineno, max(lines), name))
        for constant in code.co_consts:
            if type(constant) is type(code):
                self._take(constant, wanted, seen)

    def name(self, file, line):
        inside = [each for each in self.known.get(file, ()) if each[0] <= line <= each[1]]
        return min(inside, key=lambda each: each[1] - each[0])[2] if inside else "<module>"


def _lines_of(code):
    if hasattr(code, "co_lines"):
        return [line for _, _, line in code.co_lines()]
    import dis

    return [line for _, line in dis.findlinestarts(code)]


#: Objects that a search looks at, and seconds that it takes, at most.
MOST_OBJECTS = 3_000_000
LONGEST_SEARCH = 15
MOST_SAMPLES = 50


def _kept_by(request):
    """
    For each of some lines the type of what it has allocated, and the shortest path of references to that from a
    module's variable or from a function that runs: most of up to fifty objects have it. Ends the traces, for a search
    that is traced itself takes many times as long.
    """
    import gc

    places = [(file, int(line)) for file, line in request["places"]]
    gc.collect()
    samples = _made_at(places)
    _trace({"what": "off"})
    wanted = {}
    answers = []
    for made in samples:
        kinds = {}
        for each in made:
            kinds.setdefault(type(each), []).append(each)
        kind = _telling(kinds)
        answers.append({"type": kind and kind.__qualname__, "path": None})
        for each in kinds.get(kind, ())[:MOST_SAMPLES]:
            wanted.setdefault(id(each), []).append(len(answers) - 1)
    made = kinds = None
    samples.clear()
    named = [{} for _ in answers]
    for key, path in _paths_to(wanted):
        for paths in (named[index] for index in wanted[key]):
            paths[path] = paths.get(path, 0) + 1
    for answer, paths in zip(answers, named):
        if paths:
            answer["path"] = max(paths, key=lambda each: (paths[each], -len(each)))
    return {"kept": answers}


#: A class of which there is no more than this share of the most numerous is made now and then.
LEAST_SHARE = 0.05


def _telling(kinds):
    """One's own class says more than a library's, and that more than the dict that it has."""
    most = max((len(made) for made in kinds.values()), default=0)
    frequent = [kind for kind in kinds if len(kinds[kind]) >= LEAST_SHARE * most]
    return max(frequent, key=lambda kind: (_rank(kind), len(kinds[kind])), default=None)


def _rank(kind):
    # Py_TPFLAGS_HEAPTYPE: it was made by a class statement.
    if not kind.__flags__ & (1 << 9) or kind.__module__ == "builtins":
        return 0
    package = str(kind.__module__).partition(".")[0]
    return 1 if package in getattr(sys, "stdlib_module_names", ()) else 2


def _made_at(places):
    """For each place what was allocated there, directly or further down, and still is."""
    import gc

    traceback = _tracebacks()
    found = [{} for _ in places]
    seen = set()

    def look(each):
        stack = traceback(each)
        if not stack or _is_ours(stack):
            return
        lines = {(_absolute(file), line) for file, line in stack}
        for place, made in zip(places, found):
            if place in lines:
                made[id(each)] = each

    for known in gc.get_objects():
        look(known)
        # The collector knows neither bytes and strings nor what holds nothing but those.
        inner = [known]
        while inner:
            for held in gc.get_referents(inner.pop()):
                if gc.is_tracked(held):
                    continue
                look(held)
                if _may_hold(held) and id(held) not in seen:
                    seen.add(id(held))
                    inner.append(held)
    return [list(made.values()) for made in found]


def _may_hold(each):
    """Py_TPFLAGS_HAVE_GC."""
    return type(each).__flags__ & (1 << 14)


def _paths_to(wanted):
    """Breadth first from the roots, one's own modules before others."""
    import gc
    import time

    until = time.monotonic() + LONGEST_SEARCH
    parents = {}
    queue = []
    for root in _roots():
        if id(root[0]) not in parents:
            parents[id(root[0])] = (None, root)
            queue.append(root[0])
    hidden = {id(queue), id(parents), id(wanted)}
    found = []
    at = 0
    while at < len(queue) and at < MOST_OBJECTS and len(found) < len(wanted):
        each = queue[at]
        at += 1
        if at % 10000 == 0 and time.monotonic() > until:
            break
        for held in gc.get_referents(each):
            key = id(held)
            if key in parents or key in hidden or type(held).__name__ == "module":
                continue
            parents[key] = (each, held)
            if key in wanted:
                found.append((key, _path_in_words(key, parents)))
            if _may_hold(held):
                queue.append(held)
    return found


def _roots():
    import sysconfig

    libraries = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    modules = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        variables = getattr(module, "__dict__", None)
        if name == __name__ or type(variables) is not dict or not isinstance(file, str):
            continue
        modules.append((file.startswith(libraries), variables, "in " + _name_of(file)))
    modules.sort(key=lambda each: each[0])
    for _, variables, place in modules:
        for name, value in list(variables.items()):
            if name.startswith("__") or type(value).__name__ == "module":
                continue
            yield value, "%s (%s) %s" % (name, type(value).__name__, place)
    ours = sys._getframe()
    for frame in list(sys._current_frames().values()):
        while frame is not None and frame is not ours:
            if frame.f_code.co_filename != __file__:
                place = _name_of(frame.f_code.co_filename)
                yield frame, "%s (%s:%d), which runs" % (frame.f_code.co_name, place, frame.f_lineno)
            frame = frame.f_back


def _name_of(file):
    """Of a package's own file the folder says which."""
    folder, name = os.path.split(file)
    return os.path.join(os.path.basename(folder), name) if name == "__init__.py" else name


#: Steps of a path that are shown; those in the middle are left out.
MOST_STEPS = 6


def _path_in_words(key, parents):
    steps = []
    while True:
        parent, value = parents[key]
        if parent is None:
            steps.append(value[1])
            break
        # An object's dict is the object itself.
        if not (type(value) is dict and getattr(parent, "__dict__", None) is value):
            steps.append(_step_in_words(parent, value))
        key = id(parent)
    steps.reverse()
    if len(steps) > MOST_STEPS:
        steps = steps[: MOST_STEPS // 2] + ["..."] + steps[-MOST_STEPS // 2 :]
    return tuple(steps)


def _step_in_words(parent, value):
    name = None
    variables = parent if type(parent) is dict else None
    if variables is None:
        try:
            variables = object.__getattribute__(parent, "__dict__")
        except Exception:
            variables = None
    # Of a dict with thousands of keys no key says anything.
    if type(variables) is dict and len(variables) <= 32:
        name = next((key for key, each in variables.items() if each is value and type(key) is str), None)
    kind = type(value).__qualname__
    return "%s (%s)" % (name[:60], kind) if name else kind


_commands = {"hello": _hello, "read": _read, "trace": _trace, "sites": _sites, "kept-by": _kept_by}
