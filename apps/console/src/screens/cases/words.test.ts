import { describe, expect, it } from 'vitest';
import { statusConsequence } from './words.ts';

const alerts = (...statuses: string[]) => statuses.map((status) => ({ status }));

describe('what follows from another status of a case', () => {
  it('is said where its work ends, with the alerts that stay open', () => {
    expect(statusConsequence('in_progress', alerts('new'))).toBeUndefined();
    expect(statusConsequence('closed', alerts('resolved', 'suppressed'))).toMatch(/are undone\.$/);
    expect(statusConsequence('closed', alerts('in_progress', 'resolved'))).toMatch(/One alert in it stays open/);
    expect(statusConsequence('resolved', alerts('in_progress', 'new'))).toMatch(/2 alerts in it stay open/);
  });
});
