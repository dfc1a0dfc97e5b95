import { describe, expect, it } from 'vitest';
import { placeOfFinding, tally } from './findings.ts';

describe('findings', () => {
  it('are counted with the tone of the worst', () => {
    expect(tally([])).toEqual({ words: 'fine', tone: 'good' });
    expect(tally([{ severity: 'info' }])).toEqual({ words: '1 remark', tone: 'calm' });
    expect(tally([{ severity: 'warning' }, { severity: 'error' }, { severity: 'warning' }])).toEqual({
      words: '1 error, 2 warnings',
      tone: 'bad',
    });
  });

  it('lead to what they are about', () => {
    expect(placeOfFinding('reaction:block_url')).toEqual({ path: '/playbooks/block_url', search: { tab: 'editor' } });
    expect(placeOfFinding('participant:sandbox')?.path).toBe('/fabric/participants/sandbox');
    expect(placeOfFinding('server')).toBeUndefined();
  });
});
