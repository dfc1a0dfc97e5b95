import { type DoorContext, type EffectWords, effectWords, VERDICT_REVISED } from '@counterpoint/actions';
import { askFreely, type DecisionHandler, type FreeDecision } from '@counterpoint/cases';
import { isCounterpointError, stableId } from '@counterpoint/core';
import { type Causality, causedBy, type EventEnvelope, type Store, topicMatches } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Participants } from '../participants/participant.ts';
import type { ForeseenRetraction, Retractions } from './retraction.ts';

/** What is done about a revised verdict: `offer` asks people, `retract` takes back what followed at once. */
export type OnRevisedVerdict = 'offer' | 'retract';

/** What revised verdicts are handled with. */
export interface RevisedVerdictsOptions {
  readonly store: Store;
  /** The words for what would be undone. */
  readonly context: Pick<DoorContext, 'store' | 'connectors' | 'builtins'>;
  readonly clock: { now(): number };
  readonly participants: Pick<Participants, 'get'>;
  readonly retractions: Retractions;
  readonly mode: OnRevisedVerdict;
}

/** What a revision says; held against the schema of its topic when it was published. */
interface Revision {
  /** Id of the event that is taken back. */
  readonly revises: string;
  readonly verdict: string;
  readonly reason: string;
}

/** Takes up revised verdicts; a durable consumer and the inbox feed it. */
export interface RevisedVerdicts {
  readonly topics: readonly string[];
  /** Retracts, offers to, or refuses; safe to repeat. */
  handle(event: EventEnvelope): Promise<void>;
  /** Acts on what people decided about an offer: the handler {@link RETRACTION} of `createDecisions`. */
  readonly decided: DecisionHandler;
}

/** The name under which decisions about offers are handled. */
export const RETRACTION = 'retraction';

const FORM = {
  type: 'object',
  properties: {
    decision: {
      type: 'string',
      enum: ['retract', 'keep'],
      default: 'retract',
      title: 'What is to be done',
      description: 'retract: undo what followed. keep: leave everything as it is.',
    },
  },
  required: ['decision'],
  additionalProperties: false,
};

/** Makes the {@link RevisedVerdicts}. */
export function createRevisedVerdicts(options: RevisedVerdictsOptions): RevisedVerdicts {
  return {
    topics: [VERDICT_REVISED],
    async handle(event) {
      const revision = event.data as unknown as Revision;
      const refusal = await refusalOf(options, event, revision);
      if (refusal !== undefined) return audit(options, event, 'retraction.refused', { ...revision, reason: refusal });
      const ref = `event:${revision.revises}`;
      // It may be here before those who react have heard what it revises.
      if (!(await options.retractions.isSettled(ref))) throw errors.retraction_early({ event: revision.revises });
      const foreseen = await options.retractions.foresee(ref);
      const reason = `${event.participant}: ${oneLine(revision.reason)}`.slice(0, LONGEST_REASON);
      const causality = causedBy(event, `event:${event.id}`);
      const idle = isNothing(foreseen);
      if (options.mode === 'offer' && !idle) return offer(options, event, causality, foreseen);
      // Where there is nothing to undo, what was wrong must still not keep the right word from being heard.
      await options.retractions.retract({ ref, reason, causality });
      if (idle) await audit(options, event, 'retraction.idle', { ...revision });
    },
    decided: (decision) => decided(options, decision),
  };
}

const LONGEST_REASON = 500;

/** Why a revision counts for nothing; undefined when it counts. */
async function refusalOf(
  { store, participants }: RevisedVerdictsOptions,
  event: EventEnvelope,
  { revises }: Revision,
): Promise<string | undefined> {
  const row = await store.get('outbox', revises);
  if (!row) return 'the event that it revises is not known here (any more)';
  if (row.topic === VERDICT_REVISED) return 'it revises a revision; publish a verdict again instead';
  const { participant } = event;
  if (participant === row.participant || participant === 'server') return undefined;
  const trusted = participants.get(participant)?.trust ?? [];
  if (trusted.some((pattern) => topicMatches(pattern, row.topic))) return undefined;
  return `${participant} has not published it, and is not trusted for ${row.topic}`;
}

