import { type AlertRow, type CaseRow, type Change, UNHANDLED } from '@counterpoint/events';
import { describe, expect, it } from 'vitest';
import { setAlertStatus, setAlertVerdict } from './alert.ts';
import { assessCase, linkAlert, newCase, openCase, setCaseOwner, setCaseStatus, unlinkAlert } from './case.ts';
import type { Occasion } from './write.ts';

const by = (principal: string, now: number): Occasion => ({
  key: `${principal} ${now}`,
  causality: { principal, trace: 't'.repeat(32), cause: '', hop: 0 },
  now,
});
const ada = (now: number) => by('user:ada', now);
const playbook = (now: number) => by('playbook:p', now);

const alert = {
  ...ada(0).causality,
  ...{ id: 'a', title: 'A', status: 'new', verdict: 'unknown', case_id: null, created_at: 1_000, updated_at: 1_000 },
  ...{ ...UNHANDLED, resolved_at: null, rev: 1 },
} as AlertRow;
const found = newCase(playbook(1_000), { title: 'C' });

/** What a change makes of an alert or a case. */
function after<Row extends AlertRow | CaseRow>(change: Change, table: 'alerts' | 'cases'): Row {
  const write = change.rows?.find((one) => one.op === 'update' && one.table === table);
  if (!write || !('row' in write)) throw new Error('nothing was written');
  return write.row as Row;
}
const alertAfter = (change: Change) => after<AlertRow>(change, 'alerts');
const caseAfter = (change: Change) => after<CaseRow>(change, 'cases');
const handling = ({ acknowledged_at, acknowledged_by, acknowledge_ms, resolve_ms }: AlertRow | CaseRow) => ({
  ...{ acknowledged_at, acknowledged_by, acknowledge_ms, resolve_ms },
});
const taken = { acknowledged_at: 4_000, acknowledged_by: 'user:ada', acknowledge_ms: 3_000, resolve_ms: null };

describe('an alert', () => {
  it.each([
    ['gets another status', () => setAlertStatus(ada(4_000), alert, 'in_progress')],
    ['is judged by somebody', () => setAlertVerdict(ada(4_000), alert, 'malicious')],
    ['is put into a case', () => linkAlert(ada(4_000), alert, found)],
  ])('is taken in hand and no longer new when it %s, and the audit log says so', (_how, change) => {
    const after = alertAfter(change());
    expect(handling(after)).toEqual(taken);
    expect(after.status).toBe('in_progress');
    const set = change().audit?.filter(({ action }) => action === 'alert.status_set');
    expect(set).toMatchObject([{ object: 'alert:a', data: { from: 'new', to: 'in_progress' } }]);
  });

  it.each([['resolved'], ['suppressed'], ['in_progress']] as const)('that is %s stays so in a case', (status) => {
    const row = { ...alert, status };
    const change = linkAlert(playbook(4_000), row, found);
    expect(alertAfter(change).status).toBe(status);
    expect(change.audit?.map(({ action }) => action)).toEqual(['alert.linked']);
  });

  it.each(['playbook:p', 'token:t'])('that %s judges stays new and waits for people', (who) => {
    const judged = alertAfter(setAlertVerdict(by(who, 4_000), alert, 'malicious'));
    expect(judged).toMatchObject({ verdict: 'malicious', status: 'new', ...UNHANDLED });
  });

  it('keeps who was first, and how long it took until it was resolved', () => {
    const first = alertAfter(linkAlert(playbook(1_500), alert, found));
    const resolved = alertAfter(setAlertStatus(ada(9_000), first, 'resolved'));
    expect(handling(resolved)).toMatchObject({ acknowledged_by: 'playbook:p', acknowledge_ms: 500, resolve_ms: 8_000 });
    expect(resolved.resolved_at).toBe(9_000);
    const again = alertAfter(setAlertStatus(ada(9_500), resolved, 'in_progress'));
    expect(again).toMatchObject({ resolved_at: null, resolve_ms: null, acknowledged_at: 1_500 });
  });

  it('waits again when it is put back as it was', () => {
    const judged = alertAfter(setAlertVerdict(ada(4_000), alert, 'benign'));
    const put = alertAfter(linkAlert(ada(5_000), judged, found));
    const out = alertAfter(unlinkAlert(ada(6_000), put));
    expect(out).toMatchObject({ ...taken, status: 'in_progress' });
    const unjudged = alertAfter(setAlertVerdict(ada(7_000), out, 'unknown'));
    expect(handling(unjudged)).toEqual(taken);
    expect(handling(alertAfter(setAlertStatus(ada(8_000), unjudged, 'new')))).toEqual(UNHANDLED);
  });

  it('never waited for less than no time, whatever the clocks say', () => {
    expect(alertAfter(setAlertStatus(ada(10), alert, 'resolved'))).toMatchObject({ acknowledge_ms: 0, resolve_ms: 0 });
  });
});

describe('a case', () => {
  it('that a playbook opens waits for whoever takes it', () => {
    expect(handling(found)).toEqual(UNHANDLED);
    expect(handling(caseAfter(setCaseOwner(ada(4_000), found, { id: 'u', name: 'Uma' })))).toEqual(taken);
    expect(handling(caseAfter(setCaseStatus(ada(4_000), found, 'in_progress')))).toEqual(taken);
    expect(handling(caseAfter(assessCase(ada(4_000), found, { verdict: 'malicious' })))).toEqual(taken);
    expect(handling(caseAfter(assessCase(ada(4_000), found, { severity: 5 })))).toEqual(UNHANDLED);
    expect(handling(caseAfter(assessCase(playbook(4_000), found, { verdict: 'malicious' })))).toEqual(UNHANDLED);
  });

  it('that somebody opens is in their hands, and waited for nobody', () => {
    const change = openCase(ada(2_000), { title: 'Mine' });
    const write = change.rows?.find((one) => one.op === 'ensure' && one.table === 'cases');
    const row = write && 'row' in write ? (write.row as CaseRow) : undefined;
    const mine = { acknowledged_at: 2_000, acknowledged_by: 'user:ada', acknowledge_ms: null, resolve_ms: null };
    expect(row && handling(row)).toEqual(mine);
    expect(handling(caseAfter(setCaseStatus(by('user:bo', 5_000), row as CaseRow, 'in_progress')))).toEqual(mine);
  });

  it('says how long it was open once it is over, and no longer when it is opened again', () => {
    const over = caseAfter(setCaseStatus(ada(6_000), found, 'closed'));
    expect(handling(over)).toMatchObject({ acknowledge_ms: 5_000, resolve_ms: 5_000 });
    expect(caseAfter(setCaseStatus(ada(8_000), over, 'open'))).toMatchObject({ resolve_ms: null, closed_at: null });
  });
});
