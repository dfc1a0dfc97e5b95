import type { Json } from '@counterpoint/core';
import type { Change, EventEnvelope, InboxItemRow, Reader } from '@counterpoint/events';
import { INBOX_CHANGED } from './announce.ts';
import { getMatter } from './inbox.ts';
import { askPeople, type Question } from './item.ts';
import { type DecidedSignal, decidedSignal } from './outcome.ts';

/** A question of the server itself: no run waits for its answer, and no effect is held. */
export interface FreeQuestion extends Pick<Question, 'id' | 'text' | 'causality' | 'now'> {
  /** `<handler>:<object>`: the handler of that name acts on the answer. */
  readonly about: string;
  /** JSON Schema of what is to be answered, with its defaults. */
  readonly form: Json;
  /** Role that may answer; default: anybody who may decide matters of the inbox. */
  readonly role?: string;
  readonly simulated?: boolean;
}

/**
 * Puts a question of the server itself before people. It stays open until somebody answers it, or `cancelItem` calls it
 * off. A change that asks again under the same id is refused with `events.conflict`.
 */
export function askFreely({ role = '', simulated = false, ...question }: FreeQuestion): Change {
  return askPeople({
    ...question,
    role,
    simulated,
    kind: 'question',
    run: '',
    address: '',
    playbook: '',
    users: [],
    excluded: [],
    quorum: 1,
    delegable: true,
    via: [],
    due_at: null,
    otherwise: 'continue',
    covers: [],
  });
}

/** How people decided a free question. */
export interface FreeDecision extends Pick<DecidedSignal, 'status' | 'by' | 'reason' | 'form'> {
  readonly item: InboxItemRow;
  /** The part of `about` behind the handler's name. */
  readonly object: string;
}

/** Acts on a decision. Resolving settles it; rejecting means "again later", so that it must be idempotent. */
export type DecisionHandler = (decision: FreeDecision) => Promise<void>;

/**
 * Brings decisions of free questions to the handlers, by the name in `about`. It is fed with the events of the topics it
 * names by a durable consumer, so that a decision is acted on however often processes stop in between.
 */
export function createDecisions(reader: Reader, handlers: ReadonlyMap<string, DecisionHandler>) {
  return {
    topics: [INBOX_CHANGED],
    async handle(event: EventEnvelope): Promise<void> {
      if ((event.data as { readonly change?: Json }).change !== 'decided') return;
      const id = event.subject.slice('inbox:'.length);
      const row = await reader.get('inbox_items', id);
      if (!row || row.about === '') return;
      const [handler = '', object = ''] = row.about.split(/:(.*)/s);
      const handle = handlers.get(handler);
      if (!handle) return;
      const { item, votes } = await getMatter(reader, id);
      const decided = decidedSignal(item, votes);
      if (!decided) return;
      const { status, by, reason, form } = decided;
      await handle({ item, object, status, by, reason, form });
    },
  };
}
