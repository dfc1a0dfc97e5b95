import { describe, expect, it } from 'vitest';
import { traceNodes } from './trace-nodes.ts';
import type { TraceRows } from './trace-rows.ts';

const NOTHING = {
  ...{ raws: [], decisions: [], alerts: [], events: [], runs: [], journal: [], effects: [], claims: [], cases: [] },
  ...{ entries: [], enrichments: [], matters: [], outcomes: [], outlines: new Map() },
};

function stepStatus(ended_at: number | null, kinds: readonly string[]): string | undefined {
  const journal = kinds.map((kind, at) => ({ run: 'r', address: 'a', kind, at, data: { status: 'failed' } }));
  const runs = [{ id: 'r', playbook: 'p', version: 'v', status: 'x', created_at: 0, ended_at, cause: '', parent: '' }];
  const nodes = traceNodes({ ...NOTHING, runs, journal } as unknown as TraceRows);
  return nodes.find(({ node }) => node.kind === 'step')?.node.status;
}

describe('a step in a trace', () => {
  it('stands as its last entry leaves it', () => {
    expect(stepStatus(null, ['step_started'])).toBe('running');
    expect(stepStatus(null, ['step_started', 'step_waiting'])).toBe('waiting');
    expect(stepStatus(9, ['step_started', 'step_ended'])).toBe('failed');
  });

  it('is not said to go on in a run that is over, of which not every entry was read', () => {
    expect(stepStatus(9, ['foreach_entered'])).toBe('');
    expect(stepStatus(9, ['step_started'])).toBe('');
  });
});
