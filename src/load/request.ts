import type { DialOptions } from '../net/dial-options.js';
import type { Body } from './body/body.js';
import type { Expectation } from './expectation.js';
import type { Pace } from './pacer.js';
import type { Scenario } from './scenario.js';

/** How one upload is sent. */
export interface UploadRequest extends DialOptions, Pace {
  url: URL;
  method: string;
  /** Name and value in turn, in the order they are sent; Host and Content-Length are added. */
  headers: string[];
  body: Body;
  /** Limit of one upload from its start to the end of the answer, in seconds. */
  maxTime: number;
  /** Follow 307 and 308 by sending the body again. */
  location: boolean;
  /** Send the cookies that a redirect sets to where it leads. */
  cookieEngine?: boolean;
  /** Unless false, connections carry one upload after another. */
  keepAlive?: boolean;
  /** How the uploads behave; complete by default. */
  scenario?: Scenario;
  /** What the responses to complete uploads must be; 2xx by default. */
  expected?: Expectation;
  /** Only to see whether the target takes uploads: none is begun once one was not answered in time. */
  trial?: boolean;
  /** How long a complete upload takes (ms), if that is known: an aborted one waits that long. */
  typical?: number;
  /** Threads to upload from, each with its share of the connections. */
  workers?: number;
}
