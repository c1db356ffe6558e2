import type { Missing } from '../probes/discover.js';
import type { ResourceName } from '../probes/resources.js';
import type { Hop } from '../target/locate/lead.js';
import type { Runtime } from '../target/processes/runtime.js';
import type { Setting } from '../target/processes/settings.js';
import type { ProbeSummary } from './record.js';

/** What can be read of a target, and how well. */
export interface Survey {
  target: {
    url: string;
    pid?: number;
    runtime?: Runtime;
    settings?: Setting[];
    command?: string;
    through?: Hop[];
  };
  probes: ProbeSummary[];
  missing: Missing[];
  /** Why what was found may be another process's, or only a part of the target, in sentences. */
  doubts: string[];
  /** How many seconds finding the probes took, and each reading. */
  discoverySeconds: number;
  readingSeconds: number;
  resources: SurveyedResource[];
}

export interface SurveyedResource {
  name: ResourceName;
  source: string;
  value: number;
  /** The range of five readings without uploads: the noise floor. */
  noise: number;
  /** The growth per upload that would be called flat. */
  margin: number;
}
