import { describe, expect, it } from 'vitest';
import { type Report, summaryOf } from './tried.ts';

const report: Report = {
  normalizer: 'wazuh',
  detected: ['wazuh', 'generic_json'],
  problem: null,
  total: 3,
  counts: { finding: 2, repeated: 0, suppressed: 1, refused: 0 },
  items: [],
};

describe('how an input would be read', () => {
  it('is told in a sentence', () => {
    expect(summaryOf(report)).toBe('wazuh reads 3 items: 2 findings, 1 suppressed');
  });

  it('says truthfully that it cannot be read', () => {
    const problem = { reason: 'it is empty', line: null, column: null, advice: '' };
    expect(summaryOf({ ...report, normalizer: null, problem })).toBe('Nothing of it can be read: it is empty');
  });
});
