/** What is done to a program on a terminal, one after the other. */
export type TerminalStep =
  /** Waits until a command of bash ends. */
  | { until: string }
  /** Types. */
  | { type: string }
  /** Makes the terminal so many columns wide. */
  | { columns: number };

const program = `
import fcntl, json, os, pty, struct, subprocess, sys, termios, threading
columns, command, steps = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
def resize(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
pid, fd = pty.fork()
if pid == 0:
    resize(0, columns)
    os.execvp("bash", ["bash", "-c", command])
shown = []
def read():
    try:
        while True:
            text = os.read(fd, 65536)
            if not text: return
            shown.append(text)
    except OSError:
        pass
reader = threading.Thread(target=read)
reader.start()
for step in steps:
    if "until" in step: subprocess.run(["bash", "-c", step["until"]])
    elif "type" in step: os.write(fd, step["type"].encode())
    else: resize(fd, step["columns"])
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256
reader.join()
sys.stdout.buffer.write(b"".join(shown))
sys.exit(code)
`;

/** A script that runs a command of bash on a terminal, does the steps, and ends with what was shown and as it did. */
export function onTerminal(columns: number, command: string, ...steps: TerminalStep[]): string {
  return [
    heredoc('terminal.py', program),
    heredoc('command.sh', command),
    heredoc('steps.json', JSON.stringify(steps)),
    `TERM=xterm python3 terminal.py ${columns} "$(cat command.sh)" "$(cat steps.json)"`,
  ].join('\n');
}

function heredoc(name: string, text: string): string {
  return `cat > ${name} <<'END_OF_FILE'\n${text}\nEND_OF_FILE`;
}
