import type { UploadConnection } from '../../net/uploads.js';
export interface StartOptions {
  /** A shell command line. One that ends with status 0 has handed over to a daemon or a container. */
  command: string;
  cwd?: string;
  /** Added to leakhunt's own environment. */
  env?: Record<string, string>;
  /** Where the uploads go: nothing else may hold its port. The default is `ready`. */
  url?: URL;
  /** How the uploads connect. */
  via?: UploadConnection;
  /** The address that answers, with any status, once the target is ready. */
  ready: URL;
  /** Seconds. */
  readyTimeout: number;
  /** A shell command line that ends the target, run before the rest of it is ended. */
  stop?: string;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
}

/** A target that leakhunt started and will stop. */
export interface StartedTarget extends AsyncDisposable {
  /**
   * How it ended and the last lines it wrote; undefined while it runs. A target that is just ending is waited
   * for.
   */
  exitReport(): Promise<string | undefined>;
  /** Stops it, once; returns what could not be stopped, a sentence each. */
  stop(): Promise<string[]>;
}
