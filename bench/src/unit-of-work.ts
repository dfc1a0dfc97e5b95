import { STAMP_HOLE } from './load/job.ts';

const BODY_BYTES = 1024;

/** The fields of the webhook body that the five steps read. */
export interface WorkInput {
  readonly src_ip: string;
  readonly user: string;
  readonly score: number;
  readonly failures: number;
}

/** The answer of the unit of work. */
export interface WorkOutputs {
  readonly level: string;
  readonly internal: boolean;
  readonly text: string;
}

/** What earlier steps gave, by the id of the step. */
interface Steps {
  readonly who?: { readonly ip: string; readonly user: string };
  readonly weight?: { readonly points: number };
  readonly level?: { readonly name: string };
  readonly place?: { readonly internal: boolean };
  readonly verdict?: { readonly text: string };
}

/** The five steps of `playbooks/w5.yaml` in plain JavaScript, each from the input and the steps before it. */
export const workSteps: readonly ((input: WorkInput, steps: Steps) => Steps)[] = [
  (input) => ({ who: { ip: input.src_ip, user: input.user.toLowerCase() } }),
  (input) => ({ weight: { points: input.score + input.failures } }),
  (_input, { weight }) => ({ level: { name: (weight?.points ?? 0) >= 100 ? 'high' : 'low' } }),
  (_input, { who }) => ({ place: { internal: who?.ip.startsWith('10.') ?? false } }),
  (_input, { who, level, weight }) => ({
    verdict: { text: `${who?.user} from ${who?.ip} is ${level?.name} (${weight?.points})` },
  }),
];

/** The answer, when all steps are done. */
export function workOutputs(steps: Steps): WorkOutputs {
  return {
    level: steps.level?.name ?? '',
    internal: steps.place?.internal ?? false,
    text: steps.verdict?.text ?? '',
  };
}

/** The template of the bodies: exactly 1,024 bytes of JSON, each unique by its stamp, so that none is a duplicate. */
export function workTemplate(): string {
  const input: WorkInput = { src_ip: '203.0.113.66', user: 'Ada', score: 61, failures: 42 };
  const bare = JSON.stringify({ id: STAMP_HOLE, ...input, note: '' });
  return JSON.stringify({ id: STAMP_HOLE, ...input, note: 'x'.repeat(BODY_BYTES - bare.length) });
}

/** Text that every right answer has. */
export const WORK_ANSWER = 'ada from 203.0.113.66 is high (103)';
