export type { ActionOutcome, ActionRequest, Admission, Door, ReleaseRequest, ReleaseResult } from './door.ts';
