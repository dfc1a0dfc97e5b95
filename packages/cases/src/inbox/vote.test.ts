import { describe, expect, it } from 'vitest';
import { person, tableOf } from './testing/matter.ts';

const ada = person('ada');
const ben = person('ben');
const cleo = person('cleo');
const code = (name: string) => expect.objectContaining({ code: `cases.${name}` });

describe('a vote', () => {
  it('approves, tells the run, and is audited under the token that cast it', () => {
    const table = tableOf();
    const { change, item } = table.cast(ada, { vote: 'approve', reason: 'looked at it' });
    expect(item).toMatchObject({ status: 'approved', decided_at: 2_000, rev: 2 });
    const signal = change.rows?.find((write) => write.table === 'signals');
    expect(signal).toMatchObject({
      row: {
        run: 'run-1',
        kind: 'decided',
        data: {
          address: 'decision',
          status: 'approved',
          by: ['user:ada'],
          reason: 'looked at it',
          hash: item.covers_hash,
        },
      },
    });
    expect(change.audit).toMatchObject([
      { action: 'inbox.voted', principal: 'token:of-ada', data: { person: 'user:ada', vote: 'approve' } },
      { action: 'inbox.decided', data: { status: 'approved', by: ['user:ada'] } },
    ]);
  });

  it('counts distinct persons for a quorum, whatever tokens they use', () => {
    const table = tableOf({ quorum: 2 });
    expect(table.cast(ada, { vote: 'approve' }).item.status).toBe('open');
    expect(table.cast(ada, { vote: 'approve' })).toMatchObject({ change: {}, item: { status: 'open' } });
    expect(table.votes).toHaveLength(1);
    expect(table.cast(ben, { vote: 'approve' }).item.status).toBe('approved');
  });

  it('denies when one person denies', () => {
    const table = tableOf({ quorum: 3 });
    table.cast(ada, { vote: 'approve' });
    expect(table.cast(ben, { vote: 'deny', reason: 'our own address' }).item.status).toBe('denied');
  });

  it('gives the same answer when it is repeated, also after the decision', () => {
    const table = tableOf();
    table.cast(ada, { vote: 'approve' });
    expect(table.cast(ada, { vote: 'approve' }, 20_000)).toMatchObject({ change: {}, item: { status: 'approved' } });
  });

  it('cannot be changed', () => {
    const table = tableOf({ quorum: 2 });
    table.cast(ada, { vote: 'approve' });
    expect(() => table.cast(ada, { vote: 'deny' })).toThrow(code('already_voted'));
  });

  it('comes too late after the decision, and is told how that was', () => {
    const table = tableOf();
    table.cast(ada, { vote: 'deny' });
    expect(() => table.cast(ben, { vote: 'approve' })).toThrow(
      expect.objectContaining({
        code: 'cases.already_decided',
        status: 409,
        details: { status: 'denied', by: ['user:ada'], at: '1970-01-01T00:00:02.000Z' },
      }),
    );
  });

  it('comes too late when the time is over, though nobody has written that down yet', () => {
    const table = tableOf();
    expect(() => table.cast(ada, { vote: 'approve' }, 10_000)).toThrow(code('too_late'));
    expect(table.cast(ada, { vote: 'approve' }, 9_999).item.status).toBe('approved');
  });

  it('is for exactly what was shown', () => {
    expect(() => tableOf().cast(ada, { vote: 'approve', shown: 'something else' })).toThrow(code('shown_differs'));
  });

  it('of the wrong kind decides nothing', () => {
    expect(() => tableOf().cast(ada, { vote: 'answer' })).toThrow(code('vote_kind'));
    expect(() => tableOf({ kind: 'question' }).cast(ada, { vote: 'approve' })).toThrow(code('vote_kind'));
  });
});

describe('who may vote', () => {
  it('is nobody who is excluded, owners included', () => {
    const table = tableOf({}, ['ada', 'oda']);
    expect(() => table.cast(ada, { vote: 'approve' })).toThrow(code('decider_excluded'));
    expect(() => table.cast(person('oda', 'owner'), { vote: 'deny' })).toThrow(code('decider_excluded'));
  });

  it('is the role, or one with all of its rights', () => {
    const table = tableOf({ role: 'engineer', quorum: 2 });
    expect(() => table.cast(ada, { vote: 'approve' })).toThrow(code('decider_not_asked'));
    table.cast(person('eve', 'engineer'), { vote: 'approve' });
    expect(table.cast(person('oda', 'owner'), { vote: 'approve' }).item.status).toBe('approved');
  });

  it('is nobody but owners for a role that does not exist', () => {
    const table = tableOf({ role: 'soc_lead' });
    expect(() => table.cast(person('eve', 'engineer'), { vote: 'approve' })).toThrow(code('decider_not_asked'));
    expect(table.cast(person('oda', 'owner'), { vote: 'approve' }).item.status).toBe('approved');
  });

  it('is only who is named, by name or reference, and of the role too', () => {
    const table = tableOf({ users: ['ada', 'user:ben', 'vera'], role: 'analyst', quorum: 2 });
    expect(() => table.cast(cleo, { vote: 'approve' })).toThrow(code('decider_not_asked'));
    expect(() => table.cast(person('vera', 'viewer'), { vote: 'approve' })).toThrow(code('decider_not_asked'));
    table.cast(ada, { vote: 'approve' });
    expect(table.cast(ben, { vote: 'approve' }).item.status).toBe('approved');
  });
});

