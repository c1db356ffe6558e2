import { Cdp } from './cdp.js';

/**
 * The worker threads of a Node process: each has a heap of its own, which the process's inspector hands on messages to
 * (Node's inspector domain `NodeWorker`). Those that began by now, and theirs.
 */
export class WorkerThreads {
  readonly #sessions = new Map<string, Cdp>();
  readonly #below = new Map<string, WorkerThreads>();

  private constructor() {}

  /** Attaches to those there are, and to each that begins later; to none where the inspector knows no workers. */
  static async of(cdp: Cdp): Promise<WorkerThreads> {
    const workers = new WorkerThreads();
    cdp.on<{ sessionId?: unknown }>('NodeWorker.attachedToWorker', ({ sessionId }) =>
      workers.#attach(cdp, String(sessionId)),
    );
    cdp.on<{ sessionId?: unknown }>('NodeWorker.detachedFromWorker', ({ sessionId }) =>
      workers.#detach(String(sessionId)),
    );
    cdp.on<{ sessionId?: unknown; message?: unknown }>(
      'NodeWorker.receivedMessageFromWorker',
      ({ sessionId, message }) => workers.#sessions.get(String(sessionId))?.receive(String(message)),
    );
    await cdp
      .call('NodeWorker.enable', { waitForDebuggerOnStart: false }, { timeout: 5_000 })
      .catch(() => {});
    return workers;
  }

  /** Connections to all that run now. */
  get sessions(): Cdp[] {
    return [...this.#sessions.values(), ...[...this.#below.values()].flatMap(each => each.sessions)];
  }

  #attach(cdp: Cdp, sessionId: string): void {
    const session = new Cdp({
      send: message =>
        void cdp
          .call('NodeWorker.sendMessageToWorker', { sessionId, message })
          .catch(() => this.#detach(sessionId)),
      close: () => this.#detach(sessionId),
    });
    this.#sessions.set(sessionId, session);
    void WorkerThreads.of(session).then(below => {
      if (this.#sessions.has(sessionId)) this.#below.set(sessionId, below);
    });
  }

  #detach(sessionId: string): void {
    this.#sessions.get(sessionId)?.end('the worker thread has ended');
    this.#sessions.delete(sessionId);
    this.#below.delete(sessionId);
  }
}