function isNothing({ effects, held, runs, matters }: ForeseenRetraction): boolean {
  return effects.length + held.length + runs.length + matters.length === 0;
}

async function audit(
  { store, clock }: RevisedVerdictsOptions,
  { id, principal, trace }: EventEnvelope,
  action: string,
  data: { readonly [name: string]: string },
): Promise<void> {
  await store.commit({ audit: [{ at: clock.now(), principal, action, object: `event:${id}`, data, trace }] });
}

async function offer(
  { store, clock, context }: RevisedVerdictsOptions,
  event: EventEnvelope,
  causality: Causality,
  foreseen: ForeseenRetraction,
): Promise<void> {
  const { revises } = event.data as unknown as Revision;
  const id = stableId('retraction', event.id);
  if (await store.get('inbox_items', id)) return;
  const effects = foreseen.effects.map(({ effect }) => effect);
  const text = offerText(event, foreseen, await effectWords(context, effects));
  const question = { id, about: `${RETRACTION}:${revises}`, text, form: FORM, causality, now: clock.now() };
  try {
    await store.commit(askFreely(question));
  } catch (error) {
    // The same event came twice at the same moment.
    if (!isCounterpointError(error, 'events.conflict')) throw error;
  }
}

/** What a publisher says stands on one line, so that it cannot pass for what the server says below it. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

const SHOWN = 10;

function count(some: readonly unknown[], one: string, many = `${one}s`): string {
  return `${some.length} ${some.length === 1 ? one : many}`;
}

/** What an offer shows: who revised what, and everything that would be undone, as far as it fits. */
function offerText(
  { participant, data }: EventEnvelope,
  foreseen: ForeseenRetraction,
  { title }: Pick<EffectWords, 'title'>,
): string {
  const { revises, verdict, reason } = data as unknown as Revision;
  const said = oneLine(reason).slice(0, LONGEST_REASON);
  const { effects, held, runs, matters } = foreseen;
  const undone = effects.filter(({ will }) => will === 'undo');
  const kept = effects.filter(({ will }) => will === 'keep');
  const lines = [
    `${participant} revised its verdict (event ${revises}) to ${verdict}: ${said}`,
    `Undo what followed? ${count(undone, 'change')} would be undone${undone.length > 0 ? ':' : '.'}`,
    ...undone.slice(0, SHOWN).map(({ effect }) => `- ${oneLine(title(effect))}`),
    ...(undone.length > SHOWN ? [`- and ${undone.length - SHOWN} more`] : []),
    ...(kept.length > 0 ? [`${count(kept, 'change')} would stay:`] : []),
    ...kept.slice(0, SHOWN).map(({ effect, reason: why }) => `- ${oneLine(title(effect))}: ${why}`),
    ...(held.length > 0 ? [`${count(held, 'held event')} would be thrown away.`] : []),
    ...(runs.length > 0
      ? [
          `${count(runs, 'run')} would be cancelled: ${runs
            .map((run) => run.playbook)
            .slice(0, SHOWN)
            .join(', ')}.`,
        ]
      : []),
    ...(matters.length > 0 ? [`${count(matters, 'open matter')} would be called off.`] : []),
  ];
  return lines.join('\n');
}

async function decided({ retractions }: RevisedVerdictsOptions, decision: FreeDecision): Promise<void> {
  const { item, object, status, by, reason, form } = decision;
  if (status !== 'answered') return;
  if ((form as { readonly decision?: string } | null)?.decision !== 'retract') return;
  const principal = by[0] ?? 'system';
  await retractions.retract({
    ref: `event:${object}`,
    reason: reason === '' ? 'a revised verdict' : reason,
    causality: causedBy(item, `inbox:${item.id}`, principal),
  });
}
