import { describe, expect, it } from 'vitest';
import { STAMP_HOLE } from './load/job.ts';
import { WORK_ANSWER, type WorkInput, workOutputs, workSteps, workTemplate } from './unit-of-work.ts';

describe('the unit of work', () => {
  it('is asked for with 1,024 bytes of JSON that have a hole for the stamp', () => {
    expect(Buffer.byteLength(workTemplate())).toBe(1024);
    expect(JSON.parse(workTemplate()).id).toBe(STAMP_HOLE);
  });

  it('has five steps, whose answer is the expected one', () => {
    const input = JSON.parse(workTemplate()) as WorkInput;
    const steps = {};
    for (const step of workSteps) Object.assign(steps, step(input, steps));
    expect(Object.keys(steps)).toEqual(['who', 'weight', 'level', 'place', 'verdict']);
    expect(workOutputs(steps)).toEqual({ level: 'high', internal: false, text: WORK_ANSWER });
  });
});
