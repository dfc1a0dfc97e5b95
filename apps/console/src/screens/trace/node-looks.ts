import type { TraceNode } from '@counterpoint/contracts';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowsExchange,
  IconBolt,
  IconBriefcase,
  IconBroadcast,
  IconChecklist,
  IconEye,
  IconGitMerge,
  IconInbox,
  IconLink,
  IconMessageQuestion,
  IconNote,
  IconPlayerPlay,
  IconPoint,
  IconQuestionMark,
  type TablerIcon,
} from '@tabler/icons-react';
import { shownEffect, shownState, type Tone } from '../../ui/states.ts';

interface Look {
  readonly icon: TablerIcon;
  /** What nodes of the kind are called, one and several. */
  readonly one: string;
  readonly many: string;
}

const LOOKS: Readonly<Record<string, Look>> = {
  raw: { icon: IconInbox, one: 'input', many: 'inputs' },
  decision: { icon: IconGitMerge, one: 'reading', many: 'readings' },
  alert: { icon: IconAlertTriangle, one: 'alert', many: 'alerts' },
  event: { icon: IconBroadcast, one: 'event', many: 'events' },
  run: { icon: IconPlayerPlay, one: 'run', many: 'runs' },
  reaction: { icon: IconBolt, one: 'reaction', many: 'reactions' },
  step: { icon: IconPoint, one: 'step', many: 'steps' },
  effect: { icon: IconArrowsExchange, one: 'change', many: 'changes' },
  undo: { icon: IconArrowBackUp, one: 'undo', many: 'undos' },
  claim: { icon: IconLink, one: 'claim', many: 'claims' },
  case: { icon: IconBriefcase, one: 'case', many: 'cases' },
  entry: { icon: IconNote, one: 'note', many: 'notes' },
  enrichment: { icon: IconEye, one: 'opinion', many: 'opinions' },
  approval: { icon: IconChecklist, one: 'approval', many: 'approvals' },
  question: { icon: IconMessageQuestion, one: 'question', many: 'questions' },
};

/** How nodes of a kind look, and what they are called. */
export function lookOf(kind: string): Look {
  return LOOKS[kind] ?? { icon: IconQuestionMark, one: kind, many: kind };
}

/** Statuses that say nothing but that all is well; they are not shown. */
const SILENT: Readonly<Record<string, readonly string[]>> = {
  raw: ['processed'],
  decision: ['created', 'merged', 'duplicate', 'suppressed', 'refused'],
  event: ['delivered', 'pending'],
  step: ['succeeded'],
  claim: ['open'],
  undo: ['performed'],
};

/** What is shown of the status of a node; undefined: nothing. */
export function statusOf({
  kind,
  status,
  until,
}: Pick<TraceNode, 'kind' | 'status' | 'until'>): { readonly word: string; readonly tone: Tone } | undefined {
  if (kind === 'entry' || status === '' || SILENT[kind]?.includes(status)) return undefined;
  if (kind === 'effect' && status === 'unknown') return { word: 'unknown', tone: 'bad' };
  if (kind === 'effect') return shownEffect(status, until);
  if (kind === 'claim' && status === 'ended') return { word: 'ended', tone: 'calm' };
  return shownState(status);
}

/** The tone in which the icon of a node is drawn. */
export function toneOf(node: Pick<TraceNode, 'kind' | 'status' | 'until'>): Tone {
  if (node.kind === 'alert') return 'warn';
  if (node.kind === 'event' || node.kind === 'raw') return node.status === 'dead' ? 'bad' : 'busy';
  if (node.kind === 'case') return 'busy';
  return statusOf(node)?.tone ?? (node.kind === 'step' && node.status === 'succeeded' ? 'good' : 'calm');
}

/** Where else a node is shown: a reference for which there is a screen; undefined: nowhere but here. */
export function placeOfNode({ ref, kind, detail }: Pick<TraceNode, 'ref' | 'kind' | 'detail'>): string | undefined {
  const field = (name: string): string | undefined => {
    const value = (detail as Readonly<Record<string, unknown>> | null)?.[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const of = (prefix: string, name: string) => {
    const id = field(name);
    return id === undefined ? undefined : `${prefix}:${id}`;
  };
  switch (kind) {
    case 'claim':
      return of('effect', 'effect');
    case 'entry':
      return of('case', 'case');
    case 'decision':
      return of('alert', 'alert');
    case 'reaction':
      return ref.startsWith('run:') ? ref : of('reaction', 'reaction');
    case 'raw':
    case 'event':
    case 'enrichment':
      return undefined;
    default:
      return ref;
  }
}