describe('a delegation', () => {
  const asked = { users: ['ada'], delegable: true } as const;

  it('lets the delegate decide instead', () => {
    const table = tableOf(asked);
    expect(() => table.cast(ben, { vote: 'approve' })).toThrow(code('decider_not_asked'));
    expect(table.cast(ada, { vote: 'delegate', to: ben }).item.status).toBe('open');
    expect(() => table.cast(ada, { vote: 'approve' })).toThrow(code('already_voted'));
    expect(table.cast(ben, { vote: 'approve' }).item.status).toBe('approved');
  });

  it('counts for nothing by itself, and a delegate counts once', () => {
    const table = tableOf({ users: ['ada', 'ben'], delegable: true, quorum: 2 });
    table.cast(ada, { vote: 'delegate', to: ben });
    expect(table.cast(ben, { vote: 'approve' }).item.status).toBe('open');
  });

  it('needs the permission of the playbook, and somebody who may decide', () => {
    expect(() => tableOf({ users: ['ada'] }).cast(ada, { vote: 'delegate', to: ben })).toThrow(code('not_delegable'));
    const table = tableOf(asked, ['cleo']);
    expect(() => table.cast(ada, { vote: 'delegate', to: cleo })).toThrow(code('delegate_invalid'));
    expect(() => table.cast(ada, { vote: 'delegate', to: ada })).toThrow(code('delegate_invalid'));
    expect(() => table.cast(ada, { vote: 'delegate', to: person('vera', 'viewer') })).toThrow(code('delegate_invalid'));
    expect(() => table.cast(ada, { vote: 'delegate', to: undefined })).toThrow(code('delegate_invalid'));
    expect(() => table.cast(ada, { vote: 'delegate', to: { ...ben, disabled: true } })).toThrow(
      code('delegate_invalid'),
    );
  });

  it('goes no further than one person', () => {
    const table = tableOf(asked);
    table.cast(ada, { vote: 'delegate', to: ben });
    expect(() => table.cast(ben, { vote: 'delegate', to: cleo })).toThrow(code('not_delegable'));
  });
});

describe('the form of a matter', () => {
  const form = {
    type: 'object',
    properties: { sign_out: { type: 'boolean', default: true }, ticket: { type: 'string' } },
    required: [],
    additionalProperties: false,
  };

  it('is filled with its defaults and checked', () => {
    const table = tableOf({ form });
    expect(() => table.cast(ada, { vote: 'approve', form: { sign_out: 'yes' } })).toThrow(code('form_invalid'));
    expect(() => table.cast(ada, { vote: 'approve', form: { other: 1 } })).toThrow(code('form_invalid'));
    expect(table.cast(ada, { vote: 'approve', form: { ticket: 'T-1' } }).item.answer).toEqual({
      sign_out: true,
      ticket: 'T-1',
    });
  });

  it('takes nothing where there is none', () => {
    expect(() => tableOf().cast(ada, { vote: 'approve', form: { a: 1 } })).toThrow(code('form_invalid'));
  });

  it('must hold the same for everybody who approves', () => {
    const table = tableOf({ form, quorum: 2 });
    table.cast(ada, { vote: 'approve', form: { sign_out: false } });
    expect(() => table.cast(ben, { vote: 'approve', form: { sign_out: true } })).toThrow(code('form_differs'));
    expect(table.cast(ben, { vote: 'approve' }).item).toMatchObject({
      status: 'approved',
      answer: { sign_out: false },
    });
  });

  it('answers a question once', () => {
    const table = tableOf({ kind: 'question', form, covers: [] });
    expect(table.cast(ada, { vote: 'answer', form: {} }).item).toMatchObject({ status: 'answered' });
    expect(() => table.cast(ben, { vote: 'answer', form: {} })).toThrow(code('already_decided'));
  });

  it('refuses another answer of the same person, and takes the same one again', () => {
    const table = tableOf({ kind: 'question', form, covers: [] });
    table.cast(ada, { vote: 'answer', form: {} });
    expect(table.cast(ada, { vote: 'answer', form: { sign_out: true } })).toMatchObject({ change: {} });
    expect(() => table.cast(ada, { vote: 'answer', form: { sign_out: false } })).toThrow(code('already_decided'));
  });
});
