import type { InboxItemRow, InboxVoteRow } from '@counterpoint/events';
import { type CoveredCall, newInboxItem, type Question } from '../item.ts';
import type { Person } from '../person.ts';
import { type Ballot, castVote, type Matter, type Voted } from '../vote.ts';

/** What the matters of tests let happen. */
export const covered: CoveredCall = {
  kind: 'action',
  step: 'block',
  address: 'block',
  connector: 'firewall',
  action: 'block',
  connection: null,
  lease: 3_600_000,
  input: { ip: '203.0.113.7' },
};

/** A question of a run; `patch` is what differs. */
export function question(patch: Partial<Question> = {}): Question {
  return {
    id: 'item',
    kind: 'approval',
    run: 'run-1',
    address: 'decision',
    playbook: 'p',
    text: 'Block 203.0.113.7?',
    covers: [covered],
    role: '',
    users: [],
    excluded: [],
    quorum: 1,
    delegable: false,
    form: null,
    via: [],
    due_at: 10_000,
    otherwise: 'deny',
    simulated: false,
    causality: { principal: 'playbook:p', trace: 'a'.repeat(32), cause: 'run:run-1/decision', hop: 0 },
    now: 1_000,
    ...patch,
  };
}

/** A person whose name is their id. */
export function person(id: string, role = 'analyst'): Person {
  return { id, name: id, role, disabled: false };
}

/** A matter that votes are cast on one after the other, as the store would keep it. */
export interface Table {
  item: InboxItemRow;
  votes: InboxVoteRow[];
  excluded: ReadonlySet<string>;
  cast(who: Person, ballot: Partial<Ballot> & Pick<Ballot, 'vote'>, now?: number): Voted;
}

/** Makes a {@link Table} of a question. */
export function tableOf(patch: Partial<Question> = {}, excluded: readonly string[] = []): Table {
  const table: Table = {
    item: newInboxItem(question(patch)),
    votes: [],
    excluded: new Set(excluded),
    cast(who, ballot, now = 2_000) {
      const matter: Matter = table;
      const whole = { reason: '', form: null, shown: table.item.covers_hash, to: undefined, ...ballot };
      const voted = castVote(matter, { person: who, principal: `token:of-${who.id}` }, whole, now);
      for (const write of voted.change.rows ?? []) {
        if (write.table === 'inbox_votes' && write.op === 'insert') table.votes.push(write.row);
      }
      table.item = voted.item;
      return voted;
    },
  };
  return table;
}
