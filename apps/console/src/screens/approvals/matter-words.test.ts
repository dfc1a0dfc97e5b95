import { describe, expect, it } from 'vitest';
import { fieldsOf, problemsOf, sentOf } from '../../ui/schema-fields.ts';
import {
  aboutOf,
  askedWords,
  type CoveredCall,
  callName,
  coversTitle,
  dueOf,
  endWords,
  formOf,
  type Matter,
  notYours,
  quorumWords,
  reachWords,
  standingWords,
  throughWords,
  valuesAtFirst,
} from './matter-words.ts';

const call = (patch: Partial<CoveredCall> = {}): CoveredCall => ({
  ...{ step: 's', address: 's', kind: 'action', connector: 'fw', action: 'ban_ip', playbook: null, connection: null },
  ...{ effect: 'contain', lease: 3_600_000, input: {}, title: 'Ban an address', target: 'ipv4-addr:203.0.113.7' },
  ...{ through: { id: 'fw1', title: 'The firewall', simulated: false }, standing: 0, end: 'undone' },
  ...patch,
});

describe('who cannot decide', () => {
  const open = { status: 'open', votes: [], excluded: [], due_at: 1_000 } as const;
  const vote = { principal: 'user:u', vote: 'approve' } as unknown as Matter['votes'][number];
  it.each([
    ['ended', { ...open, status: 'denied' }, 'It is decided.'],
    ['was too late', { ...open, status: 'expired' }, 'Its time is over'],
    ['looks when the time is over', { ...open, due_at: 10 }, 'Its time is over'],
    ['asked in vain', { ...open, status: 'cancelled' }, 'It is not asked any more'],
    ['has voted', { ...open, votes: [vote] }, 'You approved. Others are still asked.'],
    ['began it', { ...open, excluded: ['user:u'] }, 'whoever began it may not decide it.'],
    ['is not asked', open, 'It does not ask you.'],
  ] as const)('who %s is told why', (_who, matter, words) => {
    expect(notYours({ ...matter, votes: [...matter.votes], excluded: [...matter.excluded] }, 'u', 100)).toContain(
      words,
    );
  });
});

describe('what a matter is about', () => {
  it('leads to the verdict, or to what is held; runs and changes have lines of their own', () => {
    expect(aboutOf('retraction:e1')).toEqual({
      words: 'The verdict that was revised',
      path: '/trace/event%3Ae1',
    });
    expect(aboutOf('storm:r1')?.path).toBe('/fabric/dead?show=held');
    expect(aboutOf('')).toBeUndefined();
  });
});

describe('words about a matter', () => {
  it('say that calls will run only while nobody has decided', () => {
    expect(['open', 'approved', 'denied', 'expired'].map(coversTitle)).toEqual([
      'What will run',
      'What was let run',
      'What would have run',
      'What would have run',
    ]);
  });

  it('say how long people have, and what happens then', () => {
    expect(dueOf({ due_at: 10 * 60_000, otherwise: 'deny' }, 0)).toEqual({
      text: '10 min left, then it counts as denied',
      soon: true,
    });
    expect(dueOf({ due_at: 1, otherwise: 'approve' }, 2).text).toBe('Its time is over: it counts as approved');
    expect(dueOf({ due_at: null, otherwise: 'fail' }, 0).soon).toBe(false);
  });

  it('say whom it asks, and how the votes stand', () => {
    const asked = { role: 'analyst', users: [], quorum: 2, kind: 'approval' as const };
    expect(askedWords(asked)).toBe('Asks the role analyst; 2 different people must approve');
    expect(askedWords({ ...asked, role: '', users: ['user:ada'], kind: 'question' })).toBe(
      'Asks ada; the first answer counts',
    );
    expect(quorumWords({ ...asked, approvals: 1 })).toBe('1 of 2 approved');
    expect(quorumWords({ ...asked, quorum: 1, approvals: 0 })).toBe('');
    const votes = [{ vote: 'delegate' }, { vote: 'approve' }] as Matter['votes'];
    expect(standingWords({ quorum: 2, kind: 'approval', votes })).toBe('1 of 2 approved');
  });

  it('say what a call does, through what, and how it ends', () => {
    expect(callName(call())).toBe('Ban an address (fw.ban_ip)');
    expect(callName(call({ kind: 'call', title: '', playbook: 'p' }))).toBe('playbook p');
    expect(throughWords(call())).toBe('The firewall (fw1)');
    expect(throughWords(call({ through: null }))).toMatch(/^nobody knows yet/);
    expect(endWords(call())).toBe('For 1 h; can be taken back');
    expect(endWords(call({ lease: null, end: 'stays' }))).toBe('No end: it stays until somebody undoes it by hand');
    expect(endWords(call({ effect: 'notify', end: 'nothing' }))).toBe('');
  });

  it('say how far it reaches', () => {
    expect(reachWords([call(), call({ target: 'ipv4-addr:203.0.113.8' })])).toBe('2 calls on 2 targets.');
    expect(reachWords([call({ effect: 'destroy' }), call()])).toBe('2 calls on 1 target, 1 of them not to be undone.');
    expect(reachWords([])).toMatch(/^It lets nothing happen/);
  });
});

describe('forms of matters', () => {
  const form = {
    type: 'object',
    required: ['ours', 'n', 'when'],
    properties: {
      ours: { type: 'boolean' },
      n: { type: 'integer', minimum: 1 },
      pick: { type: 'string', enum: ['a', 'b'] },
      many: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
      when: { type: 'string', format: 'date-time' },
    },
  };

  it('are there only with fields', () => {
    expect(formOf(null)).toBeUndefined();
    expect(formOf({ type: 'object', properties: {} })).toBeUndefined();
    expect(formOf([])).toBeUndefined();
    expect(formOf(form)).toBe(form);
  });

  it('begin with switches off, name what is wrong, and send what was entered', () => {
    const fields = fieldsOf(form);
    const values = valuesAtFirst(fields);
    expect(values).toEqual({ ours: false });
    expect(Object.keys(problemsOf(fields, values)).sort()).toEqual(['n', 'when']);
    expect(problemsOf(fields, { ...values, n: 0, when: 'x' })).toEqual({ n: 'At least 1' });
    const entered = { ...values, n: 3, pick: 'a', many: ['x', 'y'], when: '2026-03-11T08:21:00.000Z' };
    expect(problemsOf(fields, entered)).toEqual({});
    expect(sentOf(fields, entered)).toEqual(entered);
  });
});
