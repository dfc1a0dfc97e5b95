import type { CallResult } from '@counterpoint/sdk';
import type { MapEdge, MapNode } from '../map/map-graph.ts';

/** A number with its noun: `1 event`, `2,345 events`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** What a reaction does with events, by its mode. */
export const MODES: Readonly<Record<string, { readonly word: string; readonly means: string }>> = {
  observe: { word: 'observes', means: 'It only writes down what it would have done.' },
  ask: { word: 'asks', means: 'It asks people before it changes anything.' },
  act: { word: 'acts', means: 'It acts by itself, within its limits.' },
};

const WAYS: Readonly<Record<MapEdge['kind'], string>> = {
  publish: 'publishes',
  on_error: 'publishes, when it fails,',
  announce: 'announces',
  subscribe: 'is taken by',
  trigger: 'starts',
  wait: 'is waited for by',
};

/** What a node is called in a sentence. */
export function nameOf(node: MapNode): string {
  switch (node.kind) {
    case 'server':
      return 'this server';
    case 'topic':
      return `topic ${node.of.topic}`;
    case 'group': {
      const { topics, prefix } = node.of;
      return `${counted(topics.length, 'topic')} ${prefix === undefined ? 'of other systems' : `under ${prefix}`}`;
    }
    default:
      return `${node.kind} ${node.of.title || node.of.id}`;
  }
}

/** An edge as a sentence: “participant Sandbox publishes topic verdict.ip.v1”. */
export function sentenceOf(
  { kind, conditional }: Pick<MapEdge, 'kind' | 'conditional'>,
  from: string,
  to: string,
): string {
  const sometimes = conditional && kind !== 'publish' && kind !== 'subscribe' ? ', under a condition' : '';
  return `${from} ${WAYS[kind]} ${to}${sometimes}`;
}

const CONSUMERS: Readonly<Record<string, string>> = {
  reactions: 'Reactions: hands events to the reactions that take them',
  triggers: 'Playbooks: starts those that an event starts',
  decisions: 'Decisions: does what people decided in the inbox',
  retractions: 'Revised verdicts: takes back what followed from a verdict that was wrong',
};

/** What a consumer of the event log is for. */
export function consumerWords(name: string): string {
  if (Object.hasOwn(CONSUMERS, name)) return CONSUMERS[name] ?? '';
  const [, participant, own] = /^participant:([^/]+)\/(.+)$/.exec(name) ?? [];
  return participant === undefined ? 'A durable subscription' : `Subscription ${own} of participant ${participant}`;
}

type Taker = CallResult<'whatIf'>['takers'][number];

const WOULD: Readonly<
  Record<Taker['would'], { readonly word: string; readonly tone: 'good' | 'bad' | 'warn' | 'busy' | 'calm' }>
> = {
  act: { word: 'would act', tone: 'busy' },
  ask: { word: 'would ask people', tone: 'warn' },
  observe: { word: 'would only observe', tone: 'calm' },
  start: { word: 'would start', tone: 'busy' },
  ignore: { word: 'would ignore it', tone: 'calm' },
  refuse: { word: 'would refuse it', tone: 'bad' },
};

/** What somebody would do about an event, in words. */
export function wouldWords(would: Taker['would']): (typeof WOULD)[Taker['would']] {
  return WOULD[would];
}

/** The whole answer to “what would happen if”, in one sentence. */
export function whatIfSummary({ problem, takers }: CallResult<'whatIf'>): string {
  if (problem !== '') return 'It could not be published.';
  if (takers.length === 0) return 'Nothing would happen: no reaction and no playbook takes this topic.';
  const does = takers.filter(({ would }) => would !== 'ignore' && would !== 'refuse');
  if (does.length === 0)
    return `Nothing would happen: ${counted(takers.length, 'taker')} would look at it and leave it.`;
  const acts = does.filter(({ would }) => would === 'act' || would === 'start').length;
  const asks = does.filter(({ would }) => would === 'ask').length;
  const parts = [
    ...(acts > 0 ? [`${counted(acts, 'of them would act', 'of them would act')}`] : []),
    ...(asks > 0 ? [`${counted(asks, 'would ask people', 'would ask people')}`] : []),
    ...(does.length - acts - asks > 0
      ? [`${counted(does.length - acts - asks, 'would only observe', 'would only observe')}`]
      : []),
  ];
  return `${counted(takers.length, 'reaction or playbook takes', 'reactions and playbooks take')} it: ${parts.join(', ')}.`;
}

/** Outcomes of events at reactions, as people read them. */
export const OUTCOMES: Readonly<Record<string, string>> = {
  held: 'Held: it waits for its turn, or for people',
  observed: 'Observed: it wrote down what it would have done',
  started: 'Started: it became a run',
  duplicate: 'Duplicate: the same was done already',
  unconfirmed: 'Unconfirmed: not enough others said the same in time',
  refused: 'Refused: it may not act on this',
  expired: 'Expired: it was held for too long',
  discarded: 'Discarded: somebody threw it away',
};

const REASONS: Readonly<Record<string, string>> = {
  untrusted: 'who published it is not believed here',
  hops: 'it went too far round: its hop budget is used up',
  rate: 'more came than its rate allows',
  storm: 'its storm breaker is open',
  condition: 'its condition does not hold any more',
  condition_failed: 'its condition could not be evaluated',
  key: 'its idempotency key could not be evaluated',
  failed: 'it could not be started',
  event_gone: 'the event is not retained any more',
};

/** Why an event became what it became, in words; what is not a code of ours as it stands. */
export function reasonWords(reason: string): string {
  if (reason.startsWith('flood:'))
    return `${reason.slice('flood:'.length)} publishes too much: a storm breaker is open`;
  return Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? reason) : reason;
}

/** What a storm breaker `<reaction>` or `<participant>@<topic>` is about. */
export function stormSubject(id: string): { readonly ref: string; readonly words: string } {
  const at = id.indexOf('@');
  if (at < 0) return { ref: `reaction:${id}`, words: `Reaction ${id}` };
  const participant = id.slice(0, at);
  return { ref: `participant:${participant}`, words: `Participant ${participant} on ${id.slice(at + 1)}` };
}
