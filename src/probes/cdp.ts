import { WebSocket } from 'undici';

const longestCall = 20_000;

type Answer = { result?: unknown; error?: { message: string } };

/** A connection to an inspector: one JSON message per call (Chrome DevTools Protocol 1.3). Every call has a time limit. */
export class Cdp {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;
  #closed: string | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Answer & { id?: number };
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    });
    socket.addEventListener('close', () => this.#end('the inspector closed the connection'));
    socket.addEventListener('error', () => this.#end('the connection to the inspector broke'));
  }

  static open(url: string): Promise<Cdp> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      const timer = setTimeout(() => {
        socket.close();
        reject(new Error(`no answer from ${url} within 5 s`));
      }, 5_000);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve(new Cdp(socket));
      });
      socket.addEventListener('error', () => {
        clearTimeout(timer);
        reject(new Error(`no inspector answers at ${url}`));
      });
    });
  }

  call<Result>(method: string, params: object = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error(this.#closed));
      this.#calls += 1;
      const id = this.#calls;
      const timer = setTimeout(() => {
        settle({ error: { message: `no answer within ${longestCall / 1000} s` } });
      }, longestCall);
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result as Result);
      };
      this.#waiting.set(id, settle);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #end(why: string): void {
    this.#closed = why;
    for (const settle of this.#waiting.values()) settle({ error: { message: why } });
  }
}
