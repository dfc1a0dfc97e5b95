import { describe, expect, it } from 'vitest';
import { adviceOf, type Report, summaryOf } from './tried.ts';

const report: Report = {
  normalizer: 'wazuh',
  detected: ['wazuh', 'generic_json'],
  problem: null,
  total: 3,
  counts: { finding: 2, repeated: 0, suppressed: 1, refused: 0 },
  items: [],
};
const broken = (reason: string, line: number | null = null): Report => ({
  ...report,
  normalizer: null,
  problem: { reason, line, column: line },
});

describe('how an input would be read', () => {
  it('is told in a sentence', () => {
    expect(summaryOf(report)).toBe('wazuh reads 3 items: 2 findings, 1 suppressed');
    expect(adviceOf(report)).toBe('');
  });

  it('says truthfully what cannot be read, and what to do', () => {
    expect(summaryOf(broken('it is empty'))).toBe('Nothing of it can be read: it is empty');
    expect(adviceOf(broken('it is not JSON', 7))).toMatch(/line 7, column 7.*mail are not read/);
    expect(adviceOf(broken('no normaliser detects it'))).toMatch(/Generic JSON/);
    expect(adviceOf(broken('it is nested deeper than 64 levels'))).toMatch(/Plain text and mail are not read/);
  });
});
