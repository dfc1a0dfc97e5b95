import { VERDICT_REVISED } from '@counterpoint/actions';
import {
  type DocumentNode,
  fieldOf,
  type Plan,
  type Position,
  parseDocument,
  type Step,
  type Trigger,
} from '@counterpoint/playbook';
import type { FabricActor, Flow, Place } from './graph.ts';
import { ASKING, announcedActions, serverTopics } from './server-topics.ts';

function placed(file: string, position: Position | undefined): Place {
  if (!position) return { file, line: 1, column: 1, length: 1 };
  const { line, column, from, to } = position;
  return { file, line, column, length: Math.max(1, to - from) };
}

function nodeOn(root: DocumentNode | undefined, path: readonly string[]): DocumentNode | undefined {
  let node = root;
  for (const name of path) node = fieldOf(node, name) ?? node;
  return node;
}

function documentParts(root: DocumentNode | undefined, file: string): Pick<FabricActor, 'placeOf' | 'says'> {
  return {
    placeOf: (...path) => placed(file, nodeOn(root, path)?.position),
    says(...path) {
      let node = root;
      for (const name of path) node = fieldOf(node, name);
      return node !== undefined;
    },
  };
}

const EVENT_TRIGGERS: Readonly<Partial<Record<Trigger['kind'], string>>> = {
  alert: 'alert.created.v1',
  case: 'case.changed.v1',
};

function triggerFlows({ triggers, kind }: Plan, root: DocumentNode | undefined, file: string): readonly Flow[] {
  const written = fieldOf(root, 'on');
  return triggers.flatMap((trigger, index): Flow[] => {
    const topic = trigger.kind === 'topic' ? trigger.topic : EVENT_TRIGGERS[trigger.kind];
    if (topic === undefined || topic === '') return [];
    const conditional = 'when' in trigger && trigger.when !== undefined;
    if (kind === 'reaction') {
      const place = placed(file, nodeOn(root, ['subscribe', 'topic'])?.position);
      return [{ topic, kind: 'subscribe', conditional, by: '', place }];
    }
    const node = written?.kind === 'list' ? written.items[index] : written;
    return [{ topic, kind: 'trigger', conditional, by: '', place: placed(file, node?.position) }];
  });
}

function stepTakes(step: Step, file: string): readonly Flow[] {
  if (step.verb !== 'wait') return [];
  const place = placed(file, step.position);
  return Object.values(step.any).flatMap((condition): Flow[] => {
    if (condition.kind !== 'topic') return [];
    return [{ topic: condition.topic, kind: 'wait', conditional: condition.match !== undefined, by: '', place }];
  });
}

function stepGives(plan: Plan, step: Step, file: string): readonly Flow[] {
  const place = placed(file, step.position);
  const conditional = step.guard !== undefined;
  // What a reaction publishes stands in fields of its own, and again as steps of its plan.
  if (step.verb === 'publish' && plan.kind === 'reaction') return [];
  if (step.verb === 'publish') return [{ topic: step.topic, kind: 'publish', conditional, by: '', place }];
  if (step.verb === 'approval' || step.verb === 'ask') {
    return [{ topic: ASKING, kind: 'announce', conditional, by: step.id, place }];
  }
  if (step.verb !== 'action') return [];
  const use = Object.hasOwn(plan.uses, step.alias) ? plan.uses[step.alias] : undefined;
  const by = `${use && use.kind !== 'capability' ? use.connector : step.alias}.${step.action}`;
  const topic = announcedActions.get(by);
  return topic === undefined ? [] : [{ topic, kind: 'announce', conditional, by, place }];
}

function reactionGives({ reaction }: Plan, root: DocumentNode | undefined, file: string): readonly Flow[] {
  const flow = (topic: string, kind: Flow['kind'], field: string, inner: string): Flow => ({
    topic,
    kind,
    conditional: false,
    by: '',
    place: placed(file, nodeOn(root, [field, inner])?.position),
  });
  return [
    ...(reaction?.publish ? [flow(reaction.publish.topic, 'publish', 'publish', 'topic')] : []),
    ...(reaction?.onErrorPublish === undefined
      ? []
      : [flow(reaction.onErrorPublish, 'on_error', 'on_error', 'publish')]),
  ];
}

/** A reaction or playbook as an actor. @param file where its document stands */
export function planActor(plan: Plan, file: string = `${plan.kind}:${plan.id}`): FabricActor {
  const { root } = parseDocument(plan.source);
  const steps = [...plan.byId.values()];
  const { kind, id, title } = plan;
  return {
    kind,
    id,
    title,
    takes: [...triggerFlows(plan, root, file), ...steps.flatMap((step) => stepTakes(step, file))],
    gives: [...reactionGives(plan, root, file), ...steps.flatMap((step) => stepGives(plan, step, file))],
    plan,
    ...documentParts(root, file),
  };
}

/** What the graph needs to know of a participant: topic patterns that it publishes on and subscribes to. */
export interface GraphParticipant {
  readonly id: string;
  readonly title: string;
  readonly publishes: readonly string[];
  readonly subscribes: readonly string[];
}

/** A participant as an actor. @param text its declaration, when it is in a file @param file the file */
export function participantActor(
  { id, title, publishes, subscribes }: GraphParticipant,
  text = '',
  file = `participant:${id}`,
): FabricActor {
  const { root } = text === '' ? { root: undefined } : parseDocument(text);
  const flows = (topics: readonly string[], kind: Flow['kind'], field: string): readonly Flow[] => {
    const list = fieldOf(root, field);
    return topics.map((topic, index) => {
      const node = list?.kind === 'list' ? list.items[index] : undefined;
      return { topic, kind, conditional: true, by: '', place: placed(file, node?.position) };
    });
  };
  return {
    kind: 'participant',
    id,
    title,
    takes: flows(subscribes, 'subscribe', 'subscribes'),
    gives: flows(publishes, 'publish', 'publishes'),
    plan: undefined,
    ...documentParts(root, file),
  };
}

/** This server, with everything that it announces by itself. */
export function serverActor(): FabricActor {
  const place = placed('server', undefined);
  const gives = Object.entries(serverTopics).map(
    ([topic, by]): Flow => ({ topic, kind: 'announce', conditional: false, by, place }),
  );
  return {
    kind: 'server',
    id: 'server',
    title: 'This server',
    takes: [{ topic: VERDICT_REVISED, kind: 'subscribe', conditional: false, by: '', place }],
    gives,
    plan: undefined,
    placeOf: () => place,
    says: () => false,
  };
}
