import { type MapWindow, WINDOWS } from '../parts/windows.ts';
import { counted } from '../parts/words.ts';
import type { MapNode } from './map-graph.ts';

/** Something about a node that people should see. */
export interface NodeMark {
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'busy' | 'calm';
}

/** What a node shows: two lines and marks. Title and line may hold text of unknown origin. */
export interface NodeFace {
  readonly title: string;
  readonly line: string;
  readonly marks: readonly NodeMark[];
  /** How the whole node is set off. */
  readonly tone: 'bad' | 'warn' | 'calm' | 'none';
}

type Of<Kind extends MapNode['kind']> = Extract<MapNode, { readonly kind: Kind }>;

const over = (count: number, window: MapWindow) => `${count.toLocaleString('en')} ${WINDOWS[window].within}`;

function participantFace({ of, storms }: Of<'participant'>, window: MapWindow): NodeFace {
  const { title, id, state, enabled, drifted, refused, published } = of;
  const marks: NodeMark[] = [
    ...(storms.length > 0 ? [{ word: 'storm', tone: 'bad' } as const] : []),
    ...(enabled ? [] : [{ word: 'disabled', tone: 'calm' } as const]),
    ...(enabled && state === 'offline' ? [{ word: 'offline', tone: 'bad' } as const] : []),
    ...(drifted ? [{ word: 'drifted', tone: 'warn' } as const] : []),
    ...(refused > 0 ? [{ word: `${refused.toLocaleString('en')} refused`, tone: 'warn' } as const] : []),
  ];
  const line = published > 0 ? `published ${over(published, window)}` : of.site === '' ? of.id : `at ${of.site}`;
  const tone = storms.length > 0 ? 'bad' : !enabled || state === 'offline' ? 'calm' : 'none';
  return { title: title || id, line, marks, tone };
}

function reactionFace({ of }: Of<'reaction'>, window: MapWindow): NodeFace {
  const { within } = WINDOWS[window];
  const { title, id, mode, breaker, held, runs } = of;
  const marks: NodeMark[] = [
    ...(breaker === 'open' ? [{ word: 'storm', tone: 'bad' } as const] : []),
    ...(held > 0 ? [{ word: `${held} held`, tone: 'warn' } as const] : []),
    { word: mode, tone: mode === 'act' ? 'busy' : 'calm' },
  ];
  return {
    title: title || id,
    line: runs > 0 ? `${counted(runs, 'run')} ${within}` : `no run ${within}`,
    marks,
    tone: breaker === 'open' ? 'bad' : held > 0 ? 'warn' : 'none',
  };
}

function topicFace({ of }: Of<'topic'>, window: MapWindow): NodeFace {
  const marks: NodeMark[] = [
    ...(of.dead > 0 ? [{ word: `${of.dead} dead`, tone: 'bad' } as const] : []),
    ...(of.open ? [{ word: 'open', tone: 'calm' } as const] : []),
  ];
  return {
    title: of.topic,
    line: of.events > 0 ? over(of.events, window) : 'idle',
    marks,
    tone: of.dead > 0 ? 'bad' : of.events === 0 ? 'calm' : 'none',
  };
}

/** What a node of the map shows. @param window what its figures are of */
export function faceOf(node: MapNode, window: MapWindow): NodeFace {
  switch (node.kind) {
    case 'participant':
      return participantFace(node, window);
    case 'reaction':
      return reactionFace(node, window);
    case 'topic':
      return topicFace(node, window);
    case 'group': {
      const { topics, prefix, events, dead } = node.of;
      const marks = dead > 0 ? [{ word: `${dead} dead`, tone: 'bad' } as const] : [];
      return {
        title: prefix === undefined ? `${counted(topics.length, 'topic')} of other systems` : `${prefix}.>`,
        line:
          prefix === undefined ? over(events, window) : `${counted(topics.length, 'topic')}, ${over(events, window)}`,
        marks,
        tone: dead > 0 ? 'bad' : 'none',
      };
    }
    case 'playbook': {
      const { title, id, runs } = node.of;
      return { title: title || id, line: `${counted(runs, 'run')} ${WINDOWS[window].within}`, marks: [], tone: 'none' };
    }
    case 'server':
      return { title: 'This server', line: 'what it announces itself', marks: [], tone: 'none' };
  }
}

/** The kinds of nodes, as people call them. */
export const KIND_WORDS: Readonly<Record<MapNode['kind'], string>> = {
  participant: 'Participant',
  topic: 'Topic',
  group: 'Topics',
  reaction: 'Reaction',
  playbook: 'Playbook',
  server: 'Server',
};
