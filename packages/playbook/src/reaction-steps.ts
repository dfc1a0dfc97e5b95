import type { Json } from '@counterpoint/core';
import { compileTemplate } from '@counterpoint/expressions';
import type { ReadPlan } from './grammar/playbook.ts';
import type { InputDeclaration, Position, PublishStep, Step } from './plan.ts';
import { eachStep } from './walk.ts';

/** A template that is one expression. */
const expression = (source: string): string => `$\{{ ${source} }}`;

const given = (description: string, untrusted: boolean): InputDeclaration => ({
  schema: { type: 'string', description, untrusted },
  default: '',
  required: false,
});

/** What the expressions of a reaction know of its event besides the data: the runtime hands it over as inputs. */
export const REACTION_INPUTS: Readonly<Record<string, InputDeclaration>> = {
  event_id: given('Id of the event that it reacts to', false),
  subject: given('Subject of that event', true),
  participant: given('Who published that event; `server` for this server', false),
};

/** What a reaction publishes on the topic of its `on_error`, besides its own id: always the same. */
const FAILURE = {
  reason: expression('error.message'),
  code: expression('error.code'),
  step: expression('error.step'),
  event: expression('inputs.event_id'),
} as const;

/** Fields of {@link failureData} that others' words are in. */
export const UNTRUSTED_OF_FAILURE = ['reason'] as const;

/** The data of the event that tells that a reaction failed, as the topic of `on_error` must take it. */
export function failureData(reaction: string): Readonly<Record<string, Json>> {
  return { ...FAILURE, reaction };
}

/** The plan of a reaction with its `publish` and `on_error.publish` as steps like any other; playbooks stay as they are. */
export function withPublishing(read: ReadPlan): ReadPlan {
  const { reaction } = read;
  if (!reaction) return read;
  const { publish, onErrorPublish } = reaction;
  const taken = new Set<string>();
  eachStep(read.steps, ({ id }) => taken.add(id));
  const position = read.steps.at(-1)?.position ?? { line: 1, column: 1, from: 0, to: 0 };
  const steps: Step[] = publish
    ? [...read.steps, publishing(freeId('publish', taken), publish.topic, publish.data, position)]
    : [...read.steps];
  const failure = compileTemplate(failureData(read.id));
  const onError =
    onErrorPublish === undefined
      ? []
      : [publishing(freeId('publish_failure', taken), onErrorPublish, failure, position)];
  return { ...read, steps, onError };
}

function freeId(wish: string, taken: ReadonlySet<string>): string {
  let id = wish;
  for (let count = 2; taken.has(id); count++) id = `${wish}_${count}`;
  return id;
}

function publishing(id: string, topic: string, data: PublishStep['data'], position: Position): PublishStep {
  return {
    id,
    verb: 'publish',
    topic,
    subject: compileTemplate(expression('inputs.subject')),
    data,
    title: undefined,
    description: undefined,
    guard: undefined,
    timeout: undefined,
    retry: undefined,
    recheck: undefined,
    lease: undefined,
    connection: undefined,
    minutesSaved: undefined,
    onFailure: 'fail',
    position,
  };
}
