import type { FixtureSpec } from '../fixtures/fixture.js';
import type { DataBody } from '../load/body/data-body.js';
import type { FormPart } from '../load/body/form-part.js';
import type { GivenForm } from '../load/body/given-form.js';
import type { MultipartFraming } from '../load/body/multipart.js';
import type { DialOptions } from '../net/dial-options.js';
import type { StartOptions } from '../target/start/started-target.js';
import type { ForecastOptions } from '../verdict/forecast.js';
import type { Margins } from '../verdict/margins.js';
import type { HuntEvent } from './events.js';

/** What to hunt and how. Only `url` is needed; `planHunt` has the defaults. */
export interface HuntOptions extends Partial<DialOptions> {
  url: string;
  method?: string;
  /** Name and value of each header, in the order they are sent. */
  headers?: [string, string][];
  /**
   * What is uploaded: a list of parts, a standard `FormData` (the global one or undici's), or a form of the
   * `form-data` package. Names, file names, types and order are kept; the framing is leakhunt's own. Files
   * and streams in a `FormData` or a `form-data` are read into memory once, 64 MiB at most, because every
   * upload is the same; a part of a list with `content: { path }` may be of any size. Without it, or with an
   * empty list, the generated fixture is sent as `field`. A form that is empty, too large or cannot be read
   * is a usage error (`BAD_FORM`, exit code 2).
   */
  form?: GivenForm;
  /** How the form is framed, if not as curl does by default. */
  framing?: MultipartFraming;
  /** The data that is uploaded instead of a form: curl's `-d`, `--json` and `-T`. */
  body?: DataBody;
  /** Give every upload a number, in the name and in the first bytes of each file. */
  unique?: boolean;
  /** Default headers that these uploads leave out, as with curl's `-H 'Accept:'`. */
  withoutHeaders?: string[];
  fixture?: FixtureSpec;
  field?: string;
  /** Start the target with this command and stop it at the end; its URL must be known beforehand. */
  start?: Pick<StartOptions, 'command'> & Partial<Omit<StartOptions, 'url'>>;
  /** How the uploads behave, each hunted separately: `complete,abort@50%`; see `parseScenarios`. */
  scenarios?: string;
  /**
   * Sizes in bytes of the generated files that take turns, to tell growth per upload from growth per byte.
   */
  sizes?: number[];
  uploadsPerRound?: number;
  concurrency?: number;
  /** A number of rounds, or `auto`: go on until every resource is decided, within `maxRounds`. */
  rounds?: number | 'auto';
  warmUpRounds?: number;
  maxRounds?: number;
  /** Seconds after which no further round begins. */
  timeLimit?: number;
  /**
   * Heap growth that nothing else supports is not called a leak before this many uploads: it could be a
   * cache.
   */
  minUploads?: number;
  margins?: Partial<Margins>;
  /** Go on until every resource is decided; otherwise a hunt ends as soon as a leak is sure. */
  thorough?: boolean;
  /**
   * How long the target is left alone before a leak is called: `30`, or `queue_depth=0`; see `parseDrain`.
   */
  drain?: string;
  /** The most bytes that a hunt may add to the target's memory, and to its temp files. */
  maxMemory?: number;
  maxDisk?: number;
  /** The target's traffic in production, for a forecast. */
  traffic?: ForecastOptions;
  probes?: string[];
  /** Of a leak, ask a Node target by heap snapshots, and a Python one by traces, what is kept and by whom (default); both slow it. */
  snapshots?: boolean;
  /** Longest wait, in seconds, for the target's memory to stop falling before a reading. */
  settle?: number;
  /** The statuses that complete uploads should get instead of any 2xx: `201`, `2xx`. */
  expectStatus?: string[];
  /** A text in the first 64 KiB of the response to a complete upload; without it, the upload has failed. */
  expect?: string;
  /** The share of uploads that may fail, 0 to 1. */
  maxFailed?: number;
  maxTime?: number;
  /** Whether a connection carries more than one upload. */
  keepAlive?: boolean;
  /** Uploads per second, begun at even intervals whether or not the target keeps up. */
  rate?: number;
  /** Pause between the uploads of one connection, in seconds. */
  thinkTime?: number;
  /** Seconds after which a round ends, instead of a number of uploads. */
  duration?: number;
  /** Threads to upload from; `auto`: one per core, with one left to the target. */
  workers?: number | 'auto';
  /** Keep the cookies that a redirect sets, and send them to its destination. */
  cookieEngine?: boolean;
  /** Make a Node process open its inspector (SIGUSR1). */
  allowSignals?: boolean;
  location?: boolean;
  /** The command that repeats the hunt in a shell, for the record; the caller must hide the secrets in it. */
  command?: string;
  /** Ends the hunt before its next round; the verdict on what was measured is still given. */
  signal?: AbortSignal;
  onEvent?: (event: HuntEvent) => void;
}

/** The same with the form as parts: reading the content of a `FormData` is asynchronous. */
export type ReadOptions = Omit<HuntOptions, 'form'> & { form?: FormPart[] };

export const defaultFixture: FixtureSpec = { kind: 'text', size: 1_300_000, seed: 1 };
