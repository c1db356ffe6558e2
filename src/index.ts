export { LeakhuntError } from './errors.js';
export { type ExitCode, exitCodes } from './exit-codes.js';
export type { HuntEvent } from './hunt/events.js';
export { hunt } from './hunt/hunt.js';
export type { HuntOptions } from './hunt/options.js';
export type { FormDataStream } from './load/body/form-data-stream.js';
export type { FormPart, PartContent } from './load/body/form-part.js';
export type { FormFile, GivenForm, StandardFormData } from './load/body/given-form.js';
export { decodePprof } from './profiles/pprof/decode.js';
export type {
  PprofFunction,
  PprofLabel,
  PprofLocation,
  PprofMapping,
  PprofProfile,
  PprofSample,
} from './profiles/pprof/profile.js';
export type { Hunt, ResourceRecord } from './record/record.js';
export { type Judgement, type JudgeOptions, judge, type Reason } from './verdict/judge/judge.js';
export type { Interval, Point, Verdict } from './verdict/verdict.js';
