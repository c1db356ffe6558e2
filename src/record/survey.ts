import type { Missing } from '../probes/discover.js';
import type { ResourceName } from '../probes/resources.js';
import type { Hunt, ProbeSummary } from './record.js';

/** What can be read of a target, and how well. */
export interface Survey {
  target: Omit<Hunt['target'], 'trialUploads' | 'probes' | 'missing'>;
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
